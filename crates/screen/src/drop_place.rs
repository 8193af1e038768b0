//! From a mark in the document to the spot where a task goes that is dropped there. Plain functions.

use tsugi_calendar::Date;
use tsugi_sync::home::Home;
use tsugi_sync::ids::EntityId;

use crate::intent::arrange::Spot;

/// Pixels by which each level of sub-tasks is drawn further to the right.
pub const INDENT: f64 = 28.0;

/// The mark that the document carries for a home: a list and one of its sections, or neither.
#[must_use]
pub fn mark_of_home(list: Option<EntityId>, section: Option<EntityId>) -> String {
    let part = |id: Option<EntityId>| id.map(|id| id.to_string()).unwrap_or_default();
    format!("home:{}:{}", part(list), part(section))
}

#[must_use]
pub fn mark_of_day(day: Date) -> String {
    format!("day:{day}")
}

#[must_use]
pub fn mark_of_label(label: EntityId) -> String {
    format!("label:{label}")
}

/// The spot for a task that is dropped on something with this mark: at its beginning if `first`, else at its end.
#[must_use]
pub fn spot_of(mark: &str, first: bool) -> Option<Spot> {
    let (kind, rest) = mark.split_once(':')?;
    match kind {
        "day" => rest.parse().ok().map(Spot::On),
        "label" => rest.parse().ok().map(Spot::Labelled),
        "home" => {
            let (list, section) = rest.split_once(':')?;
            let part = |text: &str| match text.is_empty() {
                true => Some(None),
                false => text.parse().ok().map(Some),
            };
            let home = Home {
                list: part(list)?,
                section: part(section)?,
            };
            Some(match first {
                true => Spot::First(home),
                false => Spot::Last(home),
            })
        }
        _ => None,
    }
}

/// The depth of a task that is dropped between two rows, `by` pixels to the right of where rows begin. It is at most
/// one deeper than the row above, and at least as deep as the row below, because otherwise that row would lose its
/// parent.
#[must_use]
pub fn depth_between(above: u8, below: Option<u8>, by: f64) -> u8 {
    let wanted = (by / INDENT).clamp(0.0, 255.0) as u8;
    let most = above.saturating_add(1);
    wanted.clamp(below.unwrap_or(0).min(most), most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn marks_are_read_as_they_were_written() {
        let id = EntityId(Uuid::from_u128(7));
        for (list, section) in [(None, None), (Some(id), None), (Some(id), Some(id))] {
            let home = Home { list, section };
            let mark = mark_of_home(list, section);
            assert_eq!(spot_of(&mark, false), Some(Spot::Last(home)));
            assert_eq!(spot_of(&mark, true), Some(Spot::First(home)));
        }
        assert_eq!(spot_of(&mark_of_label(id), true), Some(Spot::Labelled(id)));
        let day: Date = "2026-11-24".parse().expect("a day");
        assert_eq!(spot_of(&mark_of_day(day), true), Some(Spot::On(day)));
        for nothing in ["", "home", "home:", "home:x:", "day:someday", "label:", "else:1"] {
            assert_eq!(spot_of(nothing, true), None, "{nothing}");
        }
    }

    #[test]
    fn the_depth_of_a_drop_between_two_rows() {
        // Above, below, pixels from where rows begin.
        let table = [
            (0, Some(0), 0.0, 0),
            (0, Some(0), INDENT, 1),
            (0, Some(0), 9.0 * INDENT, 1),
            (0, Some(1), -50.0, 1),
            (2, Some(0), 0.0, 0),
            (2, Some(0), INDENT, 1),
            (2, Some(1), 0.0, 1),
            (2, None, 3.5 * INDENT, 3),
            // No tree has a row below that is more than one level deeper than the row above. If one comes, the row
            // above decides.
            (0, Some(5), 0.0, 1),
        ];
        for (above, below, by, depth) in table {
            assert_eq!(depth_between(above, below, by), depth, "{above} {below:?} {by}");
        }
    }
}
