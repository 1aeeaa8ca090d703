//! Many write while many read.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use sync::Seq;

use crate::world::{Device, World};

const WRITERS: usize = 4;
const PUSHES: usize = 30;

/// A cursor never skips an operation, whatever commits between two pulls.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cursor_skips_nothing() {
    let world = World::start().await;
    let writing = Arc::new(AtomicUsize::new(WRITERS));
    let mut writers = Vec::new();
    for login in ["claire", "karim"].into_iter().cycle().take(WRITERS) {
        let (device, writing) = (world.sign_in(login).await, writing.clone());
        writers.push(tokio::spawn(async move {
            write(device).await;
            writing.fetch_sub(1, Ordering::SeqCst);
        }));
    }
    let mut readers = Vec::new();
    for login in ["claire", "karim", "claire", "karim"] {
        let (device, writing) = (world.sign_in(login).await, writing.clone());
        readers.push((login, tokio::spawn(async move { read(&device, &writing).await })));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let database = world.database().await;
    for (login, reader) in readers {
        let (seen, pulls) = reader.await.unwrap();
        let sql = "SELECT seq FROM operation JOIN account ON account.account = operation.author
            WHERE login = ? AND quarantine IS NULL ORDER BY seq";
        let written: Vec<i64> = sqlx::query_scalar(sql).bind(login).fetch_all(&database).await.unwrap();
        let written: Vec<Seq> = written.into_iter().map(i64::cast_unsigned).collect();
        assert_eq!(seen, written, "{login}: nothing skipped, nothing twice, in order");
        assert!(pulls > 10, "only {pulls} pulls: they did not read while others wrote");
    }
}

/// Creations, edits, and now and then something set aside.
async fn write(mut device: Device) {
    for n in 0..PUSHES {
        let create = device.create_person();
        let set = device.set(create.record_id, json!({ "commune": format!("{n}") }));
        let mut operations = vec![create, set];
        if n % 5 == 0 {
            operations.push(device.set(operations[0].record_id, json!({ "birth_date": "hier" })));
        }
        device.push(&operations).await;
    }
}

/// Pulls until all is written, then to the end.
async fn read(device: &Device, writing: &AtomicUsize) -> (Vec<Seq>, usize) {
    let (mut since, mut seen, mut pulls) = (0, Vec::new(), 0);
    loop {
        let last = writing.load(Ordering::SeqCst) == 0;
        let page = device.pull(since).await;
        assert!(page.operations.iter().all(|one| one.seq > since && one.seq <= page.since));
        seen.extend(page.operations.iter().map(|one| one.seq));
        since = page.since;
        pulls += 1;
        if last && !page.more {
            return (seen, pulls);
        }
    }
}
