//! Which of the open conflicts the inbox shows, in which order and in which groups.

use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_words::phrases;

use crate::conflicts::card::ConflictCard;
use crate::conflicts::situation::situation;
use crate::model::Named;

const DAY_MS: u64 = 86_400_000;

/// How long a conflict has been open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    Day,
    Week,
    Older,
}

impl Age {
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Older];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => phrases::age_today(),
            Self::Week => phrases::age_week(),
            Self::Older => phrases::age_older(),
        }
    }

    fn has(self, opened: Timestamp, now: Timestamp) -> bool {
        let age = now.since(opened);
        match self {
            Self::Day => age < DAY_MS,
            Self::Week => age < 7 * DAY_MS,
            Self::Older => age >= 7 * DAY_MS,
        }
    }
}

/// What the person wants to see. None of a part is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The list by its name; that of the inbox is the word for it.
    pub list: Option<String>,
    /// The name of a device that made one of the versions.
    pub device: Option<String>,
    /// The fields in words, or the kind of situation.
    pub kind: Option<String>,
    pub age: Option<Age>,
}

impl Filter {
    #[must_use]
    pub fn has(&self, card: &ConflictCard, now: Timestamp) -> bool {
        let is =
            |wanted: &Option<String>, there: &str| wanted.as_deref().is_none_or(|wanted| wanted == there);
        let by = |device: &String| card.makers.iter().any(|maker| maker.name == *device);
        is(&self.list, &list_name(card))
            && self.device.as_ref().is_none_or(by)
            && (self.kind.is_none() || is(&self.kind, &kind_in_words(card)))
            && self.age.is_none_or(|age| age.has(card.opened, now))
    }
}

/// The fields of a conflict, or the kind of situation, as the person filters by it.
#[must_use]
pub fn kind_in_words(card: &ConflictCard) -> String {
    match situation(card, "") {
        Some(situation) => situation.kind.to_owned(),
        None => card.fields_in_words(),
    }
}

#[must_use]
pub fn list_name(card: &ConflictCard) -> String {
    let named = card.list.as_ref().map(|list| list.name.clone());
    named.unwrap_or_else(|| phrases::inbox().to_owned())
}

/// What a filter of each part can be set to: the lists, the devices and the kinds that occur, each once.
#[must_use]
pub fn offers(cards: &[ConflictCard]) -> [Vec<String>; 3] {
    let mut offers = [Vec::new(), Vec::new(), Vec::new()];
    let mut add = |nth: usize, name: String| {
        if !offers[nth].contains(&name) {
            offers[nth].push(name);
        }
    };
    for card in cards {
        add(0, list_name(card));
        for maker in &card.makers {
            add(1, maker.name.clone());
        }
        add(2, kind_in_words(card));
    }
    for names in &mut offers {
        names.sort();
    }
    offers
}

/// A group of the inbox: the conflicts of one list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub list: Option<Named>,
    /// Its name; that of the inbox is the word for it.
    pub name: String,
    pub ids: Vec<EntityId>,
}

/// The conflicts that a filter leaves, newest first, by list. The list with the newest conflict is first.
#[must_use]
pub fn groups(cards: &[ConflictCard], filter: &Filter, now: Timestamp) -> Vec<Group> {
    let mut left: Vec<&ConflictCard> = cards.iter().filter(|card| filter.has(card, now)).collect();
    left.sort_by_key(|card| (std::cmp::Reverse(card.opened), card.id));
    let mut groups: Vec<Group> = Vec::new();
    for card in left {
        let id = |list: &Option<Named>| list.as_ref().map(|list| list.id);
        let group: Option<&mut Group> = groups.iter_mut().find(|group| id(&group.list) == id(&card.list));
        match group {
            Some(group) => group.ids.push(card.id),
            None => groups.push(Group {
                name: list_name(card),
                list: card.list.clone(),
                ids: vec![card.id],
            }),
        }
    }
    groups
}

/// The ids in the order in which the inbox shows them.
#[must_use]
pub fn in_order(cards: &[ConflictCard], filter: &Filter, now: Timestamp) -> Vec<EntityId> {
    let groups = groups(cards, filter, now).into_iter();
    groups.flat_map(|group| group.ids).collect()
}
