//! Edits of the person: each is shown at once, and then saved by the loop.

use std::collections::BTreeSet;

use tsugi_calendar::Due;
use tsugi_sync::conflict::Conflict;
use tsugi_sync::entity::{Entity, Field};
use tsugi_sync::gesture;
use tsugi_sync::ids::EntityId;
use tsugi_sync::policy;
use tsugi_sync::replica::Edit;

use crate::browser::{device, page, session_storage, time, unsent};
use tsugi_screen::activity::Change;
use tsugi_screen::edits::add::Adding;
use tsugi_screen::edits::arrange::{self, CannotArrange, Moment};
use tsugi_screen::edits::plan::{self, NotDone};
use tsugi_screen::edits::start_here::{self, Pointer};
use tsugi_screen::export;
use tsugi_screen::gestures::{Direction, Gestures, Which};
use tsugi_screen::intent::arrange::{Arrange, Container, Furnish};
use tsugi_screen::intent::{AddTo, AppIntent, EditIntent, GoIntent, Intent};
use tsugi_screen::local::Local;
use tsugi_screen::noted::{is_there, not_durable};
use tsugi_screen::place::{Address, TaskPlace};
use tsugi_screen::text::due;
use tsugi_screen::text::summary::Summary;
use tsugi_screen::unsent::Input;
use tsugi_words::phrases;

use super::doing::{Did, Planned, Report};
use super::{Client, GESTURES, Tab};
use crate::tab::noted;

/// Carries out an intent that changes the workspace, or that concerns all of it.
pub(crate) fn carry_out(client: &Client, intent: Intent) {
    match intent {
        Intent::Edit(edit) => client.edit(edit),
        Intent::Arrange(what) => client.arrange(&what),
        Intent::App(AppIntent::SaveCopy) => client.save_file("tsugi", export::everything),
        Intent::App(AppIntent::SaveHistory) => client.save_file("tsugi-history", export::history),
        Intent::App(_) | Intent::Show(_) | Intent::Go(_) | Intent::Sync(_) | Intent::Account(_) => {}
    }
}

impl Client {
    /// Carries out an edit intent.
    fn edit(&self, intent: EditIntent) {
        match intent {
            EditIntent::CarryOut(direction, which) => self.carry_out(direction, which),
            EditIntent::AddList { name } => {
                let made = self.attempt(|_| {
                    let edit = plan::add_list(&name, self.stamp())?;
                    Ok(Planned::one(edit, Summary::Said(phrases::list_added().to_owned())).told())
                });
                // A person who makes a list wants to add tasks to it, so the list is opened.
                if let Ok(Some(Did { last: list, .. })) = made {
                    self.go(GoIntent::To(Address::of(TaskPlace::List(list))));
                }
            }
            EditIntent::CompleteSelected => {
                self.attempt_selected(|tab, selected| self.complete(tab, selected))
            }
            EditIntent::DeleteSelected => self.attempt_selected(|tab, selected| {
                let edits = gesture::delete(&tab.desk(), selected, self.stamp())?;
                Ok(Planned::all(edits, Summary::DeletedMany(selected.len())).told())
            }),
            EditIntent::AddTasks {
                to: AddTo::Place(place),
                lines,
            } => self.add_tasks(&place, &lines),
            EditIntent::AddTasks {
                to: AddTo::Task(parent),
                lines,
            } => self.act(|tab| self.add_sub_tasks(tab, parent, &lines)),
            EditIntent::ChangeTask {
                id,
                changes,
                new_labels,
                knew_deleted,
                visit,
            } => {
                self.act(|tab| {
                    let edits =
                        plan::edit_task_with_labels(id, &changes, &new_labels, knew_deleted, self.stamp())?;
                    let planned = Planned::all(edits, Summary::Changed(tab.title(id)));
                    Ok(Planned {
                        visit: Some(visit),
                        ..planned
                    })
                });
            }
            EditIntent::AddComment { task, text } => {
                self.act(|tab| {
                    let add = |adding: &Adding<'_>| adding.comment(task, &text);
                    let edit = self.adding(tab, &TaskPlace::Inbox, add)?;
                    Ok(Planned::one(
                        edit,
                        Summary::Said(phrases::comment_added().to_owned()),
                    ))
                });
            }
            EditIntent::AlwaysAsk { field, ask } => {
                self.act(|tab| {
                    let workspace = tab.local.replica().workspace();
                    let edits = policy::choose(workspace, &field, ask, time::now());
                    let what = Summary::Said(phrases::rule_chosen().to_owned());
                    Ok(Planned::all(edits.into_iter().collect(), what))
                });
            }
            EditIntent::Unresolve { conflict, anyway } => {
                self.act(|tab| {
                    let edits = plan::unresolve(&tab.desk(), conflict, anyway, self.stamp())?;
                    let title = tab.subject_title(conflict);
                    Ok(Planned::all(edits, Summary::Unresolved(title)).told())
                });
            }
            EditIntent::DeleteComment { id } => {
                let edit = plan::delete_comment(id, self.stamp());
                let what = Summary::Said(phrases::comment_deleted().to_owned());
                self.act(|_| Ok(Planned::one(edit, what).told()));
            }
            EditIntent::SetCompleted { id, completed: true } => {
                self.act(|tab| self.complete(tab, &[id]));
            }
            EditIntent::SetCompleted { id, completed: false } => {
                self.act(|tab| {
                    let edits = gesture::reopen(&tab.desk(), id, self.stamp())?;
                    Ok(Planned::all(edits, Summary::Reopened(tab.title(id))))
                });
            }
            EditIntent::DeleteTask { id } => {
                self.act(|tab| {
                    let edits = gesture::delete(&tab.desk(), &[id], self.stamp())?;
                    Ok(Planned::all(edits, Summary::Deleted(tab.title(id))).told())
                });
            }
            EditIntent::RestoreTask { id } => {
                self.act(|tab| {
                    let edits = gesture::restore(&tab.desk(), id, self.stamp())?;
                    Ok(Planned::all(edits, Summary::Restored(tab.title(id))).told())
                });
            }
        }
    }

    /// Carries out the gesture that `make` plans, or shows why it cannot. It did nothing if there was nothing to do.
    pub(super) fn attempt(
        &self,
        make: impl FnOnce(&Tab) -> Result<Planned, NotDone>,
    ) -> Result<Option<Did>, NotDone> {
        let Some(planned) = self.tab.borrow().as_ref().map(make) else {
            return Ok(None);
        };
        match planned {
            Ok(planned) => Ok(self.do_it(planned)),
            Err(problem) => {
                self.store.set_problem(Some(problem.to_string()));
                Err(problem)
            }
        }
    }

    /// The same, where nothing follows from it.
    fn act(&self, make: impl FnOnce(&Tab) -> Result<Planned, NotDone>) {
        drop(self.attempt(make));
    }

    /// The same for all selected tasks. Afterwards none is selected, unless it could not be done.
    fn attempt_selected(&self, make: impl FnOnce(&Tab, &[EntityId]) -> Result<Planned, NotDone>) {
        let selected: Vec<EntityId> = self.store.selected().into_iter().collect();
        if self.attempt(|tab| make(tab, &selected)).is_ok() {
            self.store.set_selected(BTreeSet::new());
        }
    }

    /// Completes tasks. A task that recurs begins again, and the notice says when.
    fn complete(&self, tab: &Tab, tasks: &[EntityId]) -> Result<Planned, NotDone> {
        let edits = gesture::complete(&tab.desk(), tasks, self.stamp())?;
        let [task] = tasks else {
            return Ok(Planned::all(edits, Summary::CompletedMany(tasks.len())).told());
        };
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
        let completes = |edit: &&Edit| edit.set.get(&Field::Completed).is_some_and(|at| !at.is_null());
        let summary = Summary::Completed {
            task: tab.title(*task),
            sub_tasks: edits.iter().filter(completes).count().saturating_sub(1),
            next: next.map(|next| due::describe(next.date(), self.store.today(), false).words),
        };
        Ok(Planned::all(edits, summary).told())
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
    fn arrange(&self, what: &Arrange) {
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
                    what: Summary::Said(arranged.what),
                    report,
                    visit: None,
                });
                // A person who makes a list wants to add tasks to it, so the list is opened.
                if makes_list {
                    self.go(GoIntent::To(Address::of(TaskPlace::List(moment.id))));
                }
            }
        }
    }

    /// Takes up the edits that a page showed before it was loaded again, and that are not in the log.
    pub(super) fn take_up_noted(&self) {
        let Some(workspace) = self
            .tab
            .borrow()
            .as_ref()
            .map(|tab| tab.local.replica().workspace())
        else {
            return;
        };
        let (mut edits, keys) = noted::left(workspace);
        self.with_tab(|tab| {
            let there = |edit: &Edit| tab.local.look(edit.entity, |view| is_there(edit, view));
            edits = not_durable(std::mem::take(&mut edits), there);
        });
        self.do_it(Planned {
            edits,
            what: Summary::Said(String::new()),
            report: Report::Unasked,
            visit: None,
        });
        noted::forget(&keys);
    }

    pub(super) fn make_start_here(&self) {
        let pointer = match device::has_coarse_pointer() {
            true => Pointer::Finger,
            false => Pointer::Mouse,
        };
        if let Ok(edits) = start_here::make(self.stamp(), pointer) {
            self.do_it(Planned {
                edits,
                what: Summary::Said(phrases::start_here().to_owned()),
                report: Report::Unasked,
                visit: None,
            });
        }
        // Who came for another page, or has begun anything meanwhile, stays there.
        if self.store.address() == Address::default() && !self.has_begun() {
            self.go(GoIntent::Replace(Address::of(
                TaskPlace::List(start_here::list()),
            )));
        }
    }

    /// Whether the person has gone somewhere, has asked for an edit, or is writing a line.
    fn has_begun(&self) -> bool {
        let line = Input::QuickAdd(self.store.address());
        self.has_gone.get() || !self.early.borrow().is_empty() || !unsent::text_of(&line).is_empty()
    }

    /// Undoes a gesture, or redoes one that was undone.
    fn carry_out(&self, direction: Direction, which: Which) {
        let none = || match direction {
            Direction::Undo => phrases::nothing_to_undo(),
            Direction::Redo => phrases::nothing_to_redo(),
        };
        let taken = self.tab.borrow_mut().as_mut().and_then(|tab| {
            tab.remember_gestures();
            let gesture = tab.gestures.take(direction, which)?;
            let group = (gesture.done.len() > 1).then(time::new_id);
            let edits = gesture::undo(&tab.desk(), &gesture.done, time::now(), group);
            Some((gesture.what, edits))
        });
        match taken {
            None => self.notice(none().to_owned(), None),
            Some((_, edits)) if edits.is_empty() => self.notice(phrases::changed_since().to_owned(), None),
            Some((what, edits)) => {
                self.do_it(Planned {
                    edits,
                    what,
                    report: Report::CarriesOut(direction),
                    visit: None,
                });
            }
        }
    }

    /// Saves what `write` writes into a file for the person. It gets the time as well.
    fn save_file(&self, name: &str, write: fn(&Local, &[Change], String) -> String) {
        let at = time::now();
        let text = self
            .tab
            .borrow()
            .as_ref()
            .map(|tab| write(&tab.local, tab.screen.activity(), time::iso(at)));
        let name = format!("{name}-{}.json", self.store.today());
        if let Some(text) = text
            && page::download(&name, &text).is_err()
        {
            self.store.set_problem(Some(phrases::no_download().to_owned()));
        }
    }
}

impl Tab {
    /// Before the first gesture of this page: brings back those from before it was loaded.
    pub(super) fn remember_gestures(&mut self) {
        if self.gestures.is_new() {
            let workspace = self.local.replica().workspace();
            let kept = session_storage::get(GESTURES).and_then(|text| Gestures::from_text(&text, workspace));
            self.gestures = kept.unwrap_or_default();
        }
    }

    /// The title of what a conflict is about.
    fn subject_title(&self, conflict: EntityId) -> String {
        let subject = |view: &Entity| Some(Conflict::read(view)?.subject);
        let subject = self.local.look(conflict, |view| view.and_then(subject));
        subject.map(|subject| self.title(subject)).unwrap_or_default()
    }

    /// The title of a task, deleted or not.
    fn title(&self, task: EntityId) -> String {
        let title = |view: &Entity| view.value(&Field::Title).as_text().map(str::to_owned);
        self.local
            .look(task, |view| view.and_then(title))
            .unwrap_or_default()
    }
}
