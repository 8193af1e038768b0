//! Done, or put off: one person completes a task, and another gives it another date or another rule, both without
//! knowing of the other. The edits change different fields, so the server accepts both. This is one of the crossings:
//! see `crossing` for which replica acts, and when.
//!
//! The task is done, without a question, in two cases. A record of the rule `done` keeps both edits, so that a person
//! can still say that it is not done.
//!
//! - It was completed later than it was put off, by the clocks with which the last of two writers is found. Nobody has
//!   wanted anything of the task since it was done.
//! - No date was set to a later day than before. Whoever wants a task sooner has it, because it is done already.
//!
//! A person is asked in all other cases: somebody chose a new day for a task that was done already, and did not know
//! it. A person is also asked if the rule of recurrence was changed, because the next instance has the old rule; if it
//! is not known when the other edit was made; and if the workspace always asks about completions.
//!
//! An example. The task is due on 1 May, and two replicas are offline:
//!
//! ```text
//! phone    9:30  seq 9: completed        laptop   9:10  seq 5: due date 1 May → 1 June
//! server   the laptop's 5 is accepted at revision 7, the phone's 9 at revision 8
//! ```
//! 1. Now the task is done, and due on 1 June: both edits stand.
//! 2. The phone receives one delta: the task is due on 1 June since revision 7, and its own mutation 9 was accepted at
//!    revision 8. It made the later edit in the server's order, so it acts. The task was completed 20 minutes after it
//!    was put off, so the phone writes a merge record with the rule `done`.
//! 3. Had the laptop put it off at 9:50, the phone would write an open conflict record instead. It would ask a person
//!    whether the task is done.

use tsugi_calendar::{Date, Due};

use super::Replica;
use super::crossing::{Contested, Own, sides};
use crate::conflict::{Decision, State};
use crate::entity::{Entity, Field};
use crate::fault::{Fault, planted};
use crate::hlc::Hlc;
use crate::ids::{EntityId, Revision};
use crate::merge::Rule;
use crate::mutation::Mutation;
use crate::policy::Policies;
use crate::protocol::Delta;
use crate::value::Value;

/// The fields that say when a task is to be done.
const WHEN: [Field; 3] = [Field::Due, Field::Start, Field::Recurrence];

/// One of the two edits that cross, as this replica made it.
struct Crossing<'a> {
    /// The last of this replica's edits that cross.
    last: &'a Own<'a>,
    /// What a record shows of the dates and the rule, and of the completion.
    fields: Contested,
    /// Whether a date was set to a later day, or the rule to another one.
    puts_off: bool,
}

impl Replica {
    /// The record for a task that was completed on one side, and got another date or another rule on the other side.
    pub(super) fn done_or_put_off(&self, news: &Entity, delta: &Delta, device: &str) -> Option<Mutation> {
        let is_news = |field: &Field| self.is_news(news, field, delta);
        let done_there = is_news(&Field::Completed) && !news.value(&Field::Completed).is_null();
        let put_off_there: Vec<Field> = WHEN.into_iter().filter(is_news).collect();
        if !done_there && put_off_there.is_empty() {
            return None;
        }
        let own = self.own(news.id, delta);
        let edits = OwnEdits { own: &own, news };
        let done_at = news.revision_of(&Field::Completed);
        let crosses_done = done_there && edits.change(&Field::Completed, done_at).is_none();
        let Crossing {
            last,
            mut fields,
            puts_off,
        } = match crosses_done {
            true => edits.put_off_here(is_news)?,
            false => edits.done_here(&put_off_there, |field| self.base_value(news.id, field))?,
        };
        let theirs = fields.keys().filter(|field| match crosses_done {
            true => **field == Field::Completed,
            false => **field != Field::Completed,
        });
        let theirs: Vec<Revision> = theirs.map(|field| news.revision_of(field)).collect();
        let by = theirs
            .iter()
            .max()
            .and_then(|revision| delta.author_of(*revision));
        let at = |revision: &Revision| delta.author_of(*revision).map(|by| Hlc::new(by.at, by.tick));
        // None if the author of any of them is not known.
        let theirs_at: Option<Vec<Hlc>> = theirs.iter().map(at).collect();
        let (own_at, theirs_at) = (
            last.mutation.hlc(),
            theirs_at.and_then(|all| all.into_iter().max()),
        );
        let is_done_later = match crosses_done {
            true => theirs_at.is_some_and(|done| done > own_at),
            false => theirs_at.is_some_and(|put_off| own_at > put_off),
        };
        let is_done = is_done_later || !puts_off || planted(Fault::DoneWhenever);
        let asks = fields.contains_key(&Field::Recurrence)
            || Policies::of(self, self.workspace).asks(&Field::Completed);
        let state = if is_done && !asks {
            State::Merged
        } else {
            State::Open
        };
        if state == State::Merged {
            let (completed, _) = fields.get_mut(&Field::Completed)?;
            // The side that put it off saw it open.
            if !crosses_done {
                completed.remote = Value::Null;
            }
            let decision = Decision {
                rule: Some(Rule::Done),
                result: news_or(crosses_done, &completed.local, news.value(&Field::Completed)),
            };
            let shown = (completed.clone(), Some(decision));
            fields.insert(Field::Completed, shown);
        }
        if state == State::Merged && planted(Fault::CrossingNotRecorded) {
            return None;
        }
        self.crossed((last, by.as_ref()), state, news.id, fields, device)
    }

    /// Whether this field of the news has another value than the replica knew.
    fn is_news(&self, news: &Entity, field: &Field, delta: &Delta) -> bool {
        let known = self.base.get(&news.id).map(|base| base.revision_of(field));
        let newer = news.revision_of(field) > known.unwrap_or_default() && delta.to > self.cursor;
        newer && news.value(field) != self.base_value(news.id, field)
    }

    pub(super) fn base_value(&self, id: EntityId, field: &Field) -> &Value {
        static NULL: Value = Value::Null;
        self.base.get(&id).map_or(&NULL, |base| base.value(field))
    }
}

/// The completion that stands: the one of the news, or the one that this side made.
fn news_or(is_news: bool, own: &Value, news: &Value) -> Value {
    if is_news { news.clone() } else { own.clone() }
}

/// This replica's edits of one task, and the news of that task.
#[derive(Clone, Copy)]
struct OwnEdits<'a> {
    own: &'a [Own<'a>],
    news: &'a Entity,
}

impl<'a> OwnEdits<'a> {
    /// The edits that give the field another value than the person saw, the last one first. Edits that the server
    /// accepted at `since` or before do not count.
    fn changes(self, field: &Field, since: Revision) -> impl Iterator<Item = &'a Own<'a>> {
        let later = move |own: &&Own<'_>| own.revision.is_none_or(|at| at > since);
        let changes = move |own: &&Own<'_>| {
            let value = own.mutation.set.get(field);
            value.is_some_and(|value| value != own.mutation.base_value(field))
        };
        self.own.iter().rev().filter(later).filter(changes)
    }

    fn change(self, field: &Field, since: Revision) -> Option<&'a Own<'a>> {
        self.changes(field, since).next()
    }

    /// The other side completed the task. What a record shows of the dates and the rule that this side set, with the
    /// last edit of them.
    fn put_off_here(self, is_news: impl Fn(&Field) -> bool) -> Option<Crossing<'a>> {
        let done_at = self.news.revision_of(&Field::Completed);
        let mut fields = Contested::new();
        let (mut last, mut puts_off_any) = (None::<&Own<'_>>, false);
        for field in &WHEN {
            // If an answer was lost, an edit of this side may be among the news.
            let is_own =
                |own: &&Own<'_>| !is_news(field) || own.mutation.set[field] == *self.news.value(field);
            let Some(own) = self.change(field, done_at).filter(is_own) else {
                continue;
            };
            let (before, after) = (own.mutation.base_value(field), &own.mutation.set[field]);
            fields.insert(field.clone(), (sides(before, after, before), None));
            // Who put it off twice may have put it off to an earlier day the second time.
            let first = self.changes(field, done_at).last().unwrap_or(own);
            puts_off_any |= puts_off(first.mutation.base_value(field), after);
            last = last.filter(|last| last.seq > own.seq).or(Some(own));
        }
        let done = sides(&Value::Null, &Value::Null, self.news.value(&Field::Completed));
        fields.insert(Field::Completed, (done, None));
        last.map(|last| Crossing {
            last,
            fields,
            puts_off: puts_off_any,
        })
    }

    /// The other side set the fields of `put_off_there`. What a record shows of them beside the completion of this
    /// side, with the edit that completed the task. `before` gives the value that this side knew of a field.
    fn done_here<'v>(
        self,
        put_off_there: &[Field],
        before: impl Fn(&Field) -> &'v Value,
    ) -> Option<Crossing<'a>> {
        let revision_of = |field: &Field| self.news.revision_of(field);
        let own = self.completion(revision_of(put_off_there.first()?))?;
        let mut fields = Contested::new();
        let mut puts_off_any = false;
        for field in put_off_there {
            if self.change(field, revision_of(field)).is_none() {
                let (before, after) = (before(field), self.news.value(field));
                fields.insert(field.clone(), (sides(before, before, after), None));
                puts_off_any |= puts_off(before, after);
            }
        }
        if fields.is_empty() {
            return None;
        }
        // The server accepts the completion of this replica, so both sides have it.
        let done = &own.mutation.set[&Field::Completed];
        fields.insert(Field::Completed, (sides(&Value::Null, done, done), None));
        Some(Crossing {
            last: own,
            fields,
            puts_off: puts_off_any,
        })
    }

    /// The edit after revision `since` that completed the task. None if this side or another reopened the task later.
    fn completion(self, since: Revision) -> Option<&'a Own<'a>> {
        let own = self.change(&Field::Completed, since)?;
        let value = &own.mutation.set[&Field::Completed];
        let said_later = self.news.fields.get(&Field::Completed);
        // When a deleted task is brought back, the news hold all its values. The old ones have a lower revision, and
        // they say nothing about this completion.
        let said_later = said_later.filter(|cell| own.revision.is_some_and(|at| cell.1 > at));
        let stands = said_later.is_none_or(|cell| cell.0 == *value);
        (stands && !value.is_null()).then_some(own)
    }
}

/// Whether a new value of a date is on a later day than the one before. A first date, no date any more, and values that
/// are no dates count as later, so that a person is asked.
fn puts_off(before: &Value, after: &Value) -> bool {
    match (day(before), day(after)) {
        (Some(before), Some(after)) => after > before,
        (Some(_) | None, Some(_) | None) => true,
    }
}

fn day(value: &Value) -> Option<Date> {
    let due: Due = value.as_text()?.parse().ok()?;
    Some(due.date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_put_off_if_it_gets_a_later_day() {
        let rows = [
            ("2026-05-02", "2026-05-03", true),
            ("2026-05-02", "2026-05-02T09:00[Asia/Tokyo]", false),
            (
                "2026-05-02T09:00[Asia/Tokyo]",
                "2026-05-02T21:00[Asia/Tokyo]",
                false,
            ),
            ("2026-05-02", "2026-05-01", false),
            ("", "2026-05-01", true),
            ("2026-05-02", "", true),
            ("some day", "2026-05-01", true),
        ];
        for (before, after, expected) in rows {
            let value = |text: &str| match text {
                "" => Value::Null,
                text => text.into(),
            };
            assert_eq!(
                puts_off(&value(before), &value(after)),
                expected,
                "{before} → {after}"
            );
        }
    }
}
