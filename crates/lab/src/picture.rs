//! The picture of what happened, as values: time runs down, with a lane each for the laptop, the server and the phone.
//!
//! Everything has its place in the whole of history. The screen shows the part up to now, and hides what is still to come
//! with one clip. So marks are made only when something happens, and each frame changes nothing but [`Window`].

use tsugi_sync::ids::Revision;

use crate::change::Change;
use crate::device::Who;
use crate::history::{Event, Message, Moment, What};
use crate::lab::Lab;

/// The size of the picture, and the height of the names above it.
pub const WIDTH: i32 = 400;
pub const HEIGHT: i32 = 560;
pub const HEAD: i32 = 34;
/// The lanes. The names stand above them.
pub const SERVER_X: i32 = 200;
/// Room below *now*, for its words.
const BELOW: i32 = 26;
const PIXELS_A_SECOND: i32 = 150;
/// Where an arrow ends beside a lane.
const BESIDE: i32 = 8;
/// The height of a line of words, and the farthest that a label may be pushed down by others.
const LINE: i32 = 17;
const PUSHED: i32 = 3 * LINE;

#[must_use]
pub fn lane(who: Who) -> i32 {
    match who {
        Who::Laptop => 34,
        Who::Phone => WIDTH - 34,
    }
}

/// Where a moment is, counted from the beginning.
fn y(at: Moment) -> i32 {
    let at = i32::try_from(at.min(3_600_000)).unwrap_or(i32::MAX);
    HEAD + 8 + at * PIXELS_A_SECOND / 1_000
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    pub x: i32,
    pub y: i32,
}

/// The style of a line: each is told by its strokes as well as by its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Of(Who),
    /// An answer of the server.
    Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    Offline {
        x: i32,
        from: i32,
        /// None while the device is still offline.
        to: Option<i32>,
    },
    Arrow {
        from: Point,
        to: Point,
        line: Line,
        is_lost: bool,
    },
    /// Something was changed: on the server, or on a device. It waits if the device is offline.
    Change { at: Point, line: Line, waits: bool },
    /// Two versions meet.
    Knot(Point),
    Label {
        at: Point,
        anchor: Anchor,
        /// The border, if there is one.
        boxed: Option<Line>,
        says: Says,
    },
}

/// The words of a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    Change(Change),
    Waits,
    Accepted(Revision),
    BothKept(Revision),
    Meet,
    MeetWhy { made_on: Revision, head: Revision },
    NotHeard,
    Back,
    KeepsBoth,
    Merges,
    Agreed,
}

/// What of the picture is shown: everything moves up by `top`, and ends at `now`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    pub top: i32,
    pub now: i32,
    /// The messages that are on their way.
    pub travelling: Vec<Point>,
}

#[must_use]
pub fn window(lab: &Lab) -> Window {
    let at = lab.now();
    let now = y(at);
    let travels = |message: &&Message| message.sent <= at && at < message.ends();
    let travelling = lab.history().messages().filter(travels);
    Window {
        top: (now - (HEIGHT - BELOW)).max(0),
        now,
        travelling: travelling.map(|message| on_its_way(message, at)).collect(),
    }
}

/// Everything that may be in sight, below what covers it.
#[must_use]
pub fn marks(lab: &Lab) -> Vec<Mark> {
    let (history, span) = (lab.history(), Moment::from(HEIGHT.unsigned_abs()) * 1_000);
    let oldest = lab
        .now()
        .saturating_sub(span / Moment::from(PIXELS_A_SECOND.unsigned_abs()));
    let mut marks = Vec::new();
    for who in Who::BOTH {
        let spans = history.offline(who).into_iter();
        marks.extend(spans.map(|(from, to)| Mark::Offline {
            x: lane(who),
            from: y(from),
            to: to.map(y),
        }));
    }
    let messages = history.messages().filter(|message| message.ends() >= oldest);
    marks.extend(messages.map(arrow));
    let events: Vec<&Event> = history.events().filter(|event| event.at >= oldest).collect();
    marks.extend(events.iter().filter_map(|event| sign(event)));
    marks.extend(labels(&events));
    marks
}

fn on_its_way(message: &Message, at: Moment) -> Point {
    let (from, to) = ends(message);
    let whole = i64::try_from(message.arrives - message.sent).unwrap_or(1).max(1);
    let gone = i64::try_from(at.saturating_sub(message.sent)).unwrap_or_default();
    let x = i64::from(from) + i64::from(to - from) * gone / whole;
    Point {
        x: i32::try_from(x).unwrap_or(from),
        y: y(at),
    }
}

/// The lanes between which a message travels.
fn ends(message: &Message) -> (i32, i32) {
    let lane = lane(message.who);
    let beside = BESIDE * (SERVER_X - lane).signum();
    match message.up {
        true => (lane + beside, SERVER_X - beside),
        false => (SERVER_X - beside, lane + beside),
    }
}

fn arrow(message: &Message) -> Mark {
    let (from, to) = ends(message);
    let arrives = Point {
        x: to,
        y: y(message.arrives),
    };
    Mark::Arrow {
        from: Point {
            x: from,
            y: y(message.sent),
        },
        to: message.lost.map_or(arrives, |lost| on_its_way(message, lost)),
        line: match (message.up, message.news_of) {
            (true, _) => Line::Of(message.who),
            (false, Some(who)) => Line::Of(who),
            (false, None) => Line::Answer,
        },
        is_lost: message.lost.is_some(),
    }
}

fn sign(event: &Event) -> Option<Mark> {
    let y = y(event.at);
    let on = |who| Point { x: lane(who), y };
    let server = Point { x: SERVER_X, y };
    match &event.what {
        What::Did { who, waits, .. } => Some(Mark::Change {
            at: on(*who),
            line: Line::Of(*who),
            waits: *waits,
        }),
        What::Accepted { who, .. } => Some(Mark::Change {
            at: server,
            line: Line::Of(*who),
            waits: false,
        }),
        What::Met { .. } => Some(Mark::Knot(server)),
        // The server accepted both, and the device sees that they do not go together.
        What::KeptBoth(who) | What::Merged(who) => Some(Mark::Change {
            at: on(*who),
            line: Line::Of(*who),
            waits: true,
        }),
        What::WentOffline(_)
        | What::CameBack(_)
        | What::NotHeard(_)
        | What::Heard { .. }
        | What::Agreed(_) => None,
    }
}

/// The places that labels have taken, in the gaps beside the laptop and beside the phone.
#[derive(Default)]
struct Taken([Vec<i32>; 2]);

impl Taken {
    /// The nearest free line at or below `y`; none if it is too far away.
    fn take(&mut self, gaps: &[Who], y: i32) -> Option<i32> {
        let is_free = |y: i32| {
            let mut taken = gaps
                .iter()
                .flat_map(|who| &self.0[usize::from(*who == Who::Phone)]);
            taken.all(|taken| (taken - y).abs() >= LINE)
        };
        let free = (y..=y + PUSHED).find(|y| is_free(*y))?;
        for who in gaps {
            self.0[usize::from(*who == Who::Phone)].push(free);
        }
        Some(free)
    }
}

/// The labels of events. Where there is no room for all, those that tell the story come first.
fn labels(events: &[&Event]) -> Vec<Mark> {
    let mut taken = Taken::default();
    let mut labels = Vec::new();
    for is_first in [true, false] {
        for event in events {
            for (wanted, tells) in wanted(event) {
                if tells == is_first {
                    let place = taken.take(wanted.gaps, y(event.at) + wanted.below);
                    labels.extend(place.map(|y| Mark::Label {
                        at: Point { x: wanted.x, y },
                        anchor: wanted.anchor,
                        boxed: wanted.boxed,
                        says: wanted.says,
                    }));
                }
            }
        }
    }
    labels
}

/// A label that is to be drawn, and how far below its event it would best be.
struct Wanted {
    gaps: &'static [Who],
    x: i32,
    anchor: Anchor,
    below: i32,
    boxed: Option<Line>,
    says: Says,
}

/// The labels of an event, each with whether it tells the story.
fn wanted(event: &Event) -> Vec<(Wanted, bool)> {
    match &event.what {
        What::Did {
            who, change, waits, ..
        } => {
            let own = (
                beside_lane(*who, -14, Some(Line::Of(*who)), Says::Change(change.clone())),
                true,
            );
            let waits = waits.then(|| (beside_lane(*who, 4, None, Says::Waits), false));
            [own].into_iter().chain(waits).collect()
        }
        What::Accepted {
            who,
            change,
            revision,
        } => {
            let says = match change {
                Some(Change::BothKept) => Says::BothKept(*revision),
                Some(_) | None => Says::Accepted(*revision),
            };
            vec![(beside_server(*who, 14, Some(Line::Of(*who)), says), true)]
        }
        What::Met { who, made_on, head } => {
            let why = Says::MeetWhy {
                made_on: *made_on,
                head: *head,
            };
            let other = who.other();
            // The knot is wider than the lane.
            let aside = |wanted: Wanted| Wanted {
                x: wanted.x + 10 * (lane(other) - SERVER_X).signum(),
                ..wanted
            };
            vec![
                (aside(beside_server(other, -4, None, Says::Meet)), true),
                (aside(beside_server(other, 13, None, why)), true),
            ]
        }
        What::NotHeard(who) => vec![(beside_lane(*who, 14, None, Says::NotHeard), false)],
        What::CameBack(who) => vec![(beside_lane(*who, -10, None, Says::Back), false)],
        What::KeptBoth(who) => vec![(beside_lane(*who, 10, None, Says::KeepsBoth), true)],
        What::Merged(who) => vec![(beside_lane(*who, 10, None, Says::Merges), true)],
        What::Agreed(_) => {
            let middle = Wanted {
                gaps: &Who::BOTH,
                x: SERVER_X,
                anchor: Anchor::Middle,
                below: 16,
                boxed: Some(Line::Answer),
                says: Says::Agreed,
            };
            vec![(middle, false)]
        }
        What::WentOffline(_) | What::Heard { .. } => Vec::new(),
    }
}

fn gap(who: Who) -> &'static [Who] {
    match who {
        Who::Laptop => &[Who::Laptop],
        Who::Phone => &[Who::Phone],
    }
}

fn beside_lane(who: Who, below: i32, boxed: Option<Line>, says: Says) -> Wanted {
    Wanted {
        gaps: gap(who),
        x: lane(who) + 14 * (SERVER_X - lane(who)).signum(),
        anchor: match who {
            Who::Laptop => Anchor::Start,
            Who::Phone => Anchor::End,
        },
        below,
        boxed,
        says,
    }
}

fn beside_server(who: Who, below: i32, boxed: Option<Line>, says: Says) -> Wanted {
    Wanted {
        gaps: gap(who),
        x: SERVER_X + 12 * (lane(who) - SERVER_X).signum(),
        anchor: match who {
            Who::Laptop => Anchor::End,
            Who::Phone => Anchor::Start,
        },
        below,
        boxed,
        says,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::scenario::{Scenario, Texts};
    use tsugi_calendar::Date;

    fn lab() -> (Lab, Texts) {
        let own = |texts: [&str; 3]| texts.map(str::to_owned);
        let texts = Texts {
            tasks: own(["Trip", "Buy milk", "Call grandma"]),
            titles: ["Trip to Kyoto".to_owned(), "Trip to Nara".to_owned()],
            notes: own(["a\nb", "A\nb", "a\nB"]),
        };
        (
            Lab::new(&texts, Date::new(2026, 11, 30).expect("a day"), 1),
            texts,
        )
    }

    #[test]
    fn a_scenario_is_drawn_with_one_knot_and_one_cross() {
        let (mut lab, texts) = lab();
        lab.play(Scenario::BothRename, &texts);
        lab.run_until(Lab::is_quiet, 60_000);
        let marks = marks(&lab);
        let count = |is: fn(&Mark) -> bool| marks.iter().filter(|mark| is(mark)).count();
        assert_eq!(count(|mark| matches!(mark, Mark::Knot(_))), 1);
        assert_eq!(count(|mark| matches!(mark, Mark::Arrow { is_lost: true, .. })), 1);
        assert_eq!(count(|mark| matches!(mark, Mark::Offline { to: Some(_), .. })), 1);
        assert_eq!(count(|mark| matches!(mark, Mark::Change { waits: true, .. })), 2);
    }

    #[test]
    fn no_two_labels_of_a_gap_lie_over_each_other() {
        for scenario in Scenario::ALL {
            let (mut lab, texts) = lab();
            lab.play(scenario, &texts);
            lab.run_until(Lab::is_quiet, 60_000);
            let labels: Vec<(bool, i32)> = marks(&lab)
                .iter()
                .filter_map(|mark| match mark {
                    Mark::Label { at, anchor, .. } => Some((side(*at, *anchor), at.y)),
                    Mark::Offline { .. } | Mark::Arrow { .. } | Mark::Change { .. } | Mark::Knot(_) => None,
                })
                .collect();
            assert!(labels.len() > 4, "{scenario:?}: {labels:?}");
            for (nth, one) in labels.iter().enumerate() {
                let mut others = labels[nth + 1..].iter().filter(|other| other.0 == one.0);
                assert!(
                    others.all(|other| (other.1 - one.1).abs() >= LINE),
                    "{scenario:?}: {labels:?}"
                );
            }
        }
    }

    /// Whether a label is in the gap of the phone.
    fn side(at: Point, anchor: Anchor) -> bool {
        at.x > SERVER_X && anchor != Anchor::Middle
    }

    #[test]
    fn now_stays_in_sight() {
        let (mut lab, _) = lab();
        assert_eq!(window(&lab).top, 0);
        lab.run(60_000);
        let Window { top, now, .. } = window(&lab);
        assert!(top > 0 && now - top == HEIGHT - BELOW);
    }

    #[test]
    fn what_is_on_its_way_is_between_the_lanes() {
        let (mut lab, texts) = lab();
        lab.play(Scenario::BothRename, &texts);
        lab.run(600);
        let Window { travelling, now, .. } = window(&lab);
        let [dot] = travelling.as_slice() else {
            panic!("{travelling:?}")
        };
        assert!(lane(Who::Laptop) < dot.x && dot.x < SERVER_X && dot.y == now);
    }
}
