//! Places: where in the app a person is. Each has an address, so that it survives a reload, and *back* leads out of it.
//!
//! ```text
//! /inbox   /today   /upcoming   /list/<id>   /list/<id>/board   /label/<id>   /search?q=<text>   /completed   /deleted
//! /settings   /about-sync   /conflicts (beside the inbox)          …?task=<id>   …?conflicts (beside any other place)
//! ```

use tsugi_sync::ids::EntityId;

/// Where the shortcut "Add a task" of an installed app leads (`public/manifest.webmanifest`): the inbox, about to add.
pub const ADD_PATH: &str = "/inbox?add";

/// What the middle of the screen shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// The tasks that no list has.
    #[default]
    Inbox,
    Today,
    Upcoming,
    List(EntityId),
    /// A list, with its sections side by side.
    Board(EntityId),
    Label(EntityId),
    /// With what is looked for, as typed.
    Search(String),
    Completed,
    Deleted,
    Settings,
    AboutSync,
    /// An address that leads nowhere.
    Nowhere,
}

/// What stands beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beside {
    #[default]
    Nothing,
    /// The editor of a task.
    Task(EntityId),
    Conflicts,
}

/// All that the address bar says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    pub place: Place,
    pub beside: Beside,
}

impl Place {
    /// Whether it shows tasks.
    #[must_use]
    pub fn has_tasks(&self) -> bool {
        match self {
            Self::Inbox
            | Self::Today
            | Self::Upcoming
            | Self::List(_)
            | Self::Board(_)
            | Self::Label(_)
            | Self::Search(_)
            | Self::Completed
            | Self::Deleted => true,
            Self::Settings | Self::AboutSync | Self::Nowhere => false,
        }
    }

    /// Whether a new task can be written into it.
    #[must_use]
    pub fn takes_tasks(&self) -> bool {
        match self {
            Self::Inbox | Self::Today | Self::List(_) | Self::Board(_) | Self::Label(_) | Self::Upcoming => {
                true
            }
            Self::Search(_)
            | Self::Completed
            | Self::Deleted
            | Self::Settings
            | Self::AboutSync
            | Self::Nowhere => false,
        }
    }

    /// The list that it shows, whichever way.
    #[must_use]
    pub fn list(&self) -> Option<EntityId> {
        match self {
            Self::List(id) | Self::Board(id) => Some(*id),
            Self::Inbox
            | Self::Today
            | Self::Upcoming
            | Self::Label(_)
            | Self::Search(_)
            | Self::Completed
            | Self::Deleted
            | Self::Settings
            | Self::AboutSync
            | Self::Nowhere => None,
        }
    }

    fn path(&self) -> String {
        match self {
            Self::Inbox => "/inbox".to_owned(),
            Self::Today => "/today".to_owned(),
            Self::Upcoming => "/upcoming".to_owned(),
            Self::List(id) => format!("/list/{id}"),
            Self::Board(id) => format!("/list/{id}/board"),
            Self::Label(id) => format!("/label/{id}"),
            Self::Search(_) => "/search".to_owned(),
            Self::Completed => "/completed".to_owned(),
            Self::Deleted => "/deleted".to_owned(),
            Self::Settings => "/settings".to_owned(),
            Self::AboutSync => "/about-sync".to_owned(),
            Self::Nowhere => "/nowhere".to_owned(),
        }
    }
}

impl Address {
    #[must_use]
    pub fn of(place: Place) -> Self {
        Self {
            place,
            beside: Beside::Nothing,
        }
    }

    /// The same place, with something else beside it.
    #[must_use]
    pub fn with(&self, beside: Beside) -> Self {
        Self {
            place: self.place.clone(),
            beside,
        }
    }

    /// Reads a path with its query, as the address bar has it. Whatever it is, it is somewhere.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let id = |text: &str, place: fn(EntityId) -> Place| text.parse().map_or(Place::Nowhere, place);
        let member = |name: &str| {
            let mut members = query
                .split('&')
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
            members.find_map(|(found, value)| (found == name).then_some(value))
        };
        let (place, mut beside) = match parts.as_slice() {
            [] | ["inbox"] | ["index.html"] => (Place::Inbox, Beside::Nothing),
            ["today"] => (Place::Today, Beside::Nothing),
            ["upcoming"] => (Place::Upcoming, Beside::Nothing),
            ["list", list] => (id(list, Place::List), Beside::Nothing),
            ["list", list, "board"] => (id(list, Place::Board), Beside::Nothing),
            ["label", label] => (id(label, Place::Label), Beside::Nothing),
            ["search"] => (
                Place::Search(decode(member("q").unwrap_or_default())),
                Beside::Nothing,
            ),
            ["completed"] => (Place::Completed, Beside::Nothing),
            ["deleted"] => (Place::Deleted, Beside::Nothing),
            ["settings"] => (Place::Settings, Beside::Nothing),
            ["about-sync"] => (Place::AboutSync, Beside::Nothing),
            ["conflicts"] => (Place::Inbox, Beside::Conflicts),
            _ => (Place::Nowhere, Beside::Nothing),
        };
        if let Some(task) = member("task").and_then(|task| task.parse().ok()) {
            beside = Beside::Task(task);
        } else if member("conflicts").is_some() {
            beside = Beside::Conflicts;
        }
        Self { place, beside }
    }

    /// What [`Address::parse`] reads as this.
    #[must_use]
    pub fn to_path(&self) -> String {
        if *self == Self::default().with(Beside::Conflicts) {
            return "/conflicts".to_owned();
        }
        let mut members = Vec::new();
        match &self.place {
            Place::Search(text) if !text.is_empty() => members.push(format!("q={}", encode(text))),
            Place::Search(_)
            | Place::Inbox
            | Place::Today
            | Place::Upcoming
            | Place::List(_)
            | Place::Board(_)
            | Place::Label(_)
            | Place::Completed
            | Place::Deleted
            | Place::Settings
            | Place::AboutSync
            | Place::Nowhere => {}
        }
        match self.beside {
            Beside::Nothing => {}
            Beside::Task(id) => members.push(format!("task={id}")),
            Beside::Conflicts => members.push("conflicts".to_owned()),
        }
        let path = self.place.path();
        match members.is_empty() {
            true => path,
            false => format!("{path}?{}", members.join("&")),
        }
    }
}

/// Text as a query may hold it: everything but the plainest characters as `%` and its bytes.
fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The inverse of [`encode`], for what people and other programs write as well: `+` is a space, a `%` that begins
/// nothing is itself.
fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match (first, hex.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = after;
            }
            (byte, _) => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(n: u128) -> EntityId {
        EntityId(Uuid::from_u128(n))
    }

    #[test]
    fn every_address_is_read_as_it_was_written() {
        let places = [
            Place::Inbox,
            Place::Today,
            Place::Upcoming,
            Place::List(id(1)),
            Place::Board(id(1)),
            Place::Label(id(2)),
            Place::Search(String::new()),
            Place::Search("牛乳 & 100 % + ?=#/é".to_owned()),
            Place::Completed,
            Place::Deleted,
            Place::Settings,
            Place::AboutSync,
            Place::Nowhere,
        ];
        for place in places {
            for beside in [Beside::Nothing, Beside::Task(id(3)), Beside::Conflicts] {
                let address = Address {
                    place: place.clone(),
                    beside,
                };
                assert_eq!(
                    Address::parse(&address.to_path()),
                    address,
                    "{}",
                    address.to_path()
                );
            }
        }
    }

    #[test]
    fn what_people_and_programs_write() {
        let table = [
            ("/", Address::default()),
            ("/index.html", Address::default()),
            ("/today/", Address::of(Place::Today)),
            ("/conflicts", Address::default().with(Beside::Conflicts)),
            (
                "/search?q=oat+milk",
                Address::of(Place::Search("oat milk".to_owned())),
            ),
            ("/search?q=50%", Address::of(Place::Search("50%".to_owned()))),
            ("/list/none", Address::of(Place::Nowhere)),
            ("/today?task=none", Address::of(Place::Today)),
            ("/today?utm=1&task", Address::of(Place::Today)),
            ("/some/where", Address::of(Place::Nowhere)),
        ];
        for (text, address) in table {
            assert_eq!(Address::parse(text), address, "{text}");
        }
    }
}
