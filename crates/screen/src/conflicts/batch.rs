//! Many conflicts decided at once, by one rule. The person sees what will happen to each before it happens.

use tsugi_calendar::Due;
use tsugi_sync::entity::Field;
use tsugi_sync::ids::EntityId;
use tsugi_words::phrases;

use crate::conflicts::card::{ConflictCard, Version};
use crate::conflicts::choice::{Choosing, Pick};
use crate::conflicts::situation::situation;
use crate::intent::Resolution;
use crate::model::FieldKind;
use crate::text::merge::shown;

/// What to take of each conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The version that was made last.
    Last,
    /// The version of the device with this name.
    Device(String),
    Earlier,
    Later,
    /// Both, where both can be kept.
    Both,
}

impl Rule {
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Last => phrases::take_last().to_owned(),
            Self::Device(name) => name.clone(),
            Self::Earlier => phrases::take_earlier().to_owned(),
            Self::Later => phrases::take_later().to_owned(),
            Self::Both => phrases::take_both().to_owned(),
        }
    }
}

/// The rules that do something for at least one of these conflicts.
#[must_use]
pub fn rules(cards: &[ConflictCard], zone: &str) -> Vec<Rule> {
    let mut devices: Vec<String> = Vec::new();
    for maker in cards.iter().flat_map(|card| &card.makers) {
        if !devices.contains(&maker.name) {
            devices.push(maker.name.clone());
        }
    }
    let rules = [Rule::Last]
        .into_iter()
        .chain(devices.into_iter().map(Rule::Device));
    let rules = rules.chain([Rule::Earlier, Rule::Later, Rule::Both]);
    rules
        .filter(|rule| cards.iter().any(|card| decide(card, rule, zone).is_ok()))
        .collect()
}

/// What a rule does to one conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: EntityId,
    pub title: String,
    /// "Wed 2 Dec → Fri 4 Dec", or what happens.
    pub effect: String,
    /// The device whose version is taken; none if it is both.
    pub of: Option<String>,
    pub resolution: Resolution,
}

/// A conflict that a rule cannot decide, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    pub id: EntityId,
    pub title: String,
    pub why: &'static str,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    pub lines: Vec<Line>,
    pub left_out: Vec<LeftOut>,
}

/// What a rule would do. `opened` are the conflicts as the person began to look at them: one that has moved on since is
/// left out.
#[must_use]
pub fn preview(opened: &[ConflictCard], now: &[ConflictCard], rule: &Rule, zone: &str) -> Preview {
    let mut preview = Preview::default();
    for card in opened {
        let Some(current) = now.iter().find(|current| current.id == card.id) else {
            // Somebody has decided it meanwhile.
            continue;
        };
        let decided = match current == card {
            true => decide(card, rule, zone),
            false => Err(phrases::left_out_changed()),
        };
        match decided {
            Ok(line) => preview.lines.push(line),
            Err(why) => preview.left_out.push(LeftOut {
                id: card.id,
                title: card.title.clone(),
                why,
            }),
        }
    }
    preview
}

fn decide(card: &ConflictCard, rule: &Rule, zone: &str) -> Result<Line, &'static str> {
    let line = |effect: String, of: Option<String>, results| Line {
        id: card.id,
        title: card.title.clone(),
        effect,
        of,
        resolution: Resolution::of(card, results, zone),
    };
    if *rule == Rule::Both {
        let results = both(card).ok_or(phrases::left_out_no_both())?;
        let effect = effect(card, &results, zone);
        return Ok(line(effect, None, results));
    }
    let version = version(card, rule)?;
    let (effect, results) = take(card, version, zone).ok_or(phrases::left_out_no_version())?;
    Ok(line(effect, Some(card.name_of(version).to_owned()), results))
}

/// What taking the side of one version gives: in words, and as values.
#[must_use]
pub fn take(card: &ConflictCard, version: Version, zone: &str) -> Option<(String, Vec<(Field, String)>)> {
    if let Some(situation) = situation(card, zone) {
        let answer = situation.answer_of(version)?;
        return Some((answer.label.clone(), answer.results.clone()));
    }
    let results = card.asked().map(|field| {
        let choosing = Choosing::of(field.clone());
        let result = choosing.result(&Pick::Version(version), zone)?;
        Some((field.field.clone(), result))
    });
    let results: Vec<(Field, String)> = results.collect::<Option<_>>()?;
    Some((effect(card, &results, zone), results))
}

/// What the key `1` or `2` (`version`) gives on a card: the same as in the dialog. In a situation that is its first or its
/// second button, whoever made which version.
#[must_use]
pub fn pressed(card: &ConflictCard, version: Version, zone: &str) -> Option<Vec<(Field, String)>> {
    match situation(card, zone) {
        Some(situation) => {
            let nth = usize::from(version != Version::First);
            Some(situation.answers[nth].results.clone())
        }
        None => Some(take(card, version, zone)?.1),
    }
}

fn both(card: &ConflictCard) -> Option<Vec<(Field, String)>> {
    if situation(card, "").is_some() {
        return None;
    }
    let both = card
        .asked()
        .map(|field| Some((field.field.clone(), Choosing::of(field.clone()).both?)));
    both.collect()
}

fn version(card: &ConflictCard, rule: &Rule) -> Result<Version, &'static str> {
    match rule {
        Rule::Last => Ok(match card.makers[0].at >= card.makers[1].at {
            true => Version::First,
            false => Version::Second,
        }),
        Rule::Device(name) => match card.makers.iter().position(|maker| maker.name == *name) {
            Some(0) => Ok(Version::First),
            Some(_) => Ok(Version::Second),
            None => Err(phrases::left_out_no_version()),
        },
        Rule::Earlier | Rule::Later => {
            if situation(card, "").is_some() {
                return Err(phrases::left_out_no_date());
            }
            let asked: Vec<_> = card.asked().collect();
            let [field] = asked.as_slice() else {
                return Err(phrases::left_out_no_date());
            };
            let due = |text: &str| text.parse::<Due>().ok();
            let (FieldKind::When, Some(first), Some(second)) =
                (field.kind, due(&field.first), due(&field.second))
            else {
                return Err(phrases::left_out_no_date());
            };
            let is_first_earlier = (first.date(), &field.first) <= (second.date(), &field.second);
            Ok(match is_first_earlier == (*rule == Rule::Earlier) {
                true => Version::First,
                false => Version::Second,
            })
        }
        Rule::Both => Err(phrases::left_out_no_both()),
    }
}

/// "Wed 2 Dec → Fri 4 Dec" for the first field; of the others only the names.
fn effect(card: &ConflictCard, results: &[(Field, String)], zone: &str) -> String {
    let effects = results.iter().filter_map(|(field, result)| {
        let field = card.field(field)?;
        if field.kind == FieldKind::Multiline {
            return Some(field.label.clone());
        }
        let [now, then] = [field.now.as_str(), result].map(|value| shown(value, field, zone));
        let one_line = |text: String| text.lines().next().unwrap_or_default().to_owned();
        Some(match now == then {
            true => one_line(then),
            false => phrases::becomes(&one_line(now), &one_line(then)),
        })
    });
    effects.collect::<Vec<_>>().join(" · ")
}
