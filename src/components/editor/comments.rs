//! The comments on a task.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use tsugi_sync::comment::{CommentError, check_comment};
use tsugi_sync::ids::{EntityId, Timestamp, UserId};
use tsugi_sync::limits;

use crate::browser::{keyboard, names};
use crate::components::editor::notes_preview::draw_text;
use crate::components::ids;
use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use crate::components::kit::unsent::unsent_text;
use tsugi_screen::index::detail::Remark;
use tsugi_screen::unsent::Input;
use tsugi_words::phrases;

#[component]
pub fn Comments(
    task: EntityId,
    /// Whether the task is deleted, so that nothing can be added to it.
    gone: Signal<bool>,
    comments: Signal<Vec<Remark>>,
    /// The user who is signed in, if anybody is.
    user: Signal<Option<UserId>>,
    now: Signal<Timestamp>,
    on_add: Callback<String>,
    on_delete: Callback<EntityId>,
) -> impl IntoView {
    let text = unsent_text(Input::Comment(task));
    let problem = RwSignal::new(None::<String>);
    let is_blank = move || text.with(|text| text.trim().is_empty());
    let add = move || {
        if text.with_untracked(|text| text.trim().is_empty()) {
            return;
        }
        if gone.get_untracked() {
            return problem.set(Some(phrases::restore_first().to_owned()));
        }
        match text.with_untracked(|text| check_comment(text).map(str::to_owned)) {
            Ok(said) => {
                problem.set(None);
                on_add.run(said);
                text.set(String::new());
            }
            Err(CommentError::Empty) => problem.set(Some(phrases::comment_needed().to_owned())),
            Err(CommentError::TooLong(_)) => {
                problem.set(Some(phrases::comment_too_long(limits::COMMENT_CHARS)))
            }
        }
    };
    let pressed = move |ev: KeyboardEvent| {
        if ev.key() == "Enter" && keyboard::is_modified(&ev) {
            ev.prevent_default();
            // Without this, the same keys would also save the task in the editor around it.
            ev.stop_propagation();
            add();
        }
    };
    let row = move |comment| view! { <Comment comment user now on_delete /> }.into_any();
    let rows = changing(move || comments.get().into_iter().map(row).collect::<Vec<_>>());
    view! {
        <section class="part" aria-labelledby=ids::COMMENTS_HEADING>
            <h3 class="part__title" id=ids::COMMENTS_HEADING>{phrases::comments()}</h3>
            <ul class="comments" role="list" aria-labelledby=ids::COMMENTS_HEADING>
                {rows}
            </ul>
            <textarea id=names::COMMENT class="input input--grows" rows=2 aria-label=phrases::add_comment()
                placeholder=phrases::add_comment() bind:value=text on:keydown=pressed></textarea>
            <p class="problem" role="alert">{problem}</p>
            <button type="button" class="button button--small part__button" hidden=is_blank on:click=move |_| add()>
                {phrases::comment()}
            </button>
        </section>
    }
}

#[component]
fn Comment(
    comment: Remark,
    user: Signal<Option<UserId>>,
    now: Signal<Timestamp>,
    on_delete: Callback<EntityId>,
) -> impl IntoView {
    let (id, author, created) = (comment.id, comment.author, comment.created);
    // A comment without an author was made without an account, so by the person at this device.
    let who = move || match author.is_none_or(|author| user.get() == Some(author)) {
        true => phrases::you(),
        false => phrases::somebody_else(),
    };
    let when = move || phrases::ago(now.get().since(created));
    view! {
        <li class="comment">
            <p class="comment__head">
                <span class="comment__who">{who}</span> " " <span class="comment__when">{when}</span>
                <button type="button" class="icon-button comment__delete" aria-label=phrases::delete_comment()
                    on:click=move |_| on_delete.run(id)>
                    {Icon::Trash.draw()}
                </button>
            </p>
            <div class="prose">{draw_text(&comment.text)}</div>
        </li>
    }
}
