//! The effect of a drop, worked out from the things under the pointer.
//!
//! The browser tells what it has drawn there ([`Under`], [`Shelf`]). The functions here decide what a drop would do and
//! how the screen shows that. Distances are pixels from the top left corner of the window.

use tsugi_sync::ids::EntityId;

use crate::drop_place::{INDENT, depth_between, spot_of};
use crate::intent::arrange::{Furnish, Spot};

/// Pixels from the left, and from the top.
pub type Point = (f64, f64);

/// The thing that is dragged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    Task(EntityId),
    List(EntityId),
}

/// The effect of a drop at this place, and how it is shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Over {
    Spot(Spot, Mark),
    /// A change of the list that is dragged.
    Shelf(Furnish, Mark),
}

/// How the effect is shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A line between two things.
    Line { left: f64, top: f64, width: f64 },
    /// The thing with this mark in the document is highlighted.
    Into(String),
}

/// The order of rows, which decides what a drop between them does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By hand, with sub-tasks below their tasks.
    Tree,
    /// By hand, cards in a column.
    Board,
    /// By day: a task that is dropped on a row becomes due on that row's day.
    Days,
    /// By a rule that a drop cannot change.
    Fixed,
}

impl Order {
    const ALL: [Self; 4] = [Self::Tree, Self::Board, Self::Days, Self::Fixed];

    /// Its name in the document.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tree => "tree",
            Self::Board => "board",
            Self::Days => "days",
            Self::Fixed => "fixed",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.name() == name)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    fn bottom(self) -> f64 {
        self.top + self.height
    }

    fn is_in_lower_half(self, at: Point) -> bool {
        at.1 > self.top + self.height / 2.0
    }
}

/// A row or a card, as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    pub id: EntityId,
    pub depth: u8,
    /// It is completed or deleted.
    pub is_over: bool,
    /// There is a heading above its line.
    pub has_heading: bool,
    /// The whole row, with its headings.
    pub whole: Rect,
    /// The line of the task itself.
    pub line: Rect,
}

/// The thing under a task that is dragged.
#[derive(Clone, Debug, PartialEq)]
pub enum Under {
    /// Something that takes tasks, with its mark.
    Taker {
        mark: String,
        /// It is the heading of a group, so a dropped task goes before the tasks of the group. On anything else it goes
        /// to the end.
        is_heading: bool,
    },
    Rows(Rows),
}

/// A row, and the rows next to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    pub order: Order,
    /// The rows in their order: from the nearest open row above the pointer, if there is one, to the row below the
    /// pointer.
    pub rows: Vec<Row>,
    /// The index of the row under the pointer.
    pub at: usize,
    /// The mark of the heading that this row is under.
    pub heading: Option<String>,
}

/// The thing under a list that is dragged.
#[derive(Clone, Debug, PartialEq)]
pub enum Shelf {
    Folder(EntityId),
    List {
        id: EntityId,
        folder: Option<EntityId>,
        /// The list below it.
        next: Option<EntityId>,
        place: Rect,
    },
}

/// The effect of dropping a task here; none if nothing here takes tasks.
#[must_use]
pub fn task_over(under: Under, at: Point) -> Option<Over> {
    match under {
        Under::Taker { mark, is_heading } => into(mark, is_heading),
        Under::Rows(rows) => match rows.order {
            Order::Tree => between_rows(rows, at),
            Order::Board => between_cards(&rows, at),
            Order::Days => into(rows.heading?, true),
            Order::Fixed => None,
        },
    }
}

fn into(mark: String, first: bool) -> Option<Over> {
    Some(Over::Spot(spot_of(&mark, first)?, Mark::Into(mark)))
}

fn between_rows(rows: Rows, at: Point) -> Option<Over> {
    let row = *rows.rows.get(rows.at)?;
    let is_below = row.line.is_in_lower_half(at);
    let left = row.whole.left;
    let line_at = |depth: u8, top: f64| {
        let indent = f64::from(depth) * INDENT;
        Mark::Line {
            left: left + indent + 8.0,
            top,
            width: (row.whole.width - indent - 16.0).max(24.0),
        }
    };
    if !is_below && row.has_heading {
        let spot = spot_of(&rows.heading?, true)?;
        return Some(Over::Spot(spot, line_at(0, row.line.top)));
    }
    // Completed tasks have no order by hand, so a task that is dropped among them goes after the last open one.
    let end = rows.at + usize::from(is_below);
    let Some(above) = rows.rows[..end].iter().rposition(|row| !row.is_over) else {
        let before = Spot::Before(row.id);
        return Some(Over::Spot(before, line_at(0, row.line.top)));
    };
    let next = rows.rows.get(above + 1);
    let next = next.filter(|next| !next.is_over && !next.has_heading);
    let above = rows.rows[above];
    let depth = depth_between(above.depth, next.map(|next| next.depth), at.0 - left - 40.0);
    let spot = Spot::Under { row: above.id, depth };
    Some(Over::Spot(spot, line_at(depth, above.whole.bottom())))
}

fn between_cards(rows: &Rows, at: Point) -> Option<Over> {
    let card = rows.rows.get(rows.at)?;
    let (id, place) = (card.id, card.whole);
    let (spot, top) = match place.is_in_lower_half(at) {
        true => (Spot::Under { row: id, depth: 0 }, place.bottom() + 4.0),
        false => (Spot::Before(id), place.top - 4.0),
    };
    let (left, width) = (place.left, place.width);
    Some(Over::Spot(spot, Mark::Line { left, top, width }))
}

/// The effect of dropping a list here: it goes into a folder, or before or after another list.
#[must_use]
pub fn list_over(list: EntityId, shelf: &Shelf, at: Point) -> Over {
    match *shelf {
        Shelf::Folder(id) => {
            let put = Furnish::PutList {
                list,
                folder: Some(id),
                before: None,
            };
            Over::Shelf(put, Mark::Into(id.to_string()))
        }
        Shelf::List {
            id,
            folder,
            next,
            place,
        } => {
            let (before, top) = match place.is_in_lower_half(at) {
                false => (Some(id), place.top),
                true => (next, place.bottom()),
            };
            let put = Furnish::PutList {
                list,
                folder,
                before: before.filter(|before| *before != list),
            };
            let (left, width) = (place.left, place.width);
            Over::Shelf(put, Mark::Line { left, top, width })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drop_place::mark_of_home;
    use tsugi_sync::home::Home;
    use uuid::Uuid;

    fn id(n: u128) -> EntityId {
        EntityId(Uuid::from_u128(n))
    }

    /// Row `n` of a list. The rows are 40 pixels high and 300 wide, and begin 100 pixels from the left.
    fn row(n: u8, depth: u8) -> Row {
        let place = Rect {
            left: 100.0,
            top: f64::from(n) * 40.0,
            width: 300.0,
            height: 40.0,
        };
        Row {
            id: id(n.into()),
            depth,
            is_over: false,
            has_heading: false,
            whole: place,
            line: place,
        }
    }

    fn done(n: u8) -> Row {
        Row {
            is_over: true,
            ..row(n, 0)
        }
    }

    fn tree(rows: &[Row], at: usize) -> Under {
        Under::Rows(Rows {
            order: Order::Tree,
            rows: rows.to_vec(),
            at,
            heading: Some(mark_of_home(Some(id(90)), Some(id(91)))),
        })
    }

    fn spot(over: Option<Over>) -> Option<Spot> {
        match over {
            Some(Over::Spot(spot, _)) => Some(spot),
            Some(Over::Shelf(..)) | None => None,
        }
    }

    fn under(n: u128, depth: u8) -> Option<Spot> {
        Some(Spot::Under { row: id(n), depth })
    }

    #[test]
    fn orders_are_read_as_they_were_written() {
        for order in Order::ALL {
            assert_eq!(Order::from_name(order.name()), Some(order));
        }
        assert_eq!(Order::from_name("by-hand"), None);
    }

    #[test]
    fn between_rows_the_half_of_the_row_and_the_indent_decide() {
        let rows = [row(0, 0), row(1, 1), row(2, 0)];
        // The text of a row begins 40 pixels to the right of its left edge.
        let (in_at, further) = (140.0, 140.0 + 1.5 * INDENT);
        let table = [
            (0, (in_at, 5.0), Some(Spot::Before(id(0)))),
            // The depth is at least that of the next row.
            (0, (in_at, 35.0), under(0, 1)),
            (1, (in_at, 45.0), under(0, 1)),
            (1, (in_at, 75.0), under(1, 0)),
            (1, (further, 75.0), under(1, 1)),
            (1, (900.0, 75.0), under(1, 2)),
            (2, (in_at, 85.0), under(1, 0)),
            (2, (further, 115.0), under(2, 1)),
        ];
        for (hovered, at, expected) in table {
            assert_eq!(spot(task_over(tree(&rows, hovered), at)), expected, "{at:?}");
        }
    }

    #[test]
    fn among_completed_tasks_it_comes_after_the_last_open_one() {
        let rows = [row(0, 0), done(1), done(2)];
        for (hovered, y) in [(1, 45.0), (1, 75.0), (2, 85.0), (2, 115.0)] {
            let over = task_over(tree(&rows, hovered), (140.0, y));
            assert_eq!(spot(over), under(0, 0), "{y}");
        }
        let all_done = [done(0), done(1)];
        let over = task_over(tree(&all_done, 1), (140.0, 75.0));
        assert_eq!(spot(over), Some(Spot::Before(id(1))), "no open one is above");
    }

    #[test]
    fn right_under_a_heading_it_is_the_first_of_that_group() {
        let mut rows = [row(0, 0), row(1, 0)];
        rows[1].has_heading = true;
        let first = Spot::First(Home {
            list: Some(id(90)),
            section: Some(id(91)),
        });
        assert_eq!(
            spot(task_over(tree(&rows, 1), (140.0, 45.0))),
            Some(first),
            "above its first task"
        );
        // Above the heading the task is the last of the group before, and can go below the last task of that group.
        assert_eq!(
            spot(task_over(tree(&rows, 0), (140.0 + INDENT, 35.0))),
            under(0, 1)
        );
    }

    #[test]
    fn the_line_begins_where_the_task_would_and_never_vanishes() {
        let line = |depth: u8, width: f64| {
            let mut rows = [row(0, depth)];
            rows[0].whole.width = width;
            let at = (140.0 + f64::from(depth) * INDENT, 35.0);
            match task_over(tree(&rows, 0), at) {
                Some(Over::Spot(_, Mark::Line { left, top, width })) => (left, top, width),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(line(0, 300.0), (108.0, 40.0, 284.0));
        assert_eq!(line(2, 300.0), (108.0 + 2.0 * INDENT, 40.0, 284.0 - 2.0 * INDENT));
        assert_eq!(line(9, 300.0).2, 300.0 - 9.0 * INDENT - 16.0);
        assert_eq!(line(12, 300.0).2, 24.0);
    }

    #[test]
    fn cards_are_put_before_and_after_one_another() {
        let over = |y| {
            let rows = Rows {
                order: Order::Board,
                rows: vec![row(3, 0)],
                at: 0,
                heading: None,
            };
            spot(task_over(Under::Rows(rows), (0.0, y)))
        };
        assert_eq!(over(125.0), Some(Spot::Before(id(3))));
        assert_eq!(over(155.0), under(3, 0));
    }

    #[test]
    fn days_take_tasks_and_a_fixed_order_takes_none() {
        let over = |order, heading: Option<&str>| {
            let rows = Rows {
                order,
                rows: vec![row(0, 0)],
                at: 0,
                heading: heading.map(str::to_owned),
            };
            task_over(Under::Rows(rows), (0.0, 0.0))
        };
        let day = "2026-11-27".parse().expect("a day");
        let mark = "day:2026-11-27";
        let expected = Over::Spot(Spot::On(day), Mark::Into(mark.to_owned()));
        assert_eq!(over(Order::Days, Some(mark)), Some(expected));
        assert_eq!(over(Order::Days, None), None, "overdue is no day");
        assert_eq!(over(Order::Fixed, Some(mark)), None);
    }

    #[test]
    fn a_drop_on_a_heading_goes_to_the_beginning_and_any_other_to_the_end() {
        let home = Home {
            list: Some(id(90)),
            section: None,
        };
        let mark = mark_of_home(home.list, None);
        for (is_heading, expected) in [(true, Spot::First(home)), (false, Spot::Last(home))] {
            let mark = mark.clone();
            let over = task_over(Under::Taker { mark, is_heading }, (0.0, 0.0));
            assert_eq!(spot(over), Some(expected));
        }
        let mark = "else:1".to_owned();
        let nothing = Under::Taker {
            mark,
            is_heading: false,
        };
        assert_eq!(task_over(nothing, (0.0, 0.0)), None);
    }

    #[test]
    fn lists_go_into_folders_and_between_lists() {
        let put = |shelf: &Shelf, y: f64| match list_over(id(1), shelf, (0.0, y)) {
            Over::Shelf(Furnish::PutList { list, folder, before }, _) => (list, folder, before),
            other => panic!("{other:?}"),
        };
        assert_eq!(put(&Shelf::Folder(id(7)), 0.0), (id(1), Some(id(7)), None));
        let place = row(0, 0).whole;
        let shelf = |id, next| Shelf::List {
            id,
            folder: None,
            next,
            place,
        };
        assert_eq!(put(&shelf(id(2), Some(id(3))), 5.0), (id(1), None, Some(id(2))));
        assert_eq!(put(&shelf(id(2), Some(id(3))), 35.0), (id(1), None, Some(id(3))));
        assert_eq!(put(&shelf(id(2), None), 35.0), (id(1), None, None));
        // Before itself: the list stays at its place.
        assert_eq!(put(&shelf(id(2), Some(id(1))), 35.0), (id(1), None, None));
    }
}
