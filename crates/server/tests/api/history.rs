use serde_json::json;
use sync::OperationKind;
use sync::protocol::{History, Quarantine};

use crate::world::{World, new_record};

#[tokio::test]
async fn what_was_offered_is_told_to_whoever_sees_the_record() {
    let world = World::start().await;
    let (mut claire, mut karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let phone = world.sign_in("claire").await;
    let create = claire.create_person();
    let person = create.record_id;
    let mut correction = claire.set(person, json!({ "commune": "Miremont" }));
    correction.reason = Some("faute de frappe".into());
    let bad = claire.set(person, json!({ "birth_date": "hier" }));
    let stranger = karim.set(person, json!({ "commune": "Auterive" }));
    claire.push(&[create, correction, bad]).await;
    karim.push(&[stranger]).await;

    let history: History = phone.history(person).await.read();
    let told: Vec<_> = history
        .entries
        .iter()
        .map(|entry| (entry.seq, entry.kind, entry.by.name.as_str(), entry.reason.as_deref(), entry.set_aside))
        .collect();
    use OperationKind::{Create, Set};
    let expected = [
        (1, Create, "claire", None, None),
        (2, Set, "claire", Some("faute de frappe"), None),
        (3, Set, "claire", None, Some(Quarantine::InvalidValue)),
        (4, Set, "karim", None, Some(Quarantine::NoRight)),
    ];
    assert_eq!(told, expected);
    assert_eq!(history.entries[2].fields["birth_date"], "hier", "what is set aside is not lost to the care team");

    let his: History = karim.history(person).await.read();
    assert_eq!(his.entries.len(), 1, "what he wrote himself, and nothing of the record");
    assert_eq!(his.entries[0].fields["commune"], "Auterive");
    let coordo = world.sign_in("coordo").await;
    let (forbidden, unknown) = (coordo.history(person).await, coordo.history(new_record()).await);
    assert_eq!(forbidden.refused(404).code, "no-record");
    assert_eq!((forbidden.status, forbidden.text()), (unknown.status, unknown.text()), "nobody learns what exists");
    for query in ["", "?record=", "?record=1'"] {
        let reply = claire.send("GET", &format!("/api/history{query}"), vec![]).await;
        assert_eq!(reply.refused(400).code, "unreadable", "{query}");
    }
}
