//! Every word on the screen, in one place, so that another language is another set of these.
//! The names that assistive technology and tests rely on are a contract: change one only with a decision.

pub const APP: &str = "Tsugi";

// Sync status.
pub const SYNC_STATUS: &str = "Sync status";
pub const SYNC_DETAILS: &str = "Sync details";
pub const SYNCED: &str = "Synced";
pub const SYNCING: &str = "Syncing";
pub const OFFLINE: &str = "Offline";
pub const NEEDS_ATTENTION: &str = "Needs attention";
pub const ON_THIS_DEVICE_ONLY: &str = "on this device only";
pub const BY_CHOICE: &str = "by choice";
pub const CONNECTING: &str = "connecting";
pub const WAITING_TO_SEND: &str = "Waiting to be sent";
pub const NOTHING: &str = "Nothing";
pub const ON_THIS_DEVICE: &str = "On this device";
pub const SAVING: &str = "Saving…";
pub const SAVED: &str = "Everything saved";
pub const LAST_SYNCED: &str = "Last synced";
pub const NOT_YET: &str = "Not yet";
pub const THIS_DEVICE: &str = "This device";
pub const SYNC_NOW: &str = "Sync now";
pub const WORK_OFFLINE: &str = "Work offline";
pub const EXPLAIN_LOCAL: &str =
    "Your tasks are stored in this browser. With an account they also reach your other devices.";
pub const EXPLAIN_OFFLINE: &str =
    "No connection. You can go on working: changes are sent as soon as there is one.";
pub const EXPLAIN_WORK_OFFLINE: &str = "You asked to work offline. Switch it off to send and receive again.";
pub const EXPLAIN_SYNCING: &str = "Talking to the server. What you see here is already saved on this device.";
pub const EXPLAIN_SYNCED: &str = "Everything here is also on the server.";
pub const EXPLAIN_ATTENTION: &str = "Something needs you before everything is in step again.";

// Account.
pub const TAGLINE: &str = "What comes next, joined up on every device.";
pub const PITCH: &str = "A task list that is always yours to write in, with a network or without. \
    When two devices disagree, Tsugi asks you instead of choosing for you.";
pub const POINTS: [(&str, &str); 3] = [
    (
        "Works anywhere",
        "Trains, cellars, aeroplanes. It opens and saves without a connection.",
    ),
    (
        "In step at once",
        "A change on one screen is on the others before you look up.",
    ),
    (
        "Nothing overwritten",
        "Two edits of one task are laid side by side. Both are kept until you decide.",
    ),
];
pub const PICTURE: &str = "Two task lists, on a laptop and on a phone, joined by one thread";
pub const ACCOUNT_FORM: &str = "Your account";
pub const EMAIL: &str = "Email";
pub const PASSWORD: &str = "Password";
pub const SHOW: &str = "Show";
pub const HIDE: &str = "Hide";
pub const SIGN_IN: &str = "Sign in";
pub const CREATE_ACCOUNT: &str = "Create account";
pub const OR: &str = "or";
pub const USE_WITHOUT_ACCOUNT: &str = "Use without an account";
pub const WITHOUT_ACCOUNT_HINT: &str =
    "Tasks stay in this browser. You can create an account later and keep them.";
pub const EMAIL_NEEDED: &str = "Write your email address, such as name@example.org.";
pub const PASSWORD_NEEDED: &str = "Write your password.";
pub const ACCOUNT: &str = "Account";
pub const CREATE_TO_SYNC: &str = "Create an account to sync";
pub const SIGN_OUT: &str = "Sign out";
pub const SIGNED_IN_AS: &str = "Signed in as";
pub const SIGN_OUT_TITLE: &str = "Sign out with changes waiting?";
pub const KEEP_ON_DEVICE: &str = "Keep them on this device";
pub const CANCEL: &str = "Cancel";

// Tasks.
pub const ADD_TASK: &str = "Add a task";
pub const ADD: &str = "Add";
pub const TASKS: &str = "Tasks";
pub const TASK: &str = "Task";
pub const TITLE: &str = "Title";
pub const NOTES: &str = "Notes";
pub const DUE: &str = "Due";
pub const NO_DATE: &str = "No date";
pub const TODAY: &str = "Today";
pub const TOMORROW: &str = "Tomorrow";
pub const NEXT_WEEK: &str = "Next week";
pub const SAVE: &str = "Save";
pub const DELETE_TASK: &str = "Delete task";
pub const CLOSE: &str = "Close";
pub const WAITING: &str = "Not on the server yet";
pub const TITLE_NEEDED: &str = "A task needs a title.";
pub const NOTES_TOO_LONG: &str = "These notes are too long to sync. Shorten them a little.";
pub const CHANGED_ELSEWHERE: &str = "Changed on another device meanwhile:";
pub const TAKE_THAT: &str = "Use that";
pub const EMPTIED: &str = "(empty)";
pub const TASK_GONE: &str =
    "This task was deleted on another device. Saving your changes asks which to keep.";
pub const LOADING: &str = "Opening your tasks…";
pub const EMPTY_TITLE: &str = "Nothing to do yet";
pub const EMPTY_HINT: &str = "Write your first task above and press Enter. It is saved here at once, with or without \
    a network.";
pub const ALL_DONE_TITLE: &str = "All done";
pub const ALL_DONE_HINT: &str = "Everything on this list is completed. Enjoy the quiet.";
pub const UNDO: &str = "Undo";
pub const DISMISS: &str = "Dismiss";

// Conflicts.
pub const CONFLICTS: &str = "Conflicts";
pub const OPEN_CONFLICTS: &str = "Open conflicts";
pub const NO_CONFLICTS: &str = "Nothing to decide";
pub const NO_CONFLICTS_HINT: &str = "When the same field is changed on two devices at once, both versions wait here \
    for you. Nothing is overwritten meanwhile.";
pub const RESOLVE: &str = "Resolve conflict";
pub const RESOLVE_HINT: &str = "Choose a side for each field, or write the result yourself. Both versions stay in the \
    history.";
pub const MINE: &str = "Mine";
pub const THEIRS: &str = "Theirs";
pub const BASE: &str = "Base";
pub const BASE_LABEL: &str = "Before both changes";
pub const RESULT: &str = "Result";
pub const SAVE_RESULT: &str = "Save result";
pub const SETTLED_TITLE: &str = "Already settled";
pub const SETTLED_ELSEWHERE: &str =
    "Another device has settled this conflict meanwhile. There is nothing left to decide.";
pub const DECIDE_LATER: &str = "Decide later";
pub const DATE_FORMAT: &str = "YYYY-MM-DD";
pub const DATE_WRONG: &str = "Write the date as year-month-day, such as 2026-03-14, or leave it empty.";
pub const DELETE_IT: &str = "Delete the task";
pub const KEEP_IT: &str = "Keep the task";
pub const DELETED_THERE: &str = "Deleted on the other device, edited on this one.";
pub const DELETED_HERE: &str = "Deleted on this device, edited on the other one.";
pub const DELETED_BOTH: &str = "Deleted or kept: the two devices disagree.";

// Refused writes.
pub const REFUSED_HINT: &str = "The server did not take these changes. They are kept on this device.";
pub const EDIT_AND_RESEND: &str = "Edit and send again";
pub const SEND_AGAIN: &str = "Send again";
pub const COPY: &str = "Copy";
pub const DISCARD: &str = "Discard";
pub const DISCARD_FOR_GOOD: &str = "Discard for good";
pub const CODE: &str = "Code";

// What the driver has to say.
pub const TASK_COMPLETED: &str = "Task completed";
pub const TASK_DELETED: &str = "Task deleted";
pub const ANOTHER_DEVICE: &str = "Another device";
pub const SIGNED_OUT_BY_SERVER: &str =
    "You are signed out. Sign in again to sync; nothing is lost meanwhile.";
pub const UPDATE_NEEDED: &str = "This version of Tsugi is too old for the server. Reload to get the new one.";
pub const DATA_OF_LATER_VERSION: &str = "A later version of Tsugi has written what is on this device. Reload to get that version; nothing is lost.";
pub const OUTBOX_FULL: &str = "Too many changes wait on this device to be sent. Nothing more can be changed here until \
    some are; connect, or create an account.";
pub const NO_RIGHT: &str =
    "This account has no right to these tasks any more. What is on this device stays here.";
pub const NOT_REMEMBERED: &str = "This browser does not let Tsugi remember your choices.";
pub const SERVER_UNREACHABLE: &str =
    "The server cannot be reached. Without an account, Tsugi works on this device alone.";
pub const SERVER_NOT_UNDERSTOOD: &str =
    "The server gave an answer that Tsugi does not understand. Try again later.";

// Figures.
pub const FIGURES: &str = "Figures of this device";
pub const FIGURES_HINT: &str =
    "Measured in this browser. Arrival from other devices is an estimate, by the server's clock.";
pub const FIGURE_CONFIRMED: &str = "Change here → confirmed";
pub const FIGURE_ARRIVED: &str = "Change elsewhere → here";
pub const FIGURE_OLDEST_WAITING: &str = "Oldest change waiting";
pub const FIGURE_TRANSPORT: &str = "Connected over";
pub const OVER_WEB_SOCKET: &str = "WebSocket";
pub const OVER_HTTP: &str = "HTTP requests";
pub const FIGURE_NEEDED: &str = "Connections needed and had";
pub const FIGURE_TRIES: &str = "Tries to connect that worked";
pub const FIGURE_LOST: &str = "Connections lost";
pub const FIGURE_SENT: &str = "Sent";
pub const FIGURE_RECEIVED: &str = "Received";
pub const FIGURE_SELF_CONFLICTS: &str = "Conflicts with oneself";

#[must_use]
pub fn conflicts_about(field: &str) -> String {
    format!("Conflicts: {field}")
}

#[must_use]
pub fn outcomes([open, by_hand, by_rule]: [usize; 3]) -> String {
    format!("{open} open, {by_hand} by you, {by_rule} by rule")
}

#[must_use]
pub fn half_and_most(half: u64, most: u64) -> String {
    format!("{}, 95 % within {}", lasted(half), lasted(most))
}

/// A time that somebody waited.
#[must_use]
pub fn lasted(milliseconds: u64) -> String {
    match milliseconds {
        ms if ms < 1_000 => format!("{ms} ms"),
        ms if ms < 60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        ms => format!("{} min", ms / 60_000),
    }
}

#[must_use]
pub fn of(some: u64, all: u64) -> String {
    format!("{some} of {all}")
}

#[must_use]
pub fn traffic(messages: u64, bytes: u64) -> String {
    let size = match bytes {
        b if b < 1_000_000 => format!("{}.{} kB", b / 1_000, b % 1_000 / 100),
        b => format!("{}.{} MB", b / 1_000_000, b % 1_000_000 / 100_000),
    };
    match messages {
        1 => format!("1 message, {size}"),
        n => format!("{n} messages, {size}"),
    }
}

#[must_use]
pub fn server_error(status: u16) -> String {
    format!("The server answered with an error ({status}). Try again later.")
}

#[must_use]
pub fn not_saved(reason: &str) -> String {
    format!("Not saved on this device: {reason}.")
}

/// What people call a field; its own name for one that this version does not know.
#[must_use]
pub fn field_label(field: &tsugi_sync::entity::Field) -> String {
    use tsugi_sync::entity::Field;
    match field {
        Field::Title => TITLE.to_owned(),
        Field::Notes => NOTES.to_owned(),
        Field::Due => DUE.to_owned(),
        Field::Deleted => "Deleted".to_owned(),
        Field::Completed => "Completed".to_owned(),
        Field::Priority => "Priority".to_owned(),
        Field::List => "List".to_owned(),
        Field::Name => "Name".to_owned(),
        other => other.as_str().to_owned(),
    }
}

#[must_use]
pub fn changes_waiting(count: usize) -> String {
    format!("{} waiting", changes(count))
}

#[must_use]
pub fn changes(count: usize) -> String {
    match count {
        1 => "1 change".to_owned(),
        n => format!("{n} changes"),
    }
}

#[must_use]
pub fn open_tasks(count: usize) -> String {
    match count {
        0 => "Nothing open".to_owned(),
        n => format!("{n} open"),
    }
}

#[must_use]
pub fn completed_fold(shown: bool, count: usize) -> String {
    let verb = if shown { "Hide" } else { "Show" };
    format!("{verb} completed ({count})")
}

#[must_use]
pub fn show_more(hidden: usize) -> String {
    format!("Show more ({hidden})")
}

#[must_use]
pub fn edit(title: &str) -> String {
    format!("Edit {title}")
}

#[must_use]
pub fn conflicts_open(count: usize) -> String {
    match count {
        1 => "1 conflict".to_owned(),
        n => format!("{n} conflicts"),
    }
}

#[must_use]
pub fn sign_out_with_waiting(count: usize) -> String {
    let (noun, verb, them) = match count {
        1 => ("1 change".to_owned(), "has", "It"),
        n => (format!("{n} changes"), "have", "They"),
    };
    format!(
        "{noun} {verb} not reached the server. {them} can stay on this device and will be sent when you sign in again."
    )
}

#[must_use]
pub fn title_too_long(length: usize, limit: usize) -> String {
    format!("A title has room for {limit} characters; this one has {length}.")
}

#[must_use]
pub fn overdue(when: &str) -> String {
    format!("Overdue: {when}")
}

pub const YESTERDAY: &str = "Yesterday";
pub const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A day as people write it; the year only when it is not the obvious one.
#[must_use]
pub fn day_month(day: u32, month: u32, year: Option<i64>) -> String {
    let month = MONTHS.get(month as usize - 1).copied().unwrap_or_default();
    match year {
        Some(year) => format!("{day} {month} {year}"),
        None => format!("{day} {month}"),
    }
}

/// How long ago, in the largest unit that fits.
#[must_use]
pub fn ago(milliseconds: u64) -> String {
    let unit = |count: u64, one: &str| match count {
        1 => format!("1 {one} ago"),
        n => format!("{n} {one}s ago"),
    };
    match milliseconds / 1000 {
        0..45 => "just now".to_owned(),
        s if s < 3_600 => unit(s.div_ceil(60).min(59), "minute"),
        s if s < 86_400 => unit(s / 3_600, "hour"),
        s => unit(s / 86_400, "day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn times_and_traffic_are_short() {
        assert_eq!(half_and_most(34, 1_250), "34 ms, 95 % within 1.2 s");
        assert_eq!(lasted(180_000), "3 min");
        assert_eq!(traffic(12, 3_450), "12 messages, 3.4 kB");
        assert_eq!(traffic(1, 2_500_000), "1 message, 2.5 MB");
    }

    #[wasm_bindgen_test]
    fn how_long_ago() {
        let table = [
            (0, "just now"),
            (44_999, "just now"),
            (45_000, "1 minute ago"),
            (60_000, "1 minute ago"),
            (119_000, "2 minutes ago"),
            (3_599_000, "59 minutes ago"),
            (3_600_000, "1 hour ago"),
            (86_400_000, "1 day ago"),
            (172_800_000, "2 days ago"),
        ];
        for (milliseconds, expected) in table {
            assert_eq!(ago(milliseconds), expected);
        }
    }
}
