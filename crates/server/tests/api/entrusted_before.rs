//! People whom the coordination entrusted before the server knew that it is for a time.

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

const MIGRATION: &str = "0019_entrusted_before.sql";

/// Somebody as the former version left her: what, whose she is, who began her, her shares (who, with whom, the rest), and who
/// is to have her back.
type Case = (&'static str, &'static str, &'static str, Vec<(&'static str, &'static str, Value)>, Option<&'static str>);

fn cases() -> Vec<Case> {
    let stands = || json!({ "in_force": "yes" });
    let ended = json!({ "in_force": "no" });
    let disputed = json!({ "in_force": "yes", "open": true });
    let deleted = json!({ "in_force": "yes", "deletion": "deleted" });
    vec![
        ("entrusted by who signed her up", "karim", "sophie", vec![("sophie", "karim", stands())], Some("sophie")),
        ("by another, in her place", "karim", "sophie", vec![("marc", "karim", stands())], Some("sophie")),
        ("signed up at her stand", "karim", "stand", vec![("sophie", "karim", stands())], Some("sophie")),
        ("at the stand of a nurse", "claire", "nurses-stand", vec![("sophie", "claire", stands())], None),
        (
            "with two, one ended",
            "karim",
            "sophie",
            vec![("sophie", "claire", ended.clone()), ("sophie", "karim", stands())],
            Some("sophie"),
        ),
        ("ended since", "karim", "sophie", vec![("sophie", "karim", ended)], None),
        ("in dispute", "karim", "sophie", vec![("sophie", "karim", disputed)], None),
        ("deleted", "karim", "sophie", vec![("sophie", "karim", deleted)], None),
        ("handed over to somebody else since", "claire", "sophie", vec![("sophie", "karim", stands())], None),
        ("his own patient", "karim", "karim", vec![("sophie", "karim", stands())], None),
        ("shared by a nurse", "karim", "sophie", vec![("claire", "karim", stands())], None),
        ("not shared", "sophie", "sophie", vec![], None),
        (
            "handed over by a sentinel",
            "karim",
            "lou",
            vec![("lou", "karim", stands()), ("sophie", "karim", stands())],
            None,
        ),
        ("who coordinates and cares", "karim", "paul", vec![("paul", "karim", stands())], None),
        ("whose coordinator has left", "karim", "gone", vec![("sophie", "karim", stands())], None),
        ("erased", "karim", "sophie", vec![("sophie", "karim", stands())], None),
    ]
}

async fn run(database: &mut SqliteConnection, sql: &'static str, values: &[&str]) {
    let query = values.iter().fold(sqlx::query(sql), |query, value| query.bind(*value));
    query.execute(database).await.unwrap();
}

async fn before(database: &mut SqliteConnection) {
    for (account, roles) in [
        ("sophie", r#"["coordinator"]"#),
        ("marc", r#"["coordinator","administrator"]"#),
        ("paul", r#"["coordinator","professional"]"#),
        ("gone", r#"["coordinator"]"#),
        ("lou", r#"["sentinel"]"#),
        ("claire", r#"["professional"]"#),
        ("karim", r#"["professional"]"#),
        ("writer", r#"["stand-session"]"#),
    ] {
        let sql = "INSERT INTO account (territory, account, login, name, profession, roles, password_hash)
                   VALUES ('t', ?1, ?1, ?1, '', ?2, '')";
        run(database, sql, &[account, roles]).await;
    }
    run(database, "UPDATE account SET disabled_at = 1 WHERE account = 'gone'", &[]).await;
    for (device, opener) in [("stand", "sophie"), ("nurses-stand", "claire")] {
        let sql = "INSERT INTO stand (territory, device, name, volunteers, opened_by, opened_at, until)
                   VALUES ('t', ?, 'Marché', '[]', ?, 1, 2)";
        run(database, sql, &[device, opener]).await;
    }
    let record =
        "INSERT INTO record (territory, record, kind, owner, parent, seq, state) VALUES ('t', ?, ?, ?, ?, 1, ?)";
    for (index, (what, owner, began, shares, _)) in cases().into_iter().enumerate() {
        let at_stand = began.ends_with("stand");
        let mut state = json!({ "origin": { "author": if at_stand { "writer" } else { began }, "at": 1 } });
        if what == "erased" {
            state["deletion"] = json!({ "state": "erased" });
        }
        run(database, record, &[what, "person", owner, "", &state.to_string()]).await;
        let begun =
            "INSERT INTO operation (territory, seq, op_id, device, device_seq, author, record, kind, body, received_at)
                     VALUES ('t', ?1, ?1, ?2, 1, 'writer', ?3, 'person', '{\"kind\":\"create\"}', 1)";
        run(database, begun, &[&(index + 1).to_string(), if at_stand { began } else { "tablet" }, what]).await;
        for (rank, (by, with, how)) in shares.into_iter().enumerate() {
            let field = |value: &Value| json!({ "value": value, "op_id": "o", "seq": 1 });
            let fields = json!({ "account": field(&with.into()), "in_force": field(&how["in_force"]) });
            let mut state = json!({ "origin": { "author": by, "at": 1 }, "fields": fields });
            if how["open"] == true {
                state["conflicts"] = json!({ "in_force": { "seq": 1, "values": [{}] } });
            }
            if how["deletion"].is_string() {
                state["deletion"] = json!({ "state": how["deletion"] });
            }
            run(database, record, &[&format!("{what} {rank}"), "share", owner, what, &state.to_string()]).await;
        }
    }
}

#[tokio::test]
async fn whom_the_coordination_had_entrusted_comes_back_to_it_where_that_is_sure() {
    let options = sqlx::sqlite::SqliteConnectOptions::new().in_memory(true).foreign_keys(false);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files {
        if file.ends_with(MIGRATION) {
            before(&mut database).await;
        }
        let sql = std::fs::read_to_string(file).unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut database).await.unwrap();
    }
    for (what, owner, .., expected) in cases() {
        let row: (String, Option<String>) = sqlx::query_as("SELECT owner, entrusted_by FROM record WHERE record = ?")
            .bind(what)
            .fetch_one(&mut database)
            .await
            .unwrap();
        assert_eq!(row, (owner.to_owned(), expected.map(str::to_owned)), "{what}");
    }
    let shares: Vec<Option<String>> = sqlx::query_scalar("SELECT entrusted_by FROM record WHERE kind = 'share'")
        .fetch_all(&mut database)
        .await
        .unwrap();
    assert!(shares.iter().all(Option::is_none));
}
