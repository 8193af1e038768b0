//! What a person does to the workspace: the edits that it comes to, at once on the screen, then for good.

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
    /// Changes tasks: at once on the screen, then for good.
    pub(super) fn edit(&self, intent: EditIntent) {
        match intent {
            EditIntent::Undo => self.carry_out(Direction::Undo),
            EditIntent::Redo => self.carry_out(Direction::Redo),
            EditIntent::AddList { name } => {
                let made = self.attempt(|_| {
                    let edit = plan::add_list(&name, self.stamp())?;
                    Ok(Doing::one(edit, phrases::list_added()).told())
                });
                // Whoever makes a list wants to write on it.
                if let Some(list) = made {
                    self.go(GoIntent::To(Address::of(TaskPlace::List(list))));
                }
            }
            EditIntent::CompleteSelected => {
                self.attempt_selected(|tab, selected| self.complete(tab, selected))
            }
            EditIntent::DeleteSelected => self.attempt_selected(|tab, selected| {
                let edits = gesture::delete(&tab.desk(), selected, self.stamp())?;
                Ok(Doing::all(edits, &phrases::tasks_deleted(selected.len())).told())
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
                    Ok(Doing::all(edits, phrases::task_edited()))
                });
            }
            EditIntent::AddComment { task, text } => {
                self.attempt(|tab| {
                    let add = |adding: &Adding<'_>| adding.comment(task, &text);
                    let edit = self.adding(tab, &TaskPlace::Inbox, add)?;
                    Ok(Doing::one(edit, phrases::comment_added()))
                });
            }
            EditIntent::DeleteComment { id } => {
                let edit = plan::delete_comment(id, self.stamp());
                self.attempt(|_| Ok(Doing::one(edit, phrases::comment_deleted()).told()));
            }
            EditIntent::SetCompleted { id, completed: true } => {
                self.attempt(|tab| self.complete(tab, &[id]));
            }
            EditIntent::SetCompleted { id, completed: false } => {
                self.attempt(|tab| {
                    let edits = gesture::reopen(&tab.desk(), id, self.stamp())?;
                    Ok(Doing::all(edits, phrases::task_reopened()))
                });
            }
            EditIntent::DeleteTask { id } => {
                self.attempt(|tab| {
                    let edits = gesture::delete(&tab.desk(), &[id], self.stamp())?;
                    Ok(Doing::all(edits, phrases::task_deleted()).told())
                });
            }
            EditIntent::RestoreTask { id } => {
                self.attempt(|tab| {
                    let edits = gesture::restore(&tab.desk(), id, self.stamp())?;
                    Ok(Doing::all(edits, phrases::task_restored()).told())
                });
            }
        }
    }

    /// Does what `make` comes to, or says why it is not done. Answers the first entity that was changed.
    fn attempt(&self, make: impl FnOnce(&Tab) -> Result<Doing, NotDone>) -> Option<EntityId> {
        let doing = self.tab.borrow().as_ref().map(make)?;
        match doing {
            Ok(doing) => {
                let first = doing.edits.first().map(|edit| edit.entity);
                self.do_it(doing);
                first
            }
            Err(problem) => {
                self.store.set_problem(Some(problem.to_string()));
                None
            }
        }
    }

    /// Does something with all tasks that are selected; once it is done, none is.
    fn attempt_selected(&self, make: impl FnOnce(&Tab, &[EntityId]) -> Result<Doing, NotDone>) {
        let selected: Vec<EntityId> = self.store.selected().into_iter().collect();
        if self.attempt(|tab| make(tab, &selected)).is_some() {
            self.store.set_selected(BTreeSet::new());
        }
    }

    /// Completes tasks. Of those that recur the next ones begin, and the notice says when.
    fn complete(&self, tab: &Tab, tasks: &[EntityId]) -> Result<Doing, NotDone> {
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
        Ok(Doing::all(edits, &what).told())
    }

    fn add_task(&self, tab: &Tab, place: &TaskPlace, task: &Parsed) -> Result<Doing, NotDone> {
        let edits = self.adding(tab, place, |adding| adding.task(task))?;
        Ok(Doing::all(edits, phrases::task_added()))
    }

    fn add_sub_task(&self, tab: &Tab, parent: EntityId, title: &str) -> Result<Doing, NotDone> {
        let Some(parent) = tab.local.look(parent, |view| view.and_then(Task::read)) else {
            return Ok(Doing::all(Vec::new(), phrases::task_added()));
        };
        let edit = self.adding(tab, &TaskPlace::Inbox, |adding| adding.sub_task(&parent, title))?;
        Ok(Doing::one(edit, phrases::task_added()))
    }

    /// What adding things depends on beside what is added.
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

    /// When a gesture is made, and a fresh id for it.
    fn stamp(&self) -> gesture::Stamp {
        gesture::Stamp {
            at: time::now(),
            today: self.store.today(),
            group: time::new_id(),
        }
    }

    /// Puts things in another order, and says so: to everybody where it is out of sight now, else to who cannot see it.
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
                let how = match arranged.in_sight {
                    true => How::Quietly,
                    false => How::Told,
                };
                if arranged.in_sight {
                    self.say(arranged.what.clone());
                }
                self.do_it(Doing {
                    edits: arranged.edits,
                    what: arranged.what,
                    how,
                });
                // Who makes a list wants to write on it.
                if makes_list {
                    self.go(GoIntent::To(Address::of(TaskPlace::List(moment.id))));
                }
            }
        }
    }

    pub(super) fn make_start_here(&self) {
        if let Ok(edits) = start_here::make(self.stamp()) {
            self.do_it(Doing {
                edits,
                what: phrases::start_here().to_owned(),
                how: How::Unasked,
            });
        }
    }

    /// Takes back what was done last, or does again what was taken back last.
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
            Some((what, edits)) => self.do_it(Doing {
                edits,
                what,
                how: How::CarriesOut(direction),
            }),
        }
    }

    /// Shows edits at once and has them saved.
    fn do_it(&self, doing: Doing) {
        // What went wrong is read until the person goes on.
        if !matches!(doing.how, How::Unasked) {
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
        if !local.has_room(doing.edits.len()) {
            return self.store.set_problem(Some(phrases::outbox_full().to_owned()));
        }
        let mut done = Vec::with_capacity(doing.edits.len());
        let mut touched = BTreeSet::new();
        // What is done alone is no group, and may go up with what is done next.
        let is_alone = doing.edits.len() == 1;
        for mut edit in doing.edits {
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
            what: doing.what.clone(),
            done,
        };
        match doing.how {
            How::Quietly | How::Told => gestures.did(gesture),
            How::CarriesOut(direction) => gestures.carried_out(direction, gesture),
            How::Unasked => {}
        }
        let waiting = local.waiting();
        let mut status = self.store.status();
        status.waiting = waiting;
        if status.on_device == OnDevice::Saved {
            status.on_device = OnDevice::Saving;
        }
        self.store.set_status(status);
        drop(tab);
        match doing.how {
            How::Quietly | How::Unasked => {}
            How::Told => self.notice(doing.what, Some(Direction::Undo)),
            How::CarriesOut(Direction::Undo) => {
                self.notice(phrases::undone(&doing.what), Some(Direction::Redo))
            }
            How::CarriesOut(Direction::Redo) => {
                self.notice(phrases::redone(&doing.what), Some(Direction::Undo))
            }
        }
        self.send(Message::Save);
    }
}

/// Edits on their way to the screen.
struct Doing {
    edits: Vec<Edit>,
    /// "Task completed"
    what: String,
    how: How,
}

/// How a person hears of what was done.
#[derive(Clone, Copy)]
enum How {
    /// They see it.
    Quietly,
    /// It is out of sight now: a notice says so, and offers to take it back.
    Told,
    CarriesOut(Direction),
    /// They did not do it, and it is not theirs to take back.
    Unasked,
}

impl Doing {
    fn one(edit: Edit, what: &str) -> Self {
        Self::all(vec![edit], what)
    }

    fn all(edits: Vec<Edit>, what: &str) -> Self {
        Self {
            edits,
            what: what.to_owned(),
            how: How::Quietly,
        }
    }

    fn told(self) -> Self {
        Self {
            how: How::Told,
            ..self
        }
    }
}
