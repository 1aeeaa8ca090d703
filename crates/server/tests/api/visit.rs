//! A stand held for a record of the territory, and those who scan its code to sign themselves up on their own telephone.

use domain::id::RecordId;
use serde_json::json;
use sync::OperationKind::Create;
use sync::protocol::access::{INVITATION_SPENT, NewStand, SealedOperation, StandInvitation, Visit, Visited};

use crate::stand::{Stand, listed, log, open_at, run};
use crate::world::{Device, Reply, World, new_record};

/// A stand of the territory, and its edition.
async fn venue(by: &mut Device) -> (RecordId, RecordId) {
    let (edition, stand) = (new_record(), new_record());
    let day = json!({ "year": 2026, "starts": "2026-11-01", "ends": "2026-11-30" });
    let of = json!({ "edition": edition, "place": "Planted-Saverdun", "on": "2026-11-24" });
    let operations = [by.write(Create, edition, "tabac-edition", day), by.write(Create, stand, "tabac-stand", of)];
    by.push(&operations).await;
    (edition, stand)
}

async fn scan(world: &World, token: &str) -> Reply {
    world.post("/api/visit", &[], serde_json::to_vec(&Visit { token: token.into() }).unwrap()).await
}

fn invitation(stand: &Stand) -> &StandInvitation {
    stand.opened.invitation.as_ref().unwrap()
}

async fn refused(world: &World, token: &str) {
    assert_eq!(scan(world, token).await.refused(404).code, INVITATION_SPENT);
}

fn reasons(log: Vec<(i64, Option<String>)>) -> Vec<Option<String>> {
    log.into_iter().map(|(_, why)| why).collect()
}

#[tokio::test]
async fn a_stand_is_held_for_a_record_that_the_server_holds() {
    let world = World::start().await;
    let (mut coordo, claire) = (world.sign_in("coordo").await, world.sign_in("claire").await);
    let (edition, place) = venue(&mut coordo).await;
    let gone = coordo.write(Create, new_record(), "tabac-stand", json!({ "place": "Ailleurs" }));
    let id = gone.record_id;
    let deleted = coordo.write(sync::OperationKind::Delete, id, "tabac-stand", json!({ "deleted": true }));
    coordo.push(&[gone, deleted]).await;
    for wrong in [new_record(), edition, id] {
        let until = domain::Timestamp(claire.signed_in.server_time.0 + 3_600_000);
        let new = NewStand { name: "Marché".into(), volunteers: Vec::new(), until, venue: Some(wrong) };
        let reply = claire.send("POST", "/api/stands", serde_json::to_vec(&new).unwrap()).await;
        assert_eq!(reply.refused(409).code, "no-venue");
    }
    assert!(listed(&claire).await.is_empty(), "none was opened");
    assert_eq!(open_at(&claire, None).await.opened.invitation, None, "nothing to sign up for");

    let mut stand = open_at(&claire, Some(place)).await;
    assert_eq!(listed(&claire).await[0].venue, Some(place));
    let (person, mut operations) = stand.sign_up("Salvan");
    let writer = &mut stand.writer;
    operations.extend([
        writer.write(
            Create,
            new_record(),
            "tabac-challenger",
            json!({ "parent": person, "edition": edition, "stand": place }),
        ),
        writer.write(Create, new_record(), "tabac-tally", json!({ "parent": place, "met": 31 })),
        // It reads nothing, and changes nothing of what is common.
        writer.write(sync::OperationKind::Set, place, "tabac-stand", json!({ "place": "Planted" })),
        writer.write(Create, new_record(), "tabac-interview", json!({ "parent": person })),
    ]);
    stand.push(&stand.seals(&operations)).await;
    let mut expected = vec![None; 5];
    expected.extend(vec![Some("no-right".to_owned()); 2]);
    assert_eq!(reasons(log(&world, stand.opened.device_id).await), expected);
    // The person is hers who opened it; the count is seen by all who see the stand.
    assert!(claire.read_log().await.iter().any(|one| one.operation.record_id == person));
    let told = coordo.read_log().await;
    assert!(told.iter().any(|one| one.operation.record_kind == "tabac-tally"));
    assert!(!told.iter().any(|one| one.operation.record_id == person));
}

#[tokio::test]
async fn whoever_scans_the_code_signs_herself_up_and_nobody_else() {
    let world = World::start().await;
    let (mut coordo, claire) = (world.sign_in("coordo").await, world.sign_in("claire").await);
    let (edition, place) = venue(&mut coordo).await;
    let stand = open_at(&claire, Some(place)).await;
    let shown = invitation(&stand);
    assert!(shown.token.len() == 64 && shown.qr.len() > 20 && shown.until <= stand.opened.until);
    let reply = scan(&world, &shown.token).await;
    assert!(!reply.text().contains("Planted"), "ids, days and numbers alone");
    let visited: Visited = reply.read();
    assert_eq!(
        (visited.name.as_str(), visited.venue, visited.venue_kind.as_str()),
        ("Marché de Saverdun", place, "tabac-stand")
    );
    let mut seeds = json!({ "edition": edition, "stand": place, "edition_starts": "2026-11-01" });
    for (field, ppm) in [("co_first", 5), ("co_second", 9), ("co_third", 20)] {
        seeds[field] = json!(ppm);
    }
    assert_eq!(json!(visited.seeds), seeds);
    assert_eq!(visited.stand.invitation, None);
    let half_an_hour = visited.stand.until.0 - claire.signed_in.server_time.0;
    assert!((29 * 60_000..31 * 60_000).contains(&half_an_hour), "{half_an_hour}");

    let mut phone = Stand::of(&claire, visited.stand);
    let (person, mut operations) = phone.sign_up("Salvan");
    let other = phone.writer.create_person();
    let writer = &mut phone.writer;
    operations.extend([
        writer.write(
            Create,
            new_record(),
            "tabac-challenger",
            json!({ "parent": person, "edition": edition, "stand": place, "origin": "qr" }),
        ),
        other,
        writer.write(Create, new_record(), "tabac-tally", json!({ "parent": place, "met": 9999 })),
        writer.write(Create, new_record(), "icope-screening", json!({ "parent": person })),
        writer.write(Create, new_record(), "tabac-call", json!({ "parent": person })),
        writer.write(sync::OperationKind::Set, person, "person", json!({ "commune": "Miremont" })),
    ]);
    phone.push(&phone.seals(&operations)).await;
    let no = || Some("no-right".to_owned());
    let expected = [None, None, None, no(), None, no(), no(), no(), None];
    assert_eq!(reasons(log(&world, phone.opened.device_id).await), expected);
    assert!(claire.read_log().await.iter().any(|one| one.operation.record_id == person), "whose the stand is");

    // The stand is one line, which counts those who sent something.
    let silent: Visited = scan(&world, &shown.token).await.read();
    assert_ne!(silent.stand.device_id, phone.opened.device_id);
    let lines = listed(&claire).await;
    assert_eq!((lines.len(), lines[0].device, lines[0].visits), (1, stand.opened.device_id, 1));
}

#[tokio::test]
async fn a_code_that_serves_no_more_says_nothing_of_why() {
    let world = World::start().await;
    let (mut coordo, claire) = (world.sign_in("coordo").await, world.sign_in("claire").await);
    let (_, place) = venue(&mut coordo).await;
    let stand = open_at(&claire, Some(place)).await;
    let token = invitation(&stand).token.clone();
    for unknown in ["", "00", &"0".repeat(64), &token.to_uppercase(), &claire.signed_in.token] {
        refused(&world, unknown).await;
    }
    let visited: Visited = scan(&world, &token).await.read();
    for (spoil, mend) in [
        ("UPDATE invitation SET until = 1", "UPDATE invitation SET until = 9999999999999"),
        (
            "UPDATE account SET disabled_at = 1 WHERE login = 'claire'",
            "UPDATE account SET disabled_at = NULL WHERE login = 'claire'",
        ),
    ] {
        run(&world, spoil).await;
        refused(&world, &token).await;
        run(&world, mend).await;
        assert_eq!(scan(&world, &token).await.status, 200, "{mend}");
    }
    // The database holds no token.
    let kept: String =
        sqlx::query_scalar("SELECT token_hash FROM invitation").fetch_one(&world.database().await).await.unwrap();
    assert!(kept.len() == 64 && kept != token);

    // Closed from afar, nobody comes in, and a person looks at what those who had come in still send.
    let path = format!("/api/stands/{}/closed", stand.opened.device_id);
    assert_eq!(claire.send("POST", &path, vec![]).await.status, 204);
    refused(&world, &token).await;
    let mut phone = Stand::of(&claire, visited.stand);
    let (_, operations) = phone.sign_up("Salvan");
    phone.push(&phone.seals(&operations)).await;
    assert_eq!(reasons(log(&world, phone.opened.device_id).await), vec![Some("revoked".to_owned()); 3]);
}

/// Its own device is the first to know that a stand is over: nobody comes in by its code, and nothing of what was written is
/// looked at twice.
#[tokio::test]
async fn a_stand_closed_on_its_own_device_closes_its_code_and_loses_nothing() {
    let world = World::start().await;
    let (mut coordo, claire) = (world.sign_in("coordo").await, world.sign_in("claire").await);
    let (_, place) = venue(&mut coordo).await;
    let (mut stand, other) = (open_at(&claire, Some(place)).await, open_at(&claire, Some(place)).await);
    let (token, beside) = (invitation(&stand).token.clone(), invitation(&other).token.clone());
    let visited: Visited = scan(&world, &token).await.read();
    let mut phone = Stand::of(&claire, visited.stand);
    // She ends her own sign-up: the code of the market goes on serving.
    phone.end(&[]).await;
    assert_eq!(scan(&world, &token).await.status, 200);

    let (person, operations) = stand.sign_up("Combes");
    let seals = stand.seals(&operations);
    stand.push(&seals[..1]).await;
    assert_eq!(stand.end(&seals[1..2]).await.received, [2]);
    refused(&world, &token).await;
    assert_eq!(scan(&world, &beside).await.status, 200, "another device holds the same stand");
    let lines = listed(&claire).await;
    let ended = lines.iter().find(|line| line.device == stand.opened.device_id).unwrap();
    assert!(ended.until < stand.opened.until && ended.closed_at.is_none(), "over, and not closed from afar: {ended:?}");
    // Told again, after what was still on its way: nothing changes, nothing waits for a person.
    stand.end(&seals[2..]).await;
    assert_eq!(reasons(log(&world, stand.opened.device_id).await), [None, None, None]);
    assert_eq!(listed(&claire).await.iter().find(|line| line.device == ended.device).unwrap().until, ended.until);
    assert!(claire.read_log().await.iter().any(|one| one.operation.record_id == person));
    // Whoever had come in before finishes.
    let (_, operations) = phone.sign_up("Salvan");
    phone.push(&phone.seals(&operations)).await;
    assert_eq!(reasons(log(&world, phone.opened.device_id).await), [None, None, None]);
}

#[tokio::test]
async fn a_photograph_of_the_code_does_not_fill_the_server() {
    let world = World::start().await;
    let (mut coordo, claire) = (world.sign_in("coordo").await, world.sign_in("claire").await);
    let (_, place) = venue(&mut coordo).await;
    let stand = open_at(&claire, Some(place)).await;
    let token = &invitation(&stand).token;
    for _ in 0..40 {
        assert_eq!(scan(&world, token).await.status, 200);
    }
    let slowed = scan(&world, token).await;
    assert_eq!(slowed.refused(429).code, "too-many-tries");
    assert!(slowed.headers.contains_key("retry-after"));
    assert_eq!(world.try_sign_in("claire", crate::world::PASSWORD, None).await.status, 200, "nobody else waits");
}

/// Whatever numbers they bear, and whether they can be read: of what a visitor sends as much is kept as a hand could write.
#[tokio::test]
async fn a_visitor_does_not_fill_the_server() {
    let world = World::start().await;
    let (mut coordo, claire) = (world.sign_in("coordo").await, world.sign_in("claire").await);
    let (edition, place) = venue(&mut coordo).await;
    let mut stand = open_at(&claire, Some(place)).await;
    let visited: Visited = scan(&world, &invitation(&stand).token).await.read();
    let mut phone = Stand::of(&claire, visited.stand);
    let (person, mut operations) = phone.sign_up("Salvan");
    let fields = json!({ "parent": person, "edition": edition, "stand": place, "origin": "qr" });
    operations.push(phone.writer.write(Create, new_record(), "tabac-challenger", fields));
    phone.push(&phone.seals(&operations)).await;

    let long: serde_json::Map<_, _> = (0..10).map(|n| (format!("long{n}"), "Planted".repeat(2_800).into())).collect();
    let bytes = async || -> (i64, i64) {
        let sql = "SELECT (SELECT COALESCE(sum(length(body)), 0) FROM operation WHERE device = ?1),
                   (SELECT COALESCE(sum(length(body)), 0) FROM sealed_aside WHERE device = ?1)";
        let device = phone.opened.device_id.to_string();
        sqlx::query_as(sql).bind(device).fetch_one(&world.database().await).await.unwrap()
    };
    let mut flood = Vec::new();
    for _ in 0..6 {
        // All of them under the first number: the telephone says what it likes.
        let set = phone.writer.set(person, long.clone().into());
        flood.push(sync::Operation { device_seq: 1, ..set });
    }
    for (rank, one) in flood.iter().enumerate() {
        let pushed = phone.push(&phone.seals(std::slice::from_ref(one))).await;
        assert_eq!(pushed.received.len(), usize::from(rank < 2), "{rank}: what is not kept stays on the telephone");
    }
    let (log, _) = bytes().await;
    assert!((390_000..525_000).contains(&log), "{log}");
    for (rank, one) in flood.iter().enumerate().take(3) {
        let pushed = phone.push(&phone.seals(std::slice::from_ref(one))).await;
        assert_eq!(pushed.received.len(), usize::from(rank < 2), "{rank}, again");
    }
    assert_eq!(bytes().await.0, log, "sent again, what is held is held once and the rest is not");
    // Of one push, what fits is kept and named, and nothing else.
    let short = phone.writer.set(person, json!({ "commune": "Miremont" }));
    let mixed = [sync::Operation { device_seq: 50, ..short }, sync::Operation { device_seq: 51, ..flood[5].clone() }];
    let pushed = phone.push(&phone.seals(&mixed)).await;
    assert_eq!((pushed.received, pushed.last_device_seq), (vec![50], 50));

    for device_seq in 100..106 {
        let sealed = crate::seal::seal(&phone.opened.seal_key, &vec![b'x'; 75_000]);
        let pushed = phone.push(&[SealedOperation { device_seq, sealed }]).await;
        assert_eq!(pushed.received.len(), usize::from(device_seq < 103), "{device_seq}");
    }
    let (_, aside) = bytes().await;
    assert!((400_000..525_000).contains(&aside), "{aside}");

    // Her sign-up stands, and the stand beside writes on.
    assert!(claire.read_log().await.iter().any(|one| one.operation.record_id == person));
    let (other, operations) = stand.sign_up("Combes");
    stand.push(&stand.seals(&operations)).await;
    assert!(claire.read_log().await.iter().any(|one| one.operation.record_id == other));
}
