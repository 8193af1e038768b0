//! What a notice says at once about a decision that was made elsewhere.

use tsugi_sync::conflict::{Conflict, Sides};
use tsugi_sync::ids::ReplicaId;
use tsugi_sync::merge::Rule;
use tsugi_words::phrases;

use super::card::joined;
use super::history::{Decider, HistoryEntry, HistoryLine};

/// What a notice says at once about an entry: that a person decided on another device, or that a rule has dropped what was
/// set on this one.
#[must_use]
pub fn news(record: &Conflict, entry: &HistoryEntry, here: ReplicaId) -> Option<String> {
    let by = record
        .resolution
        .as_ref()
        .and_then(|resolution| resolution.by.replica);
    let kept = |lines: &[HistoryLine]| {
        let kept = lines
            .iter()
            .map(|line| line.kept.lines().next().unwrap_or_default());
        kept.collect::<Vec<_>>().join(" · ")
    };
    match entry.decider {
        Decider::Edit => None,
        Decider::Person if by == Some(here) => None,
        Decider::Person => Some(phrases::news_decided(
            &entry.title,
            &kept(&entry.lines),
            &entry.who,
        )),
        Decider::Rule => {
            let side = |sides: &Sides| match (record.local.replica, record.remote.replica) {
                (Some(local), _) if local == here => Some(sides.local.clone()),
                (_, Some(remote)) if remote == here => Some(sides.remote.clone()),
                (_, _) => None,
            };
            let lost = record.fields.iter().find(|(field, sides)| {
                let decision = record.decisions.get(field);
                decision.is_some_and(|decision| {
                    let is_joined = matches!(decision.rule, Some(Rule::Lines | Rule::Set));
                    !is_joined && side(sides).is_some_and(|own| own != decision.result)
                })
            });
            let label = phrases::field_label(lost?.0);
            let line = entry.lines.iter().find(|line| line.label == label)?;
            let kept = phrases::was_kept_not(&line.kept, &joined(line.dropped.iter().cloned()));
            Some(phrases::news_merged(&entry.title, &kept))
        }
    }
}
