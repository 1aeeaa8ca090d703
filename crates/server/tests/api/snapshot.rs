use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::net::SocketAddr;

use domain::id::RecordId;
use flate2::write::GzDecoder;
use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::json;
use sync::protocol::Frame;
use sync::{FirstPull, Store};

use crate::tablet::Tablet;
use crate::world::{Device, World};

/// Begins to read an answer; the connection breaks when it is dropped.
async fn open(address: SocketAddr, device: &Device, path: &str, headers: &[(&str, &str)]) -> Response<Incoming> {
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let bearer = format!("Bearer {}", device.signed_in.token);
    let mut request = Request::get(path).header("host", "localhost").header("authorization", bearer);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = sender.send_request(request.body(Empty::<Bytes>::new()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 200);
    response
}

/// The whole frames of a text that may be cut.
fn frames(text: &[u8]) -> Vec<Frame> {
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let lines = text[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}

async fn fill(device: &mut Device, pushes: usize) {
    for _ in 0..pushes {
        let creates: Vec<_> = (0..200).map(|_| device.create_person()).collect();
        device.push(&creates).await;
    }
}

#[tokio::test]
async fn an_account_with_nothing_gets_one_empty_frame() {
    let world = World::start().await;
    let (mut karim, claire) = (world.sign_in("karim").await, world.sign_in("claire").await);
    let his = karim.create_person();
    karim.push(&[his]).await;
    let reply = claire.send("GET", "/api/snapshot", vec![]).await;
    assert_eq!(reply.headers["content-type"], "application/x-ndjson");
    let frames = frames(&reply.body);
    assert_eq!(frames.len(), 1);
    let frame = &frames[0];
    assert_eq!((frame.epoch, frame.at, frame.from, frame.to, frame.total), (1, 1, None, None, 0));
    assert!(frame.records.is_empty());
    for query in ["?epoch=x", "?after=1", "?at=-1", "?why=because"] {
        let reply = claire.send("GET", &format!("/api/snapshot{query}"), vec![]).await;
        assert_eq!(reply.refused(400).code, "unreadable", "{query}");
    }
    assert_eq!(claire.send("GET", "/api/snapshot?why=check", vec![]).await.status, 200);
}

/// Cut again and again, taken up after the last whole frame, while others write: each record comes once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_records_come_once_each_through_cuts_and_writes() {
    let world = World::start().await;
    let mut writer = world.sign_in("claire").await;
    fill(&mut writer, 25).await;
    let before: BTreeSet<RecordId> = writer.read_log().await.iter().map(|one| one.operation.record_id).collect();
    assert_eq!(before.len(), 5000);
    let tablet = Tablet::sign_in(&world, "claire").await;
    let (stop, mut stopped) = tokio::sync::oneshot::channel();
    let known: Vec<RecordId> = before.iter().copied().collect();
    let writing = tokio::spawn(async move {
        let mut n = 0;
        while stopped.try_recv().is_err() {
            let create = writer.create_person();
            let record = known[n * 37 % known.len()];
            let set = writer.set(record, json!({ "commune": format!("{n}") }));
            writer.push(&[create, set]).await;
            n += 1;
        }
        n
    });

    let (mut times, mut cuts, mut at) = (BTreeMap::<RecordId, u32>::new(), 0, None);
    while let Some(first) = tablet.replica.first_pull().await.unwrap() {
        let FirstPull { epoch, at: noted, after, .. } = first;
        let query = after.map(|after| format!("?epoch={epoch}&at={noted}&after={after}")).unwrap_or_default();
        let path = format!("/api/snapshot{query}");
        let mut answer = open(world.address, &tablet.device, &path, &[]).await;
        let mut text = Vec::new();
        // The network goes after a while, at another place each time.
        let patience = 20_000 + cuts * 70_001;
        while let Some(chunk) = answer.frame().await {
            text.extend_from_slice(chunk.unwrap().data_ref().unwrap());
            if text.len() > patience {
                cuts += 1;
                break;
            }
        }
        for frame in frames(&text) {
            assert!(frame.records.len() <= 200 && frame.total >= 5000);
            assert_eq!(*at.get_or_insert(frame.at), frame.at, "the sequence noted at the beginning stays");
            for record in &frame.records {
                *times.entry(record.id).or_default() += 1;
            }
            tablet.replica.framed(&frame).await.unwrap();
        }
    }
    stop.send(()).unwrap();
    let writes = writing.await.unwrap();
    assert!(cuts >= 5 && writes >= 5, "{cuts} cuts, {writes} writes");
    let missing: Vec<_> = before.iter().filter(|id| times.get(id) != Some(&1)).collect();
    assert!(missing.is_empty(), "{} not exactly once", missing.len());
    assert!(times.values().all(|count| *count == 1), "a record came twice");
    // What was written meanwhile comes by the log, from the sequence that was noted.
    assert_eq!(Some(tablet.replica.store().cursor().await.unwrap().since), at);
    assert!(tablet.read().await, "the device holds what the server counts");
    assert_eq!(tablet.replica.contents().await.unwrap().shown.len(), 5000 + writes);
}

/// The second frame cannot be read: the first arrives whole, and whoever asks for what follows it is told.
#[tokio::test]
async fn a_frame_that_cannot_be_read_takes_no_other_along() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    fill(&mut claire, 2).await;
    let database = world.database().await;
    let trap = "UPDATE record SET state = '{}' WHERE record = (SELECT max(record) FROM record)";
    sqlx::query(trap).execute(&database).await.unwrap();
    for encoding in ["identity", "gzip", "br, gzip"] {
        let answer = open(world.address, &claire, "/api/snapshot", &[("accept-encoding", encoding)]).await;
        let compressed = answer.headers().get("content-encoding").is_some_and(|name| name == "gzip");
        assert_eq!(compressed, encoding != "identity");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let plain = if compressed {
            let mut text = GzDecoder::new(Vec::new());
            text.write_all(&body).unwrap();
            text.finish().unwrap()
        } else {
            body.to_vec()
        };
        let frames = frames(&plain);
        assert_eq!(frames.iter().map(|frame| frame.records.len()).collect::<Vec<_>>(), [200], "{encoding}");
        let (at, after) = (frames[0].at, frames[0].to.expect("something follows"));
        let rest = claire.send("GET", &format!("/api/snapshot?epoch=1&at={at}&after={after}"), vec![]).await;
        assert_eq!(rest.status, 500, "{encoding}");
    }
}

/// What was read before a restore says nothing of what the server holds now.
#[tokio::test]
async fn another_epoch_begins_again() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    fill(&mut claire, 2).await;
    let first = frames(&claire.send("GET", "/api/snapshot", vec![]).await.body);
    let (at, after) = (first[0].at, first[0].to.unwrap());
    let next = async |epoch: u64| {
        let path = format!("/api/snapshot?epoch={epoch}&at={at}&after={after}");
        frames(&claire.send("GET", &path, vec![]).await.body)
    };
    let one = next(1).await;
    assert_eq!((one.len(), one[0].from, one[0].to, one[0].records.len()), (1, Some(after), None, 200));
    let other = next(2).await;
    assert_eq!((other.len(), other[0].from, other[0].epoch), (2, None, 1));
}

/// Bytes end a frame too, and one record larger than a frame still comes.
#[tokio::test]
async fn large_records_make_small_frames() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    fill(&mut claire, 1).await;
    let sql = "UPDATE record SET state = json_set(state, '$.kind', printf('%.*c', ?, 'x'))";
    sqlx::query(sql).bind(100_000).execute(&world.database().await).await.unwrap();
    let large = "UPDATE record SET state = json_set(state, '$.kind', printf('%.*c', 400000, 'x'))
        WHERE record = (SELECT min(record) FROM record)";
    sqlx::query(large).execute(&world.database().await).await.unwrap();
    let read = frames(&claire.send("GET", "/api/snapshot", vec![]).await.body);
    assert_eq!(read[0].records.len(), 1);
    assert!(read[1..].iter().all(|frame| frame.records.len() <= 2));
    assert_eq!(read.iter().map(|frame| frame.records.len()).sum::<usize>(), 200);
}
