//! The picture of what happened: time runs down. Marks are drawn when something happens; while time passes, only the clip
//! at *now* and the messages on their way move.

use leptos::prelude::*;
use tsugi_lab::device::Who;
use tsugi_lab::history::Moment;
use tsugi_lab::picture::{Anchor, HEAD, HEIGHT, Line, Mark, Point, SERVER_X, WIDTH, Window, lane};

use crate::components::kit::changing::changing;
use tsugi_screen::text::lab;
use tsugi_words::phrases;

#[component]
pub fn LabDiagram(
    marks: Signal<Vec<Mark>>,
    window: Signal<Window>,
    now: Signal<Moment>,
    /// The picture in a sentence.
    name: Signal<String>,
) -> impl IntoView {
    let up = move || format!("translate(0 {})", -window.with(|window| window.top));
    let until = move || window.with(|window| window.now.to_string());
    let shown = move || window.with(|window| window.now - window.top);
    let drawn = changing(move || marks.with(|marks| marks.iter().map(draw).collect_view()));
    let travelling = Memo::new(move |_| window.with(|window| window.travelling.clone()));
    let dots = changing(move || {
        let dot = |Point { x, y }: Point| {
            view! { <g><circle class="lab-dot" cx=x cy=y r="8" /><circle class="lab-dot__heart" cx=x cy=y r="3.5" /></g> }
        };
        travelling.get().into_iter().map(dot).collect_view()
    });
    let lanes = [
        (
            lane(Who::Laptop),
            "lab-lane lab-lane--laptop",
            phrases::lab_laptop(),
        ),
        (SERVER_X, "lab-lane", phrases::lab_server()),
        (lane(Who::Phone), "lab-lane lab-lane--phone", phrases::lab_phone()),
    ];
    let lane = |(x, class, name): (i32, &'static str, &'static str)| {
        view! {
            <text class="lab-lane__name" x=x y="18">{name}</text>
            <line class=class x1=x x2=x y1=HEAD y2=HEIGHT />
        }
    };
    let head = |id: &'static str| {
        view! {
            <marker id=id class=id viewBox="0 0 10 10" refX="8" refY="5" markerWidth="9" markerHeight="9"
                markerUnits="userSpaceOnUse" orient="auto">
                <path d="M1 1 8.5 5 1 9" />
            </marker>
        }
    };
    view! {
        <svg class="lab-picture" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=name>
            <defs>
                <pattern id="lab-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <path d="M0 0V6" />
                </pattern>
                <clipPath id="lab-past"><rect x="0" y="0" width=WIDTH height=until /></clipPath>
                <clipPath id="lab-below"><rect x="0" y=HEAD width=WIDTH height=HEIGHT /></clipPath>
                {head("lab-head-laptop")} {head("lab-head-phone")} {head("lab-head-answer")}
            </defs>
            {lanes.map(lane).collect_view()}
            <g clip-path="url(#lab-below)">
                <g transform=up>
                    <g clip-path="url(#lab-past)">{drawn}</g>
                    {dots}
                </g>
            </g>
            <line class="lab-now" x1="0" x2=WIDTH y1=move || shown().to_string() y2=move || shown().to_string() />
            <text class="lab-now__words" x=SERVER_X + 10 y=move || (shown() + 15).to_string()>{move || phrases::lab_now(&lab::seconds(now.get()))}</text>
        </svg>
    }
}

fn class_of(line: Line) -> &'static str {
    match line {
        Line::Of(Who::Laptop) => "lab-line lab-line--laptop",
        Line::Of(Who::Phone) => "lab-line lab-line--phone",
        Line::Answer => "lab-line lab-line--answer",
    }
}

fn draw(mark: &Mark) -> AnyView {
    match mark {
        Mark::Offline { x, from, to } => {
            // One that has no end yet goes on beyond everything, and the clip at *now* ends it.
            let height = to.unwrap_or(i32::MAX / 2) - from;
            view! {
                <rect class="lab-offline__ground" x=x - 9 y=*from width="18" height=height rx="9" />
                <rect class="lab-offline" x=x - 9 y=*from width="18" height=height rx="9" />
            }
            .into_any()
        }
        Mark::Arrow { from, to, line, is_lost } => {
            let head = match line {
                _ if *is_lost => None,
                Line::Of(Who::Laptop) => Some("url(#lab-head-laptop)"),
                Line::Of(Who::Phone) => Some("url(#lab-head-phone)"),
                Line::Answer => Some("url(#lab-head-answer)"),
            };
            let cross = is_lost.then(|| {
                let path = format!("M{} {}l10 10m0-10-10 10", to.x - 5, to.y - 5);
                view! { <path class="lab-cross" d=path /> }
            });
            view! {
                <line class=class_of(*line) x1=from.x y1=from.y x2=to.x y2=to.y marker-end=head />
                {cross}
            }
            .into_any()
        }
        Mark::Change { at: Point { x, y }, line, waits } => {
            let class = format!("{} lab-mark", class_of(*line));
            match waits {
                true => view! { <path class=class d=format!("M{x} {}l8 8-8 8-8-8Z", y - 8) /> }.into_any(),
                false => view! { <circle class=class cx=*x cy=*y r="6" /> }.into_any(),
            }
        }
        Mark::Knot(Point { x, y }) => view! {
            <g transform=format!("translate({} {})", x - 17, y - 17)>
                <circle class="lab-knot" cx="17" cy="17" r="17" />
                <g class="lab-knot__threads" transform="translate(3.5 3.5) scale(.84)">
                    <path class="lab-knot__laptop" d="M5 11h8c3.500 0 4.500 10 8 10h6" />
                    <path class="lab-knot__phone" d="M5 21h8c1.200 0 2-1 2.700-2.300M18.200 13.300C19 12 19.800 11 21 11h6" />
                </g>
            </g>
        }
        .into_any(),
        Mark::Label { at, anchor, boxed, says } => label(*at, *anchor, *boxed, lab::label(says)),
    }
}

fn label(Point { x, y }: Point, anchor: Anchor, boxed: Option<Line>, words: String) -> AnyView {
    let width = lab::width(&words) + 16;
    let (anchor, left, inset) = match anchor {
        Anchor::Start => ("start", x, 8),
        Anchor::Middle => ("middle", x - width / 2, 0),
        Anchor::End => ("end", x - width, -8),
    };
    let border = boxed.map(|line| {
        let class = format!("{} lab-label__border", class_of(line));
        view! { <rect class=class x=left y=y - 9 width=width height="18" rx="9" /> }
    });
    let x = if border.is_some() { x + inset } else { x };
    let class = if border.is_some() {
        "lab-label lab-label--boxed"
    } else {
        "lab-label"
    };
    view! { {border} <text class=class x=x y=y + 4 text-anchor=anchor>{words}</text> }.into_any()
}
