//! Small drawings of figures, as paths in a box of [`WIDTH`] × [`HEIGHT`] units. A component only puts them on the page.

/// The size of every drawing, in its own units.
pub const WIDTH: u32 = 200;
pub const HEIGHT: u32 = 48;

/// How many bars a drawing of times has.
const BARS: usize = 20;

/// What a path stands for. Each looks different without its colour, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// What is usual, or what worked: filled.
    Main,
    /// What is seldom: an outline.
    Faint,
    /// What failed, or what a person had to do: hatched or crossed.
    Other,
    /// A line across: dashed.
    Line,
}

/// A drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// Paths as SVG writes them.
    pub paths: Vec<(Ink, String)>,
    /// What stands below its left and its right end.
    pub ends: Option<(String, String)>,
}

/// How often which times occurred, in milliseconds: as bars, with a line at the time that 95 of 100 do not exceed. The last
/// bar has everything beyond the right end. `words` says a time.
#[must_use]
pub fn histogram(times: &[u64], most: u64, words: impl Fn(u64) -> String) -> Chart {
    let end = nice(most.saturating_mul(3) / 2);
    let mut counts = [0_u32; BARS];
    for time in times {
        let bar = usize::try_from(time.saturating_mul(BARS as u64) / end).unwrap_or(BARS);
        counts[bar.min(BARS - 1)] += 1;
    }
    let highest = counts.iter().copied().max().unwrap_or(0).max(1);
    let width = WIDTH / BARS as u32;
    let at = u32::try_from(most.saturating_mul(u64::from(WIDTH)) / end).unwrap_or(WIDTH);
    let (mut main, mut faint) = (String::new(), String::new());
    for (nth, count) in (0_u32..).zip(counts).filter(|(_, count)| *count > 0) {
        let high = (HEIGHT * count).div_ceil(highest);
        let path = if nth * width <= at { &mut main } else { &mut faint };
        path.push_str(&bar(nth * width, HEIGHT - high, width - 1, high));
    }
    Chart {
        paths: vec![
            (Ink::Main, main),
            (Ink::Faint, faint),
            (Ink::Line, format!("M{at} 0V{HEIGHT}")),
        ],
        ends: Some((words(0), words(end))),
    }
}

/// One mark for each try, the latest last: a bar for one that worked, a cross for one that failed.
#[must_use]
pub fn strip(tries: &[bool], ends: Option<(String, String)>) -> Chart {
    let width = WIDTH
        / u32::try_from(tries.len().max(BARS))
            .unwrap_or(WIDTH)
            .min(WIDTH / 2);
    let (mut worked, mut failed) = (String::new(), String::new());
    for (nth, works) in (0_u32..).zip(tries) {
        let left = nth * width;
        match works {
            true => worked.push_str(&bar(left, HEIGHT / 4, width - 1, HEIGHT / 2)),
            false => {
                let (right, top, bottom) = (left + width - 1, HEIGHT / 4, HEIGHT * 3 / 4);
                failed.push_str(&format!(
                    "M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}"
                ));
            }
        }
    }
    Chart {
        paths: vec![(Ink::Main, worked), (Ink::Line, failed)],
        ends,
    }
}

/// A bar of which a part is another one. `part` is that of `all`.
#[must_use]
pub fn share(part: u64, all: u64) -> Chart {
    let (top, high) = (HEIGHT / 3, HEIGHT / 3);
    let left = u32::try_from(part.saturating_mul(u64::from(WIDTH)) / all.max(1)).unwrap_or(WIDTH);
    // Even the smallest part is seen.
    let left = match part {
        0 => 0,
        part if part == all => WIDTH,
        _ => left.clamp(1, WIDTH - 2),
    };
    Chart {
        paths: vec![
            (Ink::Main, bar(0, top, left, high)),
            (Ink::Other, bar(left, top, WIDTH - left, high)),
        ],
        ends: None,
    }
}

fn bar(left: u32, top: u32, wide: u32, high: u32) -> String {
    match wide {
        0 => String::new(),
        wide => format!("M{left} {top}h{wide}v{high}h-{wide}z"),
    }
}

/// The next number after this one that people read easily: 1, 2 or 5, and zeros.
fn nice(number: u64) -> u64 {
    let mut unit = 1_u64;
    loop {
        for step in [1, 2, 5] {
            match unit.checked_mul(step) {
                Some(nice) if nice < number.max(1) => {}
                Some(nice) => return nice,
                None => return u64::MAX,
            }
        }
        match unit.checked_mul(10) {
            Some(next) => unit = next,
            None => return u64::MAX,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(chart: &Chart, ink: Ink) -> usize {
        let path = chart.paths.iter().find(|(found, _)| *found == ink);
        path.map_or(0, |(_, path)| path.matches('z').count())
    }

    #[test]
    fn times_are_bars_and_what_is_seldom_is_drawn_otherwise() {
        let mut times = vec![10; 19];
        times.push(9_000);
        let chart = histogram(&times, 10, |time| format!("{time} ms"));
        assert_eq!((bars(&chart, Ink::Main), bars(&chart, Ink::Faint)), (1, 1));
        assert_eq!(chart.ends, Some(("0 ms".to_owned(), "20 ms".to_owned())));
        assert!(chart.paths.contains(&(Ink::Line, "M100 0V48".to_owned())));
    }

    #[test]
    fn no_number_is_too_large_or_too_small() {
        for times in [&[][..], &[0], &[u64::MAX], &[0, u64::MAX, 7]] {
            let most = times.iter().copied().max().unwrap_or(0);
            let chart = histogram(times, most, |time| time.to_string());
            let drawn = bars(&chart, Ink::Main) + bars(&chart, Ink::Faint);
            assert_eq!(drawn == 0, times.is_empty(), "{times:?}");
        }
        for (part, all) in [(0, 0), (0, 5), (5, 5), (1, u64::MAX), (u64::MAX, u64::MAX)] {
            let chart = share(part, all);
            assert_eq!(bars(&chart, Ink::Main) > 0, part > 0, "{part} of {all}");
        }
        assert_eq!(bars(&share(1, 1_000_000), Ink::Other), 1);
        for tries in [0, 1, 60, 500] {
            let chart = strip(&vec![true; tries], None);
            assert_eq!(bars(&chart, Ink::Main), tries, "{tries} tries");
        }
    }

    #[test]
    fn an_axis_ends_at_a_number_that_is_easily_read() {
        for (number, expected) in [
            (0, 1),
            (1, 1),
            (3, 5),
            (195, 200),
            (201, 500),
            (u64::MAX, u64::MAX),
        ] {
            assert_eq!(nice(number), expected);
        }
    }
}
