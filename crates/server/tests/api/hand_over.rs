use serde_json::json;
use sync::protocol::{Fate, Quarantine};
use sync::{Commit, Cursor, FirstPull, OperationKind, Store};

use crate::tablet::Tablet;
use crate::world::World;

fn printed(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[tokio::test]
async fn records_leave_a_colleague_and_enter_another_whole() {
    let world = World::start().await;
    let claire = Tablet::sign_in(&world, "claire").await;
    let (one, two) = (claire.create("Miremont").await, claire.create("Auterive").await);
    assert!(claire.exchange().await);
    claire.set(one, "Venerque").await;
    assert!(claire.exchange().await);
    let karim = Tablet::sign_in(&world, "karim").await;
    let his = karim.create("Miremont").await;
    assert!(karim.exchange().await);
    // She is away, with something she has not sent.
    claire.set(two, "Cintegabelle").await;

    let output = world.hand_over("claire", "karim");
    assert!(output.status.success(), "{}", printed(&output));
    assert!(printed(&output).starts_with("2 fiches de claire sont confiées à karim."), "{}", printed(&output));
    let page = karim.device.pull(0).await;
    let written: Vec<_> = page.operations.iter().map(|sequenced| sequenced.operation.record_id).collect();
    assert_eq!((page.entered.len(), written), (2, vec![his]), "whole, hence without what was written before");
    assert!(karim.exchange().await);
    assert_eq!(karim.commune(one).await, Some("Venerque".into()), "whole, whatever its age");
    assert_eq!(karim.commune(two).await, Some("Auterive".into()));

    let page = claire.device.pull(3).await;
    assert_eq!((page.left.len(), page.operations.len()), (2, 0), "what she sees no more is not told her");
    claire.exchange().await;
    assert_eq!(claire.commune(one).await, None, "forgotten: nothing of it waits");
    assert_eq!(claire.replica.waiting().await.unwrap().set_aside, 1, "what she had not sent is kept aside, not lost");
    assert!(claire.exchange().await, "the check counts what she sees");
    let history: sync::protocol::History = karim.device.history(two).await.read();
    let last = history.entries.last().unwrap();
    assert_eq!((last.fields["commune"].as_str(), last.set_aside), (Some("Cintegabelle"), Some(Quarantine::NoRight)));

    // What the new owner writes comes by the log; a new device of hers receives all, the others nothing.
    karim.set(one, "Miremont").await;
    assert!(karim.exchange().await);
    let phone = Tablet::sign_in(&world, "karim").await;
    assert!(phone.exchange().await);
    for record in [one, two, his] {
        assert_eq!(phone.commune(record).await, karim.commune(record).await);
    }
    let late = Tablet::sign_in(&world, "claire").await;
    assert!(late.exchange().await);
    assert_eq!(late.replica.contents().await.unwrap().shown.len(), 0);

    // And back: one that left and came again.
    assert!(world.hand_over("karim", "claire").status.success());
    assert!(late.exchange().await && karim.exchange().await);
    assert_eq!(late.commune(one).await, Some("Miremont".into()));
    assert_eq!(karim.replica.contents().await.unwrap().shown.len(), 0);
    assert!(claire.exchange().await);
    assert_eq!(claire.commune(one).await, Some("Miremont".into()));
}

#[tokio::test]
async fn a_hand_over_that_makes_no_sense_changes_nothing() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let create = claire.create_person();
    claire.push(std::slice::from_ref(&create)).await;
    for (from, to, says) in [
        ("claire", "personne", "aucun compte"),
        ("personne", "claire", "aucun compte"),
        ("claire", " Claire ", "même compte"),
        ("claire", "admin", "rôle"),
    ] {
        let output = world.hand_over(from, to);
        assert!(!output.status.success() && printed(&output).contains(says), "{from} {to}: {}", printed(&output));
    }
    sqlx::query("UPDATE account SET disabled_at = 1 WHERE login = 'karim'")
        .execute(&world.database().await)
        .await
        .unwrap();
    assert!(printed(&world.hand_over("claire", "karim")).contains("désactivé"));
    assert!(printed(&world.hand_over("coordo", "claire")).contains("aucune fiche"));
    let page = claire.pull(0).await;
    assert_eq!((page.since, page.operations.len(), page.left.len()), (1, 1, 0));
}

/// Many records at once come by pages, each cut between two of them.
#[tokio::test]
async fn a_large_hand_over_comes_in_pages() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let karim = Tablet::sign_in(&world, "karim").await;
    assert!(karim.exchange().await);
    for _ in 0..6 {
        let created: Vec<_> = (0..200).map(|_| claire.create_person()).collect();
        claire.push(&created).await;
    }
    assert!(world.hand_over("claire", "karim").status.success());
    let page = karim.device.pull(0).await;
    assert!(page.more && page.entered.len() == 500, "{}", page.entered.len());
    assert!(karim.exchange().await);
    assert_eq!(karim.replica.contents().await.unwrap().shown.len(), 1200);
    let left = claire.pull(1200).await;
    assert!(left.more && left.left.len() == 500);
}

/// Devices of whoever once saw a record purge what they still hold of it.
#[tokio::test]
async fn an_erasure_reaches_those_who_see_the_record_no_more() {
    let world = World::start().await;
    let claire = Tablet::sign_in(&world, "claire").await;
    let karim = Tablet::sign_in(&world, "karim").await;
    let person = claire.create("Miremont").await;
    assert!(claire.exchange().await);
    claire.set(person, "Cintegabelle").await;
    assert!(world.hand_over("claire", "karim").status.success());
    claire.exchange().await;
    assert_eq!(claire.replica.waiting().await.unwrap().set_aside, 1);

    assert!(karim.exchange().await);
    karim.save(OperationKind::Erase, person, &[], vec![]).await;
    assert!(karim.exchange().await);
    assert!(claire.exchange().await);
    let waiting = claire.replica.waiting().await.unwrap();
    assert!(waiting.everything_sent(), "{waiting:?}");
    assert_eq!(claire.replica.contents().await.unwrap().shown.len(), 0);

    // Months later, another device of hers sends what it had written.
    let mut late = world.sign_in("claire").await;
    let write = late.set(person, json!({ "commune": "Planted-Miremont" }));
    let fate = late.push(std::slice::from_ref(&write)).await.fates.remove(0).1;
    let Fate::Applied { seq } = fate else { panic!("{fate:?}") };
    assert_eq!(late.push(&[write]).await.fates[0].1, Fate::Duplicate { seq });
    let told = late.pull(seq).await;
    assert_eq!((told.since, told.left), (seq + 1, vec![person]), "told again to purge it");
    assert!(told.entered[0].is_erased() && told.entered[0].fields.is_empty());
    let history = karim.device.history(person).await.text();
    assert!(!history.contains("Planted") && !history.contains("Cintegabelle"), "{history}");
    assert!(claire.exchange().await && karim.exchange().await);
}

/// It went to a colleague and was erased; meanwhile a device of the former one begins again, and reads past what told it.
#[tokio::test]
async fn a_first_pull_tells_what_was_erased_in_other_hands() {
    let world = World::start().await;
    let claire = Tablet::sign_in(&world, "claire").await;
    let record = claire.create("Planted-Miremont").await;
    assert!(claire.exchange().await);
    assert_eq!(claire.replica.store().kept().await.unwrap().len(), 1, "no backup holds it yet");
    assert!(world.hand_over("claire", "karim").status.success());
    let karim = Tablet::sign_in(&world, "karim").await;
    assert!(karim.exchange().await);
    karim.save(OperationKind::Erase, record, &[], vec![]).await;
    assert!(karim.exchange().await);

    let store = claire.replica.store();
    let cursor = Cursor { first: Some(FirstPull::default()), ..store.cursor().await.unwrap() };
    store.commit(Commit { cursor: Some(cursor), ..Commit::default() }).await.unwrap();
    assert!(claire.exchange().await);
    assert!(store.kept().await.unwrap().is_empty(), "nothing of it is left on the device");
    assert_eq!(store.record(record).await, Ok(None));
}
