//! The picker of how a task comes again. It takes a rule as text and gives one back; what it means is said beneath.

use leptos::ev::{Event, Targeted};
use leptos::prelude::*;
use leptos::web_sys::HtmlInputElement;
use tsugi_sync::date::{Date, Weekday};
use tsugi_sync::recurrence::{End, Every, From, Rule};

use crate::components::changing::changing;
use crate::components::choice::{Choice, Offer};
use crate::components::repeat::{self, MonthDays, Unit};
use crate::phrases;

#[component]
pub fn RepeatField(
    /// What its ids begin with.
    id: &'static str,
    label: &'static str,
    /// The rule as it is kept; empty for none.
    text: Signal<String>,
    /// The day that the first one is due, or today.
    day: Signal<String>,
    on_change: Callback<String>,
) -> impl IntoView {
    let rule = Memo::new(move |_| text.with(|text| text.parse::<Rule>().ok()));
    let set = Callback::new(move |rule: Option<Rule>| {
        on_change.run(rule.map(|rule| rule.to_string()).unwrap_or_default());
    });
    let value = Signal::derive(move || {
        rule.with(|rule| {
            rule.as_ref()
                .map_or("", |rule| unit_value(Unit::of(rule)))
                .to_owned()
        })
    });
    let choose = Callback::new(move |value: String| {
        let unit = Unit::ALL.into_iter().find(|unit| unit_value(*unit) == value);
        set.run(rule.with_untracked(|rule| repeat::with_unit(rule.as_ref(), unit)));
    });
    let unit = Memo::new(move |_| rule.with(|rule| rule.as_ref().map(Unit::of)));
    let details = changing(move || unit.get().map(|unit| view! { <Details id unit rule day set /> }));
    // What a later version wrote is shown, and stays until something else is chosen.
    let words = Memo::new(move |_| rule.with(|rule| rule.as_ref().map_or_else(|| text.get(), repeat::say)));
    let says = format!("{id}-words");
    view! {
        <div class="field">
            <label class="field__label" for=id>{label}</label>
            <Choice id offers=Signal::derive(units) value on_choose=choose described=says.clone() />
            {details}
            <p class="hint repeat__words" id=says>{words}</p>
        </div>
    }
}

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

#[component]
fn Details(
    id: &'static str,
    unit: Unit,
    rule: Memo<Option<Rule>>,
    day: Signal<String>,
    set: Callback<Option<Rule>>,
) -> impl IntoView {
    let change = Callback::new(move |change: Box<dyn FnOnce(&Rule) -> Rule>| {
        if let Some(changed) = rule.with_untracked(|rule| rule.as_ref().map(change)) {
            set.run(Some(changed));
        }
    });
    let interval = Memo::new(move |_| rule.with(|rule| rule.as_ref().map_or(1, |rule| rule.interval)));
    let counted = move |ev: Targeted<Event, HtmlInputElement>| {
        if let Ok(interval) = ev.target().value().parse() {
            change.run(Box::new(move |rule| repeat::with_interval(rule, interval)));
        }
    };
    let from_done =
        Memo::new(move |_| rule.with(|rule| rule.as_ref().is_some_and(|rule| rule.from == From::Done)));
    let switched = move |ev: Targeted<Event, HtmlInputElement>| {
        let from = if ev.target().checked() {
            From::Done
        } else {
            From::Due
        };
        change.run(Box::new(move |rule| Rule { from, ..rule.clone() }));
    };
    let days = match unit {
        Unit::Day | Unit::Year => None,
        Unit::Week => Some(view! { <WeekdayBoxes rule change /> }.into_any()),
        Unit::Month => Some(view! { <MonthDaysChoice id rule day change /> }.into_any()),
    };
    view! {
        <div class="repeat">
            <label class="repeat__interval">
                <span>{phrases::interval()}</span>
                <input class="input repeat__number" type="number" min=1 max=999 prop:value=move || interval.get().to_string()
                    on:change:target=counted />
            </label>
            {days}
            <EndChoice id rule day change />
            <label class="repeat__from">
                <input type="checkbox" class="check check--square" prop:checked=from_done on:change:target=switched />
                <span>{phrases::count_from_done()}</span>
            </label>
        </div>
    }
}

/// One change of a rule.
type Change = Callback<Box<dyn FnOnce(&Rule) -> Rule>>;

#[component]
fn WeekdayBoxes(rule: Memo<Option<Rule>>, change: Change) -> impl IntoView {
    let days = Memo::new(move |_| {
        rule.with(|rule| match rule.as_ref().map(|rule| &rule.every) {
            Some(Every::Week(days)) => days.clone(),
            Some(Every::Day | Every::Month(_) | Every::Year(..)) | None => Default::default(),
        })
    });
    let boxes = Weekday::ALL.map(|day| {
        let name = repeat::weekday_name(day);
        // As many letters as tell the days apart; in Japanese that is one.
        let short: String = name.chars().take(if name.is_ascii() { 2 } else { 1 }).collect();
        let switched = move |ev: Targeted<Event, HtmlInputElement>| {
            let on = ev.target().checked();
            change.run(Box::new(move |rule| repeat::with_weekday(rule, day, on)));
        };
        view! {
            <label class="weekday">
                <input type="checkbox" class="weekday__box" aria-label=name
                    prop:checked=move || days.with(|days| days.contains(&day)) on:change:target=switched />
                <span class="weekday__name" aria-hidden="true">{short}</span>
            </label>
        }
    });
    view! {
        <fieldset class="weekdays">
            <legend class="visually-hidden">{phrases::weekdays()}</legend>
            {boxes.collect_view()}
        </fieldset>
    }
}

#[component]
fn MonthDaysChoice(
    id: &'static str,
    rule: Memo<Option<Rule>>,
    day: Signal<String>,
    change: Change,
) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        rule.with(|rule| match rule.as_ref().map(|rule| &rule.every) {
            Some(Every::Month(days)) => MonthDays::of(days),
            Some(Every::Day | Every::Week(_) | Every::Year(..)) | None => MonthDays::Same,
        })
    });
    // What a person wants of a month is mostly where the day of this task is in it.
    let offered = Memo::new(move |_| offered(day.with(|day| day.parse().ok()), chosen.get()));
    let offers = Signal::derive(move || {
        let every = |days: &MonthDays| match *days {
            MonthDays::Same => phrases::same_day().to_owned(),
            MonthDays::Several => phrases::several_days().to_owned(),
            days => rule.with(|rule| rule.as_ref().map_or_else(String::new, |rule| words(rule, days))),
        };
        offered.with(|offered| {
            let named = offered.iter().enumerate();
            named
                .map(|(nth, days)| Offer::new(nth.to_string(), every(days)))
                .collect()
        })
    });
    let value = Signal::derive(move || {
        let place = offered.with(|offered| offered.iter().position(|days| *days == chosen.get()));
        place.unwrap_or_default().to_string()
    });
    let choose = Callback::new(move |value: String| {
        let nth: Option<usize> = value.parse().ok();
        let days = nth.and_then(|nth| offered.with_untracked(|offered| offered.get(nth).copied()));
        if let Some(days) = days {
            change.run(Box::new(move |rule| repeat::with_month_days(rule, days)));
        }
    });
    view! { <Choice id=format!("{id}-month") name=phrases::days_of_the_month() offers value on_choose=choose /> }
}

/// "On the 2nd Tuesday": the rule with these days, every month and without an end.
fn words(rule: &Rule, days: MonthDays) -> String {
    let plain = Rule {
        interval: 1,
        end: End::Never,
        from: From::Due,
        ..rule.clone()
    };
    repeat::say(&repeat::with_month_days(&plain, days))
}

fn offered(day: Option<Date>, chosen: MonthDays) -> Vec<MonthDays> {
    let mut offered = vec![MonthDays::Same];
    if let Some(day) = day {
        let weekday = day.weekday();
        let nth = i8::try_from((day.day - 1) / 7 + 1).unwrap_or(1);
        offered.push(MonthDays::Day(i8::try_from(day.day).unwrap_or(1)));
        offered.push(MonthDays::Nth(nth, weekday));
        offered.push(MonthDays::Nth(-1, weekday));
    }
    offered.push(MonthDays::Last);
    if !offered.contains(&chosen) {
        offered.push(chosen);
    }
    offered
}

#[component]
fn EndChoice(
    id: &'static str,
    rule: Memo<Option<Rule>>,
    day: Signal<String>,
    change: Change,
) -> impl IntoView {
    let end = Memo::new(move |_| rule.with(|rule| rule.as_ref().map_or(End::Never, |rule| rule.end)));
    let set = move |end: End| change.run(Box::new(move |rule| Rule { end, ..rule.clone() }));
    let offers = || {
        vec![
            Offer::new("never", phrases::end_never()),
            Offer::new("until", phrases::end_until()),
            Offer::new("count", phrases::end_count()),
        ]
    };
    let kind = Memo::new(move |_| match end.get() {
        End::Never => "never",
        End::Until(_) => "until",
        End::Count(_) => "count",
    });
    let choose = Callback::new(move |value: String| {
        let day = || day.with_untracked(|day| day.parse::<Date>().ok());
        match value.as_str() {
            "until" => {
                // A month on, for the person to change.
                if let Some(last) = day().and_then(|day| day.plus(30)) {
                    set(End::Until(last));
                }
            }
            "count" => set(End::Count(5)),
            _ => set(End::Never),
        }
    });
    let last = move |ev: Targeted<Event, HtmlInputElement>| {
        if let Ok(last) = ev.target().value().parse() {
            set(End::Until(last));
        }
    };
    let counted = move |ev: Targeted<Event, HtmlInputElement>| {
        if let Ok(count) = ev.target().value().parse::<u16>() {
            set(End::Count(count.clamp(1, tsugi_sync::limits::RULE_NUMBER)));
        }
    };
    let value = move || match end.get() {
        End::Never => String::new(),
        End::Until(last) => last.to_string(),
        End::Count(count) => count.to_string(),
    };
    let detail = changing(move || {
        match kind.get() {
        "until" => view! {
            <input class="input when__date" type="date" max="9999-12-31" aria-label=phrases::last_date() prop:value=value
                on:change:target=last />
        }
        .into_any(),
        "count" => view! {
            <input class="input repeat__number" type="number" min=1 max=999 aria-label=phrases::times() prop:value=value
                on:change:target=counted />
        }
        .into_any(),
        _ => ().into_any(),
    }
    });
    view! {
        <div class="repeat__end">
            <Choice id=format!("{id}-end") name=phrases::ends() offers=Signal::derive(offers)
                value=Signal::derive(move || kind.get().to_owned()) on_choose=choose />
            {detail}
        </div>
    }
}
