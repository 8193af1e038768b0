# 画面に出るすべての言葉。`cargo build` が、どの言語にも同じ項目があることを確かめます。

language-name = 日本語
language-direction = ltr

app = Tsugi

## 同期の状態

sync-status = 同期の状態
sync-details = 同期の詳細
synced = 同期済み
syncing = 同期中
offline = オフライン
clock-shows-no-day = この端末の時計が正しい日付を示していません。時計を合わせてください。
needs-attention = 確認が必要です
headline = { $state }（{ $aside }）
local-only = この端末に保存（未同期）
by-choice = 手動で切断中
by-choice-waiting = 手動で切断中・{ $waiting }
connecting = 接続しています
connecting-waiting = 接続しています・{ $waiting }
waiting-to-send = 送信待ち
nothing = なし
on-this-device = この端末
saving = 保存しています…
saved = すべて保存済み
last-synced = 最後の同期
not-yet = まだありません
this-device = この端末
sync-now = 今すぐ同期
work-offline = オフラインで作業
explain-local = タスクはこのブラウザに保存されています。アカウントを作ると、ほかの端末でも使えます。
explain-offline = 接続がありません。このまま作業を続けられます。つながり次第、変更を送信します。
explain-work-offline = オフラインで作業中です。送受信を再開するには、スイッチをオフにしてください。
explain-syncing = サーバーと通信しています。ここに見えているものは、もうこの端末に保存されています。
explain-synced = ここにあるものは、すべてサーバーにもあります。
explain-attention = 同期を続けるには、ご確認が必要です。
changes = 変更{ NUMBER($count) }件
changes-waiting = 変更{ NUMBER($count) }件が送信待ち

## アカウント

tagline = 次にすることを、すべての端末でひとつに。
pitch = 電波があってもなくても、いつでも書けるタスクリスト。端末どうしで内容が食い違ったときは、勝手に選ばず、あなたにおたずねします。
point-anywhere = どこでも使える
point-anywhere-detail = 電車でも、地下でも、飛行機でも。接続がなくても開けて、保存できます。
point-at-once = すぐにそろう
point-at-once-detail = ひとつの画面で変えれば、顔を上げるころにはほかの画面も変わっています。
point-kept = 上書きしない
point-kept-detail = 同じタスクへの二つの編集は、並べてお見せします。決めるまで、どちらも残ります。
picture = ノートパソコンとスマートフォンのタスクリストを、一本の糸がつないでいる絵
account-form = アカウント
email = メールアドレス
password = パスワード
show = 表示
hide = 隠す
sign-in = サインイン
create-account = アカウントを作成
or = または
use-without-account = アカウントなしで使う
without-account-hint = タスクはこのブラウザに保存されます。あとからアカウントを作って、引き継ぐこともできます。
email-needed = メールアドレスを入力してください（例：name@example.org）。
password-rule = 8文字以上。いくつかの単語を並べると覚えやすくなります。
password-common = 推測されやすいパスワードです。別のものにしてください。
wrong-credentials = メールアドレスまたはパスワードが正しくありません。
email-taken = このメールアドレスのアカウントはすでにあります。サインインしてください。
workspace-taken = これらのタスクはすでに別のアカウントのものです。
too-many-attempts = 試行回数が多すぎます。しばらくしてからもう一度お試しください。
server-busy = サーバーが混み合っています。少し待ってからもう一度お試しください。
edit-invalid = この変更の値をサーバーが受け付けませんでした。
edit-of-unknown = この変更の対象がサーバーにありません。
edit-crossed = この変更はサーバーの内容と合いません。
edit-forbidden = 閲覧はできますが、変更はできません。
edit-over-quota = このアカウントのサーバー容量がいっぱいです。
sign-in-again = もう一度サインイン
signed-out-bar = サインアウトされました。すべてこの端末に残っています。
back-to-tasks = タスクに戻る
back-hint = タスクはこの端末に残ります。
tasks-joined = この端末の{ NUMBER($count) }件のタスクをアカウントに追加しました
device-name = この端末の名前
device-name-hint = ここで行った変更とともに、ほかの端末に表示されます。
password-needed = パスワードを入力してください。
account = アカウント
create-to-sync = アカウントを作って同期
sign-out = サインアウト
signed-in-as = サインイン中
sign-out-title = 送信待ちの変更があります。サインアウトしますか？
sign-out-with-waiting = 変更{ NUMBER($count) }件が、まだサーバーに届いていません。この端末に残しておけば、次にサインインしたときに送信します。
keep-on-device = この端末に残す
cancel = キャンセル

## 画面

main-navigation = メイン
views = ビュー
lists = リスト
labels = ラベル
more-places = その他
inbox = インボックス
today = 今日
upcoming = 近日予定
search = 検索
completed = 完了済み
deleted = 削除済み
settings = 設定
about-sync = 同期について
a-list = リスト
a-label = ラベル
close-sidebar = サイドバーを閉じる
hide-sidebar = サイドバーを隠す
show-sidebar = サイドバーを表示
browse = ブラウズ
toggle-sidebar = サイドバーの表示を切り替え
skip-to-content = タスクへ移動
page-title = { $place }｜{ $app }
place-and-count = { $place }、{ $count }
overdue-group = 期限切れ
no-such-list = このリストは見つかりません
no-such-list-hint = 削除されたか、ほかの端末からまだ届いていない可能性があります。
no-such-place = このアドレスには何もありません
no-such-place-hint = リンクが古いか、入力に誤りがあるようです。
to-inbox = インボックスへ
new-list = 新しいリスト
list-name = リストの名前
create = 作成
fold-folder = 「{ $folder }」を折りたたむ
open-folder = 「{ $folder }」を展開

## タスク

add-task = タスクを追加
add = 追加
tasks = タスク
task = タスク
title = タイトル
notes = メモ
due = 期限
list = リスト
priority = 優先度
no-date = 日付なし
tomorrow = 明日
yesterday = 昨日
near-day = { $near }・{ $day }
next-week = 来週
weekend = 週末
next-month = 来月
save = 保存
delete-task = タスクを削除
close = 閉じる
waiting = サーバーに未送信
title-needed = タイトルを入力してください。
title-too-long = タイトルは{ NUMBER($limit) }文字までです（現在{ NUMBER($length) }文字）。
notes-too-long = メモが長すぎて同期できません。少し短くしてください。
text-too-long = 文章が長すぎて保存できません。
changed-elsewhere = ほかの端末で変更されました：
take-that = これを使う
emptied = （空欄）
task-gone = このタスクは削除されました。ここに入力した内容は残ります。
loading = タスクを開いています…
overdue = 期限切れ：{ $when }
edit = 「{ $title }」を編集
open-tasks =
    { $count ->
        [0] 未完了なし
       *[other] 未完了{ NUMBER($count) }件
    }
tasks-count = { NUMBER($count) }件
found-tasks =
    { $count ->
        [0] 見つかりません
       *[other] { NUMBER($count) }件見つかりました
    }
selected-tasks = { NUMBER($count) }件を選択中
show-completed = 完了済みを表示（{ NUMBER($count) }）
hide-completed = 完了済みを隠す（{ NUMBER($count) }）
show-more = さらに表示（{ NUMBER($count) }）
complete = 完了
reopen = 未完了に戻す
delete = 削除
restore-first = 先にタスクを復元してください。入力した内容はここに残ります。
restore-with-this = この内容で復元
restore = 復元
restore-task = 「{ $title }」を復元
clear-selection = 選択を解除
selection = 選択
quick-add = クイック追加
quick-add-hint = Enterで追加、Escで閉じます。

## 編集画面

due-time = 期限の時刻
start = 開始
start-time = 開始の時刻
no-start = 開始日なし
time-of-day = 時刻
when-placeholder = 例：土曜 12時
previous-month = 前の月
later-month = 次の月
time-not-taken = 時刻として読み取れません。15:00のように入力してください。
repeat-placeholder = 例：毎週火曜
rule-not-taken = 読み取れません。「隔週」のように入力してください。
preview-of-notes = メモのプレビュー
set-due-command = 期限を設定
duplicate = 複製
copy-link = リンクをコピー
copied = コピーしました
not-copied = ブラウザの設定により、コピーできませんでした。
visit-saved = 保存済み
time-in = { $zone } の時計での時刻
time-at = { $place } { $time }
day-and-time = { $day } { $time }
to-do = 未完了
section = セクション
no-section = セクションなし
a-list-put-away = アーカイブ済みのリスト
a-section-gone = 削除されたセクション
no-priority = 優先度なし
priority-1 = P1・最高
priority-2 = P2・高
priority-3 = P3・中
priority-4 = P4・低
add-label = ラベルを追加
no-labels = ラベルなし
too-many-labels = 1つのタスクに付けられるラベルは{ NUMBER($limit) }個までです。
tasks-above = 親タスク
make-independent = 独立したタスクにする
sub-tasks = サブタスク
add-sub-task = サブタスクを追加
open-task = 「{ $title }」を開く
comments = コメント
comment = コメントする
add-comment = コメントを追加
delete-comment = コメントを削除
comment-added = コメントを追加しました
comment-deleted = コメントを削除しました
comment-needed = コメントを入力してください。
comment-too-long = コメントは{ NUMBER($limit) }文字までです。
you = あなた
somebody-else = ほかの人
created-at = 作成：{ $when }
completed-at = 完了：{ $when }
not-completed = 未完了
too-many-at-once = 一度に変更できるのは{ NUMBER($limit) }件までです（{ NUMBER($count) }件選択中）。

## 繰り返し

repeat = 繰り返し
repeat-never = 繰り返さない
interval = 間隔
weekdays = 曜日
days-of-the-month = 月のうちの日
same-day = 期限と同じ日
several-days = 複数の日
ends = 終了
end-never = 終了なし
end-until = 終了日を指定
end-count = 回数を指定
last-date = 終了日
times = 回数
count-from-done = 完了した日から数える
every-day =
    { $count ->
        [1] 毎日
       *[other] { NUMBER($count) }日ごと
    }
every-week =
    { $count ->
        [1] 毎週
       *[other] { NUMBER($count) }週間ごと
    }
every-month =
    { $count ->
        [1] 毎月
       *[other] { NUMBER($count) }か月ごと
    }
every-year =
    { $count ->
        [1] 毎年
       *[other] { NUMBER($count) }年ごと
    }
every-working-day = 平日
every-on = { $every }{ $days }
every-in = { $every }{ $months }
every-after-done = 完了後 { $every }
every-until = { $every }、{ $day }まで
every-count =
    { $count ->
        [1] { $every }、今回が最後
       *[other] { $every }、あと{ NUMBER($count) }回
    }
days-of = { $months }の{ $days }
and-more = { $all }・{ $next }
and-last = { $all }・{ $last }
day-of-month = { NUMBER($nth) }日
last-day = 末日
day-before-end = 末日から{ NUMBER($nth) }日目
each-weekday = 毎週{ $day }
last-weekday = 最終{ $day }
nth-weekday = 第{ NUMBER($nth) }{ $day }
weekday-before-end = 最後から{ NUMBER($nth) }番目の{ $day }

## クイック追加で読み取ったこと

understood = 読み取った内容
new-name = { $name }（新規）
completions = 候補
add-details = 詳細を追加
quick-days = 今日, 明日, 今週末, 来週, 来月
quick-repeats = 毎日, 平日, 毎週, 毎月, 毎年
drop-chip = { $meaning }：「{ $words }」を文字のまま残す
starts = 開始：{ $day }
until = { $day }まで
so-many-times = { NUMBER($count) }回

## 空の画面

empty-inbox = まだタスクがありません
empty-inbox-hint = 上に最初のタスクを書いて、Enterを押してください。接続がなくても、すぐここに保存されます。
all-done = すべて完了しました
all-done-hint = このリストのタスクはすべて終わりました。ひと息つきましょう。
empty-today = 今日が期限のタスクはありません
empty-today-hint = 今日が期限のものと、期限を過ぎたものがここに集まります。日付を付けると、その日に表示されます。
empty-upcoming = 予定はありません
empty-upcoming-hint = 日付の付いたタスクが、日ごとに並びます。編集画面で日付を付けてみましょう。
empty-list = このリストはまだ空です
empty-list-hint = 上に最初のタスクを書いて、Enterを押してください。
empty-label = このラベルのタスクはありません
empty-label-hint = ラベルを付けると、どのリストのタスクもここに集まります。
empty-search = 何をお探しですか？
empty-search-hint = 数文字入力してみてください。この端末にあるタイトルとメモを、接続がなくても、入力と同時に検索します。
nothing-found = 見つかりませんでした
nothing-found-hint = すべての語を含むタスクはありません。語を減らすか、別の語でお試しください。
empty-completed = 完了したタスクはまだありません
empty-completed-hint = チェックを付けたタスクが、新しい順にここに残ります。
empty-deleted = 削除したタスクはありません
empty-deleted-hint = 削除したタスクは、それがあったどの端末でも30日間ここに残り、復元できます。
deleted-hint-alive = 書いた内容は残っています。このまま残しますか？
keep-effect-alive = すべての端末に残ります

## 元に戻す

undo = 元に戻す
open-it = 開く
redo = やり直す
dismiss = 閉じる
done-added = 「{ $task }」を追加しました
done-added-to = { $place }に追加しました
done-changed = 「{ $task }」を変更しました
done-completed = 「{ $task }」を完了しました
done-completed-with = 「{ $task }」とサブタスク{ NUMBER($count) }件を完了しました
done-and-next = { $done }。次回：{ $when }
done-reopened = 「{ $task }」を未完了に戻しました
done-deleted = 「{ $task }」を削除しました
done-restored = 「{ $task }」を復元しました
doing-added = 「{ $task }」の追加
doing-changed = 「{ $task }」の変更
doing-completed = 「{ $task }」の完了
doing-reopened = 「{ $task }」を未完了に戻す操作
doing-deleted = 「{ $task }」の削除
doing-restored = 「{ $task }」の復元
list-added = リストを追加しました
tasks-added = { NUMBER($count) }件のタスクを追加しました
pasted-question = { NUMBER($count) }行をそれぞれタスクにしますか？
pasted-add = { NUMBER($count) }件のタスクを追加
pasted-as-one = 1件のタスクにする
pasted-more = ほか{ NUMBER($count) }行
pasted-too-many = 一度にタスクにできるのは{ NUMBER($most) }行までです。分けて貼り付けてください。
tasks-completed = { NUMBER($count) }件のタスクを完了しました
tasks-deleted = { NUMBER($count) }件のタスクを削除しました
undone = 取り消しました：{ $what }
redone = やり直しました：{ $what }
nothing-to-undo = 元に戻す操作はありません
nothing-to-redo = やり直す操作はありません
changed-since = そのあと変更されているため、元に戻せません

## キーボード

keyboard = キーボード
shortcuts = キーボードショートカット
shortcuts-everywhere = どの画面でも
shortcuts-go = 移動
shortcuts-list = リストの中
command-palette = コマンド
command-placeholder = コマンド、ビュー、リスト、タスクを入力
no-command = 一致するものがありません
show-palette = コマンドパレットを開く
show-shortcuts = ショートカットを表示
add-from-anywhere = タスクをすばやく追加
go-to = { $place }へ移動
next-task = 次のタスク
previous-task = 前のタスク
edit-task = タスクを編集
select-task = タスクを選択
leave = 閉じる・選択を解除
then = 続けて
search-tasks = タスクを検索

## 設定

language-setting = 言語
language-of-system = ブラウザの設定に合わせる
theme = 配色
theme-system = システムに合わせる
theme-light = ライト
theme-dark = ダーク
theme-contrast = ハイコントラスト
about-sync-text = 画面にあるものは、まずこの端末に保存されています。変更はここに書き込まれ、すぐに表示され、つながり次第送信されます。以下は、このブラウザが実際に測った値です。

## 食い違い

conflicts = 食い違い
open-conflicts = 未決定の食い違い
about-task = このタスクについて
to-decide = 未決定
history = 履歴
conflicts-hint = 2台の端末で内容が食い違いました。決めるまで、どちらも上書きされません。
no-conflicts = 決めることはありません
no-conflicts-hint = 内容が食い違ったときは、両方をここに残します。
newest-first = 新しい順
some-shown = { NUMBER($all) }件中{ NUMBER($some) }件
decide-one-by-one = 順番に決める
all-like-this = まとめて決める…
filter-list = リスト
filter-device = 端末
filter-kind = 種類
filter-age = 期間
age-today = 今日
age-week = 過去7日間
age-older = それより前
no-match = 当てはまるものはありません
versions = { NUMBER($count) }通り
resolve = どちらを残すか決める
nth-of = { NUMBER($count) }件中{ NUMBER($nth) }件目
previous-conflict = 前の食い違い
next-conflict = 次の食い違い
this-or-that = 「{ $first }」と「{ $second }」、どちらにしますか？
both-changed = { $first }と{ $second }で、お互いの変更を知らないまま変更されました：{ $fields }。選ばなかったほうも履歴に残ります。
before = 変更する前
now-it-is = 今の内容
now-later = その後の変更
side-is = { $who }、{ $when }：{ $value }
side-is-now = { $who }：{ $value }
listed = { $some }、{ $more }
keep-both = 両方残す
keep-both-is = 両方残す：{ $value }
keep-both-words = 候補です。書き直せます
keep-both-lines = 両方の行を続けて
result = 結果
result-empty = 上から選ぶか、ここに入力
chosen = 選択中：{ $side }
own-result = 自分で入力
left-to-decide = 残り{ NUMBER($count) }件：{ $fields }
days-apart = { NUMBER($count) }日違い
days-later = 変更する前より{ NUMBER($count) }日遅い
days-earlier = 変更する前より{ NUMBER($count) }日早い
same-line = 両方で変更された行
same-line-nth = 両方で変更された行（{ NUMBER($count) }か所中{ NUMBER($nth) }か所目）
added-here = この端末
merged-themselves = 自動でまとめたもの{ NUMBER($count) }件
added-by = { $who }による変更
same-lines = ほか{ NUMBER($count) }行は同じ
changed-again = たった今、また変更されました。選んだ内容はそのままです。新しい内容を確認してください。
save-result = 結果を保存
save-and-next = 保存して次へ
settled-title = すでに決定済みです
settled-elsewhere = この食い違いは、ほかの端末で決められました。決めることはもうありません。
news-decided = 「{ $task }」：{ $result }（{ $who }）
news-several = { NUMBER($count) }件がほかの端末で決まりました
news-merged = 「{ $task }」：{ $what }
decide-later = あとで決める
decide = 決める
conflict-here = このタスクには2通りの内容があります：{ $fields }
key-both = 両方
key-side = 選ぶ
key-before = 変更前
key-edit = 入力
key-move = 移動
key-open = 開く
key-undo = 元に戻す
key-all = まとめて
done-resolved = 「{ $task }」を決めました：{ $result }
doing-resolved = 「{ $task }」の決定
done-resolved-many = 食い違い{ NUMBER($count) }件を決めました
done-unresolved = 「{ $task }」の決定を取り消しました
doing-unresolved = 「{ $task }」の決定の取り消し
date-not-taken = 日付が途中までか、1970年より前です。変更はありません。
date-wrong = 2026-03-14 のように年-月-日で書くか、空にしてください。
delete-it = タスクを削除する
keep-it = タスクを残す

## 食い違いの場面

deleted-there-edited-here = { $who }で「{ $title }」が削除されました。その間に、この端末で変更しました：{ $fields }。
deleted-here-edited-there = この端末で「{ $title }」を削除しました。その間に、{ $who }で変更されました：{ $fields }。
deleted-and-edited = { $who }で「{ $title }」が削除されました。その間に、{ $other }で変更されました：{ $fields }。
deleted-there-edited = { $who }で「{ $title }」が削除されました。その間に、この端末で変更しました。
deleted-here-edited = この端末で「{ $title }」を削除しました。その間に、{ $who }で変更されました。
deleted-edited = { $who }で「{ $title }」が削除されました。その間に、{ $other }で変更されました。
keep-it-now = 残す
deleted-hint = 書いた内容は残っています。元に戻しますか？
keep-with-changes = 残す（新しい{ $fields }も一緒に）
keep-effect = すべての端末に戻ります
delete-it-now = 削除する
delete-effect = すべての端末から消えます。「削除済み」から元に戻せます
delete-other-effect = すべての端末から消えます
done-there-moved-here = { $who }で「{ $title }」が完了になりました。この端末では変更しました：{ $fields }。
done-here-moved-there = この端末で「{ $title }」を完了にしました。{ $who }では変更されました：{ $fields }。
done-and-moved = { $who }で「{ $title }」が完了になりました。{ $other }では変更されました：{ $fields }。
done-hint = もう終わりましたか、まだ残っていますか？
it-is-done = もう終わった
it-is-done-effect = 完了のままにします
still-to-do = まだやる
still-to-do-on = { $day }にまだやる
still-to-do-effect = 新しい{ $fields }で未完了に戻します
unknown-field = 「{ $field }」が2台の端末で食い違いました。このバージョンではまだ扱えない項目です。
unknown-field-hint = 新しいバージョンの項目です。書かれたままの値を表示しています。
take-of = { $who }の値にする
situation-deleted = 削除か、残すか
situation-done = 完了か、未完了か
situation-unknown = 新しいバージョンの項目
wrote = 変更
deleted-verb = 削除
done-verb = 完了

## まとめて決める

decide-at-once = { NUMBER($count) }件をまとめて決める
take = 残すほう
take-last = あとから変えたほう
take-earlier = 早い日
take-later = 遅い日
take-both = できるものは両方
what-will-happen = こうなります
left-out = 対象外：{ $why }
left-out-changed = また変更されました
left-out-no-date = 日付だけの食い違いではありません
left-out-no-both = 両方は残せません
left-out-no-version = その端末の内容がありません
not-taken-stays = 選ばなかったほうは、各タスクの履歴に残ります。
one-undo = 一度の操作ですべてを元に戻せます。
apply-to = { NUMBER($count) }件を決定
apply-to-none = 残すほうを選んでください
becomes = { $before } → { $after }

## 決めた内容

history-all = すべて
history-people = 人が決めたもの
history-rules = 自動でまとめたもの
no-history = まだ何もまとめていません
no-history-hint = 2台の端末の変更が出会うと、何を残し、何を残さなかったかがここに出ます。
was-kept-not = { $dropped }ではなく{ $kept }を残しました
was-kept = { $kept }を残しました
both-were-kept = 両方で加えた内容を残しました
decided-here = この端末で決定
decided-on = { $who }で決定
merged-by-itself = 自動でまとめました
rule-lines = 別々の行
rule-set = どちらかが加えたものはすべて残し、外したものは外します
rule-earliest = 早いほうを優先
rule-last-writer = あとの変更を優先
rule-cycle = 互いの下に移すことになるため
rule-done = 日付の変更よりあとに完了したため、完了のまま
take-value = { $value }にする
undone-too-late = 30日を過ぎています
undone-too-late-says = 30日以上前に決めたため、元に戻せません。両方の内容は履歴にあります。
undone-never = 以前のバージョンの記録なので、元に戻せません
edited-since = その後に変更されています。元に戻すと「{ $now }」が「{ $then }」に変わります。
undo-anyway = それでも元に戻す
leave-it = このままにする
merges-counted = { NUMBER($all) }回のうち自動{ NUMBER($alone) }回
save-history = JSON で保存

## ワークスペースの決まり

rules = 両方の端末で変更されたとき
rules-hint = 次の項目は自動でまとめ、採らなかったほうは履歴に残します。毎回確認したい項目をオンにしてください。タイトル、日付、繰り返しは必ず確認します。
always-ask = 毎回確認
rule-example-notes = 別々の行は両方残します。片方が牛乳、もう片方が卵を足せば、両方が残ります
rule-example-labels = どちらかが付けたものは付け、外したものは外します
rule-example-completed = 両方で完了にしたときは、早いほうの時刻になります
rule-example-priority = あとの変更を優先します。9:00の最優先と9:05の中なら、中になります
rule-example-list = あとの移動を優先します
rules-preview = この設定なら、これまでの{ NUMBER($merges) }回のうち確認は{ NUMBER($asked) }回でした。
rules-preview-none = まだ何もまとめていません。
rule-chosen = 決まりを変更しました

## 拒否された変更

refused-hint = サーバーがこれらの変更を受け付けませんでした。内容はこの端末に残っています。
edit-and-resend = 編集して再送信
send-again = 再送信
copy = コピー
discard = 破棄
discard-for-good = 完全に破棄
code = コード

## ドライバーからのお知らせ

another-device = ほかの端末
device-since = { $device }（{ $day }から）
who-and-when = { $who }・{ $when }
signed-out-by-server = サインアウトされました。同期するには、もう一度サインインしてください。それまでのあいだも、何も失われません。
update-needed = このバージョンのTsugiは、古いため、サーバーと同期できません。再読み込みすると新しくなります。
data-of-later-version = この端末のデータは、より新しいTsugiで書かれています。再読み込みして新しくしてください。何も失われません。
no-storage = このブラウザの保存領域を使えません：{ $reason }
unreadable-storage = この端末に保存された内容を読み込めません：{ $reason }
no-replica = この端末に保存された内容から、識別子を読み取れません。
outbox-full = 送信待ちの変更が多すぎます。接続するか、アカウントを作成して送信するまで、これ以上は変更できません。
no-right = このアカウントには、これらのタスクの権限がなくなりました。この端末にあるものは、そのまま残ります。
not-remembered = このブラウザの設定により、選択内容を保存できません。
server-unreachable = サーバーに接続できません。アカウントがなくても、この端末だけでTsugiを使えます。
server-not-understood = サーバーの応答を読み取れませんでした。しばらくしてからお試しください。
server-error = サーバーでエラーが起きました（{ $status }）。しばらくしてからお試しください。
not-saved = この端末に保存できませんでした：{ $reason }

## 測定値

figures = この端末の測定値
figures-hint = このブラウザで測ったものです。ほかの端末からの到着時間は、サーバーの時計による推定です。
figure-confirmed = ここでの変更 → 確認
figure-arrived = ほかの端末の変更 → ここ
figure-oldest-waiting = 最も古い送信待ち
figure-transport = 接続方法
over-web-socket = WebSocket
over-http = HTTPリクエスト
figure-needed = 接続が必要だった回数とつながった回数
figure-tries = 接続の試行と成功
figure-lost = 切断された回数
figure-sent = 送信
figure-received = 受信
figure-self-conflicts = 自分自身との食い違い
conflicts-about = 食い違い：{ $field }
outcomes = 未解決{ NUMBER($open) }件、手動{ NUMBER($hand) }件、自動{ NUMBER($rule) }件
half-and-most = { $half }（95%が{ $most }以内）
milliseconds = { $number }ミリ秒
seconds = { $number }秒
minutes = { $number }分
kilobytes = { $number } kB
megabytes = { $number } MB
some-of = { NUMBER($all) }件中{ NUMBER($some) }件
traffic = メッセージ{ NUMBER($messages) }件、{ $size }
just-now = たった今

## ほかに呼び名のない項目

field-deleted = 削除
field-completed = 完了
field-name = 名前

## アプリの新しい版と、停止

update-ready = 新しいバージョンの準備ができました
reload = 再読み込み
part-missing = Tsugiの一部を読み込めませんでした。タスクは無事です。
try-again = もう一度試す
later = あとで
leaving-would-lose = このまま残っています。画面の内容がこの端末に保存されておらず、失われてしまうためです。
only-in-this-tab = ほかのタブはこれらのタスクから離れました。最後の変更は保存されておらず、このタブにしかありません。タブを開いたままにするか、コピーを保存してください。
reload-would-lose = 再読み込みしませんでした。画面の内容がこの端末に保存されておらず、失われてしまうためです。
stopped = Tsugiが停止しました
stopped-text = アプリで問題が起きました。保存済みの編集は、この端末に無事に残っています。

## この端末の保存領域

not-saved-yet = 保存できていません
in-memory-only = メモリのみ（このページを閉じるまで）
no-store = このブラウザでは保存領域を使えません。書いたものは、このページを閉じるまでメモリにだけ残ります。
memory-with-account = このブラウザでは保存領域を使えません（プライベートウィンドウなど）。作業はできます。サーバーに届いたものは安全ですが、それ以外はこのページを閉じると失われます。
memory-without-account = このブラウザでは保存領域を使えません（プライベートウィンドウなど）。作業はできますが、このページを閉じるとすべて失われます。アカウントがあれば、サーバーに残せます。
evicted-with-account = この端末に保存していたデータが、ブラウザによって削除されました。タスクをサーバーから取り直しています。まだ送信していなかった変更は失われました。
evicted-without-account = この端末に保存していたデータが、ブラウザによって削除されました。この端末にしかなかったものは失われました。
storage-full = 空き容量がありません
storage-denied = ブラウザがこのページの保存を許可していません
storage-later = 新しいバージョンのTsugiが書き込んでいます
storage-busy = ほかのタブが使用中です
storage-lost = ブラウザが保存領域との接続を失いました。ほかのタブを閉じるか、ブラウザを起動し直してください
storage-gone = 保存していたデータがブラウザによって削除されました
figure-storage = 使用している保存領域
part-of = { $part }／{ $all }
figure-kept = この端末での保存期間
kept-for-good = 削除するまでずっと
kept-while-room = ブラウザに空きがあるあいだ
browser-does-not-say = ブラウザからはわかりません
figure-version = バージョン
version-and-build = { $version }（ビルド { $build }）
gigabytes = { $number } GB
save-copy = すべてのコピーを保存
save-copy-hint = ここに見えているタスク、リスト、ラベルと、送信待ちの変更をすべて入れたファイルです。この端末で作られ、ネットワークがなくても保存できます。
no-download = ブラウザがファイルを受け取りませんでした。
## 並び：セクション、フォルダ、移動、ボード

new-section = 新しいセクション
new-folder = 新しいフォルダ
new-label = 新しいラベル
name = 名前
rename = 名前を変更
rename-it = 「{ $name }」の名前を変更
more-of = 「{ $name }」のその他の操作
more-of-section = セクション「{ $name }」のその他の操作
move-up = 上へ移動
move-down = 下へ移動
move-to = 移動…
move-to-title = どのリストへ移動しますか？
colour = 色
no-colour = 色なし
colour-red = 赤
colour-orange = オレンジ
colour-yellow = 黄
colour-green = 緑
colour-teal = 青緑
colour-blue = 青
colour-purple = 紫
colour-pink = ピンク
colour-brown = 茶
colour-grey = グレー
archive = アーカイブ
unarchive = アーカイブから戻す
archived = アーカイブ済み
put-in-folder = 「{ $folder }」に入れる
take-out-of-folder = フォルダから出す
as-list = リスト
as-board = ボード
view-as = 表示形式
columns = 列
column-tasks = 「{ $name }」のタスク
show-more-cards = さらに表示
fold-it = 「{ $name }」を折りたたむ
unfold-it = 「{ $name }」を展開
progress = サブタスク{ NUMBER($all) }件中{ NUMBER($done) }件完了
recurs = 繰り返し
priority-number = 優先度{ NUMBER($rank) }
set-due = 期限
set-label = ラベル
label-title = どのラベルですか？
pick-placeholder = 数文字入力
nothing-by-that-name = 一致するものがありません
selected-mark = 設定済み
some-mark = 一部に設定
today-all = すべて今日に移動
drop-here = 予定なし
moving-tasks = タスク{ NUMBER($count) }件
move-task-up = タスクを上へ移動
move-task-down = タスクを下へ移動
indent-task = 上のタスクのサブタスクにする
outdent-task = サブタスクから外す
move-to-next-column = 次の列へ移動
move-to-previous-column = 前の列へ移動
extend-down = 次のタスクも選択
extend-up = 前のタスクも選択
move-task-to = 別のリストへ移動
select-all = 表示中のタスクをすべて選択

task-moved-to = 「{ $task }」を{ $place }へ移動しました
moved-below = 「{ $task }」を「{ $parent }」のサブタスクにしました
moved-after = 「{ $task }」を「{ $other }」の後へ移動しました
moved-first = 「{ $task }」を先頭へ移動しました
moved = 「{ $name }」を移動しました
added = 「{ $name }」を追加しました
renamed-to = 名前を「{ $name }」に変更しました
made-favourite = { $name }をお気に入りに追加しました
made-no-favourite = { $name }をお気に入りから外しました
favourites = お気に入り
add-to-favourites = お気に入りに追加
remove-from-favourites = お気に入りから外す
recoloured = 「{ $name }」の色を変更しました
list-archived = 「{ $name }」をアーカイブしました
list-unarchived = 「{ $name }」をリストに戻しました
list-deleted = 「{ $name }」を削除しました
section-deleted = セクション「{ $name }」を削除しました
folder-deleted = フォルダ「{ $name }」を削除しました
label-deleted = ラベル「{ $name }」を削除しました
tasks-moved = { NUMBER($count) }件のタスクを移動しました
tasks-rescheduled = { NUMBER($count) }件のタスクの期限を変更しました
tasks-changed = { NUMBER($count) }件のタスクを変更しました

not-below-itself = タスクを、それ自身や自分のサブタスクの中に入れることはできません。
gone-meanwhile = もう存在しません。
no-further = その方向にはこれ以上移動できません。

delete-list-title = 「{ $name }」を削除しますか？
delete-list-text =
    { $count ->
        [0] 未完了のタスクはありません。「元に戻す」で復元できます。
       *[other] 未完了のタスクが{ NUMBER($count) }件あります。完了済みのものも含めて、どうしますか？「元に戻す」で復元できます。
    }
delete-section-text =
    { $count ->
        [0] 未完了のタスクはありません。「元に戻す」で復元できます。
       *[other] 未完了のタスクが{ NUMBER($count) }件あります。どうしますか？「元に戻す」で復元できます。
    }
delete-with-tasks = タスクも削除
keep-in-inbox = タスクをインボックスに残す
keep-in-list = タスクをリストに残す

## はじめてのリスト

start-here = はじめに
start-1 = チェックを付けてみる
start-1-notes = 丸を押してください。間違えても大丈夫。下に出る「元に戻す」か、Ctrl+Zで戻せます。
start-1-notes-touch = 丸を押すか、右へスワイプしてください。間違えても、下に「元に戻す」が出ます。
start-2 = 開いて日付を付けてみる
start-2-notes = タイトルを押すと開きます。当日は「今日」に、それまでは「近日予定」に表示されます。
start-3 = ドラッグして動かしてみる
start-3-notes = キーボードでも動かせます。Alt+矢印キーで移動し、Alt+→で上のタスクのサブタスクになります。
start-3-notes-touch = 選択されるまで長押しし、そのまま指を動かしてください。
start-4 = 折りたたんでみる（サブタスクがあります）
start-4-notes = 丸の前の小さな矢印で、折りたたみと展開ができます。完了した数は横に表示されます。
start-4-1 = ひとつ目のサブタスク
start-4-2 = ふたつ目のサブタスク
start-5 = ?を押してショートカットを見る
start-5-notes = jとkで移動、xで選択、qですばやく追加、Ctrl+Kで何でも名前で探せます。
start-5-touch = 左へスワイプして日付を付ける
start-5-notes-touch = 1件を長押しし、続けてほかを押すと、まとめて変更できます。丸いボタンで、どこからでもタスクを追加できます。
start-6 = ネットワークを切って作業を続けてみる
start-6-notes = すべてはまずこの端末に保存されます。そのあいだの変更は、つながったときに送信されます。
start-7 = 同じタスクを二つの端末で同時に変えてみる
start-7-notes = どちらも上書きされません。項目ごとに並べて見比べ、選べます。別の端末でサインインして試してください。
start-about = 試していただきたいことを七つ、タスクにしました。チェックしても、動かしても、書き換えてもかまいません。
start-remove = このリストを削除

empty-section-hint = ここへドラッグするか、上で追加してください。
empty-board = まだセクションがありません
empty-board-hint = セクションがボードの列になります。「進行中」など、最初のひとつを追加しましょう。

## 同期の実際

truth-confirmed = この端末の変更がサーバーに届くまで
truth-arrived = ほかの端末の変更がここに届くまで
half-and-19 = 半分はこの時間内。20回中19回は{ $most }以内。
not-measured = この端末ではまだ測っていません。
truth-connected = 接続できた回数
last-failed = 最後に失敗したのは{ $ago }です。
none-failed = 最近の失敗はありません。
truth-now = 今
truth-merged = 確認なしでまとめた割合
truth-percent = { $number }%
truth-merges =
    { $all ->
        [0] 2台で同じものが変更されたことはまだありません。
       *[other] 2台で同じものが変更された{ NUMBER($all) }回のうち{ NUMBER($alone) }回。
    }
truth-asked = 確認した項目
truth-times = { NUMBER($count) }回
truth-open =
    { $count ->
        [0] 未決定のものはありません。
       *[other] うち{ NUMBER($count) }件が未決定です。
    }
truth-kept = この端末に保存
truth-room = ブラウザーが許す{ $all }のうち。ネットワークがなくても安全です。
truth-waiting = 送信待ちとその理由
truth-waits =
    { $count ->
        [0] すべてサーバーにも保存済みです。
       *[other] 未送信の変更が{ NUMBER($count) }件あります。
    }
waits-under-way = 送信中
waits-behind = 前の変更に続いて送信
waits-for-network = 接続を待っています
waits-by-choice = オフラインで作業中のため待機
waits-for-account = アカウントがないため、この端末だけに保存
waits-for-attention = 対応が必要なものが片づくまで待機
waits-for-you = あなたの決定待ち
waits-decision = 決定
waits-new = 追加
all-figures = すべての数値

## 変更したこと

edited-here = この端末で
edited-on = { $device }で
edit-added = 追加しました
edit-done = 完了にしました
edit-opened = 未完了に戻しました
edit-deleted = 削除しました
edit-restored = 元に戻しました
since-here = 前回からの変更：{ $what }
since-done = 完了{ NUMBER($count) }件
since-new = 追加{ NUMBER($count) }件
since-moved = 移動{ NUMBER($count) }件
since-deleted = 削除{ NUMBER($count) }件
since-changed = 変更{ NUMBER($count) }件
## 食い違いの実験室

lab = 食い違いの実験室
lab-hint = 仮の端末2台を本物の仕組みで動かします。あなたのタスクには影響しません。
lab-open = 食い違いの実験室を開く
lab-try = 試す
lab-both-rename = 両方で名前を変更
lab-two-dates = 2つの日付
lab-deleted-and-edited = 削除と編集
lab-lines-of-notes = メモの行
lab-moves-in-a-circle = 輪になる移動
lab-done-and-put-off = 完了と延期
lab-pause = 一時停止
lab-play = 再生
lab-step = 1つ進む
lab-speed = 速度 { $factor }×
lab-start-over = 最初から
lab-laptop = ノートPC
lab-phone = スマホ
lab-server = サーバー
lab-online = オンライン
lab-connecting = 接続中
lab-asks = 確認待ち
lab-tasks-on = { $who }のタスク
lab-two-versions = 2通り
lab-which-one = 「{ $title }」はどちらにしますか？
lab-another-day = 別の日にする
lab-tick-off = 完了にする
lab-open-again = 未完了に戻す
lab-is-done = 完了
lab-connected = 接続済み
lab-delay = 遅延
lab-loss = 損失
lab-clock = 時計
lab-of = { $who }の{ $what }
lab-milliseconds = { $number } ms
lab-percent = { $number } %
lab-minutes = { $number }分
lab-knows = バージョン{ $number }まで把握
lab-waits =
    { $count ->
        [0] 送信待ちなし
       *[other] 送信待ち{ NUMBER($count) }件
    }
lab-arriving =
    { $count ->
       *[other] { NUMBER($count) }件が到着中
    }
lab-decide-on = { $who }で決める
lab-what-happened = 今起きたこと：
lab-begin = 例を再生するか、どちらかの端末で何かを変えてみてください。
lab-picture = 時間は上から下へ、左からノートPC、サーバー、スマホです。{ $story }
lab-events = これまでに起きたこと
lab-event = { $seconds }秒：{ $what }
lab-now = 現在（{ $seconds }秒後）
lab-everything = すべての項目
lab-both-texts = 両方：{ $text }
lab-keep = 残す
lab-too-long = 実験室で扱うには長すぎます。
lab-full = 実験室に入るタスクは{ NUMBER($limit) }件までです。
lab-nothing = 変わるところがありません。

lab-from-laptop = ノートPCから
lab-from-phone = スマホから
lab-at-once = すぐに受け付け
lab-saved = 保存済み、送信待ち
lab-not-heard = 届かない
lab-saved-here = 保存済み、待機中
lab-version-accepted = バージョン{ $number } · 受付
lab-version-both = バージョン{ $number } · 両方
lab-meet = 2つの内容が出会う
lab-meet-why = { $made-on }≠{ $head }：勝ち負けなし
lab-back = 再びオンライン
lab-keeps-both = 両方を残す
lab-merges = 自動でまとめる
lab-the-same = どこでも同じ
lab-new-notes = 新しいメモ
lab-opened = 未完了に戻す
lab-deleted = 削除
lab-restored = 元に戻す
lab-moved = 移動
lab-both-kept = 両方を残す
lab-recorded = 記録
lab-decided = 決定

lab-went-offline = { $who }がオフラインになりました。
lab-came-back = { $who }が再びオンラインになりました。
lab-adds = { $who }で「{ $title }」を追加しました。
lab-changes = { $who }で「{ $title }」を変更：{ $change }。
lab-changes-offline = オフラインの{ $who }で「{ $title }」を変更：{ $change }。端末に保存され、送信を待ちます。
lab-decides = { $who }で「{ $title }」を決めました。
lab-accepts = サーバーが{ $who }の変更を受け付けました：バージョン{ $number }。
lab-versions-meet = { $who }はバージョン{ $made-on }を変更しましたが、サーバーはもう{ $head }でした。だから何も上書きしません。
lab-message-lost = { $who }とのメッセージが届きませんでした。
lab-hears = { $who }にバージョン{ $number }が届きました。
lab-kept-both = { $who }は古い内容を変更していました。上書きはせず、両方を残して人が決めます。
lab-merged = { $who }が決まりに従って両方をまとめました。確認は要りません。
lab-agreed = 2台とも同じ内容になりました：バージョン{ $number }。

lab-trip = 旅行
lab-milk = 牛乳を買う
lab-grandma = 祖母に電話
lab-kyoto = 京都旅行
lab-nara = 奈良旅行
lab-tickets = 切符
lab-tickets-window = 切符（窓側）
lab-hotel = 宿
lab-camera = カメラ
