//! The output that the person at the terminal reads.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// How often a line says that a program still runs.
const EVERY: Duration = Duration::from_secs(10);

/// The headline that was printed last, and when.
static HEADLINE: Mutex<Option<(String, Instant)>> = Mutex::new(None);

/// A headline: something begins.
pub(crate) fn step(text: &str) {
    if std::io::stdout().is_terminal() {
        println!("\x1b[1m▸ {text}\x1b[0m");
    } else {
        println!("▸ {text}");
    }
    // Children write to the same place, and our text has to come first.
    flush();
    if let Ok(mut headline) = HEADLINE.lock() {
        *headline = Some((text.to_owned(), Instant::now()));
    }
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

/// A program that runs, and a thread that says so every ten seconds until it ends.
pub(crate) struct Progress {
    end: Sender<()>,
}

impl Progress {
    pub(crate) fn begin(program: &str) -> Self {
        let (end, ended) = mpsc::channel();
        let (program, began) = (program.to_owned(), Instant::now());
        thread::spawn(move || {
            while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                note(&still_running(&program, began));
            }
        });
        Self { end }
    }

    /// The thread ends with the sender that it listens to.
    pub(crate) fn end(self) {
        drop(self.end);
    }
}

fn still_running(program: &str, began: Instant) -> String {
    let headline = HEADLINE.lock().ok().and_then(|headline| headline.clone());
    let line = match headline {
        Some((text, since)) => running_line(&text, since.elapsed(), program, began.elapsed()),
        None => running_line("", Duration::ZERO, program, began.elapsed()),
    };
    format!("… {line}")
}

/// The headline's time and, where it began later, the program's own.
fn running_line(headline: &str, since: Duration, program: &str, elapsed: Duration) -> String {
    let own = format!("{program} runs for {} s", elapsed.as_secs());
    if headline.is_empty() {
        return own;
    }
    format!("{headline}: {} s ({own})", since.as_secs())
}

fn flush() {
    // If the reader closes the pipe, the work goes on.
    drop(std::io::stdout().flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_runs_and_how_long() {
        let seconds = Duration::from_secs;
        assert_eq!(
            running_line("", seconds(0), "npm ci", seconds(20)),
            "npm ci runs for 20 s"
        );
        assert_eq!(
            running_line("web app … building", seconds(31), "trunk build", seconds(30)),
            "web app … building: 31 s (trunk build runs for 30 s)"
        );
    }

    #[test]
    fn a_program_that_ends_ends_what_is_said_of_it() {
        let progress = Progress::begin("nothing");
        progress.end();
    }
}
