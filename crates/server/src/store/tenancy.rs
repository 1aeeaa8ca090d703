//! Tenants are kept apart by the schema and by each query: this reads all of both.

use std::path::Path;

use super::*;

/// The one query that needs no territory: it asks which there is.
const WHICH: &str = "SELECT territory, name, demo FROM territory ORDER BY territory LIMIT 1";

/// What is done to the file as a whole: a backup holds every territory, whoever they are.
const WHOLE: [&str; 9] = [
    "VACUUM INTO ?",
    "PRAGMA integrity_check(1)",
    "PRAGMA page_count",
    "PRAGMA page_size",
    "VACUUM",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA user_version",
    "PRAGMA user_version = 1",
    "PRAGMA user_version = 0",
];

/// Ways to SQL that the test could not read.
const UNREAD: [&str; 8] = [
    "raw_sql",
    "AssertSqlSafe",
    "QueryBuilder",
    "execute(\"",
    "fetch(\"",
    "fetch_all(\"",
    "fetch_one(\"",
    "fetch_optional(\"",
];

#[test]
fn every_query_keeps_to_its_territory() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut read = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.file_stem() == Some("tenancy".as_ref()) {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let source = source.split("#[cfg(test)]").next().unwrap();
        for unread in UNREAD {
            assert!(!source.contains(unread), "{}: {unread}", path.display());
        }
        // A function brought by a `use` would be called without its crate's name.
        for way in ["query", "query_as", "query_scalar", "query_with"]
            .into_iter()
            .flat_map(|name| [format!("{name}("), format!("{name}::<")])
        {
            let (all, named) = (source.matches(&way).count(), source.matches(&format!("sqlx::{way}")).count());
            assert_eq!(all, named, "{}: {way} without sqlx::", path.display());
        }
        for call in source.split("sqlx::query").skip(1) {
            let sql = call.split_once('(').and_then(|(_, rest)| rest.trim_start().strip_prefix('"'));
            let sql = sql.and_then(|rest| rest.split('"').next());
            let sql = sql.unwrap_or_else(|| panic!("{}: a query that is not a plain text", path.display()));
            read += 1;
            assert_eq!(leak(sql), None, "{}: {sql}", path.display());
        }
    }
    assert!(read > 20, "only {read} queries read: the test no longer finds them");
}

/// Why a query may cross from a territory to another.
fn leak(sql: &str) -> Option<&'static str> {
    if WHOLE.contains(&sql) {
        return None;
    }
    let spaced = sql.replace('(', " ( ").replace(')', " ) ").replace(',', " , ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    if words.join(" ") == WHICH.replace(',', " ,") {
        return None;
    }
    let inserted = words.windows(4).any(|four| four[0] == "INTO" && four[2..] == ["(", "territory"]);
    if words.contains(&"INSERT") && !inserted {
        return Some("the territory is not the first column written");
    }
    let tables: Vec<&str> = words
        .windows(2)
        .filter(|two| matches!(two[0], "FROM" | "JOIN" | "UPDATE") && two[1] != "SET" && two[1] != "(")
        .map(|two| two[1])
        // A list that the query is given is no table.
        .filter(|table| *table != "json_each")
        .collect();
    if tables.is_empty() {
        return (!inserted).then_some("no table found");
    }
    let filters = words.iter().position(|word| matches!(*word, "WHERE" | "ON")).map_or(&[][..], |at| &words[at..]);
    if filters.contains(&"OR") {
        return Some("an OR may widen the filter");
    }
    let is_territory = |word: &str| word == "territory" || word.ends_with(".territory");
    let conditions: Vec<_> = filters
        .windows(3)
        .filter(|three| is_territory(three[0]) && three[1] == "=" && (three[2] == "?" || is_territory(three[2])))
        .collect();
    if !conditions.iter().any(|three| three[2] == "?") || conditions.len() < tables.len() {
        return Some("a table is read or changed without a filter on the territory");
    }
    let named = |table: &&str| {
        let column = format!("{table}.territory");
        conditions.iter().any(|three| three[0] == column || three[2] == column)
    };
    (words.contains(&"JOIN") && !tables.iter().all(named)).then_some("a joined table is not held to the territory")
}

#[test]
fn a_query_that_leaks_is_seen() {
    for leaking in [
        "SELECT territory, name FROM account",
        "SELECT territory FROM account WHERE login = ?",
        "SELECT * FROM account WHERE territory = territory",
        "SELECT * FROM record WHERE territory = ? OR owner = ?",
        "SELECT EXISTS (SELECT 1 FROM operation WHERE record = ?)",
        "SELECT * FROM record WHERE territory = ? AND owner IN (SELECT account FROM account WHERE login = ?)",
        "SELECT * FROM operation JOIN record ON record.record = operation.record WHERE operation.territory = ?",
        "SELECT * FROM operation JOIN record ON record.territory = operation.territory WHERE record.owner = ?",
        "UPDATE record SET territory = ? WHERE record = ?",
        "UPDATE territory SET seq = ?",
        "DELETE FROM probe",
        "INSERT INTO account (account, territory) VALUES (?, ?)",
        "INSERT INTO account (territory, account) SELECT territory, account FROM old",
        "SELECT login FROM account JOIN json_each(?) ON value = account.login",
        "INSERT INTO account (login, territory) SELECT value, ? FROM json_each(?)",
        "VACUUM INTO 'copy'",
    ] {
        assert!(leak(leaking).is_some(), "{leaking}");
    }
}

/// Each key of each table begins with the territory, and each row has one.
#[tokio::test]
async fn every_key_begins_with_the_territory() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).await.unwrap();
    let texts = async |sql: &'static str, name: &str| {
        sqlx::query_scalar::<_, String>(sql).bind(name).fetch_all(&store.read).await.unwrap()
    };
    let tables = texts(
        "SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '_sqlx_migrations'",
        "table",
    )
    .await;
    assert!(tables.len() >= 7, "{tables:?}");
    for table in &tables {
        let first = texts("SELECT name FROM pragma_table_info(?) WHERE pk = 1 AND \"notnull\" = 1", table).await;
        assert_eq!(first, ["territory"], "primary key of {table}");
        for index in texts("SELECT name FROM pragma_index_list(?)", table).await {
            let first = texts("SELECT name FROM pragma_index_info(?) WHERE seqno = 0", &index).await;
            assert_eq!(first, ["territory"], "{index} of {table}");
        }
    }
}
