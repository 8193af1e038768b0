//! The PostgreSQL of these tests: started with the first one that needs it, gone with the process. It forgets all when it
//! ends.

use std::sync::OnceLock;

use tsugi_programs::{Durability, Postgres};

static POSTGRES: OnceLock<Postgres> = OnceLock::new();

fn postgres() -> &'static Postgres {
    POSTGRES.get_or_init(|| Postgres::start(Durability::None))
}

/// The address of a new database with this name; or of the same one, if it was made before.
pub(crate) async fn database(name: &str) -> String {
    postgres().database(name).await
}

/// Puts a copy of the database `from` in the place of `to`.
pub(crate) async fn copy(from: &str, to: &str) {
    let client = postgres().client("postgres").await;
    let drop = format!("DROP DATABASE IF EXISTS {to} WITH (FORCE)");
    client.batch_execute(&drop).await.unwrap();
    let copy = format!("CREATE DATABASE {to} TEMPLATE {from} STRATEGY file_copy");
    client.batch_execute(&copy).await.unwrap();
}

/// The number that a query answers in the database.
pub(crate) async fn count(name: &str, query: &str) -> i64 {
    let client = postgres().client(name).await;
    client.query_one(query, &[]).await.unwrap().get(0)
}

pub(crate) async fn execute(name: &str, statement: &str) {
    let client = postgres().client(name).await;
    client.batch_execute(statement).await.unwrap();
}

/// Ends every other connection to the database, in the middle of whatever it does.
pub(crate) async fn cut_connections(name: &str) {
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()";
    let client = postgres().client("postgres").await;
    client.query(cut, &[&name]).await.unwrap();
}

/// Keeps everybody from reading the table, until it is dropped.
pub(crate) async fn lock(name: &str, table: &str) -> tokio_postgres::Client {
    let client = postgres().client(name).await;
    let lock = format!("BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE");
    client.batch_execute(&lock).await.unwrap();
    client
}
