// Three texts of many lines into one, or `null` where a person has to look.
//
// It does not align lines by likeness, which repeated lines can lead astray. The texts are aligned by anchors:
// lines that stand exactly once in each of the three, in one order. Between two anchors at most one side may have
// changed anything.

const MOST_LINES = 4000;
const MOST_CHANGED_LINES = 600;

export function mergeLines(base, local, remote) {
  const texts = [base, local, remote].map((text) => text.split('\n'));
  if (texts.some((lines) => lines.length > MOST_LINES)) return null;
  const pieces = piecesOf(texts);
  if (!pieces) return null;

  const merged = [];
  const added = { local: new Set(), remote: new Set() };
  let changed = 0;
  for (const [was, mine, theirs] of pieces) {
    const taken = sameLines(was, theirs) ? mine : sameLines(was, mine) ? theirs : null;
    if (!taken) return null;
    if (taken !== was && !sameLines(was, taken)) {
      changed += Math.max(was.length, taken.length);
      const here = new Set(was);
      for (const line of taken) if (line.trim() && !here.has(line)) added[taken === mine ? 'local' : 'remote'].add(line);
    }
    merged.push(...taken);
  }
  if (changed > MOST_CHANGED_LINES) return null;
  // The same line added in two places may be one thing, moved or written twice: nobody knows but its authors.
  if ([...added.local].some((line) => added.remote.has(line))) return null;
  return merged.join('\n');
}

/** The three texts, cut before and after each anchor; an anchor is a piece of its own. `null` where anchors were moved. */
function piecesOf([base, local, remote]) {
  const [inLocal, inRemote] = [placesOfSingles(local), placesOfSingles(remote)];
  const inBase = placesOfSingles(base);
  const pieces = [];
  let [b, l, r] = [0, 0, 0];
  for (const [line, at] of inBase) {
    const [mine, theirs] = [inLocal.get(line), inRemote.get(line)];
    if (mine === undefined || theirs === undefined) continue;
    if (mine < l || theirs < r) return null;
    pieces.push([base.slice(b, at), local.slice(l, mine), remote.slice(r, theirs)], [[line], [line], [line]]);
    [b, l, r] = [at + 1, mine + 1, theirs + 1];
  }
  pieces.push([base.slice(b), local.slice(l), remote.slice(r)]);
  return pieces;
}

/** Where the lines are that stand in a text only once, in its order. */
function placesOfSingles(lines) {
  const places = new Map();
  lines.forEach((line, at) => places.set(line, places.has(line) ? undefined : at));
  for (const [line, at] of places) if (at === undefined) places.delete(line);
  return places;
}

const sameLines = (one, other) => one.length === other.length && one.every((line, at) => line === other[at]);
