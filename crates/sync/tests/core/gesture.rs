//! What a person does in one go, on one device.

use tsugi_sync::entity::{Entity, Field, Fields, Kind};
use tsugi_sync::gesture::{
    Contents, MoveError, Stamp, TooMany, complete, delete, delete_list, delete_section, move_to, nest, place,
    reopen, restore,
};
use tsugi_sync::home::Home;
use tsugi_sync::ids::{EntityId, ReplicaId, Timestamp, WorkspaceId};
use tsugi_sync::instance;
use tsugi_sync::limits;
use tsugi_sync::log::Entry;
use tsugi_sync::mutation::Mutation;
use tsugi_sync::replica::{Edit, Replica};
use tsugi_sync::section::Section;
use tsugi_sync::task::Task;
use tsugi_sync::value::Value;
use uuid::Uuid;

use crate::fleet::entity;
use crate::oracle::listing::{Listing, Places};
use crate::oracle::tree::Tree;

/// 2026-11-24, 00:00 UTC.
pub(crate) const TODAY: u64 = 1_795_478_400_000;

pub(crate) fn stamp(at: u64) -> Stamp {
    let day = i32::try_from(at / (24 * 3_600_000)).expect("a day");
    Stamp {
        at: Timestamp(at),
        today: tsugi_calendar::Date::from_number(day).expect("a day"),
        group: Uuid::from_u128(u128::from(at)),
    }
}

pub(crate) fn link(id: EntityId) -> Value {
    Value::Text(id.to_string())
}

/// A person with one device that is never online.
pub(crate) struct Desk {
    pub(crate) replica: Replica,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let (id, workspace) = (Uuid::from_u128(100), Uuid::from_u128(7));
        Self {
            replica: Replica::new(ReplicaId(id), WorkspaceId(workspace)),
        }
    }

    pub(crate) fn take(&mut self, edits: Vec<Edit>) -> Vec<Mutation> {
        let mutations: Vec<_> = edits.into_iter().map(|edit| self.replica.edit(edit)).collect();
        self.fold(mutations.clone());
        mutations
    }

    pub(crate) fn fold(&mut self, mutations: Vec<Mutation>) {
        for mutation in mutations {
            self.replica
                .fold(self.replica.position() + 1, Entry::Mutated(mutation));
        }
    }

    pub(crate) fn set(
        &mut self,
        kind: Kind,
        number: u128,
        set: impl IntoIterator<Item = (Field, Value)>,
    ) -> EntityId {
        let edit = Edit {
            entity: entity(number),
            kind,
            set: set.into_iter().collect(),
            seen: Fields::new(),
            at: Timestamp(TODAY),
            group: None,
        };
        self.take(vec![edit]);
        entity(number)
    }

    pub(crate) fn task(&mut self, number: u128, set: impl IntoIterator<Item = (Field, Value)>) -> EntityId {
        let new = Task::create("task", Timestamp(TODAY)).expect("a title");
        self.set(Kind::Task, number, new.into_iter().chain(set))
    }

    pub(crate) fn view(&self, id: EntityId) -> Entity {
        self.replica.view(id).expect("it is known")
    }

    pub(crate) fn value(&self, id: EntityId, field: &Field) -> Value {
        self.view(id).value(field).clone()
    }

    pub(crate) fn is_there(&self, id: EntityId) -> bool {
        self.replica.view(id).is_some_and(|view| !view.is_deleted())
    }

    fn is_done(&self, id: EntityId) -> bool {
        !self.value(id, &Field::Completed).is_null()
    }

    /// The open tasks of a listing, in order.
    fn shown(&self, listing: Listing) -> Vec<EntityId> {
        let views: Vec<Entity> = self
            .replica
            .ids()
            .filter_map(|id| self.replica.view(id))
            .collect();
        let tasks: Vec<Task> = views.iter().filter_map(Task::read).collect();
        let lists: Vec<_> = views.iter().filter_map(tsugi_sync::list::List::read).collect();
        let sections: Vec<_> = views.iter().filter_map(Section::read).collect();
        let tree = Tree::of(&tasks);
        let groups = listing.show(&tree, &Places::of(&lists, &sections), []);
        let rows = groups.iter().flat_map(|group| &group.rows);
        rows.map(|row| row.task.id).collect()
    }
}

pub(crate) fn below(parent: EntityId) -> [(Field, Value); 1] {
    [(Field::Parent, link(parent))]
}

#[test]
fn completing_takes_along_what_is_below_and_reopening_brings_that_back() {
    let mut desk = Desk::new();
    let one = desk.task(1, []);
    let two = desk.task(2, below(one));
    let three = desk.task(3, below(two));
    let before = desk.task(4, below(one));
    desk.take(complete(&desk.replica, &[before], stamp(TODAY + 1)).unwrap());
    desk.take(complete(&desk.replica, &[one, three], stamp(TODAY + 2)).unwrap());
    assert!([one, two, three, before].iter().all(|id| desk.is_done(*id)));
    assert_eq!(
        complete(&desk.replica, &[one], stamp(TODAY + 3)).unwrap().len(),
        0,
        "they are done"
    );
    desk.take(reopen(&desk.replica, one, stamp(TODAY + 4)).unwrap());
    assert!([one, two, three].iter().all(|id| !desk.is_done(*id)));
    assert!(desk.is_done(before), "that was done by itself");
}

fn recurring(rule: &str) -> Vec<(Field, Value)> {
    vec![
        (Field::Due, "2026-11-24T09:00[Asia/Tokyo]".into()),
        (Field::Recurrence, rule.into()),
    ]
}

#[test]
fn of_what_recurs_the_next_one_begins_with_its_sub_tasks_open() {
    let mut desk = Desk::new();
    let one = desk.task(1, recurring("FREQ=WEEKLY"));
    let two = desk.task(2, below(one));
    let three = desk.task(
        3,
        below(two)
            .into_iter()
            .chain([(Field::Start, "2026-11-23".into())]),
    );
    desk.take(complete(&desk.replica, &[three], stamp(TODAY + 1)).unwrap());
    let edits = complete(&desk.replica, &[one], stamp(TODAY + 2)).unwrap();
    let group = edits[0].group;
    assert!(group.is_some() && edits.iter().all(|edit| edit.group == group));
    desk.take(edits);
    let next = instance::next_id(&Task::read(&desk.view(one)).unwrap());
    assert_eq!(
        desk.value(next, &Field::Due),
        "2026-12-01T09:00[Asia/Tokyo]".into()
    );
    assert_eq!(desk.value(next, &Field::Series), link(one));
    let open = desk
        .shown(Listing::Inbox)
        .into_iter()
        .filter(|id| !desk.is_done(*id));
    let open: Vec<_> = open.collect();
    assert_eq!((open.len(), open[0]), (3, next), "the whole branch");
    assert_eq!(desk.value(open[1], &Field::Parent), link(next));
    assert_eq!(desk.value(open[2], &Field::Parent), link(open[1]));
    assert_eq!(desk.value(open[2], &Field::Start), "2026-11-30".into());
}

#[test]
fn what_recurs_below_waits_for_the_one_above_and_comes_along_once() {
    let mut desk = Desk::new();
    let one = desk.task(1, recurring("FREQ=WEEKLY"));
    let daily = desk.task(2, below(one).into_iter().chain(recurring("FREQ=DAILY")));
    desk.take(complete(&desk.replica, &[daily], stamp(TODAY + 1)).unwrap());
    let tomorrow = instance::next_id(&Task::read(&desk.view(daily)).unwrap());
    assert_eq!(
        desk.value(tomorrow, &Field::Due),
        "2026-11-25T09:00[Asia/Tokyo]".into()
    );
    desk.take(complete(&desk.replica, &[one], stamp(TODAY + 2)).unwrap());
    let after = instance::next_id(&Task::read(&desk.view(tomorrow)).unwrap());
    assert_eq!(desk.replica.view(after), None, "done with the one above");
    let open: Vec<_> = desk
        .shown(Listing::Inbox)
        .into_iter()
        .filter(|id| !desk.is_done(*id))
        .collect();
    assert_eq!(open.len(), 2, "of the daily one just the latest");
    assert_eq!(
        desk.value(open[1], &Field::Due),
        "2026-12-02T09:00[Asia/Tokyo]".into()
    );
}

#[test]
fn the_last_of_a_count_and_what_is_past_its_end_begin_nothing() {
    for rule in ["FREQ=DAILY;COUNT=1", "FREQ=DAILY;UNTIL=20261124", "every day"] {
        let mut desk = Desk::new();
        let one = desk.task(1, recurring(rule));
        let edits = complete(&desk.replica, &[one], stamp(TODAY)).unwrap();
        assert_eq!(edits.len(), 1, "{rule}");
    }
}

#[test]
fn a_changed_rule_holds_from_the_next_one_on() {
    let mut desk = Desk::new();
    let one = desk.task(1, recurring("FREQ=DAILY"));
    desk.set(
        Kind::Task,
        1,
        [(Field::Recurrence, "FREQ=MONTHLY;BYMONTHDAY=-1".into())],
    );
    desk.take(complete(&desk.replica, &[one], stamp(TODAY)).unwrap());
    let next = instance::next_id(&Task::read(&desk.view(one)).unwrap());
    assert_eq!(
        desk.value(next, &Field::Due),
        "2026-11-30T09:00[Asia/Tokyo]".into()
    );
    desk.set(Kind::Task, 1, [(Field::Recurrence, Value::Null)]);
    assert_eq!(
        desk.value(next, &Field::Recurrence),
        "FREQ=MONTHLY;BYMONTHDAY=-1".into()
    );
}

#[test]
fn reopened_takes_the_next_one_back_unless_somebody_touched_it() {
    for touched in [false, true] {
        let mut desk = Desk::new();
        let one = desk.task(1, recurring("FREQ=DAILY;INTERVAL=2;AFTER=DONE"));
        let two = desk.task(2, below(one));
        // Late in the evening somewhere: another day than in UTC.
        let mut evening = stamp(TODAY + 1);
        evening.today = "2026-11-23".parse().unwrap();
        desk.take(complete(&desk.replica, &[one], evening).unwrap());
        let next = instance::next_id(&Task::read(&desk.view(one)).unwrap());
        assert_eq!(
            desk.value(next, &Field::Due),
            "2026-11-25T09:00[Asia/Tokyo]".into()
        );
        if touched {
            let set = Fields::from([(Field::Title, "other".into())]);
            let edit = Edit {
                entity: next,
                kind: Kind::Task,
                set,
                seen: Fields::new(),
                at: Timestamp(TODAY),
                group: None,
            };
            desk.take(vec![edit]);
        }
        desk.take(reopen(&desk.replica, one, stamp(TODAY + 5)).unwrap());
        assert!(!desk.is_done(one) && !desk.is_done(two));
        assert_eq!(desk.is_there(next), touched);
        assert_eq!(desk.shown(Listing::Inbox).len(), if touched { 4 } else { 2 });
        // Done again, it is the same one that comes again.
        desk.take(complete(&desk.replica, &[one], evening).unwrap());
        assert!(desk.is_there(next) && !desk.is_done(next));
        assert_eq!(desk.shown(Listing::Inbox).len(), 4);
    }
}

#[test]
fn deleting_takes_along_what_is_below_and_restoring_brings_just_that_back() {
    let mut desk = Desk::new();
    let one = desk.task(1, []);
    let two = desk.task(2, below(one));
    let three = desk.task(3, below(two));
    let before = desk.task(4, below(one));
    desk.take(delete(&desk.replica, &[before], stamp(TODAY + 1)).unwrap());
    desk.take(delete(&desk.replica, &[three, one], stamp(TODAY + 2)).unwrap());
    assert!([one, two, three].iter().all(|id| !desk.is_there(*id)));
    desk.take(restore(&desk.replica, one, stamp(TODAY + 3)).unwrap());
    assert!([one, two, three].iter().all(|id| desk.is_there(*id)));
    assert!(!desk.is_there(before));
    assert!(restore(&desk.replica, one, stamp(TODAY + 4)).unwrap().is_empty());
}

/// A list with a section, and three tasks: in the list, in the section, and below that one.
fn with_list() -> (Desk, EntityId, EntityId, [EntityId; 3]) {
    let mut desk = Desk::new();
    let name = (Field::Name, Value::from("home"));
    let list = desk.set(Kind::List, 100, [name.clone()]);
    let section = desk.set(Kind::Section, 200, [name, (Field::List, link(list))]);
    let one = desk.task(1, [(Field::List, link(list))]);
    let two = desk.task(2, [(Field::List, link(list)), (Field::Section, link(section))]);
    let three = desk.task(3, below(two));
    (desk, list, section, [one, two, three])
}

#[test]
fn a_list_goes_with_its_tasks_or_leaves_them_in_the_inbox() {
    let (mut desk, list, section, tasks) = with_list();
    let moved = desk.task(4, [(Field::List, link(list))]);
    let elsewhere = desk.task(5, []);
    desk.take(nest(&desk.replica, moved, elsewhere, stamp(TODAY)).unwrap());
    desk.take(delete_list(&desk.replica, list, Contents::Delete, stamp(TODAY + 1)).unwrap());
    assert!(
        tasks
            .iter()
            .chain([&list, &section])
            .all(|id| !desk.is_there(*id))
    );
    assert_eq!(desk.shown(Listing::Inbox), [elsewhere, moved]);
    desk.take(restore(&desk.replica, list, stamp(TODAY + 2)).unwrap());
    assert_eq!(desk.shown(Listing::List(list)), tasks);

    desk.take(delete_list(&desk.replica, list, Contents::Keep, stamp(TODAY + 3)).unwrap());
    assert!(!desk.is_there(list) && !desk.is_there(section));
    assert_eq!(
        desk.shown(Listing::Inbox),
        [tasks[0], tasks[1], tasks[2], elsewhere, moved]
    );
    desk.take(restore(&desk.replica, list, stamp(TODAY + 4)).unwrap());
    assert_eq!(desk.shown(Listing::List(list)), tasks);
}

#[test]
fn a_section_goes_with_its_tasks_or_leaves_them_in_the_list() {
    let (mut desk, list, section, tasks) = with_list();
    desk.take(delete_section(&desk.replica, section, Contents::Keep, stamp(TODAY + 1)).unwrap());
    assert_eq!(desk.shown(Listing::List(list)), tasks);
    desk.take(restore(&desk.replica, section, stamp(TODAY + 2)).unwrap());
    desk.take(delete_section(&desk.replica, section, Contents::Delete, stamp(TODAY + 3)).unwrap());
    assert_eq!(desk.shown(Listing::List(list)), [tasks[0]]);
    assert!(desk.is_there(list));
}

#[test]
fn a_task_goes_below_another_but_never_below_itself() {
    let (mut desk, list, section, [one, two, three]) = with_list();
    for (task, parent) in [(two, two), (two, three)] {
        assert_eq!(
            nest(&desk.replica, task, parent, stamp(TODAY)).unwrap_err(),
            MoveError::BelowItself
        );
    }
    for (task, parent) in [(two, entity(9)), (entity(9), two), (two, list)] {
        assert_eq!(
            nest(&desk.replica, task, parent, stamp(TODAY)).unwrap_err(),
            MoveError::NotThere
        );
    }
    desk.take(nest(&desk.replica, one, three, stamp(TODAY)).unwrap());
    assert_eq!(desk.shown(Listing::List(list)), [two, three, one]);
    assert_eq!(
        desk.value(one, &Field::Section),
        link(section),
        "for when the one above goes"
    );
    assert!(
        nest(&desk.replica, one, three, stamp(TODAY)).unwrap().is_empty(),
        "it is there"
    );
}

#[test]
fn moving_takes_the_branch_along_and_sets_only_what_differs() {
    let (mut desk, list, _, [one, two, three]) = with_list();
    let home = Home {
        list: None,
        section: None,
    };
    let edits = move_to(&desk.replica, &[three, two, one], home, stamp(TODAY)).unwrap();
    let moved: Vec<_> = edits.iter().map(|edit| (edit.entity, edit.set.len())).collect();
    assert_eq!(moved, [(two, 2), (one, 1)], "the one below goes along");
    desk.take(edits);
    assert_eq!(desk.shown(Listing::Inbox), [one, two, three]);
    assert!(desk.shown(Listing::List(list)).is_empty());
    desk.take(move_to(&desk.replica, &[three], home, stamp(TODAY)).unwrap());
    assert_eq!(desk.value(three, &Field::Parent), Value::Null, "out from below");
}

#[test]
fn placing_changes_one_task_or_gives_positions_to_those_without() {
    let mut desk = Desk::new();
    let ids: Vec<_> = (1..=5).map(|number| desk.task(number, [])).collect();
    let put = |desk: &mut Desk, task: EntityId, index: usize| {
        let views: Vec<_> = ids.iter().map(|id| desk.view(*id)).collect();
        let tasks: Vec<_> = views.iter().filter_map(Task::read).collect();
        let tree = Tree::of(&tasks);
        let edits = place(tree.children(None), task, index, 77, stamp(TODAY)).unwrap();
        let changed = edits.len();
        desk.take(edits);
        (changed, desk.shown(Listing::Inbox))
    };
    let order = |numbers: [u128; 5]| numbers.map(entity).to_vec();
    assert_eq!(put(&mut desk, entity(4), 0), (1, order([4, 1, 2, 3, 5])));
    // Behind two that have no position: they get one.
    assert_eq!(put(&mut desk, entity(5), 3), (3, order([4, 1, 2, 5, 3])));
    assert_eq!(put(&mut desk, entity(4), 3), (1, order([1, 2, 4, 5, 3])));
    assert_eq!(put(&mut desk, entity(1), 99), (2, order([2, 4, 5, 3, 1])));
    // Two devices came to the same: no room, so all of them are spread.
    let same = desk.value(entity(2), &Field::Position);
    desk.set(Kind::Task, 4, [(Field::Position, same)]);
    assert_eq!(put(&mut desk, entity(1), 1), (5, order([2, 1, 4, 5, 3])));
}

#[test]
fn a_gesture_has_a_limit() {
    let mut desk = Desk::new();
    let ids: Vec<_> = (1..=limits::GESTURE_TASKS as u128 + 1)
        .map(|number| desk.task(number, []))
        .collect();
    let refused = Err(TooMany(ids.len()));
    let count = |edits: Result<Vec<Edit>, TooMany>| edits.map(|edits| edits.len());
    assert_eq!(count(delete(&desk.replica, &ids, stamp(TODAY))), refused);
    assert_eq!(
        count(delete(&desk.replica, &ids[1..], stamp(TODAY))),
        Ok(limits::GESTURE_TASKS)
    );
}
