//! When a task is due: a day, or a time of that day. The zone is not known here: the code that stores a time adds it.

use std::fmt;

use tsugi_calendar::{Date, Time};

/// When a task is due: a day, or a time of that day on the person's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    pub date: Date,
    pub time: Option<Time>,
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            None => self.date.fmt(f),
            Some(time) => write!(f, "{}T{time}", self.date),
        }
    }
}
