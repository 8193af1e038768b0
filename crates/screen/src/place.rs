//! Places: the pages of the app. Each has an address, so that it survives a reload and the *back* button leaves it.
//!
//! ```text
//! /inbox   /today   /upcoming   /list/<id>   /list/<id>/board   /label/<id>   /search?q=<text>   /completed   /deleted
//! /settings   /about-sync   /lab   /conflicts (beside the inbox)   …?task=<id>   …?conflicts (beside any other place)
//! ```

use tsugi_sync::ids::EntityId;

/// The address behind the shortcut "Add a task" of an installed app (`public/manifest.webmanifest`): the inbox, with
/// the cursor in quick add.
pub const ADD_PATH: &str = "/inbox?add";

/// The page in the middle of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Tasks(TaskPlace),
    Settings,
    AboutSync,
    /// Two pretend devices, for people who want to see what happens when versions meet.
    Lab,
    /// An address that leads nowhere.
    Nowhere,
}

/// A place that shows tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TaskPlace {
    /// The tasks that are in no list.
    #[default]
    Inbox,
    Today,
    Upcoming,
    List(EntityId),
    /// A list, with its sections side by side.
    Board(EntityId),
    Label(EntityId),
    /// Tasks that match a text; it is kept as typed.
    Search(String),
    Completed,
    Deleted,
}

impl Default for Place {
    fn default() -> Self {
        Self::Tasks(TaskPlace::default())
    }
}

impl From<TaskPlace> for Place {
    fn from(place: TaskPlace) -> Self {
        Self::Tasks(place)
    }
}

/// The panel that is open beside the place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beside {
    #[default]
    Nothing,
    /// The editor of a task.
    Task(EntityId),
    Conflicts(InboxTab),
}

/// A tab of the conflicts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InboxTab {
    #[default]
    ToDecide,
    History,
}

impl InboxTab {
    /// The tab that opens while so many conflicts are to decide: without any, one comes to see what was decided.
    #[must_use]
    pub fn for_open(open: usize) -> Self {
        match open {
            0 => Self::History,
            _ => Self::ToDecide,
        }
    }
}

/// All that the address bar holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    pub place: Place,
    pub beside: Beside,
}

impl Place {
    /// The place as one that shows tasks; none if it shows something else.
    #[must_use]
    pub fn tasks(&self) -> Option<&TaskPlace> {
        match self {
            Self::Tasks(place) => Some(place),
            Self::Settings | Self::AboutSync | Self::Lab | Self::Nowhere => None,
        }
    }

    /// The place without the text of a search: two searches are the same page.
    #[must_use]
    pub fn page(&self) -> Self {
        match self {
            Self::Tasks(TaskPlace::Search(_)) => TaskPlace::Search(String::new()).into(),
            Self::Tasks(_) | Self::Settings | Self::AboutSync | Self::Lab | Self::Nowhere => self.clone(),
        }
    }

    /// The place that the parts of a path name; `query` gives the text of a search.
    fn parse(parts: &[&str], query: impl FnOnce() -> String) -> Self {
        let id = |text: &str, place: fn(EntityId) -> TaskPlace| {
            text.parse().map_or(Self::Nowhere, |id| Self::Tasks(place(id)))
        };
        match parts {
            [] | ["inbox" | "index.html" | "conflicts"] | ["conflicts", "history"] => TaskPlace::Inbox.into(),
            ["today"] => TaskPlace::Today.into(),
            ["upcoming"] => TaskPlace::Upcoming.into(),
            ["list", list] => id(list, TaskPlace::List),
            ["list", list, "board"] => id(list, TaskPlace::Board),
            ["label", label] => id(label, TaskPlace::Label),
            ["search"] => TaskPlace::Search(query()).into(),
            ["completed"] => TaskPlace::Completed.into(),
            ["deleted"] => TaskPlace::Deleted.into(),
            ["settings"] => Self::Settings,
            ["about-sync"] => Self::AboutSync,
            ["lab"] => Self::Lab,
            _ => Self::Nowhere,
        }
    }

    fn path(&self) -> String {
        match self {
            Self::Tasks(place) => place.path(),
            Self::Settings => "/settings".to_owned(),
            Self::AboutSync => "/about-sync".to_owned(),
            Self::Lab => "/lab".to_owned(),
            Self::Nowhere => "/nowhere".to_owned(),
        }
    }
}

impl TaskPlace {
    /// Whether a new task can be added in it.
    #[must_use]
    pub fn takes_tasks(&self) -> bool {
        match self {
            Self::Inbox | Self::Today | Self::List(_) | Self::Board(_) | Self::Label(_) | Self::Upcoming => {
                true
            }
            Self::Search(_) | Self::Completed | Self::Deleted => false,
        }
    }

    /// The list that it shows, as a list or as a board.
    #[must_use]
    pub fn list(&self) -> Option<EntityId> {
        match self {
            Self::List(id) | Self::Board(id) => Some(*id),
            Self::Inbox | Self::Today | Self::Upcoming | Self::Label(_) => None,
            Self::Search(_) | Self::Completed | Self::Deleted => None,
        }
    }

    /// The text of a search; none for other places.
    #[must_use]
    pub fn search(&self) -> Option<&str> {
        match self {
            Self::Search(text) => Some(text),
            Self::Inbox | Self::Today | Self::Upcoming | Self::List(_) | Self::Board(_) => None,
            Self::Label(_) | Self::Completed | Self::Deleted => None,
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
        }
    }
}

impl Address {
    #[must_use]
    pub fn of(place: impl Into<Place>) -> Self {
        Self {
            place: place.into(),
            beside: Beside::Nothing,
        }
    }

    /// The same place, with another panel beside it.
    #[must_use]
    pub fn with(&self, beside: Beside) -> Self {
        Self {
            place: self.place.clone(),
            beside,
        }
    }

    /// Reads a path and its query, as they are in the address bar. Every text gives an address; one that leads nowhere
    /// gives [`Place::Nowhere`].
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let member = |name: &str| {
            let mut members = query
                .split('&')
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
            members.find_map(|(found, value)| (found == name).then_some(value))
        };
        let place = Place::parse(&parts, || decode(member("q").unwrap_or_default()));
        let mut beside = match parts.as_slice() {
            ["conflicts"] => Beside::Conflicts(InboxTab::ToDecide),
            ["conflicts", "history"] => Beside::Conflicts(InboxTab::History),
            _ => Beside::Nothing,
        };
        if let Some(task) = member("task").and_then(|task| task.parse().ok()) {
            beside = Beside::Task(task);
        } else if let Some(tab) = member("conflicts") {
            beside = Beside::Conflicts(match tab {
                "history" => InboxTab::History,
                _ => InboxTab::ToDecide,
            });
        }
        Self { place, beside }
    }

    /// The path and query that [`Address::parse`] reads as this address.
    #[must_use]
    pub fn to_path(&self) -> String {
        if let (true, Beside::Conflicts(tab)) = (self.place == Place::default(), self.beside) {
            return match tab {
                InboxTab::ToDecide => "/conflicts".to_owned(),
                InboxTab::History => "/conflicts/history".to_owned(),
            };
        }
        let mut members = Vec::new();
        if let Some(text) = self.place.tasks().and_then(TaskPlace::search)
            && !text.is_empty()
        {
            members.push(format!("q={}", encode(text)));
        }
        match self.beside {
            Beside::Nothing => {}
            Beside::Task(id) => members.push(format!("task={id}")),
            Beside::Conflicts(InboxTab::ToDecide) => members.push("conflicts".to_owned()),
            Beside::Conflicts(InboxTab::History) => members.push("conflicts=history".to_owned()),
        }
        let path = self.place.path();
        match members.is_empty() {
            true => path,
            false => format!("{path}?{}", members.join("&")),
        }
    }
}

/// Text in the form that a query can hold: every byte but letters, digits and `-_.~` as `%` and two hexadecimal digits.
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

/// The inverse of [`encode`]. It also reads what people and other programs write: `+` is a space, and a `%` without two
/// hexadecimal digits after it stands for itself.
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
            TaskPlace::Inbox.into(),
            TaskPlace::Today.into(),
            TaskPlace::Upcoming.into(),
            TaskPlace::List(id(1)).into(),
            TaskPlace::Board(id(1)).into(),
            TaskPlace::Label(id(2)).into(),
            TaskPlace::Search(String::new()).into(),
            TaskPlace::Search("牛乳 & 100 % + ?=#/é".to_owned()).into(),
            TaskPlace::Completed.into(),
            TaskPlace::Deleted.into(),
            Place::Settings,
            Place::AboutSync,
            Place::Lab,
            Place::Nowhere,
        ];
        for place in places {
            let inbox = [InboxTab::ToDecide, InboxTab::History].map(Beside::Conflicts);
            for beside in inbox.into_iter().chain([Beside::Nothing, Beside::Task(id(3))]) {
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
    fn addresses_as_people_and_programs_write_them() {
        let table = [
            ("/", Address::default()),
            ("/index.html", Address::default()),
            ("/today/", Address::of(TaskPlace::Today)),
            (
                "/conflicts",
                Address::default().with(Beside::Conflicts(InboxTab::ToDecide)),
            ),
            (
                "/search?q=oat+milk",
                Address::of(TaskPlace::Search("oat milk".to_owned())),
            ),
            ("/search?q=50%", Address::of(TaskPlace::Search("50%".to_owned()))),
            ("/list/none", Address::of(Place::Nowhere)),
            ("/today?task=none", Address::of(TaskPlace::Today)),
            ("/today?utm=1&task", Address::of(TaskPlace::Today)),
            ("/some/where", Address::of(Place::Nowhere)),
        ];
        for (text, address) in table {
            assert_eq!(Address::parse(text), address, "{text}");
        }
    }
}
