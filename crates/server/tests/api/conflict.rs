use serde_json::json;
use sync::protocol::{Fate, History};
use sync::{DELETED, OperationKind, Rival};

use crate::tablet::Tablet;
use crate::world::World;

#[tokio::test]
async fn two_devices_of_one_account_open_a_conflict() {
    let world = World::start().await;
    let (mut tablet, mut phone) = (world.sign_in("claire").await, world.sign_in("claire").await);
    let create = tablet.create_person();
    let person = create.record_id;
    let first = tablet.set(person, json!({ "commune": "Miremont" }));
    let second = phone.set(person, json!({ "commune": "Auterive" }));
    tablet.push(&[create, first.clone()]).await;
    let conflict = Fate::Conflict { seq: 3, fields: vec!["commune".into()] };
    for _ in 0..2 {
        assert_eq!(phone.push(std::slice::from_ref(&second)).await.fates[0].1, conflict, "a lost reply is said again");
    }
    let mut third = phone.set(person, json!({ "commune": "Venerque" }));
    third.fields.get_mut("commune").unwrap().base = Some(second.op_id);
    let joined = Fate::Conflict { seq: 4, fields: vec!["commune".into()] };
    assert_eq!(
        phone.push(std::slice::from_ref(&third)).await.fates[0].1,
        joined,
        "her own value gives way, the other stands"
    );

    let log = tablet.pull(0).await.operations;
    assert!(log[..2].iter().all(|one| one.conflicts.is_empty()));
    let values = |at: usize| {
        let values: Vec<Rival> = log[at].conflicts["commune"].values.clone();
        values.into_iter().map(|rival| (rival.op_id, rival.value)).collect::<Vec<_>>()
    };
    assert_eq!(values(2), [(first.op_id, json!("Miremont")), (second.op_id, json!("Auterive"))]);
    assert_eq!(values(3), [(first.op_id, json!("Miremont")), (third.op_id, json!("Venerque"))]);
    let by = &log[2].conflicts["commune"].values[0].by;
    assert_eq!((by.name.as_str(), by.profession.as_str(), by.device.as_str()), ("claire", "Infirmière", "Tablette"));
    assert_eq!((by.author, by.at), (tablet.signed_in.account.id, first.device_time));
    assert_eq!(by.received_at, log[1].received_at);

    let mut settling = tablet.set(person, json!({ "commune": "Miremont" }));
    let edit = settling.fields.get_mut("commune").unwrap();
    (edit.base, edit.over) = (Some(third.op_id), vec![first.op_id, third.op_id]);
    assert_eq!(tablet.push(&[settling]).await.fates[0].1, Fate::Applied { seq: 5 });
    let log = phone.pull(4).await.operations;
    let settled = &log[0].conflicts["commune"];
    assert!(!settled.is_open() && settled.values.is_empty());
    assert_eq!(settled.settled.as_ref().unwrap().name, "claire");

    let history: History = phone.history(person).await.read();
    let values: Vec<_> = history.entries.iter().filter_map(|entry| entry.fields.get("commune")).collect();
    assert_eq!(values, ["Miremont", "Auterive", "Venerque", "Miremont"], "every offered value is reachable");
    assert_eq!(history.entries[4].settles, ["commune"]);
    assert!(history.entries[..4].iter().all(|entry| entry.settles.is_empty()));
}

#[tokio::test]
async fn an_edit_of_a_deleted_record_waits_for_a_decision() {
    let world = World::start().await;
    let (mut tablet, mut phone) = (world.sign_in("claire").await, world.sign_in("claire").await);
    let create = tablet.create_person();
    let person = create.record_id;
    let delete = tablet.write(OperationKind::Delete, person, "person", json!({}));
    tablet.push(&[create, delete.clone()]).await;
    let edit = phone.set(person, json!({ "commune": "Auterive" }));
    let fate = phone.push(std::slice::from_ref(&edit)).await.fates.remove(0).1;
    assert_eq!(fate, Fate::Conflict { seq: 3, fields: vec![DELETED.into()] });
    let log = tablet.pull(2).await.operations;
    let values: Vec<_> = log[0].conflicts[DELETED].values.iter().map(|one| (one.op_id, one.value.clone())).collect();
    assert_eq!(values, [(delete.op_id, json!(true)), (edit.op_id, json!(false))]);
    let restore = tablet.write(OperationKind::Restore, person, "person", json!({}));
    assert_eq!(tablet.push(&[restore]).await.fates[0].1, Fate::Applied { seq: 4 });
    assert!(!phone.pull(3).await.operations[0].conflicts[DELETED].is_open());
}

/// Whichever arrives first, by the replicas of `sync`: neither wins in silence.
#[tokio::test]
async fn a_deletion_and_an_edit_that_did_not_see_each_other_wait_for_a_decision_in_both_orders() {
    for deletion_first in [true, false] {
        let world = World::start().await;
        let tablet = Tablet::sign_in(&world, "claire").await;
        let phone = Tablet::sign_in(&world, "claire").await;
        let (person, seen) = (tablet.create("Miremont").await, tablet.create("Grazac").await);
        assert!(tablet.exchange().await && phone.exchange().await);
        tablet.set(seen, "Venerque").await;
        tablet.save(OperationKind::Delete, person, &[], Vec::new()).await;
        tablet.save(OperationKind::Delete, seen, &[], Vec::new()).await;
        phone.set(person, "Auterive").await;
        let order = if deletion_first { [&tablet, &phone, &tablet] } else { [&phone, &tablet, &phone] };
        for device in order {
            assert!(device.exchange().await);
        }
        for device in order {
            let shown = device.replica.shown(person).await.unwrap().unwrap();
            assert!(shown.deleted && shown.conflicts.contains_key(DELETED), "deletion first: {deletion_first}");
            assert_eq!(device.commune(person).await, Some("Auterive".into()), "what was edited is there");
            let known = device.replica.shown(seen).await.unwrap().unwrap();
            assert!(known.deleted && known.conflicts.is_empty(), "what she wrote before she deleted it, she had seen");
        }
        phone.save(OperationKind::Restore, person, &[], Vec::new()).await;
        assert!(phone.exchange().await && tablet.exchange().await);
        let shown = tablet.replica.shown(person).await.unwrap().unwrap();
        assert!(!shown.deleted && shown.conflicts.is_empty());
    }
}

/// From the tablet that saves to the phone that settles, by the replicas of `sync`: all see the same item, then none.
#[tokio::test]
async fn devices_see_the_item_and_its_end() {
    let world = World::start().await;
    let tablet = Tablet::sign_in(&world, "claire").await;
    let phone = Tablet::sign_in(&world, "claire").await;
    let person = tablet.create("Miremont").await;
    assert!(tablet.exchange().await && phone.exchange().await);
    tablet.set(person, "Auterive").await;
    phone.set(person, "Venerque").await;
    for device in [&tablet, &phone, &tablet] {
        assert!(device.exchange().await);
    }
    let late = Tablet::sign_in(&world, "claire").await;
    assert!(late.exchange().await, "the frames hold the items too");
    let mut over = Vec::new();
    for device in [&tablet, &phone, &late] {
        let shown = device.replica.shown(person).await.unwrap().unwrap();
        let values: Vec<_> = shown.conflicts["commune"].values.iter().map(|rival| rival.value.clone()).collect();
        assert_eq!(values, ["Auterive", "Venerque"]);
        over = shown.conflicts["commune"].values.iter().map(|rival| rival.op_id).collect();
    }
    late.save(OperationKind::Set, person, &[("commune", "Auterive".into())], over).await;
    for device in [&late, &tablet, &phone] {
        assert!(device.exchange().await);
        let shown = device.replica.shown(person).await.unwrap().unwrap();
        assert!(shown.conflicts.is_empty());
        assert_eq!(device.commune(person).await, Some("Auterive".into()));
    }
}
