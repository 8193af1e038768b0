//! The connection that only subscribes: what it hears, and what it asks for.
//!
//! The library's memory of subscriptions is not relied on. It restores none in a cluster after a disconnection, and
//! forgets those that Redis itself takes away when a slot moves. It also may connect to a node twice, and drop the first
//! connection without a word, with all that was subscribed on it meanwhile. What is wanted stands in
//! [`Asks`](super::asks::Asks), and after a disconnection everything is asked for again, twice.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use redis::{PushInfo, PushKind, Value};
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::asks::Ask;
use super::link::{IN_FLIGHT, Link, OnPush};
use super::{Shared, Wait};
use crate::bus::{Hint, Listener, channel};
use crate::metrics;

/// How often the time is looked at.
const TICK: Duration = Duration::from_millis(250);
/// When everything is asked for again, after a node of a cluster was lost.
const AGAIN: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];
/// At most so often it is done because commands had no answer, as the library may have reconnected for that.
const IN_DOUBT: Duration = Duration::from_secs(30);

pub(super) async fn run(shared: Arc<Shared>, listener: Arc<dyn Listener>) {
    let mut wait = Wait::default();
    loop {
        let disconnected = Arc::new(Notify::new());
        let on_push = on_push(
            Arc::clone(&shared),
            Arc::clone(&listener),
            Arc::clone(&disconnected),
        );
        match Link::connect(&shared.nodes, shared.timing.answer, Some(on_push)).await {
            Ok(link) => {
                metrics::bus_connected("subscribe");
                let began = Instant::now();
                shared.probes.begin_anew(began);
                metrics::bus_asked("connected", shared.asks().begin_anew(began));
                listen(&shared, &link, &disconnected).await;
                // From here on hints are lost.
                shared.probes.begin_anew(Instant::now());
                shared.look_at_health(Instant::now());
                wait.lived(began.elapsed());
            }
            Err(error) => wait.failed(&error),
        }
        wait.pause().await;
    }
}

/// Asks for what is wanted until the connection is of no use any more.
async fn listen(shared: &Shared, link: &Link, disconnected: &Notify) {
    let mut in_flight = FuturesUnordered::new();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut refreshed = Instant::now();
    let (mut again, mut doubted) = (Vec::new(), refreshed);
    loop {
        while in_flight.len() < IN_FLIGHT
            && let Some(ask) = shared.asks().next(Instant::now())
        {
            in_flight.push(async move {
                let is_answered = link.ask(&command(&ask)).await.is_some();
                (ask, is_answered)
            });
        }
        let next_at = shared.asks().next_at();
        let next_at = next_at
            .unwrap_or_else(|| Instant::now() + TICK)
            .max(Instant::now());
        tokio::select! {
            Some((ask, is_answered)) = in_flight.next() => {
                let now = Instant::now();
                shared.asks().ended(&ask, is_answered, now);
                if !is_answered && !link.is_one() && now - doubted >= IN_DOUBT {
                    doubted = now;
                    again = vec![now + AGAIN[1]];
                }
            }
            () = shared.asked.notified() => {}
            () = sleep_until(next_at), if in_flight.len() < IN_FLIGHT => {}
            _ = ticks.tick() => {
                let now = Instant::now();
                shared.asks().refresh(now - refreshed);
                refreshed = now;
                shared.look_at_health(now);
                let waiting = again.len();
                again.retain(|at| *at > now);
                if again.len() < waiting {
                    metrics::bus_asked("in_doubt", shared.asks().all_lost(now));
                }
                if shared.probes.unheard_for(now) >= shared.timing.give_up {
                    tracing::debug!("nothing is heard from Redis: connecting again");
                    return;
                }
            }
            () = disconnected.notified() => {
                if link.is_one() {
                    return;
                }
                let now = Instant::now();
                metrics::bus_asked("disconnected", shared.asks().all_lost(now));
                again = AGAIN.map(|pause| now + pause).to_vec();
            }
        }
    }
}

/// One channel a command: several slots in one are an error, which the library drops.
fn command(ask: &Ask) -> redis::Cmd {
    let (name, channel) = match ask {
        Ask::Subscribe(channel) => ("SSUBSCRIBE", channel),
        Ask::Unsubscribe(channel) => ("SUNSUBSCRIBE", channel),
    };
    let mut command = redis::cmd(name);
    command.arg(channel);
    command
}

/// What to do with a push. It is called from the connection's own task, so it must not wait.
fn on_push(shared: Arc<Shared>, listener: Arc<dyn Listener>, disconnected: Arc<Notify>) -> OnPush {
    Arc::new(move |push: PushInfo| {
        if push.kind == PushKind::Disconnection {
            return disconnected.notify_one();
        }
        let mut data = push.data.into_iter().map_while(bytes);
        let Some(Ok(name)) = data.next().map(String::from_utf8) else {
            return;
        };
        if push.kind == PushKind::SMessage {
            heard(&shared, &listener, &name, &data.next().unwrap_or_default());
        } else if push.kind == PushKind::SSubscribe {
            let is_news = shared.asks().confirmed(&name);
            if let Some(workspace) = channel::workspace_of(&name).filter(|_| is_news) {
                listener.look(workspace);
            }
        } else if push.kind == PushKind::SUnsubscribe {
            // It also comes unasked, when the slot leaves the node.
            shared.lost(&name, "taken_away");
        }
    })
}

fn bytes(value: Value) -> Option<Vec<u8>> {
    let Value::BulkString(bytes) = value else {
        return None;
    };
    Some(bytes)
}

fn heard(shared: &Shared, listener: &Arc<dyn Listener>, name: &str, payload: &[u8]) {
    if name == shared.own_channel {
        shared.probes.heard(Instant::now());
        return shared.look_at_health(Instant::now());
    }
    let Some(workspace) = channel::workspace_of(name) else {
        return;
    };
    match Hint::read(workspace, payload) {
        Ok(hint) if hint.instance == shared.instance => metrics::bus_hints("own", 1),
        Ok(hint) => {
            metrics::bus_hints("received", 1);
            listener.hinted(hint);
        }
        // Perhaps a later version's. It means that something has changed.
        Err(error) => {
            tracing::debug!(%workspace, %error, "an unreadable hint");
            metrics::bus_hints("unreadable", 1);
            listener.look(workspace);
        }
    }
}
