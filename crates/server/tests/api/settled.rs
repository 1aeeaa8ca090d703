//! What nobody rewrites: answers that have settled, and records that are never deleted. It is set aside, never applied, never
//! lost, and holds nothing else back.

use domain::id::RecordId;
use serde_json::{Value, json};
use sync::OperationKind::{Create, Delete, Set};
use sync::protocol::{AppliedAgain, Fate, Quarantine, SetAside};
use sync::{Operation, Store};

use crate::sharing::all_agree;
use crate::stand::{log, open_at};
use crate::tablet::Tablet;
use crate::world::{Device, World, new_record};

const SIGN_UP: &str = "tabac-challenger";
const DRAW: &str = "tabac-draw";
const SETTLED: Option<Quarantine> = Some(Quarantine::Settled);
const KEPT: Option<Quarantine> = Some(Quarantine::Kept);

impl Tablet {
    async fn says(&self, kind: &str, record: RecordId, answer: &str, value: impl Into<Value>) {
        self.save_of(kind, Set, record, &[(answer, value.into())], vec![]).await;
    }

    async fn reads(&self, record: RecordId, answer: &str) -> Value {
        let shown = self.replica.shown(record).await.unwrap().unwrap();
        shown.fields.get(answer).map_or(Value::Null, |field| field.value.clone())
    }

    /// Entries set aside, and fields of this record that wait for a choice.
    async fn waits(&self, record: RecordId) -> (usize, Vec<String>) {
        let shown = self.replica.shown(record).await.unwrap().unwrap();
        (self.replica.waiting().await.unwrap().set_aside, shown.conflicts.keys().cloned().collect())
    }
}

/// What becomes of an operation.
async fn fate(device: &Device, operation: &Operation) -> Option<Quarantine> {
    match device.push(std::slice::from_ref(operation)).await.fates.remove(0).1 {
        Fate::Quarantined { reason, .. } => Some(reason),
        _ => None,
    }
}

#[tokio::test]
async fn the_date_of_a_finished_sign_up_stands_and_the_rest_is_corrected() {
    let world = World::start().await;
    let (tablet, phone) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "claire").await);
    let person = tablet.create("Saverdun").await;
    let sign_up = tablet.hang(SIGN_UP, person, &[("quit_on", "2026-11-01".into())]).await;
    // A draft is written over.
    assert!(tablet.exchange().await);
    tablet.says(SIGN_UP, sign_up, "quit_on", "2026-11-02").await;
    tablet.says(SIGN_UP, sign_up, "finished_at", 5).await;
    all_agree(&world, &[&tablet, &phone]).await;
    assert_eq!(tablet.waits(sign_up).await, (0, vec![]));

    // Finished, its date stands, it is not opened again, and what else is corrected goes through behind.
    for (answer, value) in [
        ("quit_on", json!("2026-11-20")),
        ("finished_at", json!(null)),
        ("quit_on", json!("2026-11-02")),
        ("importance", json!(8)),
    ] {
        phone.says(SIGN_UP, sign_up, answer, value).await;
        phone.send().await;
    }
    phone
        .hang("tabac-move", person, &[("challenger", sign_up.to_string().into()), ("quit_on", "2026-11-20".into())])
        .await;
    all_agree(&world, &[&phone, &tablet]).await;
    assert_eq!(phone.waits(sign_up).await, (2, vec![]), "set aside, and nothing behind");
    for device in [&tablet, &phone] {
        // Her own device shows what stands, as the others.
        let read = [device.reads(sign_up, "quit_on").await, device.reads(sign_up, "finished_at").await];
        assert_eq!(read, [json!("2026-11-02"), json!(5)]);
        assert_eq!(device.reads(sign_up, "importance").await, json!(8));
    }

    // Once she has read why, it leaves her device, and the check still agrees.
    assert_eq!(phone.replica.let_go(sign_up).await.unwrap(), [sign_up]);
    assert!(phone.exchange().await);
    assert_eq!(phone.waits(sign_up).await, (0, vec![]));
    assert_eq!(phone.reads(sign_up, "quit_on").await, json!("2026-11-02"));
    assert_eq!(phone.replica.let_go(sign_up).await.unwrap(), []);

    // It is kept, told without its value, and no second try applies it.
    let coordo = world.sign_in("coordo").await;
    let listed: SetAside = coordo.send("GET", "/api/set-aside", vec![]).await.read();
    let told: Vec<_> = listed.items.iter().map(|item| (item.record, item.reason, item.count)).collect();
    assert_eq!(told, [(sign_up, Quarantine::Settled, 2)]);
    let again: AppliedAgain = coordo.apply_again(sign_up, phone.device.id).await.read();
    assert_eq!(again, AppliedAgain { applied: 0, stopped: SETTLED });
    let body: String = sqlx::query_scalar("SELECT body FROM operation WHERE quarantine = 'settled' ORDER BY seq")
        .fetch_one(&world.database().await)
        .await
        .unwrap();
    assert!(body.contains("2026-11-20"), "what was written is held");
}

/// Two devices finish the same draft without a network: neither changed what the other had settled.
#[tokio::test]
async fn two_dates_given_without_seeing_each_other_are_chosen_from() {
    let world = World::start().await;
    let (tablet, phone) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "claire").await);
    let person = tablet.create("Saverdun").await;
    let sign_up = tablet.hang(SIGN_UP, person, &[]).await;
    all_agree(&world, &[&tablet, &phone]).await;
    for (device, date) in [(&tablet, "2026-11-01"), (&phone, "2026-11-08")] {
        device.says(SIGN_UP, sign_up, "quit_on", date).await;
        device.says(SIGN_UP, sign_up, "finished_at", 5).await;
        device.says(SIGN_UP, sign_up, "confidence", 6).await;
    }
    all_agree(&world, &[&tablet, &phone]).await;
    let open = vec!["quit_on".to_owned()];
    assert_eq!(phone.waits(sign_up).await, (0, open.clone()), "nothing of hers is held back");
    assert_eq!(tablet.waits(sign_up).await, (0, open));

    // Choosing takes one of the two, and no third.
    let rivals = async || {
        let shown = tablet.replica.shown(sign_up).await.unwrap().unwrap();
        shown.conflicts["quit_on"].values.iter().map(|rival| rival.op_id).collect::<Vec<_>>()
    };
    let third = [("quit_on", json!("2026-11-30"))];
    phone.save_of(SIGN_UP, Set, sign_up, &third, rivals().await).await;
    all_agree(&world, &[&phone, &tablet]).await;
    assert_eq!(phone.waits(sign_up).await.0, 1);
    assert_eq!(tablet.reads(sign_up, "quit_on").await, json!("2026-11-08"));
    tablet.save_of(SIGN_UP, Set, sign_up, &[("quit_on", json!("2026-11-01"))], rivals().await).await;
    all_agree(&world, &[&tablet, &phone]).await;
    assert_eq!(tablet.waits(sign_up).await, (0, vec![]));
    assert_eq!(phone.reads(sign_up, "quit_on").await, json!("2026-11-01"));
    // Chosen, it stands.
    tablet.says(SIGN_UP, sign_up, "quit_on", "2026-11-08").await;
    all_agree(&world, &[&tablet, &phone]).await;
    assert_eq!((tablet.waits(sign_up).await.0, tablet.reads(sign_up, "quit_on").await), (1, json!("2026-11-01")));
}

/// Two files of one person are merged: the date of each of her sign-ups stands, as read through either.
#[tokio::test]
async fn merging_two_people_rewrites_nothing() {
    let world = World::start().await;
    let tablet = Tablet::sign_in(&world, "claire").await;
    let (kept, twin) = (tablet.create("Saverdun").await, tablet.create("Saverdun").await);
    let mut sign_ups = Vec::new();
    for (person, date) in [(kept, "2026-11-01"), (twin, "2026-11-08")] {
        let fields = [("quit_on", date.into()), ("finished_at", 5.into())];
        sign_ups.push(tablet.hang(SIGN_UP, person, &fields).await);
    }
    tablet.save(Set, twin, &[("merged_into", kept.to_string().into())], vec![]).await;
    // Written for the wrong one, a sign-up is hung elsewhere: its answers do not change.
    tablet.says(SIGN_UP, sign_ups[1], "parent", kept.to_string()).await;
    for sign_up in &sign_ups {
        tablet.says(SIGN_UP, *sign_up, "quit_on", "2026-11-30").await;
    }
    all_agree(&world, &[&tablet]).await;
    assert_eq!(tablet.replica.waiting().await.unwrap().set_aside, 2);
    let held = tablet.held().await;
    let read: Vec<_> = sign_ups.iter().map(|id| held[id].fields["quit_on"].value.clone()).collect();
    assert_eq!(read, ["2026-11-01", "2026-11-08"]);
    assert_eq!(held[&sign_ups[1]].fields["parent"].value, json!(kept));
    assert_eq!(held[&twin].fields["merged_into"].value, json!(kept));
}

#[tokio::test]
async fn a_draw_is_written_once_and_an_edition_stays() {
    let world = World::start().await;
    let coordo = Tablet::sign_in(&world, "coordo").await;
    let (edition, other, draw, second) = (new_record(), new_record(), new_record(), new_record());
    for (id, year) in [(edition, 2026), (other, 2025)] {
        coordo.save_of("tabac-edition", Create, id, &[("year", year.into())], vec![]).await;
    }
    for id in [draw, second] {
        let list = [
            ("edition", edition.to_string().into()),
            ("frozen_on", "2026-12-16".into()),
            ("pairs", "abcdefgh".into()),
            ("digest", "ba78".into()),
            ("prizes", 3.into()),
        ];
        coordo.save_of(DRAW, Create, id, &list, vec![]).await;
    }
    let seed = json!({ "witness": "Mme Roux", "seed": "houx", "finished_at": 5 });
    for (kind, record, fields, expected) in [
        (DRAW, draw, json!({ "pairs": "hgfedcba" }), SETTLED),
        (DRAW, draw, json!({ "digest": "00" }), SETTLED),
        (DRAW, draw, json!({ "frozen_on": "2026-12-15" }), SETTLED),
        (DRAW, draw, json!({ "edition": other }), SETTLED),
        (DRAW, draw, json!({ "prizes": 30 }), SETTLED),
        (DRAW, draw, json!({ "pairs": "" }), SETTLED),
        (DRAW, draw, json!({ "merged_into": second }), KEPT),
        (DRAW, draw, seed, None),
        (DRAW, draw, json!({ "seed": "gui" }), SETTLED),
        (DRAW, draw, json!({ "witness": "M. Faure" }), SETTLED),
        (DRAW, draw, json!({ "finished_at": null }), SETTLED),
        // Said again, it is the same.
        (DRAW, draw, json!({ "seed": "houx" }), None),
        ("tabac-edition", edition, json!({ "pack_price": 1350 }), None),
        ("tabac-edition", edition, json!({ "pack_price": 1260 }), None),
        ("tabac-edition", edition, json!({ "merged_into": other }), KEPT),
    ] {
        coordo.send().await;
        let device = Tablet::sign_in(&world, "coordo").await;
        device.exchange().await;
        let fields: Vec<(&str, Value)> =
            fields.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        device.save_of(kind, Set, record, &fields, vec![]).await;
        device.send().await;
        let aside = device.replica.store().outbox().await.unwrap().into_iter().map(|one| one.phase).collect::<Vec<_>>();
        let expected: Vec<_> =
            expected.map(|why| sync::Phase::SetAside(sync::Aside::Quarantined(why))).into_iter().collect();
        assert_eq!(aside, expected, "{kind} {fields:?}");
    }
    for (kind, record) in [(DRAW, draw), (DRAW, second), ("tabac-edition", edition)] {
        let mut device = world.sign_in("coordo").await;
        let delete = device.write(Delete, record, kind, json!({ "deleted": true }));
        assert_eq!(fate(&device, &delete).await, KEPT, "{kind}");
        // What it wrote after is not held back.
        let after = device.write(Set, record, kind, json!({ "finished_at": 5 }));
        assert_eq!(fate(&device, &after).await, None, "{kind}");
    }
    all_agree(&world, &[&coordo]).await;
    let held = coordo.held().await;
    assert!(held.values().all(|record| !record.is_deleted()));
    let read = ["pairs", "digest", "seed", "witness"].map(|name| held[&draw].fields[name].value.clone());
    assert_eq!(read, ["abcdefgh", "ba78", "houx", "Mme Roux"]);
}

/// Two coordinators in two rooms: the seed that arrived first is the seed, on both devices.
#[tokio::test]
async fn of_two_seeds_the_first_that_arrives_stands() {
    let world = World::start().await;
    let (here, there) = (Tablet::sign_in(&world, "coordo").await, Tablet::sign_in(&world, "coordo").await);
    let draw = new_record();
    here.save_of(DRAW, Create, draw, &[("pairs", "abcdefgh".into()), ("digest", "ba78".into())], vec![]).await;
    all_agree(&world, &[&here, &there]).await;
    for (device, seed) in [(&here, "houx"), (&there, "gui")] {
        device.save_of(DRAW, Set, draw, &[("seed", seed.into()), ("finished_at", 5.into())], vec![]).await;
    }
    assert_eq!(there.reads(draw, "seed").await, json!("gui"), "until the server answers");
    all_agree(&world, &[&here, &there]).await;
    for (device, aside) in [(&here, 0), (&there, 1)] {
        assert_eq!(device.reads(draw, "seed").await, json!("houx"));
        assert_eq!(device.waits(draw).await, (aside, vec![]), "nobody chooses between two results");
    }
}

/// Within its minute a stand corrects what it has just noted; nobody else does.
#[tokio::test]
async fn a_stand_corrects_what_it_has_just_noted() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let mut stand = open_at(&claire, None).await;
    let (person, mut operations) = stand.sign_up("Salvan");
    let fields = json!({ "parent": person, "quit_on": "2026-11-01", "finished_at": 5 });
    let sign_up = stand.writer.write(Create, new_record(), SIGN_UP, fields);
    let of = |mut operation: Operation, date: &str| {
        let edit = sync::Edit::new(date.into(), Some(sign_up.op_id));
        operation.fields = [("quit_on".to_owned(), edit)].into();
        operation
    };
    let corrected = of(stand.writer.write(Set, sign_up.record_id, SIGN_UP, json!({})), "2026-11-02");
    operations.extend([sign_up.clone(), corrected.clone()]);
    stand.push(&stand.seals(&operations)).await;
    assert!(log(&world, stand.opened.device_id).await.iter().all(|(_, aside)| aside.is_none()));
    let mut late = of(claire.write(Set, sign_up.record_id, SIGN_UP, json!({})), "2026-11-03");
    late.fields.get_mut("quit_on").unwrap().base = Some(corrected.op_id);
    assert_eq!(fate(&claire, &late).await, SETTLED);
}

/// What waited behind a missing person is judged in order when she comes: a settled answer there stops nothing either.
#[tokio::test]
async fn what_waited_goes_past_an_answer_that_settled() {
    let world = World::start().await;
    let (mut tablet, mut phone) = (world.sign_in("claire").await, world.sign_in("claire").await);
    let person = tablet.create_person();
    let fields = json!({ "parent": person.record_id, "quit_on": "2026-11-01", "finished_at": 5 });
    let sign_up = phone.write(Create, new_record(), SIGN_UP, fields);
    let mut changed = phone.write(Set, sign_up.record_id, SIGN_UP, json!({ "quit_on": "2026-11-20" }));
    changed.fields.get_mut("quit_on").unwrap().base = Some(sign_up.op_id);
    let corrected = phone.write(Set, sign_up.record_id, SIGN_UP, json!({ "importance": 8 }));
    phone.push(&[sign_up, changed, corrected]).await;
    let reasons = async || log(&world, phone.id).await.into_iter().map(|(_, reason)| reason).collect::<Vec<_>>();
    let [unknown, behind] = ["unknown-record", "behind"].map(|reason| Some(reason.to_owned()));
    assert_eq!(reasons().await, [unknown, behind.clone(), behind]);
    tablet.push(&[person]).await;
    assert_eq!(reasons().await, [None, Some("settled".to_owned()), None]);
}

/// A dispute changes what stands, and not what was set aside for good: neither another try nor an arrival applies it.
#[tokio::test]
async fn what_is_set_aside_for_good_stays_so_once_a_dispute_is_settled() {
    let world = World::start().await;
    let (tablet, coordo) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "coordo").await);
    let (mut away, mut blind) = (world.sign_in("claire").await, world.sign_in("claire").await);
    let person = tablet.create("Saverdun").await;
    let finished = [("quit_on", "2026-11-01".into()), ("finished_at", 5.into())];
    let sign_up = tablet.hang(SIGN_UP, person, &finished).await;
    all_agree(&world, &[&tablet]).await;
    let mut late = away.write(Set, sign_up, SIGN_UP, json!({ "quit_on": "2026-11-20" }));
    late.fields.get_mut("quit_on").unwrap().base = Some(tablet.held().await[&sign_up].fields["quit_on"].op_id);
    assert_eq!(fate(&away, &late).await, SETTLED);
    let edition = new_record();
    let waiting = away.write(Set, sign_up, SIGN_UP, json!({ "edition": edition }));
    assert_eq!(fate(&away, &waiting).await, Some(Quarantine::UnknownRecord));

    let other = blind.write(Set, sign_up, SIGN_UP, json!({ "quit_on": "2026-11-08" }));
    assert_eq!(fate(&blind, &other).await, None);
    all_agree(&world, &[&tablet]).await;
    let shown = tablet.replica.shown(sign_up).await.unwrap().unwrap();
    let rivals = shown.conflicts["quit_on"].values.iter().map(|rival| rival.op_id).collect();
    tablet.save_of(SIGN_UP, Set, sign_up, &[("quit_on", "2026-11-08".into())], rivals).await;
    all_agree(&world, &[&tablet]).await;
    assert_eq!(tablet.waits(sign_up).await, (0, vec![]));

    let again: AppliedAgain = coordo.device.apply_again(sign_up, away.id).await.read();
    assert_eq!(again, AppliedAgain { applied: 0, stopped: Some(Quarantine::UnknownRecord) });
    coordo.save_of("tabac-edition", Create, edition, &[("year", 2026.into())], vec![]).await;
    all_agree(&world, &[&coordo, &tablet]).await;
    let reasons: Vec<_> = log(&world, away.id).await.into_iter().map(|(_, reason)| reason).collect();
    assert_eq!(reasons, [Some("settled".to_owned()), None], "what waited for the edition went past it");
    assert_eq!(tablet.waits(sign_up).await, (0, vec![]));
    assert_eq!(tablet.reads(sign_up, "quit_on").await, json!("2026-11-08"));
    assert_eq!(tablet.reads(sign_up, "edition").await, json!(edition));
}

/// A device of protocol 2 reads the reasons it knows; what it does not know would cost it the whole answer.
#[tokio::test]
async fn an_older_device_is_told_of_an_invalid_value() {
    let world = World::start().await;
    let mut theirs = world.sign_in("coordo").await;
    let draw = new_record();
    let begun = theirs.write(Create, draw, DRAW, json!({ "pairs": "abcdefgh", "digest": "ba78" }));
    let delete = theirs.write(Delete, draw, DRAW, json!({ "deleted": true }));
    theirs.push(&[begun]).await;
    let ask = async |version: &str, method: &str, path: &str, body: Vec<u8>| {
        let authorization = format!("Bearer {}", theirs.signed_in.token);
        let headers = [("authorization", authorization.as_str()), ("cardabelle-protocol", version)];
        crate::world::send(world.address, method, path, &headers, body).await.unwrap()
    };
    let push = serde_json::to_vec(&json!({ "operations": [delete] })).unwrap();
    let again = serde_json::to_vec(&json!({ "record": draw, "device": theirs.id })).unwrap();
    let history = format!("/api/history?record={draw}");
    for (version, told) in [("1", "invalid-value"), ("2", "invalid-value"), ("3", "kept")] {
        for (method, path, body) in [
            ("POST", "/api/push", push.clone()),
            ("POST", "/api/set-aside/apply", again.clone()),
            ("GET", "/api/set-aside", vec![]),
            ("GET", history.as_str(), vec![]),
        ] {
            let reply = ask(version, method, path, body).await;
            assert_eq!(reply.status, 200, "{path}: {}", reply.text());
            let text = reply.text();
            let said: Vec<_> = ["invalid-value", "kept"].into_iter().filter(|reason| text.contains(reason)).collect();
            assert_eq!(said, [told], "{version} {path}: {text}");
        }
    }
}
