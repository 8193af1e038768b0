//! Notes as a preview. It is drawn as elements from typed parts, so no part of the notes is ever used as HTML.

use leptos::ev::Event;
use leptos::prelude::*;

use crate::components::kit::changing::changing;
use tsugi_screen::text::markdown::{self, Block, Inline, Item};
use tsugi_words::phrases;

/// The level of the heading above the notes. Headings in the notes get lower levels.
const ABOVE: u8 = 2;

#[component]
pub fn NotesPreview(
    notes: Signal<String>,
    /// Called with the notes when the person ticks a box in them.
    on_tick: Callback<String>,
) -> impl IntoView {
    let drawn = changing(move || {
        notes.with(|notes| {
            let mut drawing = Drawing {
                level: ABOVE,
                boxes: 0,
                on_tick: Some((notes.clone(), on_tick)),
            };
            drawing.blocks(&markdown::parse(notes))
        })
    });
    view! { <div class="prose" role="group" aria-label=phrases::preview_of_notes()>{drawn}</div> }
}

/// Draws a text in a small space, such as a comment.
#[must_use]
pub fn draw_text(text: &str) -> AnyView {
    let mut drawing = Drawing {
        level: ABOVE,
        boxes: 0,
        on_tick: None,
    };
    drawing.blocks(&markdown::parse(text))
}

/// The state of drawing a text.
struct Drawing {
    /// The level of the last heading. A heading is at most one level below it, so that no level is left out, whatever the
    /// notes say.
    level: u8,
    /// How many boxes of lists of tasks there were.
    boxes: usize,
    /// The text, and what is called with it when a box is ticked, if boxes can be ticked.
    on_tick: Option<(String, Callback<String>)>,
}

impl Drawing {
    fn blocks(&mut self, blocks: &[Block]) -> AnyView {
        let drawn: Vec<AnyView> = blocks.iter().map(|block| self.block(block)).collect();
        drawn.into_any()
    }

    fn block(&mut self, block: &Block) -> AnyView {
        match block {
            Block::Heading(depth, inlines) => {
                self.level = (depth + ABOVE).min(self.level + 1);
                let said = draw_inlines(inlines);
                match self.level {
                    ..=3 => view! { <h3 class="prose__heading prose__heading--first">{said}</h3> }.into_any(),
                    4 => view! { <h4 class="prose__heading">{said}</h4> }.into_any(),
                    5 => view! { <h5 class="prose__heading">{said}</h5> }.into_any(),
                    6.. => view! { <h6 class="prose__heading">{said}</h6> }.into_any(),
                }
            }
            Block::Paragraph(inlines) => view! { <p>{draw_inlines(inlines)}</p> }.into_any(),
            Block::Quote(blocks) => view! { <blockquote>{self.blocks(blocks)}</blockquote> }.into_any(),
            Block::Code(code) => view! { <pre tabindex="0"><code>{code.clone()}</code></pre> }.into_any(),
            Block::Rule => view! { <hr /> }.into_any(),
            Block::List { first, items } => {
                let items: Vec<AnyView> = items.iter().map(|item| self.item(item)).collect();
                match first {
                    Some(first) => view! { <ol start=first.to_string()>{items}</ol> }.into_any(),
                    None => view! { <ul>{items}</ul> }.into_any(),
                }
            }
        }
    }

    fn item(&mut self, item: &Item) -> AnyView {
        let state = item.done.map(|done| self.tick_box(done, item));
        // A single paragraph is drawn without the space that separates paragraphs.
        let blocks = match item.blocks.split_first() {
            Some((Block::Paragraph(inlines), rest)) => {
                vec![draw_inlines(inlines), self.blocks(rest)].into_any()
            }
            Some(_) | None => self.blocks(&item.blocks),
        };
        let is_task = item.done.is_some();
        view! { <li class:prose__task=is_task class:prose__task--done=item.done == Some(true)>{state}<div class="prose__item">{blocks}</div></li> }.into_any()
    }

    fn tick_box(&mut self, done: bool, item: &Item) -> AnyView {
        let nth = self.boxes;
        self.boxes += 1;
        let Some((notes, on_tick)) = self.on_tick.clone() else {
            let words = if done {
                phrases::completed()
            } else {
                phrases::to_do()
            };
            return view! {
                <span class="prose__box" class:prose__box--done=done><span class="visually-hidden">{words}" "</span></span>
            }
            .into_any();
        };
        let ticked = move |ev: Event| {
            if let Some(notes) = markdown::tick(&notes, nth, event_target_checked(&ev)) {
                on_tick.run(notes);
            }
        };
        view! {
            <input type="checkbox" class="check check--square" aria-label=markdown::words(&item.blocks) prop:checked=done
                on:change=ticked />
        }
        .into_any()
    }
}

fn draw_inlines(inlines: &[Inline]) -> AnyView {
    let drawn: Vec<AnyView> = inlines.iter().map(draw_inline).collect();
    drawn.into_any()
}

fn draw_inline(inline: &Inline) -> AnyView {
    match inline {
        Inline::Text(text) => text.clone().into_any(),
        Inline::Break => view! { <br /> }.into_any(),
        Inline::Code(code) => view! { <code>{code.clone()}</code> }.into_any(),
        Inline::Strong(inlines) => view! { <strong>{draw_inlines(inlines)}</strong> }.into_any(),
        Inline::Emphasis(inlines) => view! { <em>{draw_inlines(inlines)}</em> }.into_any(),
        Inline::Struck(inlines) => view! { <s>{draw_inlines(inlines)}</s> }.into_any(),
        Inline::Link { to, text } => view! {
            <a href=to.clone() target="_blank" rel="noopener noreferrer nofollow">{draw_inlines(text)}</a>
        }
        .into_any(),
    }
}
