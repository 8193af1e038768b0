//! The picker of a recurrence. It takes a rule as text and gives one back, and shows the rule in words.
//!
//! Each control works its value out of the text. A rule is short, and a signal for each of its parts would make the
//! download larger.

use leptos::ev::Event;
use leptos::prelude::*;
use tsugi_calendar::rule::{CountedFrom, End, Every, Rule};
use tsugi_calendar::{Date, Weekday};
use tsugi_sync::limits;

use crate::components::kit::changing::changing;
use crate::components::kit::choice::Offer;
use crate::components::kit::segments::Segments;
use crate::components::quick_add::context_here;
use tsugi_screen::day_picker;
use tsugi_screen::text::repeat::{self, MonthDays, Unit};
use tsugi_words::phrases;

/// A rule in the picker.
#[derive(Clone, Copy)]
struct Picking {
    /// The rule as text; empty for none.
    text: Signal<String>,
    /// The day on which the first one is due, or today.
    day: Signal<Date>,
    on_change: Callback<String>,
}

impl Picking {
    fn rule(self) -> Option<Rule> {
        self.text.with(|text| text.parse().ok())
    }

    fn end(self) -> End {
        self.rule().map_or(End::Never, |rule| rule.end)
    }

    fn month_days(self) -> MonthDays {
        match self.rule().map(|rule| rule.every) {
            Some(Every::Month(days)) => MonthDays::of(&days),
            Some(Every::Day | Every::Week(_) | Every::Year(..)) | None => MonthDays::Same,
        }
    }

    /// The choices for the days of a month come from the due day of this task, because a person mostly wants that one:
    /// on 10 March 2026, "on day 10" and "on the 2nd Tuesday".
    fn offered(self) -> Vec<MonthDays> {
        let day = self.day.get();
        let nth = i8::try_from((day.day() - 1) / 7 + 1).unwrap_or(1);
        let mut offered = vec![
            MonthDays::Same,
            MonthDays::Day(i8::try_from(day.day()).unwrap_or(1)),
            MonthDays::Nth(nth, day.weekday()),
            MonthDays::Nth(-1, day.weekday()),
            MonthDays::Last,
        ];
        let chosen = self.month_days();
        if !offered.contains(&chosen) {
            offered.push(chosen);
        }
        offered
    }

    fn change(self, change: &dyn Fn(&Rule) -> Rule) {
        if let Some(rule) = untrack(|| self.rule()) {
            self.on_change.run(change(&rule).to_string());
        }
    }

    fn set_end(self, end: End) {
        self.change(&|rule| Rule { end, ..rule.clone() });
    }
}

#[component]
pub fn RepeatField(
    label: &'static str,
    text: Signal<String>,
    day: Signal<Date>,
    /// Whether the text was chosen. Before that, no unit is shown as chosen, not even *never*.
    #[prop(default = Signal::stored(true))]
    is_chosen: Signal<bool>,
    on_change: Callback<String>,
) -> impl IntoView {
    let picking = Picking { text, day, on_change };
    let unit = Memo::new(move |_| {
        let unit = picking.rule().map(|rule| unit_value(Unit::of(&rule)));
        let unit = is_chosen.get().then(|| unit.unwrap_or_default());
        unit.unwrap_or(UNCHOSEN).to_owned()
    });
    let choose = Callback::new(move |value: String| {
        let unit = Unit::ALL.into_iter().find(|unit| unit_value(*unit) == value);
        let rule = repeat::with_unit(untrack(|| picking.rule()).as_ref(), unit);
        on_change.run(rule.map(|rule| rule.to_string()).unwrap_or_default());
    });
    let details = changing(move || (!["", UNCHOSEN].contains(&&*unit.get())).then(|| details(picking)));
    // A rule of a later version of the app is shown as text, and stays until the person chooses another.
    let words = move || match (is_chosen.get(), picking.rule()) {
        (false, _) => phrases::result_empty().to_owned(),
        (true, Some(rule)) => repeat::say(&rule),
        (true, None) => text.get(),
    };
    view! {
        <div class="field">
            <Segments name=label offers=Signal::derive(units) value=unit on_choose=choose />
            {details}
            <p class="hint repeat__words">{words}</p>
        </div>
    }
}

/// Stands for no choice yet among the values of the units.
const UNCHOSEN: &str = "?";

fn unit_value(unit: Unit) -> &'static str {
    match unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Year => "year",
    }
}

fn units() -> Vec<Offer> {
    let never = Offer::new("", phrases::repeat_never());
    let named = |unit: Unit| Offer::new(unit_value(unit), unit.every(1));
    [never].into_iter().chain(Unit::ALL.map(named)).collect()
}

/// The controls for the unit of the rule.
fn details(picking: Picking) -> AnyView {
    let days = match untrack(|| picking.rule()).as_ref().map(Unit::of) {
        Some(Unit::Week) => weekday_boxes(picking),
        Some(Unit::Month) => month_days(picking),
        Some(Unit::Day | Unit::Year) | None => ().into_any(),
    };
    let interval = move || picking.rule().map_or(1, |rule| rule.interval).to_string();
    let counted = move |ev: Event| {
        if let Ok(interval) = event_target_value(&ev).parse() {
            picking.change(&|rule| repeat::with_interval(rule, interval));
        }
    };
    let from_done = move || picking.rule().is_some_and(|rule| rule.from == CountedFrom::Done);
    let switched = move |ev: Event| {
        let from = match event_target_checked(&ev) {
            true => CountedFrom::Done,
            false => CountedFrom::Due,
        };
        picking.change(&|rule| Rule { from, ..rule.clone() });
    };
    view! {
        <div class="repeat">
            <label class="repeat__interval">
                <span>{phrases::interval()}</span>
                <input class="input repeat__number" type="number" min=1 max=999 prop:value=interval
                    on:input=counted />
            </label>
            {days}
            {end(picking)}
            <label class="repeat__from">
                <input type="checkbox" class="check check--square" prop:checked=from_done on:change=switched />
                <span>{phrases::count_from_done()}</span>
            </label>
        </div>
    }
    .into_any()
}

fn weekday_boxes(picking: Picking) -> AnyView {
    let boxes = Weekday::ALL.map(|day| weekday_box(picking, day));
    view! {
        <fieldset class="weekdays">
            <legend class="visually-hidden">{phrases::weekdays()}</legend>
            {boxes.into_iter().collect::<Vec<_>>()}
        </fieldset>
    }
    .into_any()
}

fn weekday_box(picking: Picking, day: Weekday) -> AnyView {
    let (name, short) = (repeat::weekday_name(day), repeat::weekday_letters(day));
    let is_on = move || match picking.rule().map(|rule| rule.every) {
        Some(Every::Week(days)) => days.contains(&day),
        Some(Every::Day | Every::Month(_) | Every::Year(..)) | None => false,
    };
    let switched = move |ev: Event| {
        let on = event_target_checked(&ev);
        picking.change(&|rule| repeat::with_weekday(rule, day, on));
    };
    view! {
        <label class="weekday">
            <input type="checkbox" class="weekday__box" aria-label=name prop:checked=is_on on:change=switched />
            <span class="weekday__name" aria-hidden="true">{short}</span>
        </label>
    }
    .into_any()
}

fn month_days(picking: Picking) -> AnyView {
    let words = move |days: &MonthDays| match *days {
        MonthDays::Same => phrases::same_day().to_owned(),
        MonthDays::Several => phrases::several_days().to_owned(),
        days @ (MonthDays::Day(_) | MonthDays::Last | MonthDays::Nth(..)) => picking
            .rule()
            .map_or_else(String::new, |rule| every_month(&rule, days)),
    };
    let offers = move || {
        let offered = picking.offered();
        let named = offered.iter().enumerate();
        named
            .map(|(nth, days)| Offer::new(nth.to_string(), words(days)))
            .collect()
    };
    let value = move || {
        let chosen = picking.month_days();
        let place = picking.offered().iter().position(|days| *days == chosen);
        place.unwrap_or_default().to_string()
    };
    let choose = Callback::new(move |value: String| {
        let offered = untrack(|| picking.offered());
        let nth = value.parse::<usize>().ok();
        if let Some(days) = nth.and_then(|nth| offered.get(nth)) {
            picking.change(&|rule| repeat::with_month_days(rule, *days));
        }
    });
    view! {
        <Segments name=phrases::days_of_the_month() offers=Signal::derive(offers) value=Signal::derive(value)
            on_choose=choose />
    }
    .into_any()
}

/// "Every month on the 2nd Tuesday": the rule with these days, with interval 1 and without an end.
fn every_month(rule: &Rule, days: MonthDays) -> String {
    let plain = Rule {
        interval: 1,
        end: End::Never,
        from: CountedFrom::Due,
        ..rule.clone()
    };
    repeat::say(&repeat::with_month_days(&plain, days))
}

fn end(picking: Picking) -> AnyView {
    let offers = || {
        vec![
            Offer::new("never", phrases::end_never()),
            Offer::new("until", phrases::end_until()),
            Offer::new("count", phrases::end_count()),
        ]
    };
    let kind = Memo::new(move |_| {
        let kind = match picking.end() {
            End::Never => "never",
            End::Until(_) => "until",
            End::Count(_) => "count",
        };
        kind.to_owned()
    });
    let choose = Callback::new(move |value: String| match value.as_str() {
        // A date 30 days later, as a start for the person to change.
        "until" => {
            if let Some(last) = picking.day.get_untracked().plus(30) {
                picking.set_end(End::Until(last));
            }
        }
        "count" => picking.set_end(End::Count(5)),
        _ => picking.set_end(End::Never),
    });
    let value = move || match picking.end() {
        End::Never => String::new(),
        End::Until(last) => last.to_string(),
        End::Count(count) => count.to_string(),
    };
    let is_wrong = RwSignal::new(false);
    let counted = move |ev: Event| {
        if let Ok(count) = event_target_value(&ev).parse::<u16>() {
            picking.set_end(End::Count(count.clamp(1, limits::RULE_NUMBER)));
        }
    };
    let dated = move |ev: Event| {
        let context = context_here(picking.day.get_untracked());
        let last = context.and_then(|context| day_picker::read_when(&event_target_value(&ev), &context));
        is_wrong.set(last.is_none());
        if let Some((last, _)) = last {
            picking.set_end(End::Until(last));
        }
    };
    let detail = changing(move || {
        match kind.get().as_str() {
        "until" => view! {
            <input class="input repeat__until" type="text" autocomplete="off" aria-label=phrases::last_date() prop:value=value
                on:change=dated />
            <p class="problem" role="alert" hidden=move || !is_wrong.get()>{phrases::date_not_taken()}</p>
        }
        .into_any(),
        "count" => view! {
            <input class="input repeat__number" type="number" min="1" aria-label=phrases::times() prop:value=value
                on:input=counted />
        }
        .into_any(),
        _ => ().into_any(),
    }
    });
    view! {
        <div class="repeat__end">
            <Segments name=phrases::ends() offers=Signal::derive(offers) value=kind on_choose=choose />
            {detail}
        </div>
    }
    .into_any()
}
