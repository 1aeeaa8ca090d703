//! The real binary, killed.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sync::protocol::{Fate, Push, Pushed, SignIn, SignedIn};
use tokio::sync::Notify;

use crate::world::{Device, PASSWORD, Reply, prepare, send};

/// A server in a process of its own.
pub struct Served {
    child: Child,
    pub address: SocketAddr,
}

impl Served {
    pub async fn start(data: &Path) -> Self {
        Self::spawn(Command::new(env!("CARGO_BIN_EXE_cardabelle")), data).await
    }

    /// Under a shell script that ends with `exec "$0" "$@"`.
    #[cfg(unix)]
    pub async fn start_in(script: &str, data: &Path) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_cardabelle")]);
        Self::spawn(command, data).await
    }

    async fn spawn(mut command: Command, data: &Path) -> Self {
        command.args(["serve", "--demo", "--listen", "127.0.0.1:0", "--log", "off", "--data"]).arg(data);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let out = child.stdout.take().unwrap();
        let address = tokio::task::spawn_blocking(move || {
            let lines = BufReader::new(out).lines().map(Result::unwrap);
            let line = lines.into_iter().find(|line| line.starts_with("http://")).expect("the address is printed");
            line.trim_start_matches("http://").trim_end_matches('/').parse().unwrap()
        });
        Self { child, address: address.await.unwrap() }
    }

    pub async fn sign_in(&self) -> Device {
        let body = SignIn {
            login: "claire".into(),
            password: PASSWORD.into(),
            code: None,
            device_id: None,
            account: None,
            others: Vec::new(),
            device_name: "T".into(),
        };
        let body = serde_json::to_vec(&body).unwrap();
        let signed_in: SignedIn = send(self.address, "POST", "/api/sign-in", &[], body).await.unwrap().read();
        Device::new(self.address, signed_in)
    }

    pub async fn get(&self, path: &str) -> Reply {
        send(self.address, "GET", path, &[], vec![]).await.unwrap()
    }

    /// SIGKILL: no time to say goodbye.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    #[cfg(unix)]
    pub fn terminate(mut self) -> std::process::ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

/// A test that fails leaves no server behind.
impl Drop for Served {
    fn drop(&mut self) {
        // Already gone, most of the time.
        let _ = self.child.kill();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_outlives_a_kill() {
    const ROUNDS: u64 = 20;
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path()).await.close().await;
    let served = Served::start(folder.path()).await;
    let mut claire = served.sign_in().await;
    served.kill();

    let mut acknowledged = Vec::new();
    let mut cut = 0;
    let mut unanswered = None;
    for round in 0..ROUNDS {
        let served = Served::start(folder.path()).await;
        claire.address = served.address;
        // Spread over what follows the first answer, however slow the machine: each lands at another instant of a request
        // or a commit.
        let answered = Arc::new(Notify::new());
        let first = Arc::clone(&answered);
        let killer = tokio::spawn(async move {
            first.notified().await;
            tokio::time::sleep(Duration::from_millis(round * 7 % 60)).await;
            served.kill();
        });
        loop {
            // What got no reply is sent again, as a device does.
            let operations = unanswered.take().unwrap_or_else(|| {
                let create = claire.create_person();
                let set = claire.set(create.record_id, json!({ "commune": "Miremont" }));
                vec![create, set]
            });
            let body = serde_json::to_vec(&Push { operations: operations.clone() }).unwrap();
            match claire.try_send("POST", "/api/push", body).await {
                Ok(reply) => {
                    for (op_id, fate) in reply.read::<Pushed>().fates {
                        let (Fate::Applied { seq } | Fate::Duplicate { seq }) = fate else { panic!("{fate:?}") };
                        acknowledged.push((op_id, seq));
                    }
                    answered.notify_one();
                }
                Err(_) => {
                    cut += 1;
                    unanswered = Some(operations);
                    break;
                }
            }
        }
        killer.await.unwrap();
    }
    let served = Served::start(folder.path()).await;
    let claire = Device::new(served.address, claire.signed_in);
    let (mut since, mut held) = (0, Vec::new());
    loop {
        let page = claire.pull(since).await;
        held.extend(page.operations.iter().map(|one| (one.operation.op_id, one.seq)));
        since = page.since;
        if !page.more {
            break;
        }
    }
    served.kill();
    assert_eq!(cut, ROUNDS, "each round ends by a kill");
    assert!(acknowledged.len() as u64 >= 2 * ROUNDS, "only {} acknowledged", acknowledged.len());
    let lost: Vec<_> = acknowledged.iter().filter(|one| !held.contains(one)).collect();
    assert!(lost.is_empty(), "acknowledged then lost: {lost:?}");
    let seqs: Vec<_> = held.iter().map(|(_, seq)| *seq).collect();
    assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>(), "no gap, nothing twice");
}

#[cfg(unix)]
#[tokio::test]
async fn it_stops_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path()).await.close().await;
    let served = Served::start(folder.path()).await;
    assert_eq!(served.get("/healthz").await.status, 200);
    let ended = tokio::task::spawn_blocking(|| served.terminate()).await.unwrap();
    assert!(ended.success(), "{ended}");
    let mut left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["cardabelle.lock", server::store::FILE], "the write-ahead log is folded in");
}

#[test]
fn the_command_line_refuses_what_would_harm() {
    let run = |arguments: &[&str], data: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cardabelle"));
        command.args(arguments).arg("--data").arg(data).stdin(Stdio::null()).output().unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("new");
    let error = |output: &std::process::Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let none = run(&["serve"], data);
    assert!(!none.status.success() && error(&none).contains("cardabelle init"), "{}", error(&none));
    assert!(run(&["demo"], data).status.success());
    assert!(run(&["demo"], data).status.success(), "already there");
    let open = run(&["serve", "--listen", "127.0.0.1:0"], data);
    assert!(!open.status.success() && error(&open).contains("--demo"), "{}", error(&open));
    let again = run(&["init", "--territory", "X", "--admin", "a", "--password-stdin"], data);
    assert!(!again.status.success(), "a territory is not replaced");
    let list = run(&["user", "list"], data);
    assert!(String::from_utf8_lossy(&list.stdout).contains("claire.vidal"));
    let disabled = run(&["user", "disable", "--login", "karim.benali"], data);
    assert!(disabled.status.success(), "{}", error(&disabled));
    assert!(String::from_utf8_lossy(&run(&["user", "list"], data).stdout).contains("désactivé"));
    let short = run(
        &[
            "user",
            "add",
            "--login",
            "x",
            "--name",
            "X",
            "--profession",
            "Y",
            "--role",
            "professional",
            "--password-stdin",
        ],
        data,
    );
    assert!(!short.status.success(), "an empty password is refused");
}

/// `xtask run` and administrators take the database for a whole demonstration as soon as it is there.
#[tokio::test]
async fn a_demonstration_is_there_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let demo = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cardabelle"));
        command.arg("demo").arg("--data").arg(data).stdout(Stdio::null());
        command
    };
    let mut child = demo().spawn().unwrap();
    let begun = std::time::Instant::now();
    while !holds_database(data) {
        assert!(begun.elapsed() < Duration::from_secs(30), "the load never began");
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success(), "the load ended before it was killed");
    let database = data.join(server::store::FILE);
    assert!(!database.exists(), "half a demonstration would be served");

    // What is left of another database of the same name must not be read as the log of this one.
    std::fs::write(data.join("cardabelle.sqlite-wal"), "stale").unwrap();
    assert!(demo().status().unwrap().success());
    let left: Vec<_> = std::fs::read_dir(data).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [server::store::FILE], "nothing but the database");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&database).read_only(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let records: i64 = sqlx::query_scalar("SELECT count(*) FROM record").fetch_one(&pool).await.unwrap();
    assert!(records > 10, "{records}");
    pool.close().await;

    // A database with no territory, which an interrupted `init` leaves, holds nothing: it is replaced.
    let other = tempfile::tempdir().unwrap();
    server::store::Store::open(other.path()).await.unwrap().close().await;
    let data = other.path();
    let load = Command::new(env!("CARGO_BIN_EXE_cardabelle")).arg("demo").arg("--data").arg(data).output().unwrap();
    assert!(load.status.success(), "{}", String::from_utf8_lossy(&load.stderr));
    let store = server::store::Store::open(data).await.unwrap();
    assert!(store.territory().await.unwrap().is_some_and(|territory| territory.demo));
    store.close().await;
}

/// Whether a database has begun to exist there, under any folder.
fn holds_database(folder: &Path) -> bool {
    std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .any(|entry| entry.file_name() == server::store::FILE || entry.path().is_dir() && holds_database(&entry.path()))
}
