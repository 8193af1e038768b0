//! The conflict lab in words.

use tsugi_calendar::Date;
use tsugi_lab::change::Change;
use tsugi_lab::deed::Refused;
use tsugi_lab::device::Who;
use tsugi_lab::history::{Event, Moment, What};
use tsugi_lab::limits;
use tsugi_lab::picture;
use tsugi_lab::question::{Choice, Pick, Says};
use tsugi_lab::scenario::{Scenario, Texts};
use tsugi_words::intl::DateStyle;
use tsugi_words::phrases;

/// The most characters of a title in the picture.
const SHORT: usize = 16;

#[must_use]
pub fn name(who: Who) -> &'static str {
    match who {
        Who::Laptop => phrases::lab_laptop(),
        Who::Phone => phrases::lab_phone(),
    }
}

#[must_use]
pub fn scenario(scenario: Scenario) -> &'static str {
    match scenario {
        Scenario::BothRename => phrases::lab_both_rename(),
        Scenario::TwoDates => phrases::lab_two_dates(),
        Scenario::DeletedAndEdited => phrases::lab_deleted_and_edited(),
        Scenario::LinesOfNotes => phrases::lab_lines_of_notes(),
        Scenario::MovesInACircle => phrases::lab_moves_in_a_circle(),
        Scenario::DoneAndPutOff => phrases::lab_done_and_put_off(),
    }
}

/// What the people of a scenario write.
#[must_use]
pub fn texts() -> Texts {
    let lines = |lines: &[&str]| lines.join("\n");
    let (tickets, hotel) = (phrases::lab_tickets(), phrases::lab_hotel());
    Texts {
        tasks: [phrases::lab_trip(), phrases::lab_milk(), phrases::lab_grandma()].map(str::to_owned),
        titles: [phrases::lab_kyoto(), phrases::lab_nara()].map(str::to_owned),
        notes: [
            lines(&[tickets, hotel]),
            lines(&[phrases::lab_tickets_window(), hotel]),
            lines(&[tickets, hotel, phrases::lab_camera()]),
        ],
    }
}

/// A moment in seconds, such as `2.4`.
#[must_use]
pub fn seconds(at: Moment) -> String {
    format!("{}.{}", at / 1_000, at % 1_000 / 100)
}

/// The minutes by which a clock is wrong, such as `+5`.
#[must_use]
pub fn minutes(minutes: i64) -> String {
    let sign = if minutes > 0 { "+" } else { "" };
    let text = format!("{sign}{minutes}").replace('-', "−");
    phrases::lab_minutes(&text)
}

#[must_use]
pub fn day(day: Option<Date>) -> String {
    let date = |day| phrases::date(day, DateStyle::Day);
    day.map_or_else(|| phrases::no_date().to_owned(), date)
}

#[must_use]
pub fn refusal(refused: Refused) -> String {
    match refused {
        Refused::NoTitle => phrases::title_needed().to_owned(),
        Refused::TooLong => phrases::lab_too_long().to_owned(),
        Refused::Full => phrases::lab_full(limits::TASKS),
        Refused::Nothing => phrases::lab_nothing().to_owned(),
    }
}

fn change(change: &Change) -> String {
    let text = match change {
        Change::Added(title) | Change::Title(title) => return title.clone(),
        Change::Day(date) => return day(*date),
        Change::Notes => phrases::lab_new_notes(),
        Change::Done(true) => phrases::lab_is_done(),
        Change::Done(false) => phrases::lab_opened(),
        Change::Deleted => phrases::lab_deleted(),
        Change::Restored => phrases::lab_restored(),
        Change::Moved => phrases::lab_moved(),
        Change::BothKept => phrases::lab_both_kept(),
        Change::Recorded => phrases::lab_recorded(),
        Change::Decided => phrases::lab_decided(),
    };
    text.to_owned()
}

/// An event in a sentence.
#[must_use]
pub fn sentence(event: &Event) -> String {
    match &event.what {
        What::WentOffline(who) => phrases::lab_went_offline(name(*who)),
        What::CameBack(who) => phrases::lab_came_back(name(*who)),
        What::Did {
            who,
            change: Change::Added(title),
            ..
        } => phrases::lab_adds(name(*who), title),
        What::Did {
            who,
            title,
            change: Change::Decided,
            ..
        } => phrases::lab_decides(name(*who), title),
        What::Did {
            who,
            title,
            change: done,
            waits: true,
        } => phrases::lab_changes_offline(name(*who), title, &change(done)),
        What::Did {
            who,
            title,
            change: done,
            waits: false,
        } => phrases::lab_changes(name(*who), title, &change(done)),
        What::Accepted { who, revision, .. } => phrases::lab_accepts(name(*who), &revision.to_string()),
        What::Met { who, made_on, head } => {
            phrases::lab_versions_meet(name(*who), &made_on.to_string(), &head.to_string())
        }
        What::NotHeard(who) => phrases::lab_message_lost(name(*who)),
        What::Heard { who, revision } => phrases::lab_hears(name(*who), &revision.to_string()),
        What::KeptBoth(who) => phrases::lab_kept_both(name(*who)),
        What::Merged(who) => phrases::lab_merged(name(*who)),
        What::Agreed(revision) => phrases::lab_agreed(&revision.to_string()),
    }
}

/// A label of the picture, with the end of a long title left out.
#[must_use]
pub fn label(says: &picture::Says) -> String {
    let text = match says {
        picture::Says::Change(done) => return shortened(&change(done)),
        picture::Says::Accepted(revision) => return phrases::lab_version_accepted(&revision.to_string()),
        picture::Says::BothKept(revision) => return phrases::lab_version_both(&revision.to_string()),
        picture::Says::MeetWhy { made_on, head } => {
            return phrases::lab_meet_why(&made_on.to_string(), &head.to_string());
        }
        picture::Says::Waits => phrases::lab_saved_here(),
        picture::Says::Meet => phrases::lab_meet(),
        picture::Says::NotHeard => phrases::lab_not_heard(),
        picture::Says::Back => phrases::lab_back(),
        picture::Says::KeepsBoth => phrases::lab_keeps_both(),
        picture::Says::Merges => phrases::lab_merges(),
        picture::Says::Agreed => phrases::lab_the_same(),
    };
    text.to_owned()
}

fn shortened(text: &str) -> String {
    match text.chars().count() > SHORT {
        true => text.chars().take(SHORT - 1).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

/// About how wide a label is, in pixels of the picture. Its border is drawn around it.
#[must_use]
pub fn width(label: &str) -> i32 {
    let wide = |letter: char| letter >= '\u{1100}';
    label
        .chars()
        .map(|letter| if wide(letter) { 12 } else { 6 })
        .sum()
}

/// A choice, and the device that it is from; none if it is from both.
#[must_use]
pub fn choice(choice: &Choice) -> (String, Option<&'static str>) {
    let says = match &choice.says {
        Says::Text(text) => text.clone(),
        Says::Day(date) => day(*date),
        Says::Delete => phrases::delete_it_now().to_owned(),
        Says::Keep => phrases::lab_keep().to_owned(),
        Says::Done => phrases::it_is_done().to_owned(),
        Says::StillToDo(date) => phrases::still_to_do_on(&day(*date)),
        Says::All => phrases::lab_everything().to_owned(),
    };
    match choice.pick {
        Pick::Of(who) => (says, Some(name(who))),
        Pick::Both => (phrases::lab_both_texts(&says), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsugi_lab::lab::Lab;
    use tsugi_words::phrases::{Language, speak};

    fn played(scenario: Scenario) -> Lab {
        let texts = texts();
        let today = Date::new(2026, 11, 30).expect("a day");
        let mut lab = Lab::new(&texts, today, 1);
        lab.play(scenario, &texts);
        lab.run_until(Lab::is_quiet, 60_000);
        lab
    }

    #[test]
    fn a_scenario_in_sentences() {
        speak(Language::En);
        let lab = played(Scenario::BothRename);
        let told: Vec<String> = lab.history().events().map(sentence).collect();
        let expected = [
            "Phone goes offline.",
            "Laptop changes “Trip”: Trip to Kyoto.",
            "The server accepts what Laptop sent: version 5.",
            "A message from or to Phone is not heard.",
            "Phone is offline and changes “Trip”: Trip to Nara. That is saved there, and waits.",
            "Phone is back online.",
            "Phone hears of version 5.",
            "Phone changed version 4, but the server already had 5. So nothing is overwritten.",
            "Phone had changed an older version. Nothing is overwritten: both are kept, and a person decides.",
            "The server accepts what Phone sent: version 6.",
            "Laptop hears of version 6.",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn everything_has_words_in_every_language() {
        for language in Language::ALL {
            speak(language);
            for known in Scenario::ALL {
                assert!(!scenario(known).is_empty());
                let lab = played(known);
                assert!(lab.history().events().all(|event| !sentence(event).is_empty()));
                for mark in picture::marks(&lab) {
                    if let picture::Mark::Label { says, .. } = mark {
                        let words = label(&says);
                        assert!(!words.is_empty() && width(&words) < 170, "{words}");
                    }
                }
                for question in lab.card(Who::Laptop).questions {
                    assert!(
                        question
                            .choices
                            .iter()
                            .all(|offered| !choice(offered).0.is_empty())
                    );
                }
            }
        }
        speak(Language::En);
    }

    #[test]
    fn numbers_and_long_titles() {
        speak(Language::En);
        assert_eq!(seconds(2_449), "2.4");
        assert_eq!(
            (minutes(5), minutes(0), minutes(-3)),
            ("+5 min".into(), "0 min".into(), "−3 min".into())
        );
        assert_eq!(shortened("A trip that is very long"), "A trip that is …");
        assert_eq!(refusal(Refused::Full), "The lab has room for 10 tasks.");
    }
}
