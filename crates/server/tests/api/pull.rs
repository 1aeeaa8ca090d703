use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn an_account_reads_its_own_log_and_nothing_else() {
    let world = World::start().await;
    let (mut claire, mut karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let phone = world.sign_in("claire").await;
    let (hers, his) = (claire.create_person(), karim.create_person());
    let name = claire.set(hers.record_id, json!({ "family_name": "Planted-Salvan" }));
    let bad = claire.set(hers.record_id, json!({ "birth_date": "hier" }));
    claire.push(&[hers.clone(), name.clone(), bad]).await;
    karim.push(std::slice::from_ref(&his)).await;

    let pulled = phone.pull(0).await;
    let operations: Vec<_> = pulled.operations.iter().map(|one| (one.seq, &one.operation)).collect();
    assert_eq!(operations, [(1, &hers), (2, &name)], "applied ones, in order, on the other device too");
    assert_eq!(pulled.operations[0].author, claire.signed_in.account.id);
    assert_eq!((pulled.since, pulled.more), (4, false), "past the operations of others");
    assert_eq!(phone.pull(1).await.operations.len(), 1);

    let reply = karim.send("GET", "/api/pull?epoch=1&since=0", vec![]).await;
    assert!(!reply.text().contains("Planted"), "another's record crossed the wire");
    let pulled: sync::protocol::Pulled = reply.read();
    assert_eq!(pulled.operations.iter().map(|one| one.operation.op_id).collect::<Vec<_>>(), [his.op_id]);

    let other_epoch = phone.send("GET", "/api/pull?epoch=7&since=4", vec![]).await;
    assert_eq!(other_epoch.read::<sync::protocol::Pulled>().operations.len(), 2, "read again from the start");
    for query in ["", "?epoch=1", "?epoch=1&since=-1", "?epoch=1&since=1'"] {
        let reply = phone.send("GET", &format!("/api/pull{query}"), vec![]).await;
        assert_eq!(reply.refused(400).code, "unreadable", "{query}");
    }
    assert!(phone.send("GET", "/api/pull?epoch=1&since=18446744073709551615", vec![]).await.status.is_success());
}

#[tokio::test]
async fn a_long_log_comes_in_pages() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let create = claire.create_person();
    let person = create.record_id;
    let mut sent = vec![create];
    // Two hundred short ones, then some so long that bytes, not count, end a page.
    sent.extend((0..580).map(|n| claire.set(person, json!({ "commune": format!("{n}") }))));
    sent.extend((0..60).map(|_| {
        let mut long = claire.set(person, json!({}));
        long.reason = Some("x".repeat(20_000));
        long
    }));
    for operations in sent.chunks(20) {
        claire.push(operations).await;
    }
    let (mut since, mut read, mut pages) = (0, Vec::new(), 0);
    loop {
        let page = claire.pull(since).await;
        assert!(page.operations.len() <= 500);
        assert!(serde_json::to_vec(&page).unwrap().len() < 700_000);
        pages += 1;
        since = page.since;
        read.extend(page.operations.into_iter().map(|one| one.operation.op_id));
        if !page.more {
            break;
        }
    }
    assert_eq!(read, sent.iter().map(|one| one.op_id).collect::<Vec<_>>());
    assert!(pages >= 3, "{pages}");
    assert!(claire.pull(since).await.operations.is_empty());
}

/// Past the first page, reading a body fails: it is not read.
#[tokio::test]
async fn a_page_reads_no_more_than_it_sends() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let create = claire.create_person();
    let person = create.record_id;
    claire.push(&[create]).await;
    for _ in 0..10 {
        let operations: Vec<_> = (0..20)
            .map(|_| {
                let mut long = claire.set(person, json!({}));
                long.reason = Some("x".repeat(20_000));
                long
            })
            .collect();
        claire.push(&operations).await;
    }
    // Twenty-six of these make a page; the driver reads some rows ahead.
    let trapped = "ALTER TABLE operation RENAME TO real_operation;
        CREATE VIEW operation AS SELECT territory, seq, op_id, device, device_seq, author, record, kind,
        CASE WHEN seq > 50 THEN json('trap') ELSE body END AS body, received_at, quarantine, clashes FROM real_operation";
    sqlx::raw_sql(trapped).execute(&world.database().await).await.unwrap();
    let page = claire.pull(0).await;
    assert!(page.more && page.operations.len() < 40, "{}", page.operations.len());
    let end = claire.send("GET", "/api/pull?epoch=1&since=190", vec![]).await;
    assert_eq!(end.refused(500).code, "server-fault", "the trap is there");
}
