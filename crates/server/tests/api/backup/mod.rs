//! The real commands, on the folder of a real server.

mod erasure;
mod refusal;
mod restoration;
mod retention;
mod story;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::id::RecordId;
use serde_json::json;
use sqlx::Row;
use sync::protocol::{SignIn, SignedIn};
use sync::{Operation, Record, Sequenced};
use tempfile::TempDir;

use crate::crash::Served;
use crate::tablet::Tablet;
use crate::world::{Device, PASSWORD, prepare, send};

fn command(arguments: &[&str], data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cardabelle"));
    command.args(arguments).arg("--data").arg(data).stdin(Stdio::null());
    command
}

/// Runs a command away from the threads that answer.
async fn run(arguments: &[&str], data: &Path) -> Output {
    let mut command = command(arguments, data);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[track_caller]
fn said(output: &Output) -> String {
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{error}");
    out.into_owned()
}

#[track_caller]
fn refused(output: &Output, word: &str) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && error.contains(word), "{error}");
}

/// Backs up and answers the file.
async fn backup(data: &Path) -> PathBuf {
    let before = backups(data);
    said(&run(&["backup"], data).await);
    let mut new: Vec<_> = backups(data).into_iter().filter(|file| !before.contains(file)).collect();
    assert_eq!(new.len(), 1, "one more file that is named as a backup");
    new.remove(0)
}

/// Files named as backups.
fn backups(data: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(data.join("backups")).into_iter().flatten().map(|entry| entry.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|extension| extension == "sqlite")).collect()
}

async fn restore(file: &Path, data: &Path) -> String {
    said(&run(&["restore", file.to_str().unwrap()], data).await)
}

async fn database(data: &Path) -> sqlx::SqlitePool {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(data.join(server::store::FILE));
    sqlx::SqlitePool::connect_with(options).await.unwrap()
}

/// Every column of each row of the log but the last that a server adds later, in order.
async fn log(data: &Path) -> Vec<(u64, String)> {
    let sql = "SELECT seq, json_array(op_id, device, device_seq, author, record, kind, body, received_at, quarantine, clashes,
        conflicts) FROM operation ORDER BY seq";
    let rows: Vec<(i64, String)> = sqlx::query_as(sql).fetch_all(&database(data).await).await.unwrap();
    rows.into_iter().map(|(seq, row)| (seq.cast_unsigned(), row)).collect()
}

async fn number(data: &Path, sql: &'static str) -> u64 {
    sqlx::query_scalar::<_, i64>(sql).fetch_one(&database(data).await).await.unwrap().cast_unsigned()
}

async fn try_sign_in(served: &Served, login: &str, again: Option<&Device>) -> SignedIn {
    let body = SignIn {
        login: login.into(),
        password: PASSWORD.into(),
        code: None,
        device_id: again.map(|device| device.id),
        account: again.map(|device| device.signed_in.account.id),
        others: Vec::new(),
        device_name: "Tablette".into(),
    };
    send(served.address, "POST", "/api/sign-in", &[], serde_json::to_vec(&body).unwrap()).await.unwrap().read()
}

async fn tablet(served: &Served, login: &str) -> Tablet {
    Tablet::of(Device::new(served.address, try_sign_in(served, login, None).await))
}

async fn prepared() -> (TempDir, Served) {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path()).await.close().await;
    let served = Served::start(folder.path()).await;
    (folder, served)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_while_everybody_writes_is_one_instant_of_the_log() {
    let (folder, served) = prepared().await;
    let data = folder.path();
    let stop = Arc::new(AtomicBool::new(false));
    let mut pushers = Vec::new();
    for login in ["claire", "karim", "claire"] {
        let mut device = Device::new(served.address, try_sign_in(&served, login, None).await);
        let stop = stop.clone();
        pushers.push(tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let create = device.create_person();
                let set = device.set(create.record_id, json!({ "commune": "Miremont" }));
                device.push(&[create, set]).await;
            }
        }));
    }
    let mut files = Vec::new();
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(1100)).await;
        files.push(backup(data).await);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.store(true, Ordering::Relaxed);
    for pusher in pushers {
        pusher.await.unwrap();
    }
    let whole = log(data).await;
    let backed_up = number(data, "SELECT backed_up_seq FROM territory").await;
    served.kill();

    let mut last = 0;
    for file in &files {
        let elsewhere = tempfile::tempdir().unwrap();
        restore(file, elsewhere.path()).await;
        let restored = log(elsewhere.path()).await;
        let seq = number(elsewhere.path(), "SELECT seq FROM territory").await;
        assert!(seq > last && restored.len() < whole.len(), "each at its instant, all before the end");
        last = seq;
        let expected: Vec<_> = whole.iter().filter(|(at, _)| *at <= seq).cloned().collect();
        assert_eq!(restored, expected, "operation by operation");
        states_follow_the_log(elsewhere.path()).await;
    }
    assert_eq!(backed_up, last, "devices may let go of what the last one holds, no more");
}

/// The state of each record is where its operations lead.
async fn states_follow_the_log(data: &Path) {
    let database = database(data).await;
    let rows = sqlx::query("SELECT seq, author, received_at, body FROM operation ORDER BY seq");
    let mut states = std::collections::BTreeMap::<RecordId, Record>::new();
    for row in rows.fetch_all(&database).await.unwrap() {
        let operation: Operation = serde_json::from_str(row.get("body")).unwrap();
        let (seq, author): (i64, &str) = (row.get("seq"), row.get("author"));
        let received = domain::Timestamp(row.get("received_at"));
        let state = states.entry(operation.record_id).or_insert_with(|| Record::of(&operation));
        state.apply(&Sequenced::new(seq.cast_unsigned(), author.parse().unwrap(), received, operation));
    }
    let stored: Vec<String> =
        sqlx::query_scalar("SELECT state FROM record ORDER BY record").fetch_all(&database).await.unwrap();
    let stored: Vec<Record> = stored.iter().map(|state| serde_json::from_str(state).unwrap()).collect();
    assert_eq!(stored, states.into_values().collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_was_cut_short_is_never_taken_for_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    prepare(data).await.close().await;
    // Enough pages for the copy to last.
    let filler = "CREATE TABLE filler (territory TEXT PRIMARY KEY NOT NULL, bytes BLOB);
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
        INSERT INTO filler SELECT i, randomblob(1000000) FROM n";
    sqlx::raw_sql(filler).execute(&database(data).await).await.unwrap();
    let mut written = Vec::new();
    for round in 0..12_u64 {
        let mut child = command(&["backup"], data).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(20 + round * 15));
        child.kill().unwrap();
        child.wait().unwrap();
        // What bears the name of a backup is one, even if the program was killed before it could say so.
        if let Some(named) = backups(data).first() {
            restore(named, tempfile::tempdir().unwrap().path()).await;
            break;
        }
        assert_eq!(
            number(data, "SELECT backed_up_seq FROM territory").await,
            0,
            "round {round}: no backup, none noted"
        );
        let part = std::fs::read_dir(data.join("backups")).into_iter().flatten().map(|entry| entry.unwrap().path());
        written = part.map(|part| std::fs::read(part).unwrap()).max_by_key(Vec::len).unwrap_or(written);
    }
    assert!(!written.is_empty(), "no kill came while the copy was written");
    let elsewhere = tempfile::tempdir().unwrap();
    let interrupted = data.join("cardabelle.sqlite.part");
    std::fs::write(&interrupted, &written).unwrap();
    refused(&run(&["restore", interrupted.to_str().unwrap()], elsewhere.path()).await, "interrompue");
    // Whatever its name.
    let renamed = data.join("renamed.sqlite");
    std::fs::write(data.join("empty.sqlite"), "").unwrap();
    let whole = backup(data).await;
    let bytes = std::fs::read(&whole).unwrap();
    // The last kill may have come when every page was written: only the name was missing then.
    std::fs::write(&renamed, &written[..written.len().min(bytes.len() - 1)]).unwrap();
    std::fs::write(data.join("half.sqlite"), &bytes[..bytes.len() / 2]).unwrap();
    for name in ["renamed.sqlite", "empty.sqlite", "half.sqlite"] {
        let file = data.join(name);
        refused(&run(&["restore", file.to_str().unwrap()], elsewhere.path()).await, "abîmée");
    }
    assert!(!elsewhere.path().join(server::store::FILE).exists(), "nothing was put in place");
    restore(&whole, elsewhere.path()).await;
}
