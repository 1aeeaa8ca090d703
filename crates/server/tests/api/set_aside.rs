use serde_json::{Value, json};
use sync::protocol::{AppliedAgain, Fate, Quarantine, SetAside};
use sync::{Operation, OperationKind};

use crate::tablet::Tablet;
use crate::world::{Device, World, new_record};

async fn listed(world: &World) -> SetAside {
    world.sign_in("coordo").await.send("GET", "/api/set-aside", vec![]).await.read()
}

fn consent(device: &mut Device, person: domain::id::RecordId) -> Operation {
    device.write(OperationKind::Create, new_record(), "consent", json!({ "parent": person }))
}

fn set_consent(device: &mut Device, consent: &Operation, fields: Value) -> Operation {
    device.write(OperationKind::Set, consent.record_id, "consent", fields)
}

#[tokio::test]
async fn what_waited_is_applied_in_order_and_reaches_every_device_once() {
    let world = World::start().await;
    let (mut tablet, mut phone) = (world.sign_in("claire").await, world.sign_in("claire").await);
    let reader = Tablet::sign_in(&world, "claire").await;
    assert!(reader.exchange().await);
    // The phone knows of a person the tablet has not sent yet.
    let person = tablet.create_person();
    let consent = consent(&mut phone, person.record_id);
    let yes = set_consent(&mut phone, &consent, json!({ "answer": "yes" }));
    let bad = set_consent(&mut phone, &consent, json!({ "answer": "Planted-perhaps" }));
    let last = set_consent(&mut phone, &consent, json!({ "answer": "no" }));
    let fates = phone.push(&[consent.clone(), yes.clone(), bad.clone(), last]).await.fates;
    let aside = |reason| Fate::Quarantined { seq: 1, reason };
    assert_eq!(fates[0].1, aside(Quarantine::UnknownRecord));
    assert!(reader.exchange().await);

    let (items, text) = (listed(&world).await.items, serde_json::to_string(&listed(&world).await).unwrap());
    assert_eq!(items.len(), 1);
    let item = &items[0];
    assert_eq!((item.record, item.device, item.count), (consent.record_id, phone.id, 4));
    assert_eq!(
        (item.kind.as_str(), item.reason, item.by.name.as_str()),
        ("consent", Quarantine::UnknownRecord, "claire")
    );
    assert!(!text.contains("Planted") && !text.contains("yes"), "never the values: {text}");

    // Too early: nothing moves.
    let early: AppliedAgain = phone.apply_again(consent.record_id, phone.id).await.read();
    assert_eq!(early, AppliedAgain { applied: 0, stopped: Some(Quarantine::UnknownRecord) });
    // The person comes: what waited for her is judged again at once.
    tablet.push(&[person]).await;
    let coordo = world.sign_in("coordo").await;
    let items = listed(&world).await.items;
    assert_eq!((items[0].count, items[0].reason), (2, Quarantine::InvalidValue), "the first that could not");
    let idle: AppliedAgain = coordo.apply_again(consent.record_id, phone.id).await.read();
    assert_eq!(idle, AppliedAgain { applied: 0, stopped: Some(Quarantine::InvalidValue) });

    // The reader had read past the first sequences: the new ones bring both, once, in order.
    let log = tablet.pull(4).await.operations;
    let seen: Vec<_> = log.iter().map(|one| (one.seq, one.operation.op_id)).collect();
    assert_eq!(seen[1..], [(6, consent.op_id), (7, yes.op_id)]);
    assert!(reader.exchange().await);
    let shown = reader.replica.shown(consent.record_id).await.unwrap().unwrap();
    assert_eq!(shown.fields["answer"].value, "yes");
    let fates = phone.push(&[consent.clone(), yes, bad]).await.fates;
    assert_eq!(fates[0].1, Fate::Duplicate { seq: 6 });
    assert_eq!(fates[2].1, Fate::Quarantined { seq: 3, reason: Quarantine::InvalidValue });
}

#[tokio::test]
async fn a_device_learns_that_what_it_had_set_aside_is_applied() {
    let world = World::start().await;
    let tablet = Tablet::sign_in(&world, "claire").await;
    let person = tablet.create("Venerque").await;
    assert!(tablet.exchange().await);
    let writes = [("commune", "Auterive"), ("given_name", "Odette"), ("birth_date", "hier"), ("family_name", "Salvan")];
    for (name, value) in writes {
        tablet.save(OperationKind::Set, person, &[(name, value.into())], vec![]).await;
    }
    assert!(world.hand_over("claire", "karim").status.success());
    tablet.exchange().await;
    assert_eq!(tablet.replica.waiting().await.unwrap().set_aside, 4);
    // Her colleague gives the record back: what may be is applied at once, and nobody had to ask.
    assert!(world.hand_over("karim", "claire").status.success());
    let coordo = world.sign_in("coordo").await;
    let applied: AppliedAgain = coordo.apply_again(person, tablet.device.id).await.read();
    assert_eq!(applied, AppliedAgain { applied: 0, stopped: Some(Quarantine::InvalidValue) });
    assert!(tablet.exchange().await);
    assert_eq!(tablet.replica.waiting().await.unwrap().set_aside, 2, "the log acknowledges what was applied");
    assert_eq!(tablet.commune(person).await, Some("Auterive".into()));
    let phone = Tablet::sign_in(&world, "claire").await;
    assert!(phone.exchange().await);
    let seen = phone.replica.shown(person).await.unwrap().unwrap();
    assert_eq!(seen.fields["given_name"].value, "Odette");
    assert!(!seen.fields.contains_key("family_name"), "it waits behind the date");
    assert_eq!(listed(&world).await.items[0].count, 2);
}

#[tokio::test]
async fn only_a_coordinator_and_the_author_may_ask() {
    let world = World::start().await;
    let (mut claire, karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let lost = claire.set(new_record(), json!({ "commune": "Miremont" }));
    claire.push(std::slice::from_ref(&lost)).await;
    let admin = world.sign_in("admin").await;
    for device in [&karim, &admin] {
        assert_eq!(device.apply_again(lost.record_id, claire.id).await.refused(403).code, "forbidden");
        assert_eq!(device.send("GET", "/api/set-aside", vec![]).await.refused(403).code, "forbidden");
    }
    assert_eq!(claire.send("GET", "/api/set-aside", vec![]).await.refused(403).code, "forbidden");
    for body in ["", "{}", "[]", r#"{"record":"x","device":"y"}"#] {
        let reply = claire.send("POST", "/api/set-aside/apply", body.into()).await;
        assert_eq!(reply.refused(400).code, "unreadable", "{body}");
    }
    let phone = world.sign_in("claire").await;
    let own: AppliedAgain = phone.apply_again(lost.record_id, claire.id).await.read();
    assert_eq!(own.stopped, Some(Quarantine::UnknownRecord), "the author, from any of her devices");
    let coordo = world.sign_in("coordo").await;
    let nothing: AppliedAgain = coordo.apply_again(new_record(), claire.id).await.read();
    assert_eq!(nothing, AppliedAgain { applied: 0, stopped: None });
}

/// A conflict that waited in quarantine is found when it is lifted, and signed by whoever wrote it then.
#[tokio::test]
async fn what_is_applied_again_may_open_a_conflict() {
    let world = World::start().await;
    let (mut tablet, mut phone) = (world.sign_in("claire").await, world.sign_in("claire").await);
    let create = tablet.create_person();
    let person = create.record_id;
    let late = phone.set(person, json!({ "commune": "Auterive" }));
    phone.push(std::slice::from_ref(&late)).await;
    let set = tablet.set(person, json!({ "commune": "Miremont" }));
    tablet.push(&[create, set]).await;
    assert!(listed(&world).await.items.is_empty(), "judged again when its record came");
    let log = tablet.read_log().await;
    let last = log.last().unwrap();
    assert_eq!(last.operation.op_id, late.op_id);
    let values: Vec<_> = last.conflicts["commune"].values.iter().map(|rival| rival.value.clone()).collect();
    assert_eq!(values, ["Miremont", "Auterive"]);
    assert_eq!(phone.push(&[late]).await.fates[0].1, Fate::Conflict { seq: last.seq, fields: vec!["commune".into()] });
}

#[tokio::test]
async fn an_erasure_waits_behind_nothing() {
    let world = World::start().await;
    let (mut claire, mut karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let create = claire.create_person();
    let person = create.record_id;
    let name = claire.set(person, json!({ "family_name": "Planted-Salvan" }));
    let bad = claire.set(person, json!({ "birth_date": "Planted-date" }));
    let behind = claire.set(person, json!({ "commune": "Planted-Miremont" }));
    let stranger = karim.set(person, json!({ "commune": "Planted-Auterive" }));
    let mut phone = world.sign_in("claire").await;
    let rival = phone.set(person, json!({ "family_name": "Planted-Odette" }));
    claire.push(&[create, name, bad, behind]).await;
    karim.push(&[stranger]).await;
    phone.push(&[rival]).await;
    // One that never came to be: its creation was set aside.
    let unborn = claire.write(OperationKind::Create, new_record(), "horoscope", json!({ "sign": "Planted-Lion" }));
    let theirs = karim.write(OperationKind::Erase, unborn.record_id, "horoscope", json!({}));
    claire.push(std::slice::from_ref(&unborn)).await;
    let refused = karim.push(&[theirs]).await.fates.remove(0).1;
    assert!(matches!(refused, Fate::Quarantined { .. }), "{refused:?}");
    assert_eq!(listed(&world).await.items.len(), 4);

    let erase = [
        claire.write(OperationKind::Erase, person, "person", json!({})),
        claire.write(OperationKind::Erase, unborn.record_id, "horoscope", json!({})),
    ];
    for (_, fate) in claire.push(&erase).await.fates {
        assert!(matches!(fate, Fate::Applied { .. }), "{fate:?}");
    }
    let database = world.database().await;
    let sql = "SELECT body || coalesce(conflicts, '') FROM operation UNION ALL SELECT state FROM record";
    let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(&database).await.unwrap();
    assert!(rows.len() >= 11 && rows.iter().all(|row| !row.contains("Planted")), "{rows:?}");
    let lifted: i64 = sqlx::query_scalar("SELECT count(*) FROM operation WHERE quarantine IS NULL")
        .fetch_one(&database)
        .await
        .unwrap();
    assert_eq!(lifted, 5, "nothing else is lifted");
    assert!(listed(&world).await.items.is_empty(), "nothing waits any more");
    let nothing: AppliedAgain = claire.apply_again(person, claire.id).await.read();
    assert_eq!(nothing, AppliedAgain { applied: 0, stopped: None });
}
