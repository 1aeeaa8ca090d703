//! Erasing somebody erases what hangs on her, whoever wrote it and whenever it comes.

use domain::id::RecordId;
use serde_json::json;
use sync::protocol::Fate;
use sync::{Operation, OperationKind};

use crate::sharing::all_agree;
use crate::tablet::Tablet;
use crate::world::{Device, World, new_record};

fn screening(device: &mut Device, person: RecordId) -> Vec<Operation> {
    let begun =
        device.write(OperationKind::Create, new_record(), "consent", json!({ "parent": person, "started_at": 2 }));
    let answered = device.write(OperationKind::Set, begun.record_id, "consent", json!({ "note": "Planted-Auterive" }));
    vec![begun, answered]
}

async fn kept(world: &World) -> Vec<String> {
    let sql = "SELECT state FROM record UNION ALL SELECT body || coalesce(conflicts, '') FROM operation";
    sqlx::query_scalar(sql).fetch_all(&world.database().await).await.unwrap()
}

#[tokio::test]
async fn what_hangs_on_somebody_goes_with_her_and_does_not_come_late() {
    let world = World::start().await;
    let mut here = world.sign_in("claire").await;
    let mut away = world.sign_in("claire").await;
    let person = here.create_person();
    let known = screening(&mut here, person.record_id);
    let others = [screening(&mut here, person.record_id), screening(&mut here, person.record_id)].concat();
    here.push(&[vec![person.clone()], known.clone(), others].concat()).await;
    let before = away.pull(0).await;
    assert!(kept(&world).await.iter().any(|row| row.contains("Planted")), "the search finds what is there");

    // She knows nothing of the consent that the other device holds: only the person is named.
    let erasure = here.write(OperationKind::Erase, person.record_id, "person", json!({}));
    here.push(std::slice::from_ref(&erasure)).await;
    assert!(!kept(&world).await.iter().any(|row| row.contains("Planted")), "what hung on her is blanked");

    let late = screening(&mut away, person.record_id);
    away.push(&late).await;
    assert!(!kept(&world).await.iter().any(|row| row.contains("Planted")), "what comes late leaves nothing");

    // Both devices are told of the end of both records, as they hold no operation that says it.
    for device in [&here, &away] {
        let page = device.pull(before.since).await;
        let told: Vec<_> = page.entered.iter().filter(|record| record.is_erased()).map(|record| record.id).collect();
        assert!(told.contains(&known[0].record_id) && told.contains(&late[0].record_id), "{told:?}");
    }
    let listed = std::fs::read_to_string(world.folder.path().join("erased.txt")).unwrap();
    assert_eq!(listed.lines().count(), 5, "a restoration erases them again");
}

#[tokio::test]
async fn somebody_who_was_entrusted_to_a_colleague_is_erased_with_all_that_hangs_on_her() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let person = claire.create_person();
    let hung = [screening(&mut claire, person.record_id), screening(&mut claire, person.record_id)].concat();
    claire.push(&[vec![person.clone()], hung].concat()).await;
    assert!(world.hand_over("claire", "karim").status.success());
    let mut karim = world.sign_in("karim").await;
    let erasure = karim.write(OperationKind::Erase, person.record_id, "person", json!({}));
    karim.push(&[erasure]).await;
    assert!(!kept(&world).await.iter().any(|row| row.contains("Planted")));
    let told = claire.pull(0).await.entered;
    assert_eq!(
        told.iter().filter(|record| record.is_erased()).count(),
        3,
        "the former owner's devices purge all three"
    );
    // What the former owner still held comes late, and leaves nothing either.
    let late = screening(&mut claire, person.record_id);
    claire.push(&late).await;
    assert!(!kept(&world).await.iter().any(|row| row.contains("Planted")));
}

/// Of somebody of whom a part was erased the server keeps when she was last met, until she goes whole.
#[tokio::test]
async fn nothing_says_when_somebody_who_was_erased_was_last_met() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let (person, other) = (claire.create_person(), claire.create_person());
    claire.push(&[person.clone(), other.clone()]).await;
    let database = world.database().await;
    let met = "INSERT INTO contact (territory, person, at) SELECT territory, record, 5 FROM record";
    assert_eq!(sqlx::query(met).execute(&database).await.unwrap().rows_affected(), 2);
    let erasure = claire.write(OperationKind::Erase, person.record_id, "person", json!({}));
    claire.push(&[erasure]).await;
    let left: Vec<String> = sqlx::query_scalar("SELECT person FROM contact").fetch_all(&database).await.unwrap();
    assert_eq!(left, [other.record_id.to_string()]);
}

/// Whoever erased somebody of hers does not erase others by naming them under her.
#[tokio::test]
async fn nobody_elses_record_is_erased_by_naming_it_under_somebody_erased() {
    let world = World::start().await;
    let (mut claire, mut karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let victim = claire.create_person();
    let waiting = claire.write(OperationKind::Create, new_record(), "consent", json!({ "parent": new_record() }));
    let value = claire.set(victim.record_id, json!({ "commune": "Planted-Miremont" }));
    claire.push(&[victim.clone(), value, waiting.clone()]).await;
    let own = karim.create_person();
    let erasure = karim.write(OperationKind::Erase, own.record_id, "person", json!({}));
    karim.push(&[own.clone(), erasure]).await;
    for record in [victim.record_id, waiting.record_id] {
        let attack = karim.write(OperationKind::Create, record, "consent", json!({ "parent": own.record_id }));
        let fates = karim.push(&[attack]).await.fates;
        assert!(matches!(fates[0].1, Fate::Quarantined { .. }), "{fates:?}");
    }
    assert!(kept(&world).await.iter().any(|row| row.contains("Planted")), "hers is untouched");
    let listed = std::fs::read_to_string(world.folder.path().join("erased.txt")).unwrap();
    assert_eq!(listed.lines().count(), 1);
}

#[tokio::test]
async fn what_could_not_begin_under_somebody_goes_with_her() {
    let world = World::start().await;
    let mut here = world.sign_in("claire").await;
    let person = here.create_person();
    let id = person.record_id;
    let fields = json!({ "parent": id, "started_at": 2, "teleported": "Planted-Auterive" });
    let refused = here.write(OperationKind::Create, new_record(), "consent", fields);
    let late = here.write(OperationKind::Set, refused.record_id, "consent", json!({ "answer": "Planted-late" }));
    let pushed = here.push(&[person, refused, late]).await;
    assert!(
        matches!(pushed.fates[1].1, Fate::Quarantined { .. }) && matches!(pushed.fates[2].1, Fate::Quarantined { .. })
    );
    assert!(kept(&world).await.iter().any(|row| row.contains("Planted-late")), "the search finds what is there");
    let erasure = here.write(OperationKind::Erase, id, "person", json!({}));
    here.push(&[erasure]).await;
    assert!(!kept(&world).await.iter().any(|row| row.contains("Planted")));
}

/// Two devices moved a screening, one of them to somebody who is erased, before or after both were known: it goes once it is
/// said that it is hers, and stays if it is the other one's.
#[tokio::test]
async fn what_may_be_of_somebody_else_waits_for_an_answer() {
    for (hers, known) in [(true, false), (false, false), (true, true), (false, true)] {
        let world = World::start().await;
        let (tablet, phone) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "claire").await);
        let (first, erased, other) =
            (tablet.create("Miremont").await, tablet.create("Auterive").await, tablet.create("Venerque").await);
        let screening = tablet.hang("icope-screening", first, &[("noted_by", "Planted".into())]).await;
        let own = tablet.hang("icope-screening", erased, &[("noted_by", "Uprooted".into())]).await;
        all_agree(&world, &[&tablet, &phone]).await;
        let moves = async |device: &Tablet, to: RecordId, over| {
            let fields = [("parent", to.to_string().into())];
            device.save_of("icope-screening", OperationKind::Set, screening, &fields, over).await;
        };
        moves(&tablet, erased, vec![]).await;
        moves(&phone, other, vec![]).await;
        if known {
            // It hangs on her when she is erased, and somebody says that it is not hers.
            all_agree(&world, &[&phone, &tablet]).await;
        }
        phone.save(OperationKind::Erase, erased, &[], vec![]).await;
        all_agree(&world, &[&phone, &tablet]).await;
        let shown = tablet.replica.shown(screening).await.unwrap().unwrap();
        assert!(!kept(&world).await.iter().any(|row| row.contains("Uprooted")), "what is hers alone is gone");
        assert!(tablet.replica.shown(own).await.unwrap().is_none_or(|shown| shown.fields.is_empty()));
        assert_eq!(
            shown.fields.get("noted_by").map(|field| &field.value),
            Some(&json!("Planted")),
            "nobody knows yet whose it is, known: {known}"
        );
        let over = shown.conflicts["parent"].values.iter().map(|rival| rival.op_id).collect();
        moves(&tablet, if hers { erased } else { other }, over).await;
        all_agree(&world, &[&tablet, &phone]).await;
        let is_kept = kept(&world).await.iter().any(|row| row.contains("Planted"));
        assert_eq!(is_kept, !hers);
        assert_eq!(phone.replica.shown(screening).await.unwrap().is_some_and(|shown| !shown.fields.is_empty()), !hers);
    }
}
