use serde_json::{Value, json};
use sync::protocol::{Check, HEADER, Pulled};

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
    let pulled: Pulled = reply.read();
    assert_eq!(pulled.operations.iter().map(|one| one.operation.op_id).collect::<Vec<_>>(), [his.op_id]);

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
    let mut base = None;
    for n in 0..580 {
        let mut set = claire.set(person, json!({ "commune": format!("{n}") }));
        set.fields.get_mut("commune").unwrap().base = base.replace(set.op_id);
        sent.push(set);
    }
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
        CASE WHEN seq > 50 THEN json('trap') ELSE body END AS body, received_at, quarantine, clashes,
        conflicts FROM real_operation";
    sqlx::raw_sql(trapped).execute(&world.database().await).await.unwrap();
    let page = claire.pull(0).await;
    assert!(page.more && page.operations.len() < 40, "{}", page.operations.len());
    let end = claire.send("GET", "/api/pull?epoch=1&since=190", vec![]).await;
    assert_eq!(end.refused(500).code, "server-fault", "the trap is there");
}

/// A server restored meanwhile has nothing to tell but its epoch: the device begins again by records.
#[tokio::test]
async fn another_epoch_is_answered_by_an_empty_page() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let create = claire.create_person();
    claire.push(&[create]).await;
    for (path, headers) in
        [("/api/pull?epoch=7&since=4&check=true", &[][..]), ("/api/pull?epoch=0&since=0", &[(HEADER, "2")])]
    {
        let authorization = format!("Bearer {}", claire.signed_in.token);
        let headers: Vec<_> = headers.iter().copied().chain([("authorization", authorization.as_str())]).collect();
        let page: Pulled = world.get(path, &headers).await.read();
        let empty = page.operations.is_empty() && page.entered.is_empty() && page.check.is_none();
        assert!(empty && !page.more, "{page:?}");
        assert_eq!((page.epoch, page.since), (1, 0));
    }
}

#[tokio::test]
async fn with_nothing_to_do_the_answer_is_small() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    for _ in 0..3 {
        let creates: Vec<_> = (0..200).map(|_| claire.create_person()).collect();
        claire.push(&creates).await;
    }
    // As in some years: the largest numbers there will be.
    sqlx::query("UPDATE territory SET seq = 12345678, epoch = 1763780000000, backed_up_seq = 12345678")
        .execute(&world.database().await)
        .await
        .unwrap();
    for check in ["", "&check=true"] {
        let path = format!("/api/pull?epoch=1763780000000&since=12345678{check}");
        let reply = claire.send("GET", &path, vec![]).await;
        assert!(reply.status.is_success() && reply.body.len() <= 300, "{}: {}", reply.body.len(), reply.text());
    }
}

#[tokio::test]
async fn the_check_counts_what_the_caller_sees() {
    let world = World::start().await;
    let (mut claire, mut karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let (one, two) = (claire.create_person(), claire.create_person());
    let set = claire.set(one.record_id, json!({ "commune": "Miremont" }));
    let bad = claire.set(two.record_id, json!({ "birth_date": "hier" }));
    let his = karim.create_person();
    claire.push(&[one.clone(), two.clone(), set, bad]).await;
    karim.push(&[his]).await;
    let mut expected = Check::default();
    expected.add(two.record_id, 2);
    expected.add(one.record_id, 3);
    let phone = world.sign_in("claire").await;
    let ask =
        async |query: &str| phone.send("GET", &format!("/api/pull?epoch=1{query}"), vec![]).await.read::<Pulled>();
    assert_eq!(ask("&since=0&check=true").await.check, Some(expected));
    assert_eq!(ask("&since=5&check=true").await.check, Some(expected));
    assert_eq!(ask("&since=5").await.check, None, "only when asked");
    for _ in 0..3 {
        let creates: Vec<_> = (0..200).map(|_| claire.create_person()).collect();
        claire.push(&creates).await;
    }
    let page = ask("&since=0&check=true").await;
    assert_eq!((page.more, page.check), (true, None), "not before everything is read");
}

/// Word for word what a device of the version before this one sends and reads.
#[tokio::test]
async fn the_version_before_is_served_as_before() {
    let world = World::start().await;
    let (claire, mut karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let person = "01900000-0000-7000-8000-000000000004";
    let device = claire.id;
    let operation = |n: u32, kind: &str, fields: &str| {
        format!(
            concat!(
                r#"{{"op_id":"01900000-0000-7000-8000-00000000000{n}","device_id":"{device}","device_seq":{n},"#,
                r#""record_id":"{person}","record_kind":"person","form_version":"2026.1","kind":"{kind}","#,
                r#""fields":{{{fields}}},"device_time":1700000000000}}"#
            ),
            n = n,
            device = device,
            person = person,
            kind = kind,
            fields = fields
        )
    };
    let field = |commune: &str| format!(r#""commune":{{"value":"{commune}","base":null}}"#);
    let create = operation(1, "create", &field("Miremont"));
    let set = operation(2, "set", &field("Auterive"));
    let bad = operation(3, "set", r#""birth_date":{"value":"hier","base":null}"#);
    let authorization = format!("Bearer {}", claire.signed_in.token);
    let headers = [("authorization", authorization.as_str()), (HEADER, "1")];
    let body = format!(r#"{{"operations":[{create},{set},{bad}]}}"#);
    let pushed: Value = world.post("/api/push", &headers, body).await.read();
    let id = |n: u32| format!("01900000-0000-7000-8000-00000000000{n}");
    let fates = json!([
        [id(1), { "fate": "applied", "seq": 1 }],
        [id(2), { "fate": "conflict", "seq": 2, "fields": ["commune"] }],
        [id(3), { "fate": "quarantined", "seq": 3, "reason": "invalid-value" }],
    ]);
    assert_eq!(pushed["fates"], fates);
    assert_eq!((&pushed["last_device_seq"], &pushed["epoch"]), (&json!(3), &json!(1)));
    assert!(pushed["backed_up_seq"].is_u64() && pushed["server_time"].is_i64());

    // A record entrusted to her would come without its beginning: it waits until the device is updated.
    let entrusted = karim.create_person();
    karim.push(&[entrusted]).await;
    assert!(world.hand_over("karim", "claire").status.success());
    // The log from the start, for another epoch too.
    for query in ["epoch=1&since=0", "epoch=7&since=2", "epoch=1&since=0&check=true"] {
        let page: Value = world.get(&format!("/api/pull?{query}"), &headers).await.read();
        let names: Vec<_> = page.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["backed_up_seq", "epoch", "more", "operations", "server_time", "since"], "{query}");
        let mut operations = page["operations"].as_array().unwrap().clone();
        for (n, sent) in [(0, &create), (1, &set)] {
            let row = operations[n].as_object_mut().unwrap();
            assert_eq!(row.remove("seq"), Some(json!(n + 1)));
            assert_eq!(row.remove("author"), Some(json!(claire.signed_in.account.id)));
            assert!(row.remove("received_at").unwrap().is_i64());
            row.remove("conflicts");
            assert_eq!(Value::Object(row.clone()), serde_json::from_str::<Value>(sent).unwrap(), "{query}");
        }
        assert_eq!((operations.len(), &page["since"], &page["more"]), (2, &json!(5), &json!(false)));
    }
}
