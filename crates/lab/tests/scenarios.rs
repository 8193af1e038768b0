//! Every scenario, told as a sentence: after it both devices show the same, and nothing that anybody typed is lost.

use tsugi_calendar::Date;
use tsugi_lab::card::{Card, Online, Row};
use tsugi_lab::change::Change;
use tsugi_lab::deed::{Deed, Refused};
use tsugi_lab::device::Who;
use tsugi_lab::history::What;
use tsugi_lab::lab::{Act, Lab};
use tsugi_lab::limits;
use tsugi_lab::question::{Pick, Says};
use tsugi_lab::scenario::{Scenario, Texts};

fn texts() -> Texts {
    let own = |texts: [&str; 3]| texts.map(str::to_owned);
    Texts {
        tasks: own(["Trip", "Buy milk", "Call grandma"]),
        titles: ["Trip to Kyoto".to_owned(), "Trip to Nara".to_owned()],
        notes: own([
            "Tickets\nHotel",
            "Tickets, window seat\nHotel",
            "Tickets\nHotel\nCamera",
        ]),
    }
}

fn today() -> Date {
    Date::new(2026, 11, 30).expect("a day")
}

fn lab(seed: u64) -> Lab {
    Lab::new(&texts(), today(), seed)
}

/// Plays a scenario until nothing happens any more.
fn played(scenario: Scenario) -> Lab {
    let mut lab = lab(1);
    lab.play(scenario, &texts());
    settle(&mut lab);
    lab
}

fn settle(lab: &mut Lab) {
    lab.run_until(Lab::is_quiet, 600_000);
    assert!(lab.is_quiet(), "it comes to rest");
}

fn act(lab: &mut Lab, who: Who, act: Act) {
    assert_eq!(lab.act(who, act), Ok(()));
}

fn row(lab: &Lab, who: Who, nth: usize) -> Row {
    lab.card(who).rows[nth].clone()
}

/// The rows of both devices, which are the same.
fn agreed(lab: &Lab) -> Vec<Row> {
    let [laptop, phone] = Who::BOTH.map(|who| lab.card(who));
    assert_eq!(laptop.rows, phone.rows);
    assert_eq!((laptop.version, laptop.waiting), (lab.head(), 0));
    assert_eq!((phone.version, phone.waiting), (lab.head(), 0));
    laptop.rows
}

fn says(card: &Card) -> Vec<(Pick, Says)> {
    let [question] = card.questions.as_slice() else {
        panic!("one question: {:?}", card.questions)
    };
    let choices = question.choices.iter();
    choices.map(|choice| (choice.pick, choice.says.clone())).collect()
}

/// Decides the one question on a device.
fn decide(lab: &mut Lab, who: Who, pick: Pick) {
    let conflict = lab.card(who).questions[0].conflict;
    act(lab, who, Act::Do(Deed::Decide(conflict, pick)));
    settle(lab);
    for who in Who::BOTH {
        assert_eq!(lab.card(who).questions, [], "{who:?} asks nothing more");
    }
}

fn happened(lab: &Lab, is: impl Fn(&What) -> bool) -> usize {
    lab.history().events().filter(|event| is(&event.what)).count()
}

#[test]
fn it_begins_with_two_devices_that_know_the_same() {
    let lab = lab(1);
    let rows = agreed(&lab);
    assert_eq!(
        rows.iter().map(|row| row.title.as_str()).collect::<Vec<_>>(),
        ["Trip", "Buy milk", "Call grandma"]
    );
    assert_eq!((lab.now(), lab.history().events().count()), (0, 0));
    assert_eq!(lab.card(Who::Phone).online, Online::Online);
    assert!(lab.is_quiet());
}

#[test]
fn both_rename_and_a_person_decides() {
    let mut lab = played(Scenario::BothRename);
    let met = |what: &What| matches!(what, What::Met { who: Who::Phone, made_on, head } if made_on < head);
    assert_eq!(happened(&lab, met), 1);
    assert_eq!(happened(&lab, |what| *what == What::KeptBoth(Who::Phone)), 1);
    let asked = vec![
        (Pick::Of(Who::Phone), Says::Text("Trip to Nara".to_owned())),
        (Pick::Of(Who::Laptop), Says::Text("Trip to Kyoto".to_owned())),
        (Pick::Both, Says::Text("Trip to Nara / Trip to Kyoto".to_owned())),
    ];
    for who in Who::BOTH {
        assert_eq!(says(&lab.card(who)), asked);
        assert!(row(&lab, who, 0).is_asked);
    }
    decide(&mut lab, Who::Phone, Pick::Of(Who::Phone));
    assert_eq!(agreed(&lab)[0].title, "Trip to Nara");
    assert!(matches!(
        lab.history().story().map(|event| &event.what),
        Some(What::Agreed(_))
    ));
}

#[test]
fn two_dates_stand_side_by_side() {
    let mut lab = played(Scenario::TwoDates);
    let day = |days| Says::Day(today().plus(days));
    assert_eq!(
        says(&lab.card(Who::Laptop)),
        [(Pick::Of(Who::Phone), day(6)), (Pick::Of(Who::Laptop), day(3))]
    );
    decide(&mut lab, Who::Laptop, Pick::Of(Who::Laptop));
    assert_eq!(agreed(&lab)[0].day, today().plus(3));
}

#[test]
fn deleted_and_edited_is_kept_or_deleted() {
    for (pick, rows) in [(Who::Phone, 3), (Who::Laptop, 2)] {
        let mut lab = played(Scenario::DeletedAndEdited);
        let says = says(&lab.card(Who::Phone));
        assert!(says.contains(&(Pick::Of(Who::Phone), Says::Keep)), "{says:?}");
        assert!(says.contains(&(Pick::Of(Who::Laptop), Says::Delete)), "{says:?}");
        decide(&mut lab, Who::Phone, Pick::Of(pick));
        let shown = agreed(&lab);
        assert_eq!(shown.len(), rows);
        assert_eq!(shown[0].title == "Trip to Nara", pick == Who::Phone);
    }
}

#[test]
fn lines_of_notes_are_merged_and_nobody_is_asked() {
    let lab = played(Scenario::LinesOfNotes);
    assert_eq!(agreed(&lab)[0].notes, "Tickets, window seat\nHotel\nCamera");
    assert!(lab.card(Who::Laptop).questions.is_empty());
    assert_eq!(happened(&lab, |what| *what == What::Merged(Who::Phone)), 1);
    assert_eq!(happened(&lab, |what| matches!(what, What::Met { .. })), 1);
}

#[test]
fn moves_in_a_circle_end_without_one() {
    let lab = played(Scenario::MovesInACircle);
    let rows = agreed(&lab);
    // The laptop's move came first.
    let tree: Vec<_> = rows.iter().map(|row| (row.title.as_str(), row.depth)).collect();
    assert_eq!(tree, [("Buy milk", 0), ("Trip", 1), ("Call grandma", 0)]);
    assert_eq!(happened(&lab, |what| *what == What::Merged(Who::Phone)), 1);
}

#[test]
fn done_and_put_off_is_done_or_still_to_do() {
    for (pick, is_done) in [(Who::Laptop, true), (Who::Phone, false)] {
        let mut lab = played(Scenario::DoneAndPutOff);
        let says = says(&lab.card(Who::Laptop));
        assert!(says.contains(&(Pick::Of(Who::Laptop), Says::Done)), "{says:?}");
        let still = Says::StillToDo(today().plus(6));
        assert!(says.contains(&(Pick::Of(Who::Phone), still)), "{says:?}");
        decide(&mut lab, Who::Laptop, Pick::Of(pick));
        assert_eq!(agreed(&lab)[0].is_done, is_done);
    }
}

/// The same with the devices changed: the laptop put it off, and the phone completed it later.
#[test]
fn the_later_of_the_two_may_be_the_completion() {
    let mut lab = lab(1);
    let trip = row(&lab, Who::Laptop, 0).id;
    act(&mut lab, Who::Phone, Act::Offline(true));
    act(
        &mut lab,
        Who::Laptop,
        Act::Do(Deed::SetDay(trip, today().plus(6))),
    );
    act(&mut lab, Who::Phone, Act::Do(Deed::SetDone(trip, true)));
    act(&mut lab, Who::Phone, Act::Offline(false));
    settle(&mut lab);
    let says = says(&lab.card(Who::Phone));
    assert_eq!(says[0], (Pick::Of(Who::Phone), Says::Done));
    assert_eq!(says[1], (Pick::Of(Who::Laptop), Says::StillToDo(today().plus(6))));
    decide(&mut lab, Who::Phone, Pick::Of(Who::Laptop));
    assert!(!agreed(&lab)[0].is_done);
}

#[test]
fn whatever_gets_lost_both_come_to_the_same() {
    for seed in 0..40 {
        for scenario in Scenario::ALL {
            let mut lab = lab(seed);
            for who in Who::BOTH {
                act(&mut lab, who, Act::Loss(20));
            }
            lab.play(scenario, &texts());
            settle(&mut lab);
            let questions = lab.card(Who::Laptop).questions;
            assert_eq!(
                questions,
                lab.card(Who::Phone).questions,
                "{scenario:?}, seed {seed}"
            );
            agreed(&lab);
            for question in questions {
                let deed = Deed::Decide(question.conflict, question.choices[0].pick);
                act(&mut lab, Who::Phone, Act::Do(deed));
                settle(&mut lab);
                agreed(&lab);
            }
            assert!(lab.card(Who::Laptop).questions.is_empty());
        }
    }
}

#[test]
fn with_half_of_the_messages_lost_nothing_that_was_typed_is_gone() {
    let mut lost = 0;
    for seed in 0..20 {
        let mut lab = lab(seed);
        for who in Who::BOTH {
            act(&mut lab, who, Act::Loss(limits::LOSS_PERCENT));
        }
        for nth in 0..3 {
            for who in Who::BOTH {
                act(&mut lab, who, Act::Do(Deed::Add(format!("{who:?} {nth}"))));
                lab.run(37);
            }
        }
        settle(&mut lab);
        assert_eq!(agreed(&lab).len(), 9, "seed {seed}");
        lost += happened(&lab, |what| matches!(what, What::NotHeard(_)));
    }
    assert!(lost > 50, "{lost}");
}

/// The order of versions is the order in which the server hears of them. A clock decides nothing.
#[test]
fn a_wrong_clock_changes_nothing() {
    let end = |clocks: [i64; 2]| {
        let mut lab = lab(1);
        for (who, clock) in Who::BOTH.into_iter().zip(clocks) {
            act(&mut lab, who, Act::Clock(clock));
        }
        lab.play(Scenario::BothRename, &texts());
        settle(&mut lab);
        let events: Vec<_> = lab.history().events().cloned().collect();
        (events, says(&lab.card(Who::Laptop)), agreed(&lab))
    };
    assert_eq!(end([0, 0]), end([10, -10]));
    assert_eq!(end([0, 0]), end([-10, 10]));
}

#[test]
fn a_device_that_is_offline_hears_nothing_and_keeps_what_is_typed() {
    let mut lab = lab(1);
    let trip = row(&lab, Who::Laptop, 0).id;
    act(&mut lab, Who::Phone, Act::Offline(true));
    act(
        &mut lab,
        Who::Laptop,
        Act::Do(Deed::Rename(trip, "Holiday".to_owned())),
    );
    act(&mut lab, Who::Phone, Act::Do(Deed::Add("Buy stamps".to_owned())));
    settle(&mut lab);
    let phone = lab.card(Who::Phone);
    assert_eq!((phone.online, phone.waiting), (Online::Offline, 1));
    assert_eq!(phone.rows[0].title, "Trip");
    assert_eq!(happened(&lab, |what| *what == What::NotHeard(Who::Phone)), 1);
    let added = What::Did {
        who: Who::Phone,
        title: String::new(),
        change: Change::Added("Buy stamps".to_owned()),
        waits: true,
    };
    assert_eq!(happened(&lab, |what| *what == added), 1);
    assert_eq!(lab.history().offline(Who::Phone).len(), 1);
    act(&mut lab, Who::Phone, Act::Offline(false));
    settle(&mut lab);
    assert_eq!(agreed(&lab).len(), 4);
}

#[test]
fn a_message_that_is_on_its_way_when_the_device_goes_offline_is_not_heard() {
    let mut lab = lab(1);
    let trip = row(&lab, Who::Laptop, 0).id;
    act(
        &mut lab,
        Who::Laptop,
        Act::Do(Deed::Rename(trip, "Holiday".to_owned())),
    );
    lab.run_until(|lab| lab.arriving(Who::Phone) > 0, 1_000);
    act(&mut lab, Who::Phone, Act::Offline(true));
    settle(&mut lab);
    assert_eq!(happened(&lab, |what| *what == What::NotHeard(Who::Phone)), 1);
    assert_eq!(row(&lab, Who::Phone, 0).title, "Trip");
}

#[test]
fn a_step_goes_to_the_next_thing_that_happens() {
    let mut lab = lab(1);
    lab.play(Scenario::BothRename, &texts());
    let mut moments = Vec::new();
    for _ in 0..100 {
        let length = lab.history().length();
        lab.step();
        if lab.is_quiet() {
            break;
        }
        assert!(lab.history().length() > length);
        moments.push(lab.now());
    }
    assert!(lab.is_quiet() && moments.len() > 8, "{moments:?}");
    assert!(moments.windows(2).all(|pair| pair[0] <= pair[1]));
    let length = lab.history().length();
    lab.step();
    assert_eq!(lab.history().length(), length, "at rest a step does nothing");
}

#[test]
fn a_wait_passes_quickly_for_eyes_that_watch() {
    let mut lab = lab(1);
    lab.run_watched(1_000);
    assert_eq!(lab.now(), 10_000, "the next thing is a ping");
    lab.play(Scenario::BothRename, &texts());
    lab.run_watched(100);
    assert_eq!(lab.now(), 10_100);
}

#[test]
fn everything_has_a_limit() {
    let mut lab = lab(1);
    let trip = row(&lab, Who::Laptop, 0).id;
    let mut laptop = |deed| lab.act(Who::Laptop, Act::Do(deed));
    assert_eq!(laptop(Deed::Rename(trip, " ".to_owned())), Err(Refused::NoTitle));
    let long = "x".repeat(limits::TITLE_CHARS + 1);
    assert_eq!(laptop(Deed::Rename(trip, long)), Err(Refused::TooLong));
    let long = "x".repeat(limits::NOTES_CHARS + 1);
    assert_eq!(laptop(Deed::SetNotes(trip, long)), Err(Refused::TooLong));
    assert_eq!(
        laptop(Deed::Rename(trip, "Trip".to_owned())),
        Err(Refused::Nothing)
    );
    assert_eq!(laptop(Deed::PutBelow(trip, trip)), Err(Refused::Nothing));
    for nth in 3..limits::TASKS {
        assert_eq!(laptop(Deed::Add(format!("Task {nth}"))), Ok(()));
    }
    assert_eq!(laptop(Deed::Add("One more".to_owned())), Err(Refused::Full));
    for nth in 0..limits::EVENTS {
        act(
            &mut lab,
            Who::Laptop,
            Act::Do(Deed::Rename(trip, format!("Trip {nth}"))),
        );
        settle(&mut lab);
    }
    assert_eq!(lab.history().events().count(), limits::EVENTS);
    assert_eq!(lab.history().messages().count(), limits::EVENTS);
    act(&mut lab, Who::Laptop, Act::Delay(1_000_000));
    act(&mut lab, Who::Laptop, Act::Loss(100));
    act(&mut lab, Who::Laptop, Act::Clock(-100));
    let controls = lab.controls(Who::Laptop);
    assert_eq!(controls.delay, limits::DELAY_MS);
    assert_eq!(controls.loss, limits::LOSS_PERCENT);
    assert_eq!(controls.clock, -limits::CLOCK_MINUTES);
}
