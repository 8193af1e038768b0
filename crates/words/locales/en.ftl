# Every word on the screen. `cargo build` checks that each language has the same phrases.
# The names that assistive technology and tests rely on are a contract: change one only with a decision.

language-name = English
language-direction = ltr

app = Tsugi

## Sync status

sync-status = Sync status
sync-details = Sync details
synced = Synced
syncing = Syncing
offline = Offline
clock-shows-no-day = This device’s clock shows no day that exists. Set it right, so that dates are right.
needs-attention = Needs attention
headline = { $state } — { $aside }
local-only = On this device
by-choice = by choice
by-choice-waiting = by choice, { $waiting }
connecting = connecting
connecting-waiting = connecting, { $waiting }
waiting-to-send = Waiting to be sent
nothing = Nothing
on-this-device = On this device
saving = Saving…
saved = Everything saved
last-synced = Last synced
not-yet = Not yet
this-device = This device
sync-now = Sync now
work-offline = Work offline
explain-local = Your tasks are stored in this browser. With an account they also reach your other devices.
explain-offline = No connection. You can go on working: changes are sent as soon as there is one.
explain-work-offline = You asked to work offline. Switch it off to send and receive again.
explain-syncing = Talking to the server. What you see here is already saved on this device.
explain-synced = Everything here is also on the server.
explain-attention = Something needs you before everything is in step again.
changes =
    { $count ->
        [one] { NUMBER($count) } change
       *[other] { NUMBER($count) } changes
    }
changes-waiting =
    { $count ->
        [one] { NUMBER($count) } change waiting
       *[other] { NUMBER($count) } changes waiting
    }

## Account

tagline = What comes next, joined up on every device.
pitch = A task list that is always yours to write in, with a network or without. When two devices disagree, Tsugi asks you instead of choosing for you.
point-anywhere = Works anywhere
point-anywhere-detail = Trains, cellars, aeroplanes. It opens and saves without a connection.
point-at-once = In step at once
point-at-once-detail = A change on one screen is on the others before you look up.
point-kept = Nothing overwritten
point-kept-detail = Two edits of one task are laid side by side. Both are kept until you decide.
picture = Two task lists, on a laptop and on a phone, joined by one thread
account-form = Your account
email = Email
password = Password
show = Show
hide = Hide
sign-in = Sign in
create-account = Create account
or = or
use-without-account = Use without an account
without-account-hint = Tasks stay in this browser. You can create an account later and keep them.
email-needed = Write your email address, such as name@example.org.
password-rule = At least 8 characters. A few words in a row are easy to remember.
password-common = This password is easy to guess. Choose another one.
wrong-credentials = The email or the password is wrong.
email-taken = There is an account with this email already. Sign in instead.
workspace-taken = These tasks already belong to another account.
too-many-attempts = Too many attempts. Try again later.
server-busy = The server is busy. Try again in a moment.
edit-invalid = The server did not accept a value of this change.
edit-of-unknown = The server does not know what this change belongs to.
edit-crossed = This change does not fit what the server has.
edit-forbidden = You may read this, but not change it.
edit-over-quota = There is no more room for this account on the server.
sign-in-again = Sign in again
signed-out-bar = You are signed out. Everything is kept on this device.
back-to-tasks = Back to my tasks
back-hint = Your tasks stay on this device.
tasks-joined =
    { $count ->
        [one] { NUMBER($count) } task of this device is in your account now
       *[other] { NUMBER($count) } tasks of this device are in your account now
    }
device-name = Name of this device
device-name-hint = Other devices show it beside changes that were made here.
password-needed = Write your password.
account = Account
create-to-sync = Create an account to sync
sign-out = Sign out
signed-in-as = Signed in as
sign-out-title = Sign out with changes waiting?
sign-out-with-waiting =
    { $count ->
        [one] { NUMBER($count) } change has not reached the server. It can stay on this device and will be sent when you sign in again.
       *[other] { NUMBER($count) } changes have not reached the server. They can stay on this device and will be sent when you sign in again.
    }
keep-on-device = Keep them on this device
cancel = Cancel

## Places

main-navigation = Main
views = Views
lists = Lists
labels = Labels
more-places = More
inbox = Inbox
today = Today
upcoming = Upcoming
search = Search
completed = Completed
deleted = Deleted
settings = Settings
about-sync = About sync
a-list = List
a-label = Label
close-sidebar = Close the sidebar
hide-sidebar = Hide the sidebar
show-sidebar = Show the sidebar
browse = Browse
toggle-sidebar = Show or hide the sidebar
skip-to-content = Skip to the tasks
page-title = { $place } · { $app }
place-and-count = { $place }, { $count }
overdue-group = Overdue
no-such-list = There is no such list here
no-such-list-hint = It may have been deleted, or it is still on its way from another device.
no-such-place = There is nothing at this address
no-such-place-hint = The link may be old, or mistyped.
to-inbox = Go to the Inbox
new-list = New list
list-name = Name of the list
create = Create
fold-folder = Fold { $folder }
open-folder = Unfold { $folder }

## Tasks

add-task = Add a task
add = Add
tasks = Tasks
task = Task
title = Title
notes = Notes
due = Due
list = List
priority = Priority
no-date = No date
tomorrow = Tomorrow
yesterday = Yesterday
near-day = { $near } · { $day }
next-week = Next week
weekend = Weekend
next-month = Next month
save = Save
delete-task = Delete task
close = Close
waiting = Not on the server yet
title-needed = A task needs a title.
title-too-long = A title has room for { NUMBER($limit) } characters; this one has { NUMBER($length) }.
notes-too-long = These notes are too long to sync. Shorten them a little.
text-too-long = This text is too long to be kept.
changed-elsewhere = Changed on another device meanwhile:
take-that = Use that
emptied = (empty)
task-gone = This task was deleted. What you type here is kept.
loading = Opening your tasks…
overdue = Overdue: { $when }
edit = Edit { $title }
open-tasks =
    { $count ->
        [0] Nothing open
       *[other] { NUMBER($count) } open
    }
tasks-count =
    { $count ->
        [one] { NUMBER($count) } task
       *[other] { NUMBER($count) } tasks
    }
found-tasks =
    { $count ->
        [0] Nothing found
        [one] { NUMBER($count) } task found
       *[other] { NUMBER($count) } tasks found
    }
selected-tasks =
    { $count ->
        [one] { NUMBER($count) } task selected
       *[other] { NUMBER($count) } tasks selected
    }
show-completed = Show completed ({ NUMBER($count) })
hide-completed = Hide completed ({ NUMBER($count) })
show-more = Show more ({ NUMBER($count) })
complete = Complete
reopen = Reopen
delete = Delete
restore = Restore
restore-first = Restore the task first. What you typed stays here.
restore-with-this = Restore with this
restore-task = Restore { $title }
clear-selection = Clear the selection
selection = Selection
quick-add = Quick add
quick-add-hint = Press Enter to add, Escape to close.

## Editor

due-time = Due time
start = Start
start-time = Start time
no-start = No start
time-of-day = Time
when-placeholder = For example “sat noon”
previous-month = Previous month
later-month = Following month
time-not-taken = This is not a time. Write it like 15:00 or 3pm.
repeat-placeholder = For example “every other Tuesday”
rule-not-taken = This is not understood. Write it like “every 2 weeks”.
preview-of-notes = Preview of the notes
set-due-command = Set the due date
duplicate = Duplicate
copy-link = Copy link
copied = Copied
not-copied = The browser does not let this page copy. Nothing was copied.
visit-saved = Saved
time-in = A time on the clocks of { $zone }
time-at = { $place } { $time }
day-and-time = { $day } · { $time }
to-do = To do
section = Section
no-section = No section
a-list-put-away = A list that was put away
a-section-gone = A section that is gone
no-priority = No priority
priority-1 = P1 · highest
priority-2 = P2 · high
priority-3 = P3 · medium
priority-4 = P4 · low
add-label = Add a label
no-labels = No labels
too-many-labels = A task has room for { NUMBER($limit) } labels.
tasks-above = Part of
make-independent = Make it a task of its own
sub-tasks = Sub-tasks
add-sub-task = Add a sub-task
open-task = Open { $title }
comments = Comments
comment = Comment
add-comment = Add a comment
delete-comment = Delete the comment
comment-added = Comment added
comment-deleted = Comment deleted
comment-needed = Write something first.
comment-too-long = A comment has room for { NUMBER($limit) } characters.
you = You
somebody-else = Somebody else
created-at = Created { $when }
completed-at = Completed { $when }
not-completed = Not completed
too-many-at-once = { NUMBER($count) } tasks at once are more than { NUMBER($limit) }. Choose fewer.

## Repetition

repeat = Repeat
repeat-never = Does not repeat
interval = Every
weekdays = Days of the week
days-of-the-month = Days of the month
same-day = On the day it is due
several-days = On several days
ends = Ends
end-never = Never
end-until = Until a day
end-count = After
last-date = Last day
times = Times
count-from-done = Count from when it is done
every-day =
    { $count ->
        [1] Every day
       *[other] Every { NUMBER($count) } days
    }
every-week =
    { $count ->
        [1] Every week
       *[other] Every { NUMBER($count) } weeks
    }
every-month =
    { $count ->
        [1] Every month
       *[other] Every { NUMBER($count) } months
    }
every-year =
    { $count ->
        [1] Every year
       *[other] Every { NUMBER($count) } years
    }
every-working-day = Every weekday
every-on = { $every } on { $days }
every-in = { $every } in { $months }
every-after-done = { $every } after it is done
every-until = { $every }, until { $day }
every-count =
    { $count ->
        [1] { $every }, for the last time
       *[other] { $every }, { NUMBER($count) } times
    }
days-of = { $days } of { $months }
and-more = { $all }, { $next }
and-last = { $all } and { $last }
day-of-month =
    { $nth ->
        [1] the 1st
        [2] the 2nd
        [3] the 3rd
        [21] the 21st
        [22] the 22nd
        [23] the 23rd
        [31] the 31st
       *[other] the { NUMBER($nth) }th
    }
last-day = the last day
day-before-end =
    { $nth ->
        [2] the 2nd last day
        [3] the 3rd last day
        [21] the 21st last day
        [22] the 22nd last day
        [23] the 23rd last day
        [31] the 31st last day
       *[other] the { NUMBER($nth) }th last day
    }
each-weekday = every { $day }
last-weekday = the last { $day }
nth-weekday =
    { $nth ->
        [1] the 1st { $day }
        [2] the 2nd { $day }
        [3] the 3rd { $day }
       *[other] the { NUMBER($nth) }th { $day }
    }
weekday-before-end =
    { $nth ->
        [2] the 2nd last { $day }
        [3] the 3rd last { $day }
       *[other] the { NUMBER($nth) }th last { $day }
    }

## What quick add understood

understood = Understood
new-name = { $name } (new)
completions = Names that fit
add-details = Add details
quick-days = today, tomorrow, this weekend, next week, next month
quick-repeats = every day, every weekday, every week, every month, every year
drop-chip = { $meaning }: keep “{ $words }” as words
starts = Starts: { $day }
until = Until { $day }
so-many-times =
    { $count ->
        [one] { NUMBER($count) } time
       *[other] { NUMBER($count) } times
    }

## Empty places

empty-inbox = Nothing to do yet
empty-inbox-hint = Write your first task above and press Enter. It is saved here at once, with or without a network.
all-done = All done
all-done-hint = Everything on this list is completed. Enjoy the quiet.
empty-today = Nothing due today
empty-today-hint = What is due today, or overdue, gathers here. Give a task a date to see it on its day.
empty-upcoming = Nothing planned
empty-upcoming-hint = Tasks with a date stand here, day by day. Plan one from its editor.
empty-list = Nothing on this list yet
empty-list-hint = Write its first task above and press Enter.
empty-label = No task has this label
empty-label-hint = Give tasks a label to gather them here from every list.
empty-search = What are you looking for?
empty-search-hint = Type a few letters. Titles and notes on this device are searched as you type, also without a network.
nothing-found = Nothing found
nothing-found-hint = No task has all of these words. Try fewer, or other ones.
empty-completed = Nothing completed yet
empty-completed-hint = What you tick off is kept here, the latest first.
empty-deleted = Nothing deleted
empty-deleted-hint = A deleted task stays here for 30 days, on every device that had it, and can be restored.
deleted-hint-alive = What was written is there. Should it stay?
keep-effect-alive = It stays on every device

## Undo

undo = Undo
open-it = Open
redo = Redo
dismiss = Dismiss
done-added = Added ‘{ $task }’
done-added-to = Added to { $place }
done-changed = Changed ‘{ $task }’
done-completed = Completed ‘{ $task }’
done-completed-with =
    { $count ->
        [one] Completed ‘{ $task }’ and { NUMBER($count) } sub-task
       *[other] Completed ‘{ $task }’ and { NUMBER($count) } sub-tasks
    }
done-and-next = { $done }. Next: { $when }
done-reopened = Reopened ‘{ $task }’
done-deleted = Deleted ‘{ $task }’
done-restored = Restored ‘{ $task }’
doing-added = adding ‘{ $task }’
doing-changed = changing ‘{ $task }’
doing-completed = completing ‘{ $task }’
doing-reopened = reopening ‘{ $task }’
doing-deleted = deleting ‘{ $task }’
doing-restored = restoring ‘{ $task }’
list-added = List added
tasks-added =
    { $count ->
        [one] { NUMBER($count) } task added
       *[other] { NUMBER($count) } tasks added
    }
# Several lines were pasted into quick add.
pasted-question =
    { $count ->
        [one] One line: one task?
       *[other] { NUMBER($count) } lines: { NUMBER($count) } tasks?
    }
pasted-add =
    { $count ->
        [one] Add { NUMBER($count) } task
       *[other] Add { NUMBER($count) } tasks
    }
pasted-as-one = One task
pasted-more = and { NUMBER($count) } more
pasted-too-many = At most { NUMBER($most) } lines become tasks at once. Paste them in parts.
tasks-completed =
    { $count ->
        [one] { NUMBER($count) } task completed
       *[other] { NUMBER($count) } tasks completed
    }
tasks-deleted =
    { $count ->
        [one] { NUMBER($count) } task deleted
       *[other] { NUMBER($count) } tasks deleted
    }
undone = Undone: { $what }
redone = Redone: { $what }
nothing-to-undo = There is nothing to undo
nothing-to-redo = There is nothing to redo
changed-since = Nothing to take back: it has been changed since

## Keyboard

keyboard = Keyboard
shortcuts = Keyboard shortcuts
shortcuts-everywhere = Everywhere
shortcuts-go = Go to
shortcuts-list = In a list
command-palette = Commands
command-placeholder = Type a command, a view, a list or a task
no-command = No results
show-palette = Command palette
show-shortcuts = Show keyboard shortcuts
add-from-anywhere = Add a task from anywhere
go-to = Go to { $place }
next-task = Next task
previous-task = Previous task
edit-task = Edit the task
select-task = Select the task
leave = Close, or clear the selection
then = then
search-tasks = Search tasks

## Settings

language-setting = Language
language-of-system = Same as browser
theme = Colours
theme-system = As the system says
theme-light = Light
theme-dark = Dark
theme-contrast = High contrast
about-sync-text = What stands on this screen is on this device first. Each change is written here, shown at once, and sent as soon as there is a connection. These are the facts, measured by this very browser.

## Conflicts

conflicts = Conflicts
open-conflicts = Open conflicts
about-task = About this task
to-decide = To decide
history = History
conflicts-hint = Two devices meant different things. Nothing is overwritten while it waits here.
no-conflicts = Nothing to decide
no-conflicts-hint = When two devices mean different things, both wait here.
newest-first = Newest first
some-shown = { NUMBER($some) } of { NUMBER($all) }
decide-one-by-one = Decide one by one
all-like-this = All like this…
filter-list = List
filter-device = Device
filter-kind = Kind
filter-age = Age
age-today = Today
age-week = Last 7 days
age-older = Older
no-match = None of them matches
versions =
    { $count ->
        [one] { NUMBER($count) } version
       *[other] { NUMBER($count) } versions
    }
resolve = Resolve conflict
nth-of = { NUMBER($nth) } of { NUMBER($count) }
previous-conflict = Previous conflict
next-conflict = Next conflict
this-or-that = “{ $first }”, or “{ $second }”?
both-changed = { $first } and { $second } changed the same fields: { $fields }. Neither had seen the other’s change. What you don’t take stays in History.
before = Before
now-it-is = As it is now
now-later = changed since
side-is = { $who }, { $when }: { $value }
side-is-now = { $who }: { $value }
listed = { $some }, { $more }
keep-both = Keep both
keep-both-is = Keep both: { $value }
keep-both-words = a proposal, yours to change
keep-both-lines = both lines, one after the other
result = Result
result-empty = Choose above, or write it here
chosen = Chosen: { $side }
own-result = Written by you
left-to-decide = { NUMBER($count) } left: { $fields }
days-apart =
    { $count ->
        [one] { NUMBER($count) } day apart
       *[other] { NUMBER($count) } days apart
    }
days-later =
    { $count ->
        [one] { NUMBER($count) } day later than before
       *[other] { NUMBER($count) } days later than before
    }
days-earlier =
    { $count ->
        [one] { NUMBER($count) } day earlier than before
       *[other] { NUMBER($count) } days earlier than before
    }
same-line = Changed by both
same-line-nth = Changed by both, { NUMBER($nth) } of { NUMBER($count) }
added-here = by this device
merged-themselves =
    { $count ->
        [one] { NUMBER($count) } change merged by itself
       *[other] { NUMBER($count) } changes merged by themselves
    }
added-by = by { $who }
same-lines =
    { $count ->
        [one] { NUMBER($count) } more line, the same on both
       *[other] { NUMBER($count) } more lines, the same on both
    }
changed-again = This was changed again just now. Your choices are kept; look at what is new.
save-result = Save result
save-and-next = Save and next
settled-title = Already settled
settled-elsewhere = Another device has settled this conflict meanwhile. There is nothing left to decide.
news-decided = ‘{ $task }’: { $result }. { $who }
news-several =
    { $count ->
        [one] { NUMBER($count) } thing was decided on another device
       *[other] { NUMBER($count) } things were decided on other devices
    }
news-merged = ‘{ $task }’: { $what }
decide-later = Decide later
decide = Decide
conflict-here = This task has two versions: { $fields }.
key-both = both
key-side = a side
key-before = before
key-edit = edit
key-move = move
key-open = open
key-undo = undo
key-all = all like this
done-resolved = Decided ‘{ $task }’: { $result }
doing-resolved = deciding ‘{ $task }’
done-resolved-many =
    { $count ->
        [one] Decided { NUMBER($count) } conflict
       *[other] Decided { NUMBER($count) } conflicts
    }
done-unresolved = Took back the decision about ‘{ $task }’
doing-unresolved = taking back the decision about ‘{ $task }’
date-not-taken = This date is not complete, or it is before 1970. Nothing was changed.
date-wrong = Write the date as year-month-day, such as 2026-03-14, or leave it empty.
delete-it = Delete the task
keep-it = Keep the task

## Situations: two sentences, two buttons

deleted-there-edited-here = { $who } deleted “{ $title }”. You changed it here without knowing: { $fields }.
deleted-here-edited-there = You deleted “{ $title }” here. { $who } had changed it without knowing: { $fields }.
deleted-and-edited = { $who } deleted “{ $title }”. { $other } had changed it without knowing: { $fields }.
deleted-there-edited = { $who } deleted “{ $title }”. You changed it here without knowing.
deleted-here-edited = You deleted “{ $title }” here. { $who } had changed it without knowing.
deleted-edited = { $who } deleted “{ $title }”. { $other } had changed it without knowing.
keep-it-now = Keep it
deleted-hint = What was written is not lost. Should it come back?
keep-with-changes = Keep it, with the new { $fields }
keep-effect = It comes back on every device
delete-it-now = Delete it
delete-effect = On every device. It can be restored among the deleted tasks
delete-other-effect = On every device
done-there-moved-here = { $who } ticked off “{ $title }”. You changed it here: { $fields }.
done-here-moved-there = You ticked off “{ $title }” here. { $who } changed it: { $fields }.
done-and-moved = { $who } ticked off “{ $title }”. { $other } changed it: { $fields }.
done-hint = Is it done, or is there more to do?
it-is-done = It is done
it-is-done-effect = Stays ticked off
still-to-do = Still to do
still-to-do-on = Still to do on { $day }
still-to-do-effect = Opens it again, with the new { $fields }
unknown-field = “{ $field }” was set differently on two devices, and this version does not know it yet.
unknown-field-hint = It came from a newer version. It is shown as it was written.
take-of = Take the value of { $who }
situation-deleted = Deleted or kept
situation-done = Done or to do
situation-unknown = From a later version
wrote = changed it
deleted-verb = deleted it
done-verb = ticked it off

## Deciding many at once

decide-at-once =
    { $count ->
        [one] Decide { NUMBER($count) } conflict
       *[other] Decide { NUMBER($count) } conflicts at once
    }
take = Take
take-last = What was set last
take-earlier = The earlier date
take-later = The later date
take-both = Both, where that is possible
what-will-happen = What will happen
left-out = Left out: { $why }
left-out-changed = changed again
left-out-no-date = not about dates alone
left-out-no-both = both cannot be kept
left-out-no-version = has no version of that device
not-taken-stays = What is not taken stays in the history of each task.
one-undo = One Undo takes all of them back.
apply-to = Apply to { NUMBER($count) }
apply-to-none = Choose what to take
becomes = { $before } → { $after }

## What was decided

history-all = All
history-people = Decided by people
history-rules = Merged by itself
no-history = Nothing was merged yet
no-history-hint = When changes of two devices meet, this shows what was kept and what was not.
was-kept-not = { $kept } was kept, not { $dropped }
was-kept = { $kept } was kept
both-were-kept = What both added was kept
decided-here = Decided on this device
decided-on = Decided on { $who }
merged-by-itself = Merged by itself
rule-lines = different lines
rule-set = all that either added, less what either removed
rule-earliest = the earlier one counts
rule-last-writer = the later one counts
rule-cycle = the two moves would have made a circle
rule-done = ticked off after it was put off, so it is done
take-value = Take { $value }
undone-too-late = older than 30 days
undone-too-late-says = This was decided more than 30 days ago and can no longer be undone. Both values are in the history.
undone-never = an earlier version kept nothing to undo it with
edited-since = Edited since. Undo would replace “{ $now }” with “{ $then }”.
undo-anyway = Undo anyway
leave-it = Leave it
merges-counted = { NUMBER($all) } merges, { NUMBER($alone) } by themselves
save-history = Save as JSON

## The rules of a workspace

rules = When both devices changed it
rules-hint = For these, a rule merges both changes, and the history keeps what was not taken. Switch one on to be asked each time. Titles, dates and repetitions are always asked about.
always-ask = Always ask
rule-example-notes = Different lines are joined: one adds milk, the other eggs, and both stand there
rule-example-labels = What either added is in, what either removed is out
rule-example-completed = If both tick it off, the earlier time counts
rule-example-priority = The later one counts: P1 at 9:00 and P3 at 9:05 give P3
rule-example-list = The later move counts
rules-preview = With these rules, you would have been asked { NUMBER($asked) } times in the last { NUMBER($merges) } merges.
rules-preview-none = Nothing was merged yet.
rule-chosen = Rule changed

## Refused changes

refused-hint = The server did not take these changes. They are kept on this device.
edit-and-resend = Edit and send again
send-again = Send again
copy = Copy
discard = Discard
discard-for-good = Discard for good
code = Code

## What the driver has to say

another-device = Another device
device-since = { $device }, since { $day }
who-and-when = { $who } · { $when }
signed-out-by-server = You are signed out. Sign in again to sync; nothing is lost meanwhile.
update-needed = This version of Tsugi is too old for the server. Reload to get the new one.
data-of-later-version = A later version of Tsugi has written what is on this device. Reload to get that version; nothing is lost.
no-storage = Tsugi cannot use this browser's storage: { $reason }
unreadable-storage = What is stored on this device cannot be read: { $reason }
no-replica = What is stored on this device has no readable replica id.
outbox-full = Too many changes wait on this device to be sent. Nothing more can be changed here until some are; connect, or create an account.
no-right = This account has no right to these tasks any more. What is on this device stays here.
not-remembered = This browser does not let Tsugi remember your choices.
server-unreachable = The server cannot be reached. Without an account, Tsugi works on this device alone.
server-not-understood = The server gave an answer that Tsugi does not understand. Try again later.
server-error = The server answered with an error ({ $status }). Try again later.
not-saved = Not saved on this device: { $reason }.

## Figures

figures = Figures of this device
figures-hint = Measured in this browser. Arrival from other devices is an estimate, by the server's clock.
figure-confirmed = Change here → confirmed
figure-arrived = Change elsewhere → here
figure-oldest-waiting = Oldest change waiting
figure-transport = Connected over
over-web-socket = WebSocket
over-http = HTTP requests
figure-needed = Connections needed and had
figure-tries = Tries to connect that worked
figure-lost = Connections lost
figure-sent = Sent
figure-received = Received
figure-self-conflicts = Conflicts with oneself
conflicts-about = Conflicts: { $field }
outcomes = { NUMBER($open) } open, { NUMBER($hand) } by you, { NUMBER($rule) } by rule
half-and-most = { $half }, 95 % within { $most }
milliseconds = { $number } ms
seconds = { $number } s
minutes = { $number } min
kilobytes = { $number } kB
megabytes = { $number } MB
some-of = { NUMBER($some) } of { NUMBER($all) }
traffic =
    { $messages ->
        [one] { NUMBER($messages) } message, { $size }
       *[other] { NUMBER($messages) } messages, { $size }
    }
just-now = just now

## What people call a field that has no other name here

field-deleted = Deleted
field-completed = Completed
field-name = Name

## How syncing really goes

truth-confirmed = Your changes reach the server in
truth-arrived = Others’ changes reach this screen in
half-and-19 = Half of them. 19 of 20 within { $most }.
not-measured = Not measured yet on this device.
truth-connected = The connection worked
last-failed = The last one that failed: { $ago }.
none-failed = None of the latest failed.
truth-now = now
truth-merged = Merged without asking you
truth-percent = { $number } %
truth-merges =
    { $all ->
        [0] Two devices have not changed the same thing yet.
        [one] { NUMBER($alone) } of { NUMBER($all) } time that two devices changed the same thing.
       *[other] { NUMBER($alone) } of { NUMBER($all) } times that two devices changed the same thing.
    }
truth-asked = What people were asked about
truth-times =
    { $count ->
        [one] { NUMBER($count) } time
       *[other] { NUMBER($count) } times
    }
truth-open =
    { $count ->
        [0] Nothing is left to decide.
        [one] { NUMBER($count) } of them is still to decide.
       *[other] { NUMBER($count) } of them are still to decide.
    }
truth-kept = Kept on this device
truth-room = Of the { $all } that the browser allows. Safe without a network.
truth-waiting = Waiting, and why
truth-waits =
    { $count ->
        [0] Everything here is on the server too.
        [one] { NUMBER($count) } change is not on the server yet.
       *[other] { NUMBER($count) } changes are not on the server yet.
    }
waits-under-way = on its way
waits-behind = follows the change before it
waits-for-network = waits for a connection
waits-by-choice = waits, because you work offline
waits-for-account = stays on this device, without an account
waits-for-attention = waits until what needs attention is settled
waits-for-you = waits for your decision
waits-decision = a decision
waits-new = new
all-figures = All figures

## Versions of the app, and its end

update-ready = A new version is ready
reload = Reload
part-missing = A part of Tsugi could not be loaded. Your tasks are safe.
try-again = Try again
later = Later
leaving-would-lose = Not left: what is on the screen is not saved on this device, and would be lost.
only-in-this-tab = Another tab has left these tasks. What was changed last is not saved, and is in this tab only. Keep it open, or save a copy.
reload-would-lose = Not reloaded: what is on the screen is not saved on this device, and would be lost.
stopped = Tsugi has stopped
stopped-text = Something went wrong in the app. Your saved edits are safe on this device.

## This device's storage

not-saved-yet = Not saved
in-memory-only = In memory only, until this page is closed
no-store = This browser gives Tsugi no storage. What you write is kept in memory only, until this page is closed.
memory-with-account = This browser gives Tsugi no storage, as some do in private windows. You can work; what has reached the server is safe, the rest is lost when this page is closed.
memory-without-account = This browser gives Tsugi no storage, as some do in private windows. You can work, but everything is lost when this page is closed. With an account it is kept on the server.
evicted-with-account = This browser has thrown away what Tsugi kept on this device. Your tasks are being fetched again from the server; changes that had not been sent are lost.
evicted-without-account = This browser has thrown away what Tsugi kept on this device. What was only here is lost.
storage-full = there is no room left
storage-denied = the browser does not let this page keep anything
storage-later = a later version of Tsugi has written it
storage-busy = another tab keeps it busy
storage-lost = the browser has lost its own storage; close other tabs, or start it again
storage-gone = the browser has thrown away what was kept here
figure-storage = Storage used
part-of = { $part } of { $all }
figure-kept = Kept on this device
kept-for-good = For good, until you remove it
kept-while-room = As long as the browser has room
browser-does-not-say = The browser does not say
figure-version = Version
version-and-build = { $version }, build { $build }
gigabytes = { $number } GB
save-copy = Save a copy of everything
save-copy-hint = A file with every task, list and label as you see them here, and with what waits to be sent. It is made on this device, also without a network.
no-download = The browser did not take the file.
## Order: sections, folders, moving, the board

new-section = New section
new-folder = New folder
new-label = New label
name = Name
rename = Rename
rename-it = Rename { $name }
more-of = More for { $name }
more-of-section = More for section { $name }
move-up = Move up
move-down = Move down
move-to = Move to…
move-to-title = Move to which list?
colour = Colour
no-colour = No colour
colour-red = Red
colour-orange = Orange
colour-yellow = Yellow
colour-green = Green
colour-teal = Teal
colour-blue = Blue
colour-purple = Purple
colour-pink = Pink
colour-brown = Brown
colour-grey = Grey
archive = Archive
unarchive = Bring back from the archive
archived = Archived
put-in-folder = Put in { $folder }
take-out-of-folder = Take out of its folder
as-list = List
as-board = Board
view-as = View
columns = Columns
column-tasks = Tasks of { $name }
show-more-cards = Show more
fold-it = Fold { $name }
unfold-it = Unfold { $name }
progress = { NUMBER($done) } of { NUMBER($all) } sub-tasks done
recurs = Repeats
priority-number = Priority { NUMBER($rank) }
set-due = Due
set-label = Labels
label-title = Which labels?
pick-placeholder = Type a few letters
nothing-by-that-name = No results
selected-mark = on
some-mark = on some
today-all = Move all to today
drop-here = Nothing planned
moving-tasks =
    { $count ->
        [one] { NUMBER($count) } task
       *[other] { NUMBER($count) } tasks
    }
move-task-up = Move the task up
move-task-down = Move the task down
indent-task = Make it a sub-task of the one above
outdent-task = Outdent
move-to-next-column = Move to the next column
move-to-previous-column = Move to the previous column
extend-down = Select the next task too
extend-up = Select the previous task too
move-task-to = Move to another list
select-all = Select all in sight

task-moved-to = { $task } moved to { $place }
moved-below = { $task } is a sub-task of { $parent } now
moved-after = { $task } moved after { $other }
moved-first = { $task } moved to the top
moved = { $name } moved
added = { $name } added
renamed-to = Renamed to { $name }
made-favourite = { $name } is a favourite
made-no-favourite = { $name } is no favourite any more
favourites = Favourites
add-to-favourites = Add to favourites
remove-from-favourites = Remove from favourites
recoloured = Colour of { $name } changed
list-archived = { $name } archived
list-unarchived = { $name } is back among the lists
list-deleted = { $name } deleted
section-deleted = Section { $name } deleted
folder-deleted = Folder { $name } deleted
label-deleted = Label { $name } deleted
tasks-moved =
    { $count ->
        [one] { NUMBER($count) } task moved
       *[other] { NUMBER($count) } tasks moved
    }
tasks-rescheduled =
    { $count ->
        [one] { NUMBER($count) } task rescheduled
       *[other] { NUMBER($count) } tasks rescheduled
    }
tasks-changed =
    { $count ->
        [one] { NUMBER($count) } task changed
       *[other] { NUMBER($count) } tasks changed
    }

not-below-itself = A task cannot be a part of itself, or of one of its own sub-tasks.
gone-meanwhile = That is not there any more.
no-further = It can go no further that way.

delete-list-title = Delete { $name }?
delete-list-text =
    { $count ->
        [0] The list has no open tasks. Undo brings it back.
        [one] It has { NUMBER($count) } open task. Keep it and what is completed, or delete them? Undo brings all back.
       *[other] It has { NUMBER($count) } open tasks. Keep them and what is completed, or delete them? Undo brings all back.
    }
delete-section-text =
    { $count ->
        [0] The section has no open tasks. Undo brings it back.
        [one] It has { NUMBER($count) } open task. Keep or delete it? Undo brings all back.
       *[other] It has { NUMBER($count) } open tasks. Keep or delete them? Undo brings all back.
    }
delete-with-tasks = Delete its tasks too
keep-in-inbox = Keep its tasks in the Inbox
keep-in-list = Keep its tasks in the list

## The list that teaches

start-here = Start here
start-1 = Tick me off
start-1-notes = Press the circle. Changed your mind? Undo is at the bottom, and Ctrl Z works too.
start-1-notes-touch = Press the circle, or push me to the right. Changed your mind? Undo is at the bottom.
start-2 = Open me and give me a date
start-2-notes = Press my title. On my day I stand in Today, and before that in Upcoming.
start-3 = Drag me to another place
start-3-notes = Or by keyboard: Alt with the arrow keys moves me, Alt → makes me a sub-task of the one above.
start-3-notes-touch = Hold me until I am selected, then move your finger.
start-4 = Fold me: I have sub-tasks
start-4-notes = The small arrow before the circle folds and unfolds. How many are done stands beside me.
start-4-1 = This is one
start-4-2 = This is another
start-5 = Press ? for all keyboard shortcuts
start-5-notes = j and k move, x selects, q adds a task from anywhere, Ctrl K finds everything by name.
start-5-touch = Push me to the left to give me a date
start-5-notes-touch = Hold one task and press others to change several at once. The round button adds a task from anywhere.
start-6 = Switch off the network and go on working
start-6-notes = Everything is on this device first. What you do meanwhile is sent when there is a connection again.
start-7 = Change one task on two devices at once
start-7-notes = Nothing is overwritten: you see both versions side by side, field by field, and choose. Sign in on another device to try it.
start-about = Seven things to try, each a task. They are yours: tick them, move them, change them.
start-remove = Remove this list

empty-section-hint = Drag tasks here, or add one above.
empty-board = No sections yet
empty-board-hint = Sections are the columns of a board. Add the first one, such as “Doing”.

## What was edited

edited-here = On this device
edited-on = On { $device }
edit-added = Added
edit-done = Ticked off
edit-opened = Opened again
edit-deleted = Deleted
edit-restored = Restored
since-here = Since you were here: { $what }
since-done = { NUMBER($count) } done
since-new = { NUMBER($count) } new
since-moved = { NUMBER($count) } moved
since-deleted = { NUMBER($count) } deleted
since-changed = { NUMBER($count) } changed
## The conflict lab

lab = Conflict lab
lab-hint = Two pretend devices with the real engine. Nothing here touches your tasks.
lab-open = Open the conflict lab
lab-try = Try
lab-both-rename = Both rename
lab-two-dates = Two dates
lab-deleted-and-edited = Deleted and edited
lab-lines-of-notes = Lines of notes
lab-moves-in-a-circle = Moves in a circle
lab-done-and-put-off = Done and put off
lab-pause = Pause
lab-play = Play
lab-step = Step
lab-speed = Speed { $factor }×
lab-start-over = Start over
lab-laptop = Laptop
lab-phone = Phone
lab-server = Server
lab-online = Online
lab-connecting = Connecting
lab-asks = Asks you
lab-tasks-on = Tasks on { $who }
lab-two-versions = 2 versions
lab-which-one = { $title }: which one?
lab-another-day = Another day
lab-tick-off = Tick off
lab-open-again = Open again
lab-is-done = done
lab-connected = Connected
lab-delay = Delay
lab-loss = Loss
lab-clock = Clock
lab-of = { $what }, { $who }
lab-milliseconds = { $number } ms
lab-percent = { $number } %
lab-minutes = { $number } min
lab-knows = Knows version { $number }
lab-waits =
    { $count ->
        [0] nothing waits
        [one] { NUMBER($count) } waits
       *[other] { NUMBER($count) } wait
    }
lab-arriving =
    { $count ->
        [one] { NUMBER($count) } arriving
       *[other] { NUMBER($count) } arriving
    }
lab-decide-on = Decide it on { $who }
lab-what-happened = What just happened:
lab-begin = Play a scenario, or change something on one of the devices.
lab-picture = Time runs down, from the laptop over the server to the phone. { $story }
lab-events = Everything that happened
lab-event = { $seconds } s: { $what }
lab-now = now, after { $seconds } s
lab-everything = Everything
lab-both-texts = Both: { $text }
lab-keep = Keep it
lab-too-long = That is too long for the lab.
lab-full = The lab has room for { NUMBER($limit) } tasks.
lab-nothing = Nothing would change.

lab-from-laptop = from the laptop
lab-from-phone = from the phone
lab-at-once = accepted at once
lab-saved = saved, waits to be sent
lab-not-heard = not heard
lab-saved-here = saved here, waits
lab-version-accepted = version { $number } · accepted
lab-version-both = version { $number } · both kept
lab-meet = Two versions meet
lab-meet-why = { $made-on } is not { $head }: nobody wins
lab-back = back online
lab-keeps-both = keeps both
lab-merges = merges by itself
lab-the-same = the same everywhere
lab-new-notes = new notes
lab-opened = open again
lab-deleted = deleted
lab-restored = back again
lab-moved = moved
lab-both-kept = both kept
lab-recorded = written down
lab-decided = decided

lab-went-offline = { $who } goes offline.
lab-came-back = { $who } is back online.
lab-adds = { $who } adds “{ $title }”.
lab-changes = { $who } changes “{ $title }”: { $change }.
lab-changes-offline = { $who } is offline and changes “{ $title }”: { $change }. That is saved there, and waits.
lab-decides = { $who } decides about “{ $title }”.
lab-accepts = The server accepts what { $who } sent: version { $number }.
lab-versions-meet = { $who } changed version { $made-on }, but the server already had { $head }. So nothing is overwritten.
lab-message-lost = A message from or to { $who } is not heard.
lab-hears = { $who } hears of version { $number }.
lab-kept-both = { $who } had changed an older version. Nothing is overwritten: both are kept, and a person decides.
lab-merged = { $who } brings both versions together by a rule. Nobody is asked.
lab-agreed = Both devices show the same: version { $number }.

lab-trip = Trip
lab-milk = Buy milk
lab-grandma = Call grandma
lab-kyoto = Trip to Kyoto
lab-nara = Trip to Nara
lab-tickets = Tickets
lab-tickets-window = Tickets, by the window
lab-hotel = Hotel
lab-camera = Camera
