//! Texts that were typed and not sent, in `localStorage`, because it keeps them before the next key is pressed.

use tsugi_screen::unsent::{Input, is_kept, with_name, without_name};

use super::local_storage::{self, NotStored};

/// The names of all kept texts, the newest last.
const NAMES: &str = "tsugi.unsent";

/// The text that was left in this input, or none.
#[must_use]
pub fn text_of(input: &Input) -> String {
    local_storage::get(&key_of(&input.name())).unwrap_or_default()
}

/// Keeps the text of an input, or forgets it if it is blank. If the device keeps nothing, the text stays on the screen.
pub fn keep(input: &Input, text: &str) {
    let (Ok(()) | Err(NotStored)) = try_keep(&input.name(), text);
}

/// Forgets all texts, because the person leaves this device. A device that keeps nothing has nothing to forget.
pub fn forget_all() {
    let (Ok(()) | Err(NotStored)) = try_forget_all();
}

fn try_keep(name: &str, text: &str) -> Result<(), NotStored> {
    let names = names();
    if is_kept(text) {
        let (names, gone) = with_name(&names, name);
        for gone in gone {
            local_storage::remove(&key_of(&gone))?;
        }
        local_storage::set(&key_of(name), text)?;
        local_storage::set(NAMES, &names)
    } else if names.split_whitespace().any(|kept| kept == name) {
        local_storage::remove(&key_of(name))?;
        local_storage::set(NAMES, &without_name(&names, name))
    } else {
        Ok(())
    }
}

fn try_forget_all() -> Result<(), NotStored> {
    for name in names().split_whitespace() {
        local_storage::remove(&key_of(name))?;
    }
    local_storage::remove(NAMES)
}

fn names() -> String {
    local_storage::get(NAMES).unwrap_or_default()
}

fn key_of(name: &str) -> String {
    format!("{NAMES}.{name}")
}
