//! What was asked for on the command line.

use std::path::PathBuf;

use crate::Outcome;
use crate::rows::Row;

#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) rounds: usize,
    /// None means all.
    only: Vec<Row>,
    is_quick: bool,
    /// The folder with the peers.
    pub(crate) peers: Option<PathBuf>,
    /// More arguments for our own server, as `--database`.
    pub(crate) server: Vec<String>,
}

/// How long, and how many.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    pub(crate) seconds: f64,
    pub(crate) listeners: usize,
    pub(crate) idle: usize,
    pub(crate) cut: usize,
    pub(crate) tasks: usize,
}

const WHOLE: Scale = Scale {
    seconds: 4.0,
    listeners: 1_000,
    idle: 2_000,
    cut: 5_000,
    tasks: 10_000,
};
/// A look whether all still runs.
const QUICK: Scale = Scale {
    seconds: 1.0,
    listeners: 200,
    idle: 500,
    cut: 1_000,
    tasks: 10_000,
};

impl Options {
    pub(crate) fn parse(arguments: &[String]) -> Outcome<Self> {
        let mut options = Self {
            rounds: 3,
            only: Vec::new(),
            is_quick: false,
            peers: None,
            server: Vec::new(),
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || {
                arguments
                    .next()
                    .ok_or(format!("{argument} wants a value after it"))
            };
            match argument.as_str() {
                "--rounds" => options.rounds = value()?.parse()?,
                "--only" => {
                    for name in value()?.split(',') {
                        options.only.push(Row::named(name)?);
                    }
                }
                "--quick" => options.is_quick = true,
                "--peers" => options.peers = Some(value()?.into()),
                "--server" => options
                    .server
                    .extend(value()?.split_whitespace().map(str::to_owned)),
                _ => return Err(format!("{argument} is not known here").into()),
            }
        }
        if options.rounds == 0 {
            return Err("there has to be a round".into());
        }
        Ok(options)
    }

    pub(crate) fn rows(&self) -> Vec<Row> {
        let all = Row::ALL.into_iter();
        all.filter(|row| self.only.is_empty() || self.only.contains(row))
            .collect()
    }

    pub(crate) fn scale(&self) -> Scale {
        if self.is_quick { QUICK } else { WHOLE }
    }
}
