//! Carrying out a gesture: its edits are shown at once, remembered for undo, and then saved by the loop.

use std::collections::BTreeSet;

use tsugi_sync::gesture::Done;
use tsugi_sync::ids::EntityId;
use tsugi_sync::replica::Edit;

use super::{Client, GESTURES, Message, Tab};
use crate::browser::time::Timer;
use crate::browser::{focus, names, session_storage};
use crate::tab::noted;
use tsugi_screen::gestures::{Direction, Gesture, GestureId, Visit};
use tsugi_screen::model::{OnDevice, Opens, UndoNotice};
use tsugi_screen::text::summary::Summary;
use tsugi_words::phrases;

/// How many milliseconds a completed task stays where it is.
const LINGERS_MS: u64 = 600;

impl Client {
    /// Shows edits at once and has them saved. Nothing is done if there are none, or no room for them.
    pub(super) fn do_it(&self, planned: Planned) -> Option<Did> {
        // A problem stays on the screen until the person does something else.
        if !matches!(planned.report, Report::Unasked) {
            self.store.set_problem(None);
        }
        let mut there = self.tab.borrow_mut();
        let tab = there.as_mut()?;
        tab.remember_gestures();
        let Tab {
            local,
            screen,
            gestures,
            ..
        } = tab;
        if !local.has_room(planned.edits.len()) {
            self.store.set_problem(Some(phrases::outbox_full().to_owned()));
            return None;
        }
        let last = planned.edits.last()?.entity;
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
        if !planned.what.lingers() {
            screen.show(local, &touched);
        } else if screen.show_in_place(local, &touched) {
            self.let_linger();
        }
        let gesture = Gesture {
            what: planned.what.clone(),
            done,
            visit: planned.visit,
        };
        let id = match planned.report {
            Report::Quietly | Report::Told => Some(gestures.did(gesture)),
            Report::CarriesOut(direction) => Some(gestures.carried_out(direction, gesture)),
            Report::Unasked => None,
        };
        noted::keep(local);
        session_storage::set(GESTURES, &gestures.to_text(local.replica().workspace()));
        let waiting = local.waiting();
        let mut status = self.store.status();
        status.waiting = waiting;
        if status.on_device == OnDevice::Saved {
            status.on_device = OnDevice::Saving;
        }
        self.store.set_status(status);
        drop(there);
        self.send(Message::Save);
        let gesture = id?;
        match planned.report {
            // This gesture ends redo. A notice may still have a button for it, which would do nothing.
            Report::Quietly => self.drop_redo_notice(),
            Report::Unasked => {}
            Report::Told => self.notice(planned.what.done(), Some((Direction::Undo, gesture))),
            Report::CarriesOut(Direction::Undo) => {
                self.notice(planned.what.undone(), Some((Direction::Redo, gesture)))
            }
            Report::CarriesOut(Direction::Redo) => {
                self.notice(planned.what.redone(), Some((Direction::Undo, gesture)))
            }
        }
        Some(Did { gesture, last })
    }

    /// Takes in a gesture that the loop has carried out and saved, with a notice that can undo it.
    pub(in crate::tab) fn did(&self, what: Summary, done: Vec<Done>) {
        let mut gesture = None;
        self.with_tab(|tab| {
            tab.remember_gestures();
            let what = what.clone();
            gesture = Some(tab.gestures.did(Gesture {
                what,
                done,
                visit: None,
            }));
            session_storage::set(GESTURES, &tab.gestures.to_text(tab.local.replica().workspace()));
        });
        self.notice(what.done(), gesture.map(|gesture| (Direction::Undo, gesture)));
    }

    /// Lets completed tasks stay where they are for a moment, so that the person sees the tick and can take it back there.
    /// Then they leave, and the focus goes from them to the next open task.
    fn let_linger(&self) {
        let client = self.clone();
        let leave = move || {
            let (from, beside) = (focus::row_in_focus(), focus::rows_beside());
            client.with_tab(|tab| {
                let is_open = |task: &EntityId| tab.screen.index().shelves().is_open(*task);
                match from {
                    Some(from) if is_open(&from) => focus::keep_here(),
                    Some(from) => {
                        let next = beside.into_iter().find(is_open).unwrap_or(from);
                        focus::keep_focus(names::check(next), names::PAGE_HEADING);
                    }
                    None => {}
                }
                tab.screen.draw(&tab.local);
            });
        };
        *self.lingering.borrow_mut() = Some(Timer::after(LINGERS_MS, leave));
    }

    fn drop_redo_notice(&self) {
        let promises_redo = |notice: &UndoNotice| matches!(notice.button, Some((Direction::Redo, _)));
        if self.store.undo().as_ref().is_some_and(promises_redo) {
            self.store.set_undo(None);
        }
    }

    /// Tells the person something in a notice, with a button that undoes or redoes a gesture.
    pub(in crate::tab) fn notice(&self, text: String, button: Option<(Direction, GestureId)>) {
        self.notice_of(text, None, button);
    }

    pub(in crate::tab) fn notice_of(
        &self,
        text: String,
        opens: Option<Opens>,
        button: Option<(Direction, GestureId)>,
    ) {
        let id = self.notices.get() + 1;
        self.notices.replace(id);
        self.store.set_undo(Some(UndoNotice {
            id,
            text,
            opens,
            button,
        }));
    }
}

/// A gesture that was carried out, and the last entity that it changed: the task, if it added one.
pub(super) struct Did {
    pub(super) gesture: GestureId,
    pub(super) last: EntityId,
}

/// Edits that are about to be shown and saved.
pub(super) struct Planned {
    pub(super) edits: Vec<Edit>,
    pub(super) what: Summary,
    pub(super) report: Report,
    /// The visit to the editor to which it belongs.
    pub(super) visit: Option<Visit>,
}

/// How the person is told.
#[derive(Clone, Copy)]
pub(super) enum Report {
    /// Not at all, because they see the effect.
    Quietly,
    /// By a notice with a button to undo it, because the effect is out of sight.
    Told,
    CarriesOut(Direction),
    /// Not at all, because the app made these edits by itself. They cannot be undone.
    Unasked,
}

impl Planned {
    pub(super) fn one(edit: Edit, what: Summary) -> Self {
        Self::all(vec![edit], what)
    }

    pub(super) fn all(edits: Vec<Edit>, what: Summary) -> Self {
        Self {
            edits,
            what,
            report: Report::Quietly,
            visit: None,
        }
    }

    pub(super) fn told(self) -> Self {
        Self {
            report: Report::Told,
            ..self
        }
    }
}
