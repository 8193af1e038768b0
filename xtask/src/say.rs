//! What the person at the terminal reads.

use std::io::{IsTerminal, Write};
use std::time::Duration;

/// A headline: something begins.
pub(crate) fn step(text: &str) {
    if std::io::stdout().is_terminal() {
        println!("\x1b[1m▸ {text}\x1b[0m");
    } else {
        println!("▸ {text}");
    }
    // Children write to the same place; what we say must come first.
    flush();
}

/// A remark under a headline.
pub(crate) fn note(text: &str) {
    println!("  {text}");
    flush();
}

pub(crate) fn duration(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    if seconds < 60 {
        format!("{:.1} s", elapsed.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

fn flush() {
    // A closed pipe is the reader's choice; the work goes on.
    drop(std::io::stdout().flush());
}
