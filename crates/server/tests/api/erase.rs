//! Erasing somebody erases what hangs on her, whoever wrote it and whenever it comes.

use domain::id::RecordId;
use serde_json::json;
use sync::{Operation, OperationKind};

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
    here.push(&[vec![person.clone()], known.clone()].concat()).await;
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
    assert_eq!(listed.lines().count(), 3, "a restoration erases them again");
}
