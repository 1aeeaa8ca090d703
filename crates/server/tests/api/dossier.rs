//! A copy of all that is held of one person, for those who look after her and nobody else.

use serde_json::{Value, json};
use sync::OperationKind;
use sync::protocol::audit::{Audit, Event};

use crate::world::{Device, Reply, World, new_record};

async fn copy(device: &Device, person: domain::id::RecordId, shape: &str) -> Reply {
    device.send("GET", &format!("/api/people/{person}/dossier?as={shape}&offset=60"), vec![]).await
}

#[tokio::test]
async fn everything_of_one_person_and_nothing_of_another() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let person = claire.create_person();
    let id = person.record_id;
    let named = claire.set(id, json!({ "family_name": "Planted<script>", "given_name": "Odette" }));
    let consent = claire.write(
        OperationKind::Create,
        new_record(),
        "consent",
        json!({ "parent": id, "started_at": 2, "purpose": "record", "answer": "yes", "given_by": "person" }),
    );
    let other = claire.create_person();
    let other_named = claire.set(other.record_id, json!({ "family_name": "Somebody-else" }));
    let pushed = claire.push(&[person, named, consent, other, other_named]).await;
    assert_eq!(pushed.fates.len(), 5);

    let text = copy(&claire, id, "json").await;
    assert_eq!(text.headers["cache-control"], "no-store");
    let dossier: Value = text.read();
    assert_eq!(dossier["format"], "cardabelle-dossier-1");
    let kinds: Vec<_> = dossier["records"].as_array().unwrap().iter().map(|one| &one["record"]["kind"]).collect();
    assert_eq!(kinds, ["person", "consent"]);
    assert_eq!(dossier["records"][0]["record"]["fields"]["family_name"]["value"], "Planted<script>");
    assert_eq!(dossier["records"][0]["history"].as_array().unwrap().len(), 2);
    assert!(!text.text().contains("Somebody-else"));

    let page = copy(&claire, id, "html").await;
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    let page = page.text();
    assert!(page.contains("Planted&lt;script&gt;") && !page.contains("<script"), "{page}");
    for said in ["Nom", "Odette", "Dossier gardé", "La personne", "Écrit par claire"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("Somebody-else"));

    let audit: Audit = claire.send("GET", &format!("/api/audit?record={id}"), vec![]).await.read();
    assert_eq!(audit.entries.iter().filter(|entry| entry.event == Event::Exported).count(), 2);
}

#[tokio::test]
async fn nobody_else_takes_a_copy_and_trying_is_noted() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let person = claire.create_person();
    let id = person.record_id;
    claire.push(&[person]).await;
    for (login, status) in [("karim", 404), ("coordo", 403), ("admin", 403)] {
        let device = world.sign_in(login).await;
        for shape in ["json", "html"] {
            copy(&device, id, shape).await.refused(status);
        }
        copy(&device, id, "pdf").await.refused(400);
    }
    copy(&claire, new_record(), "json").await.refused(404);
    let audit: Audit = claire.send("GET", &format!("/api/audit?record={id}"), vec![]).await.read();
    let refused: Vec<_> = audit.entries.iter().filter(|entry| entry.event == Event::Refused).collect();
    assert_eq!(refused.len(), 2);
    assert!(refused.iter().all(|entry| entry.name.as_deref() == Some("karim")));
    let erasure = claire.write(OperationKind::Erase, id, "person", json!({}));
    claire.push(&[erasure]).await;
    copy(&claire, id, "json").await.refused(404);
}
