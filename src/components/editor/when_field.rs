//! The due day and the start of a task: a popover with a line to type a day in words, the days that people pick most, a
//! calendar, and a time.

use leptos::ev::{Event, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use tsugi_calendar::{Date, Weekday};
use tsugi_sync::entity::Field;

use crate::browser::{focus, intl, keyboard, surface};
use crate::components::editor::fields::{Editing, Overtaken};
use crate::components::kit::icon::Icon;
use crate::components::kit::property::{Property, Words};
use crate::components::kit::typed_line::TypedLine;
use crate::components::quick_add::context_here;
use tsugi_screen::day_picker::{self, GRID_DAYS};
use tsugi_screen::text::{repeat, when};
use tsugi_words::intl::DateStyle;
use tsugi_words::phrases;

/// The texts of the two fields.
#[derive(Clone, Copy, Debug)]
pub struct WhenWords {
    pub name: &'static str,
    pub none: &'static str,
    /// The name of the input for the time.
    pub time: &'static str,
    pub icon: Icon,
}

/// A day, and if the person wants, a time of day in a time zone.
#[component]
pub fn WhenField(field: Field, words: WhenWords, editing: Editing, today: Signal<Date>) -> impl IntoView {
    let field = StoredValue::new(field);
    let picking = Picking {
        words,
        shown: editing.shown(field.get_value()),
        today,
        zone: editing.zone,
        set: Callback::new(move |value| editing.set(field.get_value(), value)),
    };
    let said = Signal::derive(move || -> Words {
        let said = |text: &String| {
            editing
                .zone
                .with_value(|zone| when::describe(text, today.get(), zone))
        };
        let said = picking.shown.with(said);
        said.into_iter().map(|said| (said, None)).collect()
    });
    let popover = Callback::new(move |close| picker(picking, close));
    view! {
        <Property icon=words.icon name=words.name words=said none=words.none popover />
        <Overtaken field=field.get_value() editing />
    }
}

/// The state of the picker.
#[derive(Clone, Copy, Debug)]
pub struct Picking {
    pub words: WhenWords,
    /// The text of the field.
    pub shown: Signal<String>,
    pub today: Signal<Date>,
    /// The time zone of this device.
    pub zone: StoredValue<String>,
    pub set: Callback<String>,
}

impl WhenWords {
    #[must_use]
    pub fn due() -> Self {
        Self {
            name: phrases::due(),
            none: phrases::no_date(),
            time: phrases::due_time(),
            icon: Icon::Calendar,
        }
    }
}

impl Picking {
    /// The day of the field, or today.
    fn day(self) -> Option<Date> {
        self.shown.with(|text| when::date_of(text).parse().ok())
    }

    fn pick(self, day: Date) {
        self.set
            .run(self.shown.with_untracked(|text| when::on_day(text, day)));
    }

    fn pick_time(self, time: &str) {
        let today = self.today.get_untracked();
        let zone = self.zone.get_value();
        self.set.run(
            self.shown
                .with_untracked(|text| when::with_time(text, time, today, &zone)),
        );
    }
}

/// What the popover has: a line to type in, frequent days, a month and a time.
#[must_use]
pub fn picker(picking: Picking, close: Callback<()>) -> AnyView {
    let quick = move || {
        let today = picking.today.get();
        let pick = move |(name, day): (&'static str, Date)| {
            let style = match day.number() - today.number() {
                ..7 => DateStyle::Weekday,
                _ => DateStyle::Day,
            };
            let picked = move |_| {
                picking.pick(day);
                close.run(());
            };
            view! {
                <button type="button" class="picker__quick" on:click=picked>
                    {name}" "<span class="picker__aside">{phrases::date(day, style)}</span>
                </button>
            }
        };
        let days = day_picker::frequent_days(today, week_begins());
        days.into_iter().map(pick).collect_view()
    };
    let read = move |typed: &str| day_picker::read_when(typed, &context_here(picking.today.get_untracked())?);
    let say = Callback::new(move |typed: String| {
        let (day, time) = read(&typed)?;
        let day = phrases::date(day, DateStyle::FullDay);
        let time = time.map(|time| phrases::time(time.hour(), time.minute()));
        Some(time.map_or(day.clone(), |time| phrases::day_and_time(&day, &time)))
    });
    let take = Callback::new(move |typed: String| {
        if let Some((day, time)) = read(&typed) {
            picking.pick(day);
            if let Some(time) = time {
                picking.pick_time(&time.to_string());
            }
        }
    });
    let emptied = move |_| {
        picking.set.run(String::new());
        close.run(());
    };
    view! {
        <TypedLine name=picking.words.name placeholder=phrases::when_placeholder() wrong=phrases::date_not_taken() say
            on_take=take on_close=close />
        <div class="picker__quicks">
            {quick}
            <button type="button" class="picker__quick" on:click=emptied>{phrases::no_date()}</button>
        </div>
        <Calendar picking close />
        <TimeRow picking close />
    }
    .into_any()
}

/// A month as a grid of days. The arrow keys go from day to day, and Page Up and Page Down from month to month.
#[component]
fn Calendar(picking: Picking, close: Callback<()>) -> impl IntoView {
    let today = picking.today;
    let at = RwSignal::new(untrack(|| picking.day()).unwrap_or_else(|| today.get_untracked()));
    let grid = NodeRef::<html::Div>::new();
    let month = Memo::new(move |_| at.get().start_of_month());
    let first = Memo::new(move |_| day_picker::grid_start(month.get(), week_begins()));
    let name = move || phrases::date(month.get(), DateStyle::MonthOfYear);
    let turn = move |months: i32| at.update(|at| *at = day_picker::months_later(*at, months));
    let pick = move |day: Date| {
        picking.pick(day);
        close.run(());
    };
    let pressed = move |ev: KeyboardEvent| {
        let day = at.get_untracked();
        let next = match ev.key().as_str() {
            "ArrowRight" => day.plus(if surface::is_mirrored() { -1 } else { 1 }),
            "ArrowLeft" => day.plus(if surface::is_mirrored() { 1 } else { -1 }),
            "ArrowDown" => day.plus(7),
            "ArrowUp" => day.plus(-7),
            "PageDown" => Some(day_picker::months_later(day, 1)),
            "PageUp" => Some(day_picker::months_later(day, -1)),
            "Enter" | " " => {
                ev.prevent_default();
                ev.stop_propagation();
                return pick(day);
            }
            _ => return,
        };
        ev.prevent_default();
        at.set(next.unwrap_or(day));
        focus::focus_cell(grid);
    };
    let cell = move |place: i32| {
        let day = move || first.get().plus(place).unwrap_or_else(|| first.get());
        let chosen = move || (picking.day() == Some(day())).to_string();
        let is_today = move || (day() == today.get()).then_some("date");
        let is_other = move || day().month() != month.get().month();
        let tabindex = move || if day() == at.get() { "0" } else { "-1" };
        view! {
            <div class="calendar__day" class:calendar__day--other=is_other role="gridcell" tabindex=tabindex
                aria-selected=chosen aria-current=is_today aria-label=move || phrases::date(day(), DateStyle::FullDay)
                on:click=move |_| pick(untrack(day))>
                {move || day().day().to_string()}
            </div>
        }
        .into_any()
    };
    let week = |week: i32| {
        let days: Vec<AnyView> = (week * 7..week * 7 + 7).map(cell).collect();
        view! { <div class="calendar__week" role="row">{days}</div> }.into_any()
    };
    let weeks: Vec<AnyView> = (0..GRID_DAYS / 7).map(week).collect();
    let begins = usize::from(week_begins().number());
    let heads = Weekday::ALL.into_iter().cycle().skip(begins).take(7).map(|day| {
        view! {
            <span role="columnheader" aria-label=repeat::weekday_name(day)>{repeat::weekday_letters(day)}</span>
        }
    });
    let turner = move |months: i32, name: &'static str, class: &'static str| {
        view! {
            <button type="button" class=class aria-label=name on:click=move |_| turn(months)>{Icon::Chevron.draw()}</button>
        }
    };
    view! {
        <div class="calendar">
            <div class="calendar__head">
                <span class="calendar__month" aria-live="polite">{name}</span>
                {turner(-1, phrases::previous_month(), "icon-button calendar__turn")}
                {turner(1, phrases::later_month(), "icon-button calendar__turn calendar__turn--next")}
            </div>
            <div role="grid" aria-label=name node_ref=grid on:keydown=pressed>
                <div class="calendar__week calendar__heads" role="row">{heads.collect_view()}</div>
                {weeks}
            </div>
        </div>
    }
}

/// The time of day, as people write it.
#[component]
fn TimeRow(picking: Picking, close: Callback<()>) -> impl IntoView {
    let time = Memo::new(move |_| picking.shown.with(|text| when::time_of(text)));
    let is_wrong = RwSignal::new(false);
    let typed = move |text: String| {
        let context = context_here(picking.today.get_untracked());
        let read = context.and_then(|context| day_picker::read_time(&text, &context));
        match read {
            Some(read) => picking.pick_time(&read.to_string()),
            None if text.trim().is_empty() => picking.pick_time(""),
            None => {}
        }
        is_wrong.try_set(read.is_none() && !text.trim().is_empty());
    };
    let changed = move |ev: Event| typed(event_target_value(&ev));
    let pressed = move |ev: KeyboardEvent| {
        if keyboard::is_enter(&ev) && !keyboard::is_modified(&ev) {
            ev.prevent_default();
            ev.stop_propagation();
            typed(event_target_value(&ev));
            if !is_wrong.get_untracked() {
                close.run(());
            }
        }
    };
    let place = move || {
        let zone = picking.shown.with(|text| when::zone_of(text));
        let elsewhere = zone.filter(|zone| picking.zone.with_value(|here| zone != here));
        elsewhere.map_or_else(String::new, |zone| phrases::time_in(&zone))
    };
    view! {
        <label class="picker__row">
            <span class="picker__row-name">{phrases::time_of_day()}</span>
            <input class="input picker__time" type="text" autocomplete="off" placeholder="15:00" aria-label=picking.words.time
                prop:value=time on:change=changed on:keydown=pressed />
        </label>
        <p class="picker__says">{place}</p>
        <p class="picker__says problem" hidden=move || !is_wrong.get()>{phrases::time_not_taken()}</p>
    }
}

/// The day on which weeks begin, as people in the app's language are used to.
fn week_begins() -> Weekday {
    let begins = usize::from(intl::week_begins(phrases::language().tag()));
    Weekday::ALL.get(begins).copied().unwrap_or(Weekday::Monday)
}
