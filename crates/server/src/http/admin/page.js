// The admin page: asks for the state of the server each ten seconds while somebody looks, and draws it. It changes nothing.

const EVERY = 10_000;
const STATUS = '/api/v1/admin/status';

const ENGLISH = {
  title: 'Tsugi: the server', again: 'Look again', copy: 'Copy diagnostics', copied: 'Copied. It has no secrets and no whole addresses.',
  notCopied: 'Copy this text. It has no secrets and no whole addresses.', diagnostics: 'Diagnostics', at: 'as of', failed: 'The server did not answer.',
  ready: 'Ready', draining: 'Going away', full: 'Cannot write', silent: 'The database does not answer',
  figures: 'The three figures', since: 'since the server started', none: 'nothing yet',
  fast: 'of changes left within 500 ms', fastGoal: 'at least; goal: all', connect: 'of connections succeed', connectGoal: 'goal: more than 99.5 %',
  merged: 'of conflicts need no hand', mergedGoal: 'goal: more than 95 %',
  server: 'This instance', version: 'Version', name: 'Name', started: 'Started', database: 'Database', layout: 'layout', bus: 'Bus between instances',
  bus_none: 'none: one instance', bus_database: 'none: looks into the database often', bus_redis: 'Redis', arrives: 'hints arrive', lost: 'hints may be lost',
  memory: 'Memory', disk: 'Free disk', files: 'Open files', places: 'Free places for connections', of: 'of',
  sessions: 'Sessions', people: 'People', rooms: 'Workspaces listened to', connections: 'Connections', live: 'Live', greeting: 'Not greeted yet',
  slowed: 'Slowed down', catching_up: 'Catching up', polling: 'Over requests that poll', refused: 'Refused so far',
  work: 'Writer and sweeps', inFlight: 'Mutations not stored yet', accepted: 'Mutations accepted', notStored: 'Pushes that failed', group: 'Commands in a commit',
  sweep: 'Old changes last looked for', forgot: 'forgot', never: 'not since the start', sweepFailed: 'failed', compared: 'Compared with the database',
  latency: 'Latency', half: 'half', most: '95 %', drawn: 'Drawn', dark: 'Strong: half of them. Faint: 95 %. The dashed line is 500 ms; the scale is logarithmic.',
  published: 'Push to other mailboxes', socket: 'Commit to socket', commit: 'Commit', catchUp: 'Catch-up', takeOn: 'Push taken on',
  conflicts: 'Conflicts', byRule: 'Merged without asking', asked: 'A person was asked', settled: 'A person decided', undone: 'Undone', tookTime: 'Half decided within', byKind: 'Answered as conflicts, by kind',
  catchUps: 'Catch-ups', nothing: 'Nothing to send', delta: 'Changes', snapshot_first: 'Snapshot: new replica', snapshot_epoch: 'Snapshot: data were restored',
  snapshot_other_history: 'Snapshot: other history', snapshot_horizon: 'Snapshot: away too long',
  doctor: 'What the doctor finds', well: 'Nothing to do.', warn: 'Warning', fail: 'Failure', ok: 'fine', checks: 'checks are fine',
};
const JAPANESE = {
  title: 'Tsugi サーバーの状態', again: '今すぐ更新', copy: '診断情報をコピー', copied: 'コピーしました。秘密情報や完全なアドレスは含まれません。',
  notCopied: 'このテキストをコピーしてください。秘密情報や完全なアドレスは含まれません。', diagnostics: '診断情報', at: '時点:', failed: 'サーバーから応答がありません。',
  ready: '稼働中', draining: '停止処理中', full: '書き込めません', silent: 'データベースが応答しません',
  figures: '三つの指標', since: 'サーバー起動以降', none: 'まだありません',
  fast: 'の変更が 500 ms 以内に送出', fastGoal: '少なくとも。目標: すべて', connect: 'の接続が成功', connectGoal: '目標: 99.5 % 超',
  merged: 'の競合を自動で解決', mergedGoal: '目標: 95 % 超',
  server: 'このインスタンス', version: 'バージョン', name: '名前', started: '起動', database: 'データベース', layout: 'レイアウト', bus: 'インスタンス間のバス',
  bus_none: 'なし (単独)', bus_database: 'なし (データベースを頻繁に確認)', bus_redis: 'Redis', arrives: 'ヒントは届いています', lost: 'ヒントが失われている可能性',
  memory: 'メモリー', disk: 'ディスクの空き', files: '開いているファイル', places: '接続の空き', of: '/',
  sessions: 'セッション', people: '利用者', rooms: '購読中のワークスペース', connections: '接続', live: '同期中', greeting: '認証前',
  slowed: '速度制限中', catching_up: '追いつき中', polling: 'ポーリングによるもの', refused: '拒否 (累計)',
  work: '書き込みと整理', inFlight: '未保存の変更', accepted: '受理した変更', notStored: '失敗したプッシュ', group: 'コミットあたりの命令',
  sweep: '古い変更の前回の整理', forgot: '削除', never: '起動後はまだ', sweepFailed: '失敗', compared: 'データベースとの照合',
  latency: '遅延', half: '50 %', most: '95 %', drawn: 'グラフ', dark: '強い色は 50 %、淡い色は 95 %。破線は 500 ms。対数目盛です。',
  published: 'プッシュから配信箱まで', socket: 'コミットからソケットまで', commit: 'コミット', catchUp: '追いつき', takeOn: 'プッシュの受け付け',
  conflicts: '競合', byRule: '自動で統合', asked: '人に確認', settled: '人が解決', undone: '取り消し', tookTime: '半数が解決するまで', byKind: '競合と答えた変更 (種類別)',
  catchUps: '追いつき', nothing: '送るものなし', delta: '変更分', snapshot_first: '全体: 新しい端末', snapshot_epoch: '全体: データが復元された',
  snapshot_other_history: '全体: 別の履歴', snapshot_horizon: '全体: 長期間の不在',
  doctor: '診断の結果', well: '対応は不要です。', warn: '警告', fail: '異常', ok: '正常', checks: '項目は正常です',
};

const wanted = new URLSearchParams(location.search).get('lang') ?? navigator.language;
const language = wanted.startsWith('ja') ? 'ja' : 'en';
const text = language === 'ja' ? JAPANESE : ENGLISH;
const $ = (id) => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';

let last = null;

/** An element with attributes and children. Text is never read as HTML. */
function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const number = (value, digits = 0) => value.toLocaleString(language, { maximumFractionDigits: digits });
const share = (part, all) => (all > 0 ? `${number(Math.floor((1e4 * part) / all) / 100, 2)} %` : '–');
const bytes = (value) => (value === undefined ? '–' : value >= 2 ** 30 ? `${number(value / 2 ** 30, 1)} GiB` : `${number(value / 2 ** 20)} MiB`);
const time = (ms) => new Date(ms).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' });

function span(seconds) {
  if (seconds === null) return '–';
  if (seconds < 1) return `${number(seconds * 1000, seconds < 0.01 ? 1 : 0)} ms`;
  if (seconds < 120) return `${number(seconds, 1)} s`;
  return seconds < 7200 ? `${number(seconds / 60)} min` : `${number(seconds / 3600, 1)} h`;
}

/** The series of a measurement whose labels have these values. */
function series(status, name, labels = {}) {
  const all = status.series[name] ?? [];
  return all.filter((one) => Object.entries(labels).every(([label, value]) => [value].flat().includes(one.labels[label])));
}

const sum = (status, name, labels) => series(status, name, labels).reduce((all, one) => all + one.value, 0);

/** The buckets of a histogram, added up over its labels, in their order. */
function buckets(status, name, labels) {
  const by = new Map();
  for (const { labels: { le }, value } of series(status, `${name}_bucket`, labels)) {
    const limit = le === '+Inf' ? Infinity : Number(le);
    by.set(limit, (by.get(limit) ?? 0) + value);
  }
  return [...by].sort(([a], [b]) => a - b);
}

/** The time within which this part of them was done; null if there was none. */
function quantile(all, part) {
  const count = all.at(-1)?.[1] ?? 0;
  if (count === 0) return null;
  let [from, before] = [0, 0];
  for (const [limit, upTo] of all) {
    if (upTo >= part * count) return limit === Infinity ? from : from + ((limit - from) * (part * count - before)) / (upTo - before || 1);
    [from, before] = [limit, upTo];
  }
  return from;
}

function section(title, content, wide) {
  const id = `of-${title}`;
  const made = el('section', { 'aria-labelledby': id }, el('h2', { id }, text[title]), ...[content].flat());
  if (wide) made.className = 'wide';
  return made;
}

function table(rows) {
  const body = rows.map(([name, value]) => el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, String(value))));
  return el('table', {}, el('tbody', {}, ...body));
}

function figure(value, what, goal) {
  return el('div', {}, el('dt', { class: 'number' }, value), el('dd', {}, text[what]), el('dd', { class: 'goal' }, text[goal]));
}

function figures(status) {
  const within = (name) => {
    const all = buckets(status, name);
    const count = all.at(-1)?.[1] ?? 0;
    return count === 0 ? null : (all.find(([limit]) => limit === 0.25)?.[1] ?? 0) / count;
  };
  const [push, socket] = [within('tsugi_push_to_published_seconds'), within('tsugi_commit_to_socket_seconds')];
  const fast = push === null || socket === null ? '–' : share(Math.max(0, push + socket - 1), 1);
  const attempts = (result) => sum(status, 'tsugi_session_attempts_total', { result });
  const decisions = (how) => sum(status, 'tsugi_conflict_decisions_total', { how });
  return [
    el('dl', { class: 'figures' },
      figure(fast, 'fast', 'fastGoal'),
      figure(share(attempts('accepted'), attempts(['accepted', 'refused', 'left'])), 'connect', 'connectGoal'),
      figure(share(decisions('merged'), decisions(['merged', 'asked'])), 'merged', 'mergedGoal')),
    el('p', { class: 'note' }, text.since),
  ];
}

function instance(status) {
  const one = (name) => series(status, name)[0]?.value;
  const healthy = one('tsugi_bus_healthy');
  const hints = status.bus === 'redis' && healthy !== undefined ? ` (${healthy ? text.arrives : text.lost})` : '';
  return table([
    [text.version, status.version], [text.name, status.instance], [text.started, time(one('tsugi_started_seconds') * 1000)],
    [text.database, `${status.database}, ${text.layout} ${status.layout}`], [text.bus, text[`bus_${status.bus}`] + hints],
    [text.memory, bytes(one('tsugi_memory_bytes'))], [text.disk, bytes(one('tsugi_disk_free_bytes'))],
    [text.files, number(one('tsugi_open_files') ?? 0)], [text.places, `${number(status.places_free)} ${text.of} ${number(status.places)}`],
  ]);
}

function sessions(status) {
  const state = (name) => [text[name], number(sum(status, 'tsugi_sessions_in_state', { state: name }))];
  return table([
    state('live'), state('catching_up'), state('slowed'), state('greeting'),
    [text.polling, number(sum(status, 'tsugi_sessions', { transport: 'polling' }))],
    [text.connections, number(sum(status, 'tsugi_connections'))], [text.people, number(sum(status, 'tsugi_users'))],
    [text.rooms, number(sum(status, 'tsugi_workspaces'))], [text.refused, number(sum(status, 'tsugi_sessions_refused_total'))],
  ]);
}

function work(status) {
  const { sweep } = status;
  const commits = sum(status, 'tsugi_commit_commands_count');
  const forgot = sweep?.done ? `, ${text.forgot} ${number(sweep.changes + sweep.tombstones + sweep.replicas)}` : '';
  const swept = sweep ? `${time(sweep.at)}${sweep.done ? forgot : `: ${text.sweepFailed}`}` : text.never;
  return table([
    [text.inFlight, number(sum(status, 'tsugi_mutations_in_flight'))],
    [text.accepted, number(sum(status, 'tsugi_mutations_total', { fate: 'accepted' }))],
    [text.notStored, number(sum(status, 'tsugi_pushes_failed_total'))],
    [text.group, commits ? number(sum(status, 'tsugi_commit_commands_sum') / commits, 1) : '–'],
    [text.sweep, swept], [text.compared, number(sum(status, 'tsugi_workspace_sweeps_total'))],
  ]);
}

/** From 0.1 ms to 10 s, as a part of the width. */
const place = (seconds) => Math.min(1, Math.max(0.01, (Math.log10(Math.max(seconds, 1e-4)) + 4) / 5)) * 100;

function bar(half, most) {
  const drawn = document.createElementNS(SVG, 'svg');
  drawn.setAttribute('viewBox', '0 0 100 20');
  drawn.setAttribute('preserveAspectRatio', 'none');
  drawn.setAttribute('aria-hidden', 'true');
  const add = (name, attributes) => {
    const part = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
    drawn.append(part);
  };
  if (half !== null) {
    add('rect', { x: 0, y: 4, width: place(most), height: 12 });
    add('rect', { class: 'half', x: 0, y: 4, width: place(half), height: 12 });
  }
  add('line', { x1: place(0.5), x2: place(0.5), y1: 0, y2: 20, 'vector-effect': 'non-scaling-stroke' });
  return drawn;
}

function latency(status) {
  const rows = [
    ['published', 'tsugi_push_to_published_seconds'], ['socket', 'tsugi_commit_to_socket_seconds'], ['commit', 'tsugi_commit_seconds'],
    ['catchUp', 'tsugi_catch_up_seconds'], ['takeOn', 'tsugi_message_seconds', { type: 'push' }],
  ].map(([name, metric, labels]) => {
    const all = buckets(status, metric, labels);
    const [half, most] = [quantile(all, 0.5), quantile(all, 0.95)];
    return el('tr', {}, el('th', { scope: 'row' }, text[name]), el('td', { class: 'drawn' }, bar(half, most)), el('td', {}, span(half)), el('td', {}, span(most)));
  });
  const head = el('tr', {}, el('td'), el('td'), el('td', {}, text.half), el('td', {}, text.most));
  return [el('table', { class: 'latency' }, el('thead', {}, head), el('tbody', {}, ...rows)), el('p', { class: 'note' }, text.dark)];
}

function conflicts(status) {
  const how = (name) => number(sum(status, 'tsugi_conflict_decisions_total', { how: name }));
  const kinds = series(status, 'tsugi_conflicts_total').map((one) => `${one.labels.kind} ${number(one.value)}`);
  return table([
    [text.byRule, how('merged')], [text.asked, how('asked')], [text.settled, how('settled')], [text.undone, how('undone')],
    [text.tookTime, span(quantile(buckets(status, 'tsugi_conflict_settled_seconds'), 0.5))], [text.byKind, kinds.join(', ') || '–'],
  ]);
}

function catchUps(status) {
  const all = ['nothing', 'delta', 'snapshot_first', 'snapshot_horizon', 'snapshot_epoch', 'snapshot_other_history'];
  return table(all.map((how) => [text[how], number(sum(status, 'tsugi_catch_ups_total', { how }))]));
}

function doctor(status) {
  const odd = status.doctor.filter((finding) => finding.health !== 'ok');
  const lines = odd.map(({ health, what, text: seen, advice }) =>
    el('li', { class: health }, el('strong', {}, `${text[health]}: ${what}. `), seen, ...(advice ? [` → ${advice}`] : [])));
  const fine = `${number(status.doctor.length - odd.length)} ${text.checks}.`;
  return [...(odd.length ? [el('ul', {}, ...lines)] : [el('p', { class: 'good' }, text.well)]), el('p', { class: 'note' }, fine)];
}

function draw(status) {
  const state = el('span', { class: status.ready === 'ready' ? 'good' : 'fail' }, text[status.ready]);
  $('state').replaceChildren(state, ` ${text.at} ${time(status.now)}`);
  $('main').replaceChildren(
    section('figures', figures(status), true), section('doctor', doctor(status), true), section('latency', latency(status), true),
    section('server', instance(status)), section('sessions', sessions(status)), section('work', work(status)),
    section('conflicts', conflicts(status)), section('catchUps', catchUps(status)));
  $('main').setAttribute('aria-busy', 'false');
}

async function look() {
  try {
    const answer = await fetch(STATUS, { cache: 'no-store' });
    if (!answer.ok) throw new Error(`${answer.status}`);
    last = await answer.json();
    draw(last);
    $('copy').disabled = false;
    if ($('said').textContent === text.failed) $('said').textContent = '';
  } catch {
    $('said').textContent = text.failed;
  }
}

/** Without the right to the clipboard, the text is shown to be copied by hand. */
async function copy() {
  try {
    await navigator.clipboard.writeText(last.diagnostics);
    $('said').textContent = text.copied;
  } catch {
    const box = $('text') ?? el('textarea', { id: 'text', readonly: '', 'aria-label': text.diagnostics });
    box.value = last.diagnostics;
    $('said').after(box);
    $('said').textContent = text.notCopied;
    box.select();
  }
}

document.documentElement.lang = language;
document.title = text.title;
for (const named of document.querySelectorAll('[data-text]')) named.textContent = text[named.dataset.text];
$('again').addEventListener('click', look);
$('copy').addEventListener('click', copy);
setInterval(() => document.hidden || look(), EVERY);
document.addEventListener('visibilitychange', () => document.hidden || look());
look();
