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
use tsugi_screen::edits::plan::{self, NotDone, Stamp};
use tsugi_screen::edits::start_here;
use tsugi_screen::gestures::{Direction, Gesture};
use tsugi_screen::intent::Intent;
use tsugi_screen::intent::arrange::{Arrange, Container, Furnish};
use tsugi_screen::model::{AccountState, OnDevice};
use tsugi_screen::place::{Address, Place};
use tsugi_screen::text::due;
use tsugi_words::phrases;

use super::{Client, Message, Tab};

impl Client {
    /// Does what a person wants: at once on the screen, then for good.
    pub fn dispatch(&self, intent: Intent) {
        let tab = self.tab.borrow();
        let whole = tab.as_ref().filter(|tab| tab.is_whole);
        let doing = whole.map(|tab| self.edits(tab, &intent));
        drop(tab);
        match doing {
            // Not everything is there yet that hangs together with it.
            None if intent.needs_everything() => self.early.borrow_mut().push(intent),
            None | Some(None) => self.steer(intent),
            Some(Some(Err(error))) => self.store.set_problem(Some(error.to_string())),
            Some(Some(Ok(doing))) => {
                let made = doing.edits.first().map(|edit| edit.entity);
                self.do_it(doing);
                if matches!(intent, Intent::CompleteSelected | Intent::DeleteSelected) {
                    self.store.set_selected(BTreeSet::new());
                }
                // Who makes a list wants to write on it.
                if let (Intent::AddList { .. }, Some(list)) = (intent, made) {
                    self.steer(Intent::Go(Address::of(Place::List(list))));
                }
            }
        }
    }

    /// What an intent changes in the workspace; none for one that changes the screen, or needs the loop.
    fn edits(&self, tab: &Tab, intent: &Intent) -> Option<Result<Doing, NotDone>> {
        let selected = || -> Vec<EntityId> { self.store.selected().into_iter().collect() };
        Some(match intent {
            Intent::AddTask { place, task } => self.add_task(tab, place, task),
            Intent::AddSubTask { parent, title } => self.add_sub_task(tab, *parent, title),
            Intent::AddList { name } => plan::add_list(name, stamp())
                .map(|edit| Doing::one(edit, phrases::list_added()).told())
                .map_err(NotDone::from),
            Intent::EditTask {
                id,
                changes,
                new_labels,
            } => plan::edit_task_with_labels(*id, changes, new_labels, stamp())
                .map(|edits| Doing::all(edits, phrases::task_edited()))
                .map_err(NotDone::from),
            Intent::AddComment { task, text } => self
                .adding(tab, &Place::Inbox, |adding| adding.comment(*task, text))
                .map(|edit| Doing::one(edit, phrases::comment_added()))
                .map_err(NotDone::from),
            Intent::DeleteComment { id } => {
                let edit = plan::delete_comment(*id, stamp());
                Ok(Doing::one(edit, phrases::comment_deleted()).told())
            }
            Intent::SetCompleted { id, completed: true } => self.complete(tab, &[*id]),
            Intent::SetCompleted { id, completed: false } => gesture::reopen(&tab.desk(), *id, self.moment())
                .map(|edits| Doing::all(edits, phrases::task_reopened()))
                .map_err(NotDone::from),
            Intent::DeleteTask { id } => gesture::delete(&tab.desk(), &[*id], self.moment())
                .map(|edits| Doing::all(edits, phrases::task_deleted()).told())
                .map_err(NotDone::from),
            Intent::RestoreTask { id } => gesture::restore(&tab.desk(), *id, self.moment())
                .map(|edits| Doing::all(edits, phrases::task_restored()).told())
                .map_err(NotDone::from),
            Intent::CompleteSelected => self.complete(tab, &selected()),
            Intent::DeleteSelected => gesture::delete(&tab.desk(), &selected(), self.moment())
                .map(|edits| Doing::all(edits, &phrases::tasks_deleted(selected().len())).told())
                .map_err(NotDone::from),
            Intent::Arrange(_)
            | Intent::Fold { .. }
            | Intent::ShowMore { .. }
            | Intent::Select { .. }
            | Intent::SelectAll(_)
            | Intent::SelectNone
            | Intent::Undo
            | Intent::Redo
            | Intent::DismissUndo
            | Intent::Go(_)
            | Intent::Become(_)
            | Intent::CloseBeside
            | Intent::Look(_)
            | Intent::ShowCompleted(_)
            | Intent::Find { .. }
            | Intent::ChooseSettings(_)
            | Intent::WorkOffline(_)
            | Intent::Resolve { .. }
            | Intent::DiscardRefused { .. }
            | Intent::ResendRefused { .. }
            | Intent::CopyText(_)
            | Intent::SignIn { .. }
            | Intent::CreateAccount { .. }
            | Intent::UseWithoutAccount
            | Intent::ShowAccount
            | Intent::SignOut { .. }
            | Intent::SyncNow
            | Intent::ShowFigures(_)
            | Intent::SaveCopy
            | Intent::TakeUpdate
            | Intent::PutOffUpdate => return None,
        })
    }

    /// Completes tasks. Of those that recur the next ones begin, and the notice says when.
    fn complete(&self, tab: &Tab, tasks: &[EntityId]) -> Result<Doing, NotDone> {
        let edits = gesture::complete(&tab.desk(), tasks, self.moment())?;
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

    fn add_task(&self, tab: &Tab, place: &Place, task: &Parsed) -> Result<Doing, NotDone> {
        let edits = self.adding(tab, place, |adding| adding.task(task))?;
        Ok(Doing::all(edits, phrases::task_added()))
    }

    fn add_sub_task(&self, tab: &Tab, parent: EntityId, title: &str) -> Result<Doing, NotDone> {
        let Some(parent) = tab.local.look(parent, |view| view.and_then(Task::read)) else {
            return Ok(Doing::nothing(phrases::task_added()));
        };
        let edit = self.adding(tab, &Place::Inbox, |adding| adding.sub_task(&parent, title))?;
        Ok(Doing::one(edit, phrases::task_added()))
    }

    /// What adding things depends on beside what is added.
    fn adding<T>(&self, tab: &Tab, place: &Place, add: impl FnOnce(&Adding<'_>) -> T) -> T {
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

    /// When a gesture is made, and the name of its group.
    fn moment(&self) -> gesture::Stamp {
        gesture::Stamp {
            at: time::now(),
            today: self.store.today(),
            group: time::new_id(),
        }
    }

    /// Puts things in another order, and says so: to everybody where it is out of sight now, else to who cannot see it.
    pub(super) fn arrange(&self, what: &Arrange) {
        let moment = Moment {
            stamp: self.moment(),
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
                    self.steer(Intent::Go(Address::of(Place::List(moment.id))));
                }
            }
        }
    }

    pub(super) fn make_start_here(&self) {
        if let Ok(edits) = start_here::make(self.moment()) {
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
    fn nothing(what: &str) -> Self {
        Self {
            edits: Vec::new(),
            what: what.to_owned(),
            how: How::Quietly,
        }
    }

    fn one(edit: Edit, what: &str) -> Self {
        Self::all(vec![edit], what)
    }

    fn all(edits: Vec<Edit>, what: &str) -> Self {
        Self {
            edits,
            ..Self::nothing(what)
        }
    }

    fn told(self) -> Self {
        Self {
            how: How::Told,
            ..self
        }
    }
}

fn stamp() -> Stamp {
    Stamp {
        now: time::now(),
        id: time::new_id(),
    }
}
