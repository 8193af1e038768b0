//! The index beside the oracle: whatever is done, in whatever order it is heard of, both show the same rows.
//!
//! The index is told change by change; the oracle works everything out from all tasks at once. A second index is told in
//! two heaps: that is how a tab starts. All three have to show the same.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::FileFailurePersistence;
use tsugi_screen::index::{Index, Touched};
use tsugi_screen::model::Heading as Shown;
use tsugi_screen::place::TaskPlace;
use tsugi_sync::entity::{Field, Kind};
use tsugi_sync::ids::{EntityId, Timestamp};
use tsugi_sync::list::List;
use tsugi_sync::section::Section;
use tsugi_sync::task::Task;
use tsugi_sync::value::Value;

use crate::oracle::listing::{Group, Heading, Listing, Places};
use crate::oracle::tree::Tree;
use crate::world::{World, empty_index, id, link, local, number, rows, today};

const TASKS: [u128; 9] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const LISTS: [u128; 3] = [101, 102, 103];
const SECTIONS: [u128; 3] = [201, 202, 203];
const LABEL: u128 = 301;
/// Nobody has ever heard of it.
const NOWHERE: u128 = 999;
/// Where a chain stands that ends just above the last level that is drawn.
const CHAIN: u128 = 1_000;
const CHAIN_END: u128 = CHAIN + 61;
const NOW: Timestamp = Timestamp(2_000);

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    /// A field is set, and the server has it.
    Set(u128, Field, Option<At>),
    /// A field is set here, and the server has not answered.
    Edit(u128, Field, Option<At>),
    /// A restored server has never heard of it.
    Forget(u128),
    Fold(u128, bool),
    /// From here on, the second index hears of everything in one heap.
    Heap,
}

/// What a field is set to.
#[derive(Clone, Debug)]
enum At {
    Link(u128),
    Text(&'static str),
    Int(i64),
    Label,
}

fn value(at: Option<&At>) -> Value {
    match at {
        None => Value::Null,
        Some(At::Link(to)) => link(*to),
        Some(At::Text(text)) => Value::text(*text),
        Some(At::Int(number)) => Value::Int(*number),
        Some(At::Label) => Value::List(vec![link(LABEL)]),
    }
}

fn kind(number: u128) -> Kind {
    match number {
        _ if LISTS.contains(&number) => Kind::List,
        _ if SECTIONS.contains(&number) => Kind::Section,
        _ => Kind::Task,
    }
}

fn moment() -> impl Strategy<Value = Option<At>> {
    select(vec![
        None,
        None,
        Some(At::Int(500)),
        Some(At::Int(500)),
        Some(At::Int(700)),
    ])
}

fn position() -> impl Strategy<Value = (Field, Option<At>)> {
    let positions = ["V", "V", "a", "V0V", "Vz"].map(|text| Some(At::Text(text)));
    let at = select([positions.to_vec(), vec![None]].concat());
    at.prop_map(|at| (Field::Position, at))
}

fn linked(to: &[u128]) -> impl Strategy<Value = Option<At>> + use<> {
    let to = to.iter().map(|to| Some(At::Link(*to)));
    select(to.chain([None, Some(At::Link(NOWHERE))]).collect::<Vec<_>>())
}

fn day() -> impl Strategy<Value = Option<At>> {
    let days = [
        "2026-11-20",
        "2026-11-24",
        "2026-11-24T09:30[Asia/Tokyo]",
        "2026-11-26",
        "2027-01-01",
    ];
    let days = days.map(|day| Some(At::Text(day)));
    select([days.to_vec(), vec![None]].concat())
}

/// A field of a task, and what it is set to. Parents come most often: cycles are what is hard.
fn of_task(parents: Vec<u128>) -> impl Strategy<Value = (Field, Option<At>)> {
    prop_oneof![
        6 => linked(&parents).prop_map(|to| (Field::Parent, to)),
        2 => linked(&LISTS).prop_map(|to| (Field::List, to)),
        2 => linked(&SECTIONS).prop_map(|to| (Field::Section, to)),
        2 => position(),
        2 => moment().prop_map(|at| (Field::Completed, at)),
        2 => moment().prop_map(|at| (Field::Deleted, at)),
        1 => (0..3_i64).prop_map(|at| (Field::Created, Some(At::Int(at)))),
        1 => (1..5_i64).prop_map(|at| (Field::Priority, Some(At::Int(at)))),
        1 => day().prop_map(|at| (Field::Due, at)),
        1 => day().prop_map(|at| (Field::Start, at)),
        1 => select(vec![None, Some(At::Label)]).prop_map(|at| (Field::Labels, at)),
    ]
}

fn of_list() -> impl Strategy<Value = (Field, Option<At>)> {
    prop_oneof![
        Just((Field::Name, Some(At::Text("list")))),
        moment().prop_map(|at| (Field::Archived, at)),
        moment().prop_map(|at| (Field::Deleted, at)),
    ]
}

fn of_section() -> impl Strategy<Value = (Field, Option<At>)> {
    prop_oneof![
        3 => linked(&LISTS).prop_map(|to| (Field::List, to)),
        1 => position(),
        1 => moment().prop_map(|at| (Field::Deleted, at)),
    ]
}

fn step(parents: Vec<u128>) -> impl Strategy<Value = Step> {
    let set = |(number, (field, at))| Step::Set(number, field, at);
    let whatever = [&TASKS[..], &LISTS, &SECTIONS].concat();
    prop_oneof![
        12 => (select(TASKS.to_vec()), of_task(parents.clone())).prop_map(set),
        3 => (select(TASKS.to_vec()), of_task(parents)).prop_map(|(n, (field, at))| Step::Edit(n, field, at)),
        2 => (select(LISTS.to_vec()), of_list()).prop_map(set),
        2 => (select(SECTIONS.to_vec()), of_section()).prop_map(set),
        1 => select(whatever.clone()).prop_map(Step::Forget),
        3 => (select(whatever), any::<bool>()).prop_map(|(number, folded)| Step::Fold(number, folded)),
        1 => Just(Step::Heap),
    ]
}

fn steps(parents: &[u128]) -> impl Strategy<Value = Vec<Step>> + use<> {
    prop::collection::vec(step(parents.to_vec()), 1..18)
}

/// All that happened, and the second index, which heard of it in heaps.
struct Pair {
    world: World,
    in_heaps: Index,
    folded: BTreeSet<EntityId>,
    seed: u64,
}

impl Pair {
    fn new(seed: u64) -> Self {
        Self {
            world: World::new(),
            in_heaps: empty_index(BTreeSet::new()),
            folded: BTreeSet::new(),
            seed,
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Set(number, field, at) => {
                self.world
                    .set(kind(*number), *number, [(field.clone(), value(at.as_ref()))]);
            }
            Step::Edit(number, field, at) => {
                self.world
                    .edit(kind(*number), *number, field.clone(), value(at.as_ref()));
            }
            Step::Forget(number) => {
                self.world.forget(*number);
            }
            Step::Fold(number, folded) => {
                match folded {
                    true => self.folded.insert(id(*number)),
                    false => self.folded.remove(&id(*number)),
                };
                self.world.fold(*number, *folded);
                self.in_heaps.fold(id(*number), *folded);
            }
            Step::Heap => self.heap(),
        }
    }

    /// The second index hears of all that there is, and of what there never was, in an order of its own.
    fn heap(&mut self) {
        let local = local(&self.world.entities);
        let all = TASKS
            .iter()
            .chain(&LISTS)
            .chain(&SECTIONS)
            .map(|number| id(*number));
        let known = self.world.entities.keys().copied();
        let ids: BTreeSet<EntityId> = all.chain(known).collect();
        let mut ids: Vec<EntityId> = ids.into_iter().collect();
        let seed = self.seed;
        ids.sort_by_key(|id| seed.wrapping_mul(number(*id) as u64 * 2 + 1).rotate_left(17));
        self.in_heaps.take_in(&local, ids, &mut Touched::default());
    }
}

/// All that the screen shows, as text: the same text is the same screen.
type Screen = BTreeMap<String, Vec<String>>;

/// What the oracle says.
fn expected(world: &World, folded: &BTreeSet<EntityId>) -> Screen {
    let entities = || world.entities.values();
    let tasks: Vec<Task> = entities().filter_map(Task::read).collect();
    let deleted: Vec<Task> = entities().filter_map(Task::read_deleted).collect();
    let lists: Vec<List> = entities().filter_map(List::read).collect();
    let sections: Vec<Section> = entities().filter_map(Section::read).collect();
    let tree = Tree::of(&tasks);
    let places = Places::of(&lists, &sections);
    let open = |id: EntityId| tree.task(id).is_some_and(|task| task.completed.is_none());
    let above = |id: EntityId| std::iter::successors(tree.parent(id), |above| tree.parent(*above));
    let is_hidden = |id: EntityId| above(id).any(|above| open(above) && folded.contains(&above));
    let show = |listing: Listing| listing.show(&tree, &places, &deleted);
    let mut screen = Screen::new();
    let mut put = |name: String, rows: Vec<String>| screen.insert(name, rows);
    let lists = std::iter::once(None).chain(lists.iter().map(|list| Some(list.id)));
    for list in lists {
        let groups = show(list.map_or(Listing::Inbox, Listing::List));
        let mut rows = Vec::new();
        let mut board = vec![" :".to_owned()];
        let mut count = 0;
        for Group { heading, rows: group } in &groups {
            let is_folded = match heading {
                Heading::Section(section) => {
                    rows.push(format!("§{}", number(*section)));
                    board.push(format!("{}:", number(*section)));
                    folded.contains(section)
                }
                Heading::None | Heading::Overdue | Heading::Day(_) | Heading::Completed => false,
            };
            let is_done = *heading == Heading::Completed;
            count += if is_done { 0 } else { group.len() };
            for row in group {
                if !is_folded && (is_done || !is_hidden(row.task.id)) {
                    rows.push(said(number(row.task.id), row.depth));
                }
                if let Some(column) = board.last_mut().filter(|_| !is_done && row.depth == 0) {
                    *column += &format!(" {}", number(row.task.id));
                }
            }
        }
        put(format!("rows of {list:?}"), rows);
        put(format!("count of {list:?}"), vec![count.to_string()]);
        if list.is_some() {
            put(format!("board of {list:?}"), board);
        }
    }
    let flat = |listing| {
        let groups = show(listing);
        let rows = groups.iter().flat_map(|group| &group.rows);
        rows.map(|row| number(row.task.id).to_string())
            .collect::<Vec<_>>()
    };
    put("today".to_owned(), flat(Listing::Today(today())));
    put("upcoming".to_owned(), flat(Listing::Upcoming(today(), 1_000)));
    put("label".to_owned(), flat(Listing::Label(id(LABEL))));
    put("completed".to_owned(), flat(Listing::Completed));
    put("deleted".to_owned(), flat(Listing::Deleted(NOW)));
    // Above each open task: what is done, and the nearest one that is open.
    let mut has_open_below = BTreeSet::new();
    for task in tasks.iter().filter(|task| task.completed.is_none()) {
        for above in above(task.id) {
            has_open_below.insert(above);
            if open(above) {
                break;
            }
        }
    }
    for task in &tasks {
        let children = tree.children(Some(task.id));
        let done = children.iter().filter(|child| child.completed.is_some()).count();
        let home = places.home(&tree, task.id);
        let place = |id: Option<EntityId>| id.map(number);
        let facts = (
            (place(tree.parent(task.id)), place(home.list), place(home.section)),
            (done, children.len(), has_open_below.contains(&task.id)),
            children.iter().map(|child| number(child.id)).collect::<Vec<_>>(),
        );
        put(format!("task {}", number(task.id)), vec![format!("{facts:?}")]);
    }
    screen
}

fn said(number: u128, depth: usize) -> String {
    format!("{}{number}", ">".repeat(depth))
}

/// What an index shows.
fn shown(index: &Index, world: &World) -> Screen {
    let lists: Vec<List> = world.entities.values().filter_map(List::read).collect();
    let counts = index.counts();
    let mut screen = Screen::new();
    let mut put = |name: String, rows: Vec<String>| screen.insert(name, rows);
    let lists = std::iter::once(None).chain(lists.iter().map(|list| Some(list.id)));
    for list in lists {
        let place = list.map_or(TaskPlace::Inbox, TaskPlace::List);
        put(format!("rows of {list:?}"), with_headings(index, &place));
        let count = match list {
            None => counts.inbox,
            Some(list) => counts.lists.get(&list).copied().unwrap_or_default(),
        };
        put(format!("count of {list:?}"), vec![count.to_string()]);
        if let Some(list) = list {
            let columns = index.board(list).into_iter().map(|column| {
                assert_eq!(column.total, column.cards.len());
                let section = column
                    .section
                    .map_or(" ".to_owned(), |section| number(section.id).to_string());
                let cards = column.cards.into_iter().map(|card| format!(" {}", number(card)));
                format!("{section}:{}", cards.collect::<String>())
            });
            put(format!("board of {:?}", Some(list)), columns.collect());
        }
    }
    let flat = |place| {
        rows(index, &place)
            .into_iter()
            .map(|(task, depth)| said(task, usize::from(depth)))
            .collect()
    };
    put("today".to_owned(), flat(TaskPlace::Today));
    put("upcoming".to_owned(), flat(TaskPlace::Upcoming));
    put("label".to_owned(), flat(TaskPlace::Label(id(LABEL))));
    put("completed".to_owned(), flat(TaskPlace::Completed));
    put("deleted".to_owned(), flat(TaskPlace::Deleted));
    let shelves = index.shelves();
    for task in world.entities.values().filter_map(Task::read) {
        let home = shelves.home(task.id).expect("it is there");
        let place = |id: Option<EntityId>| id.map(number);
        let (done, all) = shelves.progress(task.id);
        let facts = (
            (
                place(shelves.parent(task.id)),
                place(home.list),
                place(home.section),
            ),
            (done, all, shelves.has_open_below(task.id)),
            shelves
                .children(task.id)
                .into_iter()
                .map(number)
                .collect::<Vec<_>>(),
        );
        put(format!("task {}", number(task.id)), vec![format!("{facts:?}")]);
    }
    screen
}

/// The rows of a list, and where its sections begin.
fn with_headings(index: &Index, place: &TaskPlace) -> Vec<String> {
    let stretch = index.stretch(place, 0..usize::MAX, NOW);
    let said_of = |heading: &Shown| match heading {
        Shown::Section { id, .. } => format!("§{}", number(*id)),
        Shown::Overdue | Shown::Day(_) => "?".to_owned(),
    };
    let mut rows = Vec::new();
    for slot in &stretch.slots {
        rows.extend(slot.headings.iter().map(said_of));
        rows.push(said(number(slot.task), usize::from(slot.depth)));
    }
    rows.extend(stretch.tail.iter().map(said_of));
    rows
}

/// Takes the steps, and asks now and then whether all show the same. The second index, in half of the cases, is new at the
/// end and hears of everything in one heap.
fn holds(begun: &[Step], steps: &[Step], seed: u64) -> Result<(), TestCaseError> {
    let mut pair = Pair::new(seed);
    begun.iter().for_each(|step| pair.take(step));
    for (nth, step) in steps.iter().enumerate() {
        pair.take(step);
        if nth % 8 == 7 {
            let expected = expected(&pair.world, &pair.folded);
            prop_assert_eq!(
                &shown(&pair.world.index, &pair.world),
                &expected,
                "change by change"
            );
        }
    }
    let expected = expected(&pair.world, &pair.folded);
    prop_assert_eq!(
        &shown(&pair.world.index, &pair.world),
        &expected,
        "change by change"
    );
    if seed.is_multiple_of(2) {
        pair.in_heaps = empty_index(pair.folded.clone());
    }
    pair.heap();
    prop_assert_eq!(&shown(&pair.in_heaps, &pair.world), &expected, "in heaps");
    Ok(())
}

/// A case that failed is kept in the file beside this one, and tried first from then on.
fn config(cases: u32) -> ProptestConfig {
    let seeds = FileFailurePersistence::Direct("tests/screen/beside_oracle.seeds");
    ProptestConfig {
        cases,
        failure_persistence: Some(Box::new(seeds)),
        ..ProptestConfig::default()
    }
}

/// Lists with sections, and all tasks in the first of them.
fn furnished() -> Vec<Step> {
    let set = |number, field, at| Step::Set(number, field, Some(at));
    let lists = LISTS.map(|list| set(list, Field::Name, At::Text("list")));
    let homes = [101, 101, 102];
    let sections =
        (SECTIONS.iter().zip(homes)).map(|(section, list)| set(*section, Field::List, At::Link(list)));
    let tasks = TASKS.map(|task| set(task, Field::List, At::Link(LISTS[task as usize % 2])));
    lists.into_iter().chain(sections).chain(tasks).collect()
}

fn chain() -> Vec<Step> {
    let below = |task: u128| Step::Set(task, Field::Parent, Some(At::Link(task - 1)));
    (CHAIN..=CHAIN_END).map(below).collect()
}

proptest! {
    #![proptest_config(config(4_000))]

    #[test]
    fn from_nothing(steps in steps(&TASKS), seed in any::<u64>()) {
        holds(&[], &steps, seed)?;
    }
}

proptest! {
    #![proptest_config(config(4_000))]

    #[test]
    fn with_lists_and_sections(steps in steps(&TASKS), seed in any::<u64>()) {
        holds(&furnished(), &steps, seed)?;
    }
}

proptest! {
    #![proptest_config(config(2_000))]

    /// Few tasks, so that there is nearly always a cycle.
    #[test]
    fn among_cycles(steps in steps(&TASKS[..4]), seed in any::<u64>()) {
        let round = |task: u128| Step::Set(task, Field::Parent, Some(At::Link(task % 4 + 1)));
        holds(&[round(1), round(2), round(3), round(4)], &steps, seed)?;
    }
}

proptest! {
    #![proptest_config(config(100))]

    /// Where the levels that are drawn end.
    #[test]
    fn at_the_end_of_a_chain(steps in steps(&[1, 2, 3, 4, 5, CHAIN_END, CHAIN_END - 1]), seed in any::<u64>()) {
        holds(&chain(), &steps, seed)?;
    }
}
