use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn well_then_unwell() {
    let world = World::start().await;
    let reply = world.get("/healthz", &[]).await;
    assert_eq!((reply.status.as_u16(), reply.text().as_str()), (200, r#"{"status":"ok"}"#));
    sqlx::query("DROP TABLE probe").execute(&world.database().await).await.unwrap();
    assert_eq!(world.get("/healthz", &[]).await.status, 200, "a sound disk is not written to");
    let database = world.database().await;
    sqlx::query("ALTER TABLE territory RENAME TO gone").execute(&database).await.unwrap();
    assert_eq!(world.get("/healthz", &[]).await.status, 503);
}

/// A real full disk: the process may not grow a file past a limit.
#[cfg(unix)]
#[tokio::test]
async fn a_full_disk_acknowledges_nothing_and_says_so() {
    use crate::crash::Served;
    let folder = tempfile::tempdir().unwrap();
    crate::world::prepare(folder.path()).await.close().await;
    // In units of 512 or 1024 bytes; the write-ahead log reaches it after some pushes.
    let served = Served::start_in("trap '' XFSZ; ulimit -f 400; exec \"$0\" \"$@\"", folder.path()).await;
    let mut claire = served.sign_in().await;
    let mut acknowledged = Vec::new();
    let refused = loop {
        let create = claire.create_person();
        let mut long = claire.set(create.record_id, json!({}));
        long.reason = Some("x".repeat(15_000));
        let reply = claire.try_push(&[create.clone(), long]).await;
        if reply.status != 200 {
            break reply;
        }
        acknowledged.push(create.op_id);
        assert!(acknowledged.len() < 200, "the limit never came");
    };
    assert_eq!(refused.refused(503).code, "server-full");
    assert_eq!(served.get("/healthz").await.status, 503);
    served.kill();

    let served = Served::start(folder.path()).await;
    assert_eq!(served.get("/healthz").await.status, 200);
    let claire = crate::world::Device::new(served.address, claire.signed_in);
    let held: Vec<_> = claire.pull(0).await.operations.into_iter().map(|one| one.operation.op_id).collect();
    assert!(!acknowledged.is_empty() && acknowledged.iter().all(|op_id| held.contains(op_id)));
    served.kill();
}
