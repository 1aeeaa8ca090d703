//! What devices tell of consultations: a line of the audit each, for those who read it, and nothing for anybody else.

use domain::Timestamp;
use domain::id::RecordId;
use domain::people::trace::{Act, fields};
use domain::people::{Purpose, Role, TRACE};
use serde_json::{Value, json};
use sqlx::Row;
use sync::protocol::audit::{Audit, AuditEntry, Event};
use sync::protocol::{Brought, Export, Fate, Quarantine, SealKey};
use sync::{Edit, Operation, OperationKind, Store};

use crate::seal::seal;
use crate::tablet::Tablet;
use crate::world::{Device, World, new_record};

const THEN: Timestamp = Timestamp(1_700_000_000_000);

fn trace(device: &mut Device, act: Act, of: RecordId) -> Operation {
    let told: serde_json::Map<String, Value> = fields(act, of).into_iter().collect();
    device.write(OperationKind::Create, new_record(), TRACE.id, told.into())
}

/// Who consulted a record, oldest first, without what the log of operations tells.
async fn consulted(reader: &Device, of: RecordId) -> Vec<AuditEntry> {
    let audit: Audit = reader.send("GET", &format!("/api/audit?record={of}"), vec![]).await.read();
    let told = audit.entries.into_iter().filter(|entry| !matches!(entry.event, Event::Changed | Event::Shared));
    told.rev().collect()
}

fn told(entries: &[AuditEntry]) -> Vec<(Event, &str)> {
    entries.iter().map(|entry| (entry.event, entry.name.as_deref().unwrap_or("-"))).collect()
}

async fn person(of: &mut Device) -> RecordId {
    let create = of.create_person();
    let id = create.record_id;
    let set = of.set(id, json!({ "family_name": "Planted-Salvan" }));
    of.push(&[create, set]).await;
    id
}

/// How many lines these tables hold.
async fn lines(world: &World) -> [i64; 4] {
    let database = world.database().await;
    let count = "SELECT (SELECT count(*) FROM audit WHERE op IS NOT NULL), (SELECT count(*) FROM operation),
                 (SELECT count(*) FROM record), (SELECT count(*) FROM sight)";
    let row = sqlx::query(count).fetch_one(&database).await.unwrap();
    [0, 1, 2, 3].map(|column| row.get(column))
}

#[tokio::test]
async fn a_consultation_is_noted_once_whatever_is_sent_again() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let odette = person(&mut claire).await;
    let opened = trace(&mut claire, Act::Opened, odette);
    let mut printed = trace(&mut claire, Act::Printed, odette);
    // A clock that is years ahead: nothing was done after it was told.
    printed.device_time = Timestamp(i64::MAX);
    let first = claire.push(&[opened.clone(), printed.clone()]).await;
    assert!(first.fates.iter().all(|(_, fate)| matches!(fate, Fate::Applied { .. })), "{first:?}");
    let seqs: Vec<_> = first.fates.iter().map(|(_, fate)| fate.clone()).collect();
    assert_ne!(seqs[0], seqs[1], "a backup tells which it holds");
    let again = claire.push(&[printed, opened.clone(), opened.clone()]).await;
    assert!(again.fates.iter().all(|(_, fate)| matches!(fate, Fate::Duplicate { .. })), "{again:?}");
    let entries = consulted(&claire, odette).await;
    assert_eq!(told(&entries), [(Event::Opened, "claire"), (Event::Printed, "claire")]);
    assert_eq!(entries[0].told_at, Some(THEN), "offline, long before");
    assert_eq!(entries[1].told_at, Some(entries[1].at));
    assert_eq!(entries[0].device.as_deref(), Some("Tablette"));
    assert_eq!(entries[0].detail, None);

    // Its identifier is its device's.
    let mut karim = world.sign_in("karim").await;
    let taken = Operation { op_id: opened.op_id, ..trace(&mut karim, Act::Opened, odette) };
    assert_eq!(karim.try_push(&[taken]).await.refused(400).position, Some(0));
    assert_eq!(lines(&world).await[0], 2);
}

#[tokio::test]
async fn who_never_saw_it_is_noted_as_refused_and_learns_nothing() {
    let world = World::start().await;
    let (mut claire, mut karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let odette = person(&mut claire).await;
    let tried = [trace(&mut karim, Act::Opened, odette), trace(&mut karim, Act::Opened, new_record())];
    let fates = karim.push(&tried).await.fates;
    assert!(fates.iter().all(|(_, fate)| matches!(fate, Fate::Applied { .. })), "one answer for both: {fates:?}");
    assert_eq!(told(&consulted(&claire, odette).await), [(Event::Refused, "karim")]);
    let admin = world.sign_in("admin").await;
    let whole: Audit = admin.send("GET", "/api/audit", vec![]).await.read();
    let refused = whole.entries.iter().filter(|entry| entry.event == Event::Refused);
    assert_eq!(refused.map(|entry| entry.detail.as_deref()).collect::<Vec<_>>(), [Some("trace"); 2]);
}

#[tokio::test]
async fn what_was_opened_while_it_was_shared_is_told_after_the_share_has_ended() {
    let world = World::start().await;
    let (claire, mut karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
    let odette = claire.create("Miremont").await;
    claire.consent(odette, Purpose::ShareNamed, true).await;
    let share = claire.share(odette, &karim).await;
    assert!(claire.exchange().await && karim.exchange().await);
    let offline = trace(&mut karim.device, Act::Opened, odette);
    claire.save_of("share", OperationKind::Set, share, &[("in_force", "no".into())], vec![]).await;
    assert!(claire.exchange().await);
    karim.device.push(&[offline]).await;
    assert_eq!(told(&consulted(&claire.device, odette).await), [(Event::Opened, "karim")]);

    // The coordination sees a part of her, and says that it looked.
    claire.consent(odette, Purpose::CallBack, true).await;
    assert!(claire.exchange().await);
    let mut coordo = world.sign_in("coordo").await;
    let looked = trace(&mut coordo, Act::Opened, odette);
    coordo.push(&[looked]).await;
    assert_eq!(told(&consulted(&claire.device, odette).await), [(Event::Opened, "karim"), (Event::Opened, "coordo")]);
}

#[tokio::test]
async fn a_trace_reaches_nobody_by_any_route() {
    let world = World::start().await;
    let claire = Tablet::sign_in(&world, "claire").await;
    let odette = claire.create("Miremont").await;
    assert!(claire.exchange().await);
    let before = lines(&world).await;
    let id = new_record();
    let opened = fields(Act::Opened, odette);
    let opened: Vec<_> = opened.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    claire.save_of(TRACE.id, OperationKind::Create, id, &opened, vec![]).await;
    assert!(claire.exchange().await, "what she holds is what the server counts");
    assert_eq!(claire.replica.store().outbox().await.unwrap(), []);
    assert_eq!(claire.replica.store().revision(id).await.unwrap(), 0, "nothing of it stays on her device");
    let [told, operations, records, sights] = before;
    assert_eq!(lines(&world).await, [told + 1, operations, records, sights]);
    for login in ["claire", "karim", "coordo", "admin"] {
        let device = world.sign_in(login).await;
        let paths = ["snapshot", "pull?epoch=1&since=0&check=true", "set-aside"].map(str::to_owned);
        for path in paths.into_iter().chain(["history", "audit"].map(|route| format!("{route}?record={id}"))) {
            let text = device.send("GET", &format!("/api/{path}"), vec![]).await.text();
            assert!(!text.contains(&id.to_string()) && !text.contains("\"trace\""), "{login} {path}: {text}");
        }
        assert_eq!(device.history(id).await.status, 404);
    }
    let dossier = claire.device.send("GET", &format!("/api/people/{odette}/dossier?as=json"), vec![]).await;
    let dossier: Value = dossier.read();
    assert_eq!(dossier["records"].as_array().unwrap().len(), 1);
    assert!(dossier["audit"].to_string().contains("\"opened\""), "she is told who looked");
    let fresh = Tablet::sign_in(&world, "claire").await;
    assert!(fresh.exchange().await);
    assert_eq!(fresh.held().await, claire.held().await);
}

#[tokio::test]
async fn a_trace_never_carries_a_name() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let odette = person(&mut claire).await;
    let with = |device: &mut Device, name: &str, value: Value| {
        let mut one = trace(device, Act::Opened, odette);
        one.fields.insert(name.into(), Edit::new(value, None));
        one
    };
    let named = "Leaked-Odette";
    let hostile = [
        with(&mut claire, "noted_by", named.into()),
        with(&mut claire, "of", named.into()),
        with(&mut claire, "event", named.into()),
        with(&mut claire, "family_name", named.into()),
        with(&mut claire, "started_at", 1.into()),
        Operation { reason: Some(named.into()), ..trace(&mut claire, Act::Opened, odette) },
        Operation { kind: OperationKind::Set, ..trace(&mut claire, Act::Opened, odette) },
        Operation { kind: OperationKind::Erase, ..with(&mut claire, "of", named.into()) },
        // It bears the number of somebody's record.
        Operation { record_id: odette, ..with(&mut claire, "noted_by", named.into()) },
    ];
    for one in hostile {
        let fate = claire.push(std::slice::from_ref(&one)).await.fates.remove(0).1;
        assert!(matches!(fate, Fate::Quarantined { reason: Quarantine::InvalidValue, .. }), "{fate:?} {one:?}");
    }
    let bodies: Vec<String> =
        sqlx::query_scalar("SELECT body FROM operation").fetch_all(&world.database().await).await.unwrap();
    assert!(bodies.iter().all(|body| !body.contains("Leaked")), "{bodies:?}");
    assert_eq!(told(&consulted(&claire, odette).await), []);
    // She goes on writing on the record whose number was used.
    let set = claire.set(odette, json!({ "given_name": "Odette" }));
    let record = claire.write(OperationKind::Create, odette, TRACE.id, json!({ "event": "opened", "of": odette }));
    let fates = claire.push(&[record, set]).await.fates;
    assert!(matches!(fates[0].1, Fate::Applied { .. }), "a trace reads no record: {fates:?}");
}

#[tokio::test]
async fn who_may_not_write_traces_has_them_set_aside_until_she_may() {
    let world = World::start().await;
    world.add("both", Role::Professional).await;
    let mut both = world.sign_in("both").await;
    let odette = person(&mut both).await;
    let database = world.database().await;
    let role = async |roles: &str| {
        sqlx::query("UPDATE account SET roles = ? WHERE login = 'both'").bind(roles).execute(&database).await.unwrap();
    };
    role(r#"["administrator"]"#).await;
    let opened = trace(&mut both, Act::Opened, odette);
    let fates = both.push(std::slice::from_ref(&opened)).await.fates;
    assert!(matches!(fates[0].1, Fate::Quarantined { reason: Quarantine::NoRight, .. }), "{fates:?}");
    let again: Value = both.apply_again(opened.record_id, both.id).await.read();
    assert_eq!((again["applied"].as_u64(), lines(&world).await[0]), (Some(0), 0));
    role(r#"["professional"]"#).await;
    let before = lines(&world).await;
    let again: Value = both.apply_again(opened.record_id, both.id).await.read();
    assert_eq!(again["applied"], 1);
    assert_eq!(told(&consulted(&both, odette).await), [(Event::Opened, "both")]);
    let [_, operations, records, sights] = before;
    assert_eq!(lines(&world).await, [1, operations, records, sights], "still no record of anybody's");
    let read: Value = both.send("GET", "/api/pull?epoch=1&since=0", vec![]).await.read();
    assert!(!read.to_string().contains(&opened.record_id.to_string()));
    let fates = both.push(&[opened]).await.fates;
    assert!(matches!(fates[0].1, Fate::Duplicate { .. }), "{fates:?}");
    assert_eq!(lines(&world).await[0], 1);
}

#[tokio::test]
async fn what_is_told_of_somebody_erased_since_keeps_ids_alone() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let odette = person(&mut claire).await;
    let opened = trace(&mut claire, Act::Opened, odette);
    let erase = claire.write(OperationKind::Erase, odette, "person", json!({}));
    claire.push(&[erase]).await;
    claire.push(&[opened]).await;
    let admin = world.sign_in("admin").await;
    let audit = admin.send("GET", "/api/audit", vec![]).await;
    assert!(!audit.text().contains("Planted"));
    let audit: Audit = audit.read();
    let told: Vec<_> = audit.entries.iter().filter(|entry| entry.event == Event::Opened).collect();
    assert_eq!((told.len(), told[0].record), (1, Some(odette)));
}

#[tokio::test]
async fn a_device_whose_access_has_ended_still_tells() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let odette = person(&mut claire).await;
    let opened = trace(&mut claire, Act::Opened, odette);
    let set = claire.set(odette, json!({ "given_name": "Odette" }));
    let revoke = "UPDATE device SET revoked_at = 1 WHERE device = ?";
    sqlx::query(revoke).bind(claire.id.to_string()).execute(&world.database().await).await.unwrap();
    let fates = claire.push(&[opened, set]).await.fates;
    assert!(matches!(fates[0].1, Fate::Applied { .. }), "{fates:?}");
    assert!(matches!(fates[1].1, Fate::Quarantined { reason: Quarantine::Revoked, .. }), "{fates:?}");
    let other = world.sign_in("claire").await;
    assert_eq!(told(&consulted(&other, odette).await), [(Event::Opened, "claire")]);
}

#[tokio::test]
async fn an_outbox_brought_by_hand_tells_too_and_counts_entries_alone() {
    let world = World::start().await;
    let (mut claire, karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let create = claire.create_person();
    let odette = create.record_id;
    let operations = vec![create, trace(&mut claire, Act::Opened, odette), trace(&mut claire, Act::Printed, odette)];
    let export = Export { token: claire.signed_in.token.clone(), operations };
    let key: SealKey = world.get("/api/seal-key", &[]).await.read();
    let sealed = serde_json::to_vec(&seal(&key, &serde_json::to_vec(&export).unwrap())).unwrap();
    for (received, known) in [(1, 0), (0, 1)] {
        let brought: Brought = karim.send("POST", "/api/sealed", sealed.clone()).await.read();
        assert_eq!(brought, Brought { received, known, set_aside: 0 });
    }
    assert_eq!(told(&consulted(&claire, odette).await), [(Event::Opened, "claire"), (Event::Printed, "claire")]);
}
