//! Edits of the person: each is shown at once, and then saved by the loop.

use std::collections::BTreeSet;

use tsugi_calendar::Due;
use tsugi_quick_add::Parsed;
use tsugi_sync::entity::Field;
use tsugi_sync::gesture::{self, Done};
use tsugi_sync::ids::EntityId;
use tsugi_sync::replica::Edit;
use tsugi_sync::task::Task;

use crate::browser::time::{self};
use tsugi_screen::edits::add::Adding;
use tsugi_screen::edits::arrange::{self, CannotArrange, Moment};
use tsugi_screen::edits::plan::{self, NotDone};
use tsugi_screen::edits::start_here;
use tsugi_screen::gestures::{Direction, Gesture};
use tsugi_screen::intent::arrange::{Arrange, Container, Furnish};
use tsugi_screen::intent::{EditIntent, GoIntent};
use tsugi_screen::model::{AccountState, OnDevice};
use tsugi_screen::place::{Address, TaskPlace};
use tsugi_screen::text::due;
use tsugi_words::phrases;

use super::{Client, Message, Tab};

impl Client {
    /// Carries out an edit intent.
    pub(super) fn edit(&self, intent: EditIntent) {
        match intent {
            EditIntent::Undo => self.carry_out(Direction::Undo),
            EditIntent::Redo => self.carry_out(Direction::Redo),
            EditIntent::AddList { name } => {
                let made = self.attempt(|_| {
                    let edit = plan::add_list(&name, self.stamp())?;
                    Ok(Planned::one(edit, phrases::list_added()).told())
                });
                // A person who makes a list wants to add tasks to it, so the list is opened.
                if let Some(list) = made {
                    self.go(GoIntent::To(Address::of(TaskPlace::List(list))));
                }
            }
            EditIntent::CompleteSelected => {
                self.attempt_selected(|tab, selected| self.complete(tab, selected))
            }
            EditIntent::DeleteSelected => self.attempt_selected(|tab, selected| {
                let edits = gesture::delete(&tab.desk(), selected, self.stamp())?;
                Ok(Planned::all(edits, &phrases::tasks_deleted(selected.len())).told())
            }),
            EditIntent::AddTask { place, task } => {
                self.attempt(|tab| self.add_task(tab, &place, &task));
            }
            EditIntent::AddSubTask { parent, title } => {
                self.attempt(|tab| self.add_sub_task(tab, parent, &title));
            }
            EditIntent::ChangeTask {
                id,
                changes,
                new_labels,
            } => {
                self.attempt(|_| {
                    let edits = plan::edit_task_with_labels(id, &changes, &new_labels, self.stamp())?;
                    Ok(Planned::all(edits, phrases::task_edited()))
                });
            }
            EditIntent::AddComment { task, text } => {
                self.attempt(|tab| {
                    let add = |adding: &Adding<'_>| adding.comment(task, &text);
                    let edit = self.adding(tab, &TaskPlace::Inbox, add)?;
                    Ok(Planned::one(edit, phrases::comment_added()))
                });
            }
            EditIntent::DeleteComment { id } => {
                let edit = plan::delete_comment(id, self.stamp());
                self.attempt(|_| Ok(Planned::one(edit, phrases::comment_deleted()).told()));
            }
            EditIntent::SetCompleted { id, completed: true } => {
                self.attempt(|tab| self.complete(tab, &[id]));
            }
            EditIntent::SetCompleted { id, completed: false } => {
                self.attempt(|tab| {
                    let edits = gesture::reopen(&tab.desk(), id, self.stamp())?;
                    Ok(Planned::all(edits, phrases::task_reopened()))
                });
            }
            EditIntent::DeleteTask { id } => {
                self.attempt(|tab| {
                    let edits = gesture::delete(&tab.desk(), &[id], self.stamp())?;
                    Ok(Planned::all(edits, phrases::task_deleted()).told())
                });
            }
            EditIntent::RestoreTask { id } => {
                self.attempt(|tab| {
                    let edits = gesture::restore(&tab.desk(), id, self.stamp())?;
                    Ok(Planned::all(edits, phrases::task_restored()).told())
                });
            }
        }
    }

    /// Carries out the gesture that `make` plans, or shows why it cannot. Returns the first entity that it changes.
    fn attempt(&self, make: impl FnOnce(&Tab) -> Result<Planned, NotDone>) -> Option<EntityId> {
        let planned = self.tab.borrow().as_ref().map(make)?;
        match planned {
            Ok(planned) => {
                let first = planned.edits.first().map(|edit| edit.entity);
                self.do_it(planned);
                first
            }
            Err(problem) => {
                self.store.set_problem(Some(problem.to_string()));
                None
            }
        }
    }

    /// The same for all selected tasks. Afterwards none is selected.
    fn attempt_selected(&self, make: impl FnOnce(&Tab, &[EntityId]) -> Result<Planned, NotDone>) {
        let selected: Vec<EntityId> = self.store.selected().into_iter().collect();
        if self.attempt(|tab| make(tab, &selected)).is_some() {
            self.store.set_selected(BTreeSet::new());
        }
    }

    /// Completes tasks. A task that recurs begins again, and the notice says when.
    fn complete(&self, tab: &Tab, tasks: &[EntityId]) -> Result<Planned, NotDone> {
        let edits = gesture::complete(&tab.desk(), tasks, self.stamp())?;
        let begins = edits
            .iter()
            .find(|edit| edit.set.contains_key(&Field::Recurrence) && edit.set.contains_key(&Field::Series));
        let next = begins
            .and_then(|edit| {
                edit.set
                    .get(&Field::Due)
                    .or(edit.set.get(&Field::Start))?
                    .as_text()
            })
            .and_then(|due| due.parse::<Due>().ok());
        let what = match (tasks.len(), next) {
            (1, Some(next)) => {
                phrases::completed_until(&due::describe(next.date(), self.store.today(), false).words)
            }
            (1, None) => phrases::task_completed().to_owned(),
            (count, _) => phrases::tasks_completed(count),
        };
        Ok(Planned::all(edits, &what).told())
    }

    fn add_task(&self, tab: &Tab, place: &TaskPlace, task: &Parsed) -> Result<Planned, NotDone> {
        let edits = self.adding(tab, place, |adding| adding.task(task))?;
        Ok(Planned::all(edits, phrases::task_added()))
    }

    fn add_sub_task(&self, tab: &Tab, parent: EntityId, title: &str) -> Result<Planned, NotDone> {
        let Some(parent) = tab.local.look(parent, |view| view.and_then(Task::read)) else {
            return Ok(Planned::all(Vec::new(), phrases::task_added()));
        };
        let edit = self.adding(tab, &TaskPlace::Inbox, |adding| adding.sub_task(&parent, title))?;
        Ok(Planned::one(edit, phrases::task_added()))
    }

    /// Calls `add` with the state that adding depends on: place, names, date, zone and account.
    fn adding<T>(&self, tab: &Tab, place: &TaskPlace, add: impl FnOnce(&Adding<'_>) -> T) -> T {
        let user = match self.store.account() {
            AccountState::SignedIn { user, .. } => user,
            AccountState::None | AccountState::Local => None,
        };
        let zone = time::time_zone();
        add(&Adding {
            place,
            catalog: tab.screen.index().catalog(),
            today: self.store.today(),
            zone: zone.as_deref().unwrap_or("UTC"),
            user,
            now: time::now(),
            fresh_id: time::new_id,
        })
    }

    /// The time of a gesture, and a fresh id for it.
    fn stamp(&self) -> gesture::Stamp {
        gesture::Stamp {
            at: time::now(),
            today: self.store.today(),
            group: time::new_id(),
        }
    }

    /// Carries out an intent about order. If the effect is out of sight, a notice tells everybody; otherwise a screen
    /// reader alone says it.
    pub(super) fn arrange(&self, what: &Arrange) {
        let moment = Moment {
            stamp: self.stamp(),
            id: EntityId(time::new_id()),
            jitter: time::random_u64(),
        };
        let arranged = self
            .tab
            .borrow()
            .as_ref()
            .map(|tab| arrange::arrange(tab.desk(), what, moment));
        match arranged {
            None => {}
            Some(Err(CannotArrange::NoFurther)) => self.say(CannotArrange::NoFurther.to_string()),
            Some(Err(problem)) => self.store.set_problem(Some(problem.to_string())),
            Some(Ok(arranged)) => {
                let container = Container::List;
                let makes_list = matches!(what, Arrange::Furnish(Furnish::Add { container: made, .. }) if *made == container);
                let report = match arranged.in_sight {
                    true => Report::Quietly,
                    false => Report::Told,
                };
                if arranged.in_sight {
                    self.say(arranged.what.clone());
                }
                self.do_it(Planned {
                    edits: arranged.edits,
                    what: arranged.what,
                    report,
                });
                // A person who makes a list wants to add tasks to it, so the list is opened.
                if makes_list {
                    self.go(GoIntent::To(Address::of(TaskPlace::List(moment.id))));
                }
            }
        }
    }

    pub(super) fn make_start_here(&self) {
        if let Ok(edits) = start_here::make(self.stamp()) {
            self.do_it(Planned {
                edits,
                what: phrases::start_here().to_owned(),
                report: Report::Unasked,
            });
        }
    }

    /// Undoes the last gesture, or redoes the one that was undone last.
    pub(super) fn carry_out(&self, direction: Direction) {
        let none = || match direction {
            Direction::Undo => phrases::nothing_to_undo(),
            Direction::Redo => phrases::nothing_to_redo(),
        };
        let taken = self.tab.borrow_mut().as_mut().and_then(|tab| {
            let gesture = tab.gestures.take(direction)?;
            let group = (gesture.done.len() > 1).then(time::new_id);
            let edits = gesture::undo(&tab.desk(), &gesture.done, time::now(), group);
            Some((gesture.what, edits))
        });
        match taken {
            None => self.notice(none().to_owned(), None),
            Some((_, edits)) if edits.is_empty() => self.notice(phrases::changed_since().to_owned(), None),
            Some((what, edits)) => self.do_it(Planned {
                edits,
                what,
                report: Report::CarriesOut(direction),
            }),
        }
    }

    /// Shows edits at once and has them saved.
    fn do_it(&self, planned: Planned) {
        // A problem stays on the screen until the person does something else.
        if !matches!(planned.report, Report::Unasked) {
            self.store.set_problem(None);
        }
        let mut tab = self.tab.borrow_mut();
        let Some(Tab {
            local,
            screen,
            gestures,
            ..
        }) = tab.as_mut()
        else {
            return;
        };
        if !local.has_room(planned.edits.len()) {
            return self.store.set_problem(Some(phrases::outbox_full().to_owned()));
        }
        let mut done = Vec::with_capacity(planned.edits.len());
        let mut touched = BTreeSet::new();
        // A single edit gets no group, so that it can be squashed with later edits of the same entity.
        let is_alone = planned.edits.len() == 1;
        for mut edit in planned.edits {
            edit.group = edit.group.filter(|_| !is_alone);
            touched.insert(edit.entity);
            done.push(local.look(edit.entity, |before| Done::of(&edit, before)));
            local.show(edit);
        }
        if done.is_empty() {
            return;
        }
        screen.show(local, &touched);
        let gesture = Gesture {
            what: planned.what.clone(),
            done,
        };
        match planned.report {
            Report::Quietly | Report::Told => gestures.did(gesture),
            Report::CarriesOut(direction) => gestures.carried_out(direction, gesture),
            Report::Unasked => {}
        }
        let waiting = local.waiting();
        let mut status = self.store.status();
        status.waiting = waiting;
        if status.on_device == OnDevice::Saved {
            status.on_device = OnDevice::Saving;
        }
        self.store.set_status(status);
        drop(tab);
        match planned.report {
            Report::Quietly | Report::Unasked => {}
            Report::Told => self.notice(planned.what, Some(Direction::Undo)),
            Report::CarriesOut(Direction::Undo) => {
                self.notice(phrases::undone(&planned.what), Some(Direction::Redo))
            }
            Report::CarriesOut(Direction::Redo) => {
                self.notice(phrases::redone(&planned.what), Some(Direction::Undo))
            }
        }
        self.send(Message::Save);
    }
}

/// Edits that are about to be shown and saved.
struct Planned {
    edits: Vec<Edit>,
    /// A text about the gesture: "Task completed".
    what: String,
    report: Report,
}

/// How the person is told.
#[derive(Clone, Copy)]
enum Report {
    /// Not at all, because they see the effect.
    Quietly,
    /// By a notice with a button to undo it, because the effect is out of sight.
    Told,
    CarriesOut(Direction),
    /// Not at all, because the app made these edits by itself. They cannot be undone.
    Unasked,
}

impl Planned {
    fn one(edit: Edit, what: &str) -> Self {
        Self::all(vec![edit], what)
    }

    fn all(edits: Vec<Edit>, what: &str) -> Self {
        Self {
            edits,
            what: what.to_owned(),
            report: Report::Quietly,
        }
    }

    fn told(self) -> Self {
        Self {
            report: Report::Told,
            ..self
        }
    }
}
