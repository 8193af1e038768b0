//! One connection to Redis, whether it is one server or a cluster: commands with a deadline, and pushes to a function.
//!
//! The library reconnects to the nodes of a cluster. Nothing else is expected of it: not that it restores a
//! subscription, and not that a command is ever answered. (With 64 commands in flight at one MOVED, the connection to
//! a cluster stood still for ever in 8 of 11 tries; with 16 never.)

use std::time::Duration;

use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::cluster::ClusterClientBuilder;
use redis::cluster_async::ClusterConnection;
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionInfo, ProtocolVersion, PushInfo, RedisError, Value,
};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::Nodes;

/// Commands in flight at once.
pub(super) const IN_FLIGHT: usize = 16;

pub(super) type OnPush = std::sync::Arc<dyn Fn(PushInfo) + Send + Sync>;

#[derive(Clone)]
enum Connection {
    One(MultiplexedConnection),
    Cluster(ClusterConnection),
}

pub(super) struct Link {
    connection: Connection,
    gate: Semaphore,
    deadline: Duration,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum LinkError {
    #[error("{0}")]
    Redis(#[from] RedisError),
    #[error("no answer in time")]
    Late,
}

impl Link {
    /// Connects to the first node that answers, and through it to its cluster if it is in one.
    pub(super) async fn connect(
        nodes: &Nodes,
        answer: Duration,
        on_push: Option<OnPush>,
    ) -> Result<Self, LinkError> {
        let mut failed = LinkError::Late;
        for node in nodes.all() {
            match timeout(answer * 2, is_in_cluster(node, answer)).await {
                Err(_) => failed = LinkError::Late,
                Ok(Err(error)) => failed = error.into(),
                Ok(Ok(is_in_cluster)) => {
                    let connecting = async {
                        match is_in_cluster {
                            true => cluster(nodes, answer, on_push).await,
                            false => one(node, answer, on_push).await,
                        }
                    };
                    // A cluster has several nodes to try, some of which may be gone.
                    let connection = timeout(answer * 5, connecting).await;
                    return Ok(Self {
                        connection: connection.map_err(|_| LinkError::Late)??,
                        gate: Semaphore::new(IN_FLIGHT),
                        deadline: answer * 2,
                    });
                }
            }
        }
        Err(failed)
    }

    /// Whether the whole connection ends if one node's does.
    pub(super) fn is_one(&self) -> bool {
        matches!(self.connection, Connection::One(_))
    }

    /// Sends a command. None: its fate is not known.
    pub(super) async fn ask(&self, command: &Cmd) -> Option<Value> {
        let _place = self.gate.acquire().await.ok()?;
        let mut connection = self.connection.clone();
        let asking = async {
            match &mut connection {
                Connection::One(connection) => connection.req_packed_command(command).await,
                Connection::Cluster(connection) => connection.req_packed_command(command).await,
            }
        };
        let answer = timeout(self.deadline, asking).await.ok()?;
        let answer = answer.and_then(|value| value.extract_error());
        answer
            .inspect_err(|error| tracing::debug!(%error, "Redis did not do it"))
            .ok()
    }
}

fn config(answer: Duration) -> AsyncConnectionConfig {
    AsyncConnectionConfig::new()
        .set_connection_timeout(Some(answer))
        .set_response_timeout(Some(answer))
}

async fn is_in_cluster(node: &ConnectionInfo, answer: Duration) -> Result<bool, RedisError> {
    let client = Client::open(node.clone())?;
    let mut connection = client
        .get_multiplexed_async_connection_with_config(&config(answer))
        .await?;
    let info: String = redis::cmd("INFO")
        .arg("cluster")
        .query_async(&mut connection)
        .await?;
    Ok(info.contains("cluster_enabled:1"))
}

async fn one(
    node: &ConnectionInfo,
    answer: Duration,
    on_push: Option<OnPush>,
) -> Result<Connection, RedisError> {
    let mut config = config(answer);
    if let Some(on_push) = on_push {
        config = config.set_push_sender(sender(on_push));
    }
    let client = Client::open(node.clone())?;
    let connection = client
        .get_multiplexed_async_connection_with_config(&config)
        .await?;
    Ok(Connection::One(connection))
}

async fn cluster(nodes: &Nodes, answer: Duration, on_push: Option<OnPush>) -> Result<Connection, RedisError> {
    let mut builder = ClusterClientBuilder::new(nodes.all().to_vec())
        .use_protocol(ProtocolVersion::RESP3)
        .connection_timeout(answer)
        .response_timeout(answer);
    if let Some(on_push) = on_push {
        builder = builder.push_sender(sender(on_push));
    }
    let connection = builder.build()?.get_async_connection().await?;
    Ok(Connection::Cluster(connection))
}

fn sender(on_push: OnPush) -> impl Fn(PushInfo) -> Result<(), redis::aio::SendError> + Send + Sync + 'static {
    move |push| {
        on_push(push);
        Ok(())
    }
}
