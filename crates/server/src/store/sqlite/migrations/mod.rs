//! From earlier layouts to this one, a step from each to the next.
//!
//! A step that has shipped is never changed, and reads nothing that may change. Its SQL is in a file of its own,
//! and not in `schema`, which only says how a *new* database is laid out.

mod from_1;

use rusqlite::Connection;

use super::schema::VERSION;

type Step = fn(&Connection) -> rusqlite::Result<()>;

/// The first is from layout 1.
const STEPS: [Step; VERSION as usize - 1] = [from_1::run];

/// Runs every step from layout `from` on, within the caller's transaction.
pub(super) fn run(connection: &Connection, from: i32) -> rusqlite::Result<()> {
    let before = usize::try_from(from).unwrap_or(0).saturating_sub(1);
    STEPS.iter().skip(before).try_for_each(|step| step(connection))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::open::open_writer;
    use super::*;

    /// Real databases, as earlier builds wrote them, and the newest layout's own.
    const OLD: [(i32, &str); 1] = [(1, include_str!("../../../../tests/golden/layout-1.sql"))];

    /// Everything that SQLite knows of a layout: the texts differ in comments and line breaks.
    fn layout(connection: &Connection) -> Vec<String> {
        let rows = |sql: &str, parameters: &[&str]| -> Vec<String> {
            let mut statement = connection.prepare(sql).unwrap();
            let columns = statement.column_count();
            let rows = statement
                .query_map(rusqlite::params_from_iter(parameters), |row| {
                    let values = (0..columns).map(|n| row.get::<_, rusqlite::types::Value>(n));
                    let values: Result<Vec<_>, _> = values.collect();
                    values.map(|values| format!("{values:?}"))
                })
                .unwrap();
            rows.map(Result::unwrap).collect()
        };
        let mut known = rows(
            "SELECT name, type, ncol, wr, strict FROM pragma_table_list WHERE schema = 'main' ORDER BY 1",
            &[],
        );
        for (what, sql) in [
            (
                "column",
                "SELECT m.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk FROM sqlite_schema m, pragma_table_xinfo(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid",
            ),
            (
                "index",
                "SELECT m.name, i.\"unique\", i.origin, i.partial, x.seqno, x.name FROM sqlite_schema m, pragma_index_list(m.name) i, pragma_index_xinfo(i.name) x WHERE m.type = 'table' ORDER BY m.name, i.name, x.seqno",
            ),
            (
                "key",
                "SELECT m.name, k.\"from\", k.\"table\", k.\"to\", k.on_delete FROM sqlite_schema m, pragma_foreign_key_list(m.name) k WHERE m.type = 'table' ORDER BY 1, 2",
            ),
            (
                "name",
                "SELECT type, name, tbl_name FROM sqlite_schema ORDER BY 1, 2",
            ),
            ("version", "SELECT user_version FROM pragma_user_version"),
            ("application", "SELECT application_id FROM pragma_application_id"),
        ] {
            let found = rows(sql, &[]);
            assert!(!found.is_empty(), "{what}");
            known.extend(found);
        }
        known
    }

    #[test]
    fn every_old_database_comes_to_the_layout_of_a_new_one() {
        let dir = std::env::temp_dir().join(format!("tsugi-layouts-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&dir).unwrap();
        let open = |file: &Path| layout(&open_writer(file).unwrap());
        let new = open(&dir.join("new.db"));
        assert_eq!(
            OLD.len() + 1,
            VERSION as usize,
            "a golden database of every old layout"
        );
        for (version, golden) in OLD {
            let file = dir.join(format!("{version}.db"));
            let connection = Connection::open(&file).unwrap();
            connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
            connection.execute_batch(golden).unwrap();
            drop(connection);
            assert_eq!(open(&file), new, "from layout {version}");
            assert_eq!(open(&file), new, "and opened again");
        }
        std::fs::remove_dir_all(dir).unwrap();
    }
}
