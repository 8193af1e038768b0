//! The connection that sends hints and probes.
//!
//! A hint whose fate is not known is not sent again: by then there is a newer one, or a sweep has found the change. Two
//! of them in a row, and the connection is built anew.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use redis::Value;
use tokio::time::Instant;

use super::link::{IN_FLIGHT, Link};
use super::outbox::Job;
use super::{Shared, Wait};
use crate::bus::{Listener, channel};
use crate::metrics;

/// So many commands without an answer in a row end a connection.
const UNKNOWN: usize = 2;

pub(super) async fn run(shared: Arc<Shared>, listener: Arc<dyn Listener>) {
    let mut wait = Wait::default();
    loop {
        match Link::connect(&shared.nodes, shared.timing.answer, None).await {
            Ok(link) => {
                metrics::bus_connected("publish");
                let began = Instant::now();
                send(&shared, &link, &listener).await;
                wait.lived(began.elapsed());
            }
            Err(error) => wait.failed(&error),
        }
        wait.pause().await;
    }
}

/// Sends until the connection does not answer.
async fn send(shared: &Shared, link: &Link, listener: &Arc<dyn Listener>) {
    let mut in_flight = FuturesUnordered::new();
    let mut unknown = 0;
    while unknown < UNKNOWN {
        tokio::select! {
            job = shared.outbox.next(), if in_flight.len() < IN_FLIGHT => {
                in_flight.push(async move { (job, publish(shared, link, job).await) });
            }
            Some((job, listeners)) = in_flight.next() => {
                unknown = if listeners.is_some() { 0 } else { unknown + 1 };
                tell(shared, listener, job, listeners);
            }
        }
    }
    metrics::bus_hints("unknown", in_flight.len() as u64);
}

/// The number of those who heard it at the node. None: unknown.
async fn publish(shared: &Shared, link: &Link, job: Job) -> Option<i64> {
    let mut command = redis::cmd("SPUBLISH");
    match job {
        Job::Hint(hint) => command
            .arg(channel::of_changes(hint.workspace))
            .arg(&hint.to_bytes()[..]),
        Job::Probe => command.arg(&shared.own_channel).arg("probe"),
    };
    let answer = link.ask(&command).await?;
    let Value::Int(listeners) = answer else {
        return None;
    };
    Some(listeners)
}

fn tell(shared: &Shared, listener: &Arc<dyn Listener>, job: Job, listeners: Option<i64>) {
    let hint = match job {
        Job::Hint(hint) => hint,
        Job::Probe => {
            if listeners == Some(0) {
                shared.lost(&shared.own_channel, "unheard");
            }
            return;
        }
    };
    match listeners {
        None => metrics::bus_hints("unknown", 1),
        Some(listeners) => {
            metrics::bus_hints("sent", 1);
            let name = channel::of_changes(hint.workspace);
            // Nobody, and not even this instance: its own subscription is gone, or sits at a replica.
            if listeners == 0 && shared.is_held(&name) {
                shared.lost(&name, "unheard");
                listener.look(hint.workspace);
            }
        }
    }
}
