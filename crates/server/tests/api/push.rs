use serde_json::{Value, json};
use sync::protocol::{Fate, MAX_BYTES, Push, Quarantine};
use sync::{Operation, OperationKind};

use crate::world::{Device, World, new_record};

async fn fates(device: &Device, operations: &[Operation]) -> Vec<Fate> {
    let pushed = device.push(operations).await;
    let ids: Vec<_> = pushed.fates.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, operations.iter().map(|operation| operation.op_id).collect::<Vec<_>>());
    pushed.fates.into_iter().map(|(_, fate)| fate).collect()
}

fn reason(fate: &Fate) -> Option<Quarantine> {
    match fate {
        Fate::Quarantined { reason, .. } => Some(*reason),
        _ => None,
    }
}

async fn count(world: &World) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM operation").fetch_one(&world.database().await).await.unwrap()
}

#[tokio::test]
async fn operations_are_applied_once() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let create = claire.create_person();
    let person = create.record_id;
    let consent =
        claire.write(OperationKind::Create, new_record(), "consent", json!({ "parent": person, "started_at": 2 }));
    let answer = claire.write(OperationKind::Set, consent.record_id, "consent", json!({ "answer": "yes" }));
    let operations = [create, claire.set(person, json!({ "family_name": "Salvan" })), consent, answer];

    let pushed = claire.push(&operations).await;
    let expected: Vec<Fate> = (1..=4).map(|seq| Fate::Applied { seq }).collect();
    assert_eq!(pushed.fates.into_iter().map(|(_, fate)| fate).collect::<Vec<_>>(), expected);
    assert_eq!((pushed.last_device_seq, pushed.epoch), (4, 1));

    let again = fates(&claire, &operations).await;
    assert_eq!(again, (1..=4).map(|seq| Fate::Duplicate { seq }).collect::<Vec<_>>());
    let mut twice = vec![claire.set(person, json!({ "commune": "Miremont" }))];
    twice.push(twice[0].clone());
    assert_eq!(fates(&claire, &twice).await, [Fate::Applied { seq: 5 }, Fate::Duplicate { seq: 5 }]);
    assert_eq!(count(&world).await, 5);
}

#[tokio::test]
async fn what_may_not_be_applied_is_stored_and_set_aside() {
    use OperationKind::{Create, Delete, Set};
    use Quarantine::{InvalidValue, NoRight, UnknownForm, UnknownKind, UnknownRecord};

    let world = World::start().await;
    let (mut claire, mut karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let (hers, another) = (claire.create_person(), claire.create_person());
    let (person, other) = (hers.record_id, another.record_id);
    fates(&claire, &[hers, another]).await;
    let mut admin = world.sign_in("admin").await;
    let operation = admin.create_person();
    assert_eq!(reason(&fates(&admin, &[operation]).await[0]), Some(NoRight), "no health record for an administrator");

    let his: Vec<Operation> = (0..11).map(|_| karim.create_person()).collect();
    fates(&karim, &his).await;
    let his = |n: usize| his[n].record_id;
    let child = json!({ "parent": his(0) });
    let consent = karim.write(Create, new_record(), "consent", child);
    let first_consent = consent.record_id;
    fates(&karim, &[consent]).await;
    let mut version = karim.set(his(0), json!({}));
    version.form_version = "1.0".into();
    let cases = [
        (karim.set(person, json!({ "commune": "Miremont" })), NoRight),
        (karim.write(Create, other, "person", json!({})), NoRight),
        (karim.write(Create, new_record(), "consent", json!({ "parent": person })), NoRight),
        (karim.set(new_record(), json!({ "commune": "Miremont" })), UnknownRecord),
        (karim.write(Create, new_record(), "consent", json!({ "parent": new_record() })), UnknownRecord),
        (karim.write(Create, new_record(), "consent", json!({})), InvalidValue),
        (karim.write(Create, new_record(), "consent", json!({ "parent": null })), InvalidValue),
        (karim.write(Create, new_record(), "consent", json!({ "parent": first_consent })), InvalidValue),
        (karim.write(Create, new_record(), "person", json!({ "parent": his(0) })), InvalidValue),
        (karim.write(Create, new_record(), "horoscope", json!({})), UnknownKind),
        (version, UnknownForm),
        (karim.set(his(1), json!({ "sign": "Lion" })), InvalidValue),
        (karim.set(his(2), json!({ "birth_date": "hier" })), InvalidValue),
        (karim.set(his(3), json!({ "family_name": { "a": [1, 2] } })), InvalidValue),
        (karim.set(his(4), json!({ "family_name": "2 55 08 14 168 025 38" })), InvalidValue),
        (karim.set(his(5), json!({ "finished_at": "hier" })), InvalidValue),
        (karim.write(Set, his(6), "consent", json!({ "answer": "yes" })), InvalidValue),
        (karim.set(his(7), json!({ "merged_into": person })), NoRight),
        (karim.write(Delete, his(8), "person", json!({ "deleted": false })), InvalidValue),
        (karim.set(his(9), json!({ "deleted": true })), InvalidValue),
        (karim.set(his(10), json!({ "after": new_record() })), InvalidValue),
        (karim.write(Create, new_record(), "consent", json!({ "parent": his(0), "after": "Salvan" })), InvalidValue),
    ];
    let stored = count(&world).await;
    for (operation, expected) in &cases {
        let seen = fates(&karim, std::slice::from_ref(operation)).await;
        assert_eq!(reason(&seen[0]), Some(*expected), "{operation:?}");
        assert_eq!(fates(&karim, std::slice::from_ref(operation)).await, seen, "a lost reply is said again");
    }
    assert_eq!(count(&world).await, stored + i64::try_from(cases.len()).unwrap(), "all are kept");
}

#[tokio::test]
async fn what_follows_waits_behind_on_that_device_and_record() {
    let world = World::start().await;
    let (mut tablet, mut phone) = (world.sign_in("claire").await, world.sign_in("claire").await);
    let (one, two) = (tablet.create_person(), tablet.create_person());
    let (first, second) = (one.record_id, two.record_id);
    let bad = tablet.set(first, json!({ "birth_date": "hier" }));
    let operations = [
        one,
        two,
        bad,
        tablet.set(first, json!({ "commune": "Miremont" })),
        tablet.set(second, json!({ "commune": "Auterive" })),
    ];
    let seen: Vec<_> = fates(&tablet, &operations).await.iter().map(reason).collect();
    assert_eq!(seen, [None, None, Some(Quarantine::InvalidValue), Some(Quarantine::Behind), None]);

    let later = tablet.set(first, json!({ "commune": "Venerque" }));
    assert_eq!(reason(&fates(&tablet, &[later]).await[0]), Some(Quarantine::Behind), "in a later push too");
    let elsewhere = phone.set(first, json!({ "commune": "Venerque" }));
    assert_eq!(fates(&phone, &[elsewhere]).await, [Fate::Applied { seq: 7 }]);
}

#[tokio::test]
async fn an_unreadable_operation_is_named_and_nothing_is_stored() {
    let world = World::start().await;
    let (mut claire, karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let good = [claire.create_person(), claire.create_person(), claire.create_person()];
    let whole = serde_json::to_value(Push { operations: good.to_vec() }).unwrap();
    let replaced = |value: Value| {
        let mut whole = whole.clone();
        whole["operations"][1] = value;
        whole.to_string()
    };
    let with = |name: &str, value: Value| {
        let mut operation = whole["operations"][1].clone();
        operation[name] = value;
        replaced(operation)
    };
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let bodies = [
        replaced(json!(3)),
        replaced(json!({})),
        with("device_id", json!(karim.id)),
        with("device_seq", json!("2")),
        with("device_seq", json!(-1)),
        with("op_id", json!("' OR 1=1")),
        with("kind", json!("destroy")),
        with("fields", json!({ "commune": { "value": "x".repeat(20_481), "base": null } })),
        with("fields", json!({ "commune": "Miremont" })),
        with("fields", json!({ "commune": { "value": "DEEP", "base": null } })).replace("\"DEEP\"", &deep),
        with("reason", json!("x".repeat(MAX_BYTES))),
    ];
    for body in bodies {
        let problem = claire.send("POST", "/api/push", body.clone().into_bytes()).await.refused(400);
        assert_eq!((problem.code.as_str(), problem.position), ("bad-operation", Some(1)), "{body:.400}");
        assert!(!problem.message.contains("Miremont"));
    }
    assert_eq!(claire.send("POST", "/api/push", vec![b' '; 10_000_000]).await.refused(400).position, Some(0));
    assert_eq!(count(&world).await, 0);
    let without = serde_json::to_vec(&Push { operations: vec![good[0].clone(), good[2].clone()] }).unwrap();
    assert_eq!(claire.send("POST", "/api/push", without).await.status, 200, "the queue goes on");

    let mut stolen = good[0].clone();
    stolen.device_id = karim.id;
    assert_eq!(karim.try_push(&[stolen]).await.refused(400).position, Some(0), "an identifier already used elsewhere");
}

#[tokio::test]
async fn sequences_have_no_gap_and_follow_the_order_of_each_device() {
    let world = World::start().await;
    let mut tasks = Vec::new();
    for login in ["claire", "karim", "claire", "karim"] {
        let mut device = world.sign_in(login).await;
        tasks.push(tokio::spawn(async move {
            let mut seqs = Vec::new();
            for _ in 0..10 {
                let create = device.create_person();
                let set = device.set(create.record_id, json!({ "commune": "Miremont" }));
                for fate in fates(&device, &[create, set]).await {
                    let Fate::Applied { seq } = fate else { panic!("{fate:?}") };
                    seqs.push(seq);
                }
            }
            assert!(seqs.is_sorted(), "{seqs:?}");
            assert!(seqs.chunks(2).all(|push| push[1] == push[0] + 1), "one push is in one piece: {seqs:?}");
            seqs
        }));
    }
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.unwrap());
    }
    all.sort_unstable();
    assert_eq!(all, (1..=80).collect::<Vec<_>>());
}

#[tokio::test]
async fn erasure_leaves_no_value_behind() {
    let world = World::start().await;
    let (mut claire, mut karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let mut phone = world.sign_in("claire").await;
    let create = claire.create_person();
    let person = create.record_id;
    let set = claire.set(person, json!({ "family_name": "Planted-Salvan" }));
    let late = claire.set(person, json!({ "given_name": "Planted-Odette" }));
    fates(&claire, &[create, set]).await;
    let erase = claire.write(OperationKind::Erase, person, "person", json!({}));
    assert_eq!(fates(&claire, &[erase, late]).await.len(), 2);

    // Nothing that arrives later is judged nor kept aside: it is emptied like the rest, whoever wrote it.
    let mut bad = phone.set(person, json!({ "birth_date": "Planted-date" }));
    bad.reason = Some("Planted-reason".into());
    let more = phone.set(person, json!({ "commune": "Planted-Miremont" }));
    let stranger = karim.set(person, json!({ "commune": "Planted-Auterive" }));
    for fate in [fates(&phone, &[bad, more]).await, fates(&karim, &[stranger]).await].concat() {
        assert!(matches!(fate, Fate::Applied { .. }), "{fate:?}");
    }

    let sql = "SELECT body FROM operation UNION ALL SELECT state FROM record";
    let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(&world.database().await).await.unwrap();
    assert_eq!(rows.len(), 8);
    assert!(rows.iter().all(|row| !row.contains("Planted")), "{rows:?}");
}

#[tokio::test]
async fn a_fault_of_the_server_is_not_blamed_on_the_device() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let create = claire.create_person();
    let set = claire.set(create.record_id, json!({ "commune": "Miremont" }));
    fates(&claire, &[create]).await;
    // Reading a state that is no text, which the schema never allows, panics.
    let broken = "ALTER TABLE record RENAME TO real_record;
        CREATE VIEW record AS SELECT territory, record, kind, owner, parent, seq, 1 AS state FROM real_record";
    sqlx::raw_sql(broken).execute(&world.database().await).await.unwrap();
    let refused = claire.try_push(std::slice::from_ref(&set)).await.refused(500);
    assert_eq!((refused.code.as_str(), refused.position), ("server-fault", None));

    let mended = "DROP VIEW record; ALTER TABLE real_record RENAME TO record";
    sqlx::raw_sql(mended).execute(&world.database().await).await.unwrap();
    assert_eq!(fates(&claire, &[set]).await, [Fate::Applied { seq: 2 }], "nothing of it was stored");
}
