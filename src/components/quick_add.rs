//! Quick add: the line that adds tasks. A person types, presses Enter, and types the next one. Under the line, chips
//! show what was understood; each can be dropped.

use crate::browser::{focus, intl, keyboard, pointer, time};
use leptos::ev::{ClipboardEvent, Event, KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use tsugi_calendar::{Date, Time, Weekday};
use tsugi_quick_add::{Chip, Context, DateOrder, Dropped, Parsed};

use crate::components::completions::{self, Completing};
use crate::components::kit::changing::changing;
use crate::components::kit::icon::Icon;
use tsugi_screen::completion::{Completion, Kind};
use tsugi_screen::edits::draft::title_problem;
use tsugi_screen::model::Sidebar;
use tsugi_screen::place::TaskPlace;
use tsugi_screen::text::quick_add::{self, ChipKind};
use tsugi_words::phrases;

/// The state that reading a line depends on.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    pub place: Signal<TaskPlace>,
    pub today: Signal<Date>,
    pub content: Signal<Sidebar>,
    /// The functions that read a line; none until they are loaded.
    pub reader: Signal<Option<Reader>>,
}

/// The functions that read a line. They are handed over, because the line is on the screen before they are loaded.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    read: fn(&str, Date, &[Dropped], &TaskPlace) -> Option<Parsed>,
    say: fn(&Chip, &Parsed, Date, &Sidebar) -> Option<ChipWords>,
    find: Find,
    press: fn(&KeyboardEvent, Completing) -> bool,
    paste: fn(&Event, Completing) -> Option<String>,
    draw: fn(Completing) -> AnyView,
}

type Find = fn(&str, Option<Kind>, Option<&Parsed>, &Sidebar, &TaskPlace) -> Option<Completion>;
type ChipWords = (ChipKind, String);

/// The functions themselves. All their code comes along with them.
pub const READER: Reader = Reader {
    read: |line, today, dropped, place| Some(quick_add::read(line, &context_here(today)?, dropped, place)),
    say: quick_add::say,
    find: completions::find,
    press: completions::press,
    paste: completions::paste,
    draw: completions::draw,
};

/// The same for the line of a new sub-task.
pub const SUB_TASK_READER: Reader = Reader {
    read: |line, today, dropped, _| Some(quick_add::read_sub_task(line, &context_here(today)?, dropped)),
    find: completions::find_for_sub_task,
    draw: completions::draw_for_sub_task,
    ..READER
};

#[component]
pub fn QuickAdd(
    id: &'static str,
    /// What the line adds.
    name: &'static str,
    /// Why nothing can be added now; none if it can.
    refusal: Signal<Option<String>>,
    /// The id of the names that fit.
    completions_id: &'static str,
    /// The text so far.
    text: RwSignal<String>,
    reading: Reading,
    /// Whether the line has the focus at once, because a dialog was opened for it.
    autofocus: bool,
    /// Called with the parsed line, if its title is allowed; or with each of several pasted lines.
    on_add: Callback<Vec<Parsed>>,
) -> impl IntoView {
    let problem_id = format!("{id}-problem");
    let chips_id = format!("{id}-chips");
    let problem = RwSignal::new(None::<String>);
    let dropped = RwSignal::new(Vec::<Dropped>::new());
    let input = NodeRef::<html::Input>::new();
    let is_blank = move || text.with(|t| t.trim().is_empty());
    let parsed = understood(text, dropped, reading);
    let completing = completing(completions_id, input, text, parsed, reading, on_add);
    // Whether the person pressed Enter before the line could be read.
    let waits = RwSignal::new(false);
    let add = move || {
        waits.set(reading.reader.with_untracked(Option::is_none));
        let Some(parsed) = parsed
            .get_untracked()
            .filter(|_| text.with_untracked(|t| !t.trim().is_empty()))
        else {
            return;
        };
        problem.set(title_problem(&parsed.title).or_else(|| refusal.get_untracked()));
        if problem.with_untracked(Option::is_none) {
            on_add.run(vec![parsed]);
            completing.forget();
            dropped.set(Vec::new());
            text.set(String::new());
        }
    };
    Effect::new(move |_| {
        if reading.reader.with(Option::is_some) && waits.get_untracked() {
            add();
        }
    });
    let pressed = move |ev: KeyboardEvent| {
        let reader = reading.reader.get_untracked();
        if reader.is_some_and(|reader| (reader.press)(&ev, completing)) {
            return;
        }
        if keyboard::is_enter(&ev) {
            ev.prevent_default();
            add();
        }
    };
    let pasted = move |ev: ClipboardEvent| {
        if let Some(reader) = reading.reader.get_untracked() {
            problem.set((reader.paste)(&ev, completing));
        }
    };
    let go_on_typing = move || focus::focus_input(input);
    let clicked = move |_| {
        add();
        go_on_typing();
    };
    let on_drop = Callback::new(move |chip: Chip| {
        dropped.update(|dropped| dropped.push(text.with_untracked(|line| chip.dropped(line))));
        go_on_typing();
    });
    let active = move || completing.at.get().map(|at| format!("{completions_id}-{at}"));
    let described = format!("{problem_id} {chips_id}");
    view! {
        <form class="quick-add" on:submit=move |ev: SubmitEvent| ev.prevent_default()>
            <span class="quick-add__icon">{Icon::Plus.draw()}</span>
            <input id=id class="quick-add__input" type="text" autocomplete="off" enterkeyhint="done"
                aria-label=name placeholder=name aria-describedby=described
                autofocus=autofocus node_ref=input bind:value=text on:keydown=pressed on:paste=pasted aria-autocomplete="list"
                aria-haspopup="listbox" aria-controls=completions_id aria-activedescendant=active
                on:input=move |_| completing.look() on:keyup=move |_| completing.look() on:click=move |_| completing.look() />
            <button type="button" class="button button--primary quick-add__button"
                class:quick-add__button--idle=is_blank on:click=clicked>
                {phrases::add()}
            </button>
            <Chips id=chips_id text=text.into() parsed reading on_drop />
            {changing(move || Some((reading.reader.get()?.draw)(completing)))}
            <p id=problem_id class="problem quick-add__problem" role="alert">{problem}</p>
        </form>
    }
}

/// What a line says, without the chips that the person dropped.
fn understood(
    text: RwSignal<String>,
    dropped: RwSignal<Vec<Dropped>>,
    reading: Reading,
) -> Memo<Option<Parsed>> {
    Memo::new(move |_| {
        let reader = reading.reader.get()?;
        let today = reading.today.get();
        let read = |line: &String| {
            let within = |dropped: &Vec<Dropped>| {
                reading
                    .place
                    .with(|place| (reader.read)(line, today, dropped, place))
            };
            dropped.with(within)
        };
        text.with(read)
    })
}

/// The state of the completion of a line.
fn completing(
    id: &'static str,
    input: NodeRef<html::Input>,
    text: RwSignal<String>,
    parsed: Memo<Option<Parsed>>,
    reading: Reading,
    on_add: Callback<Vec<Parsed>>,
) -> Completing {
    let (before, asked) = (RwSignal::new(String::new()), RwSignal::new(None));
    let closed = RwSignal::new(true);
    let found = Memo::new(move |_| {
        let reader = reading.reader.get().filter(|_| !closed.get())?;
        let find = |parsed: &Option<Parsed>, content: &Sidebar, place: &TaskPlace| {
            before.with(|before| (reader.find)(before, asked.get(), parsed.as_ref(), content, place))
        };
        parsed.with(|parsed| {
            reading
                .content
                .with(|content| reading.place.with(|place| find(parsed, content, place)))
        })
    });
    let add_pasted = Callback::new(move |lines: Vec<String>| {
        let (today, place) = (reading.today.get_untracked(), reading.place.get_untracked());
        let reader = reading.reader.get_untracked();
        let read = |line: &String| {
            let read = |dropped: &[Dropped]| (reader?.read)(line, today, dropped, &place);
            let parsed = read(&[])?;
            // A line that is nothing but words for a date is a title: nobody sees a problem of one line among many.
            let all: Vec<Dropped> = parsed.chips.iter().map(|chip| chip.dropped(line)).collect();
            match title_problem(&parsed.title) {
                Some(_) => read(&all),
                None => Some(parsed),
            }
        };
        on_add.run(lines.iter().filter_map(read).collect());
    });
    Completing {
        id,
        input,
        text,
        before,
        closed,
        asked,
        at: RwSignal::new(None),
        found,
        pasted: RwSignal::new(Vec::new()),
        add_pasted,
    }
}

/// The chips of a line, in its order.
#[component]
pub fn Chips(
    id: String,
    text: Signal<String>,
    parsed: Memo<Option<Parsed>>,
    reading: Reading,
    on_drop: Callback<Chip>,
) -> impl IntoView {
    let said = move || {
        let (Some(parsed), Some(reader)) = (parsed.get(), reading.reader.get()) else {
            return Vec::new();
        };
        let say = |chip: &Chip| {
            let today = reading.today.get();
            let (kind, words) = reading
                .content
                .with(|content| (reader.say)(chip, &parsed, today, content))?;
            Some((chip.clone(), icon_of(kind), words))
        };
        parsed.chips.iter().filter_map(say).collect::<Vec<_>>()
    };
    let chip = move |(chip, icon, words): (Chip, Icon, String)| {
        let typed = text.with_untracked(|line| chip.dropped(line).words);
        let name = phrases::drop_chip(&words, &typed);
        let drop_it = move |_| on_drop.run(chip.clone());
        view! {
            <li class="understood__chip">
                {icon.draw()}
                <span>{words}</span>
                <button type="button" class="understood__drop" aria-label=name on:mousedown=pointer::keep_focus on:click=drop_it>{Icon::Close.draw()}</button>
            </li>
        }
        .into_any()
    };
    let chips = changing(move || said().into_iter().map(chip).collect::<Vec<_>>());
    let none = move || said().is_empty();
    view! {
        <ul id=id class="understood" role="list" aria-label=phrases::understood() aria-live="polite" hidden=none>
            {chips}
        </ul>
    }
}

/// The place and time at which a line is typed. `today` is the day that the screen shows.
#[must_use]
pub fn context_here(today: Date) -> Option<Context> {
    let language = phrases::language().tag();
    let (hour, minute) = time::clock();
    let week_begins = usize::from(intl::week_begins(language));
    Some(Context {
        today,
        now: Time::new(hour, minute)?,
        week_starts: Weekday::ALL.get(week_begins).copied()?,
        date_order: match intl::day_comes_first(language) {
            true => DateOrder::DayFirst,
            false => DateOrder::MonthFirst,
        },
    })
}

fn icon_of(kind: ChipKind) -> Icon {
    match kind {
        ChipKind::Day => Icon::Calendar,
        ChipKind::Repeat => Icon::Repeat,
        ChipKind::Priority => Icon::Flag,
        ChipKind::Label => Icon::Label,
        ChipKind::List => Icon::List,
        ChipKind::Section => Icon::Panel,
    }
}
