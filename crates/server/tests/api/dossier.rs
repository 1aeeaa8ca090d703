//! A copy of all that is held of one person, for those who look after her and nobody else.

use domain::Timestamp;
use domain::annuaire::import::{Write, WriteKind};
use domain::id::RecordId;
use domain::record::Fields;
use serde_json::{Value, json};
use server::store::Store;
use sync::OperationKind::{self, Create};
use sync::protocol::Fate;
use sync::protocol::audit::{Audit, Event};

use crate::world::{Device, Reply, World, new_record};

async fn copy(device: &Device, person: RecordId, shape: &str) -> Reply {
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
        Create,
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

/// A card of the directory that somebody was sent to, as an import leaves it.
async fn card(world: &World, what: WriteKind, card: RecordId, name: &str) {
    let store = Store::open(world.folder.path()).await.unwrap();
    let territory = store.territory().await.unwrap().unwrap().id;
    let fact = |value: &str| json!({ "v": value });
    let fields = match what {
        WriteKind::Create => {
            [("name", name), ("given_name", "MARIE")].map(|(field, value)| (field.into(), fact(value))).into()
        }
        _ => Fields::new(),
    };
    store.write_cards(territory, &[Write { card, what, fields }], Timestamp(1)).await.unwrap();
}

#[tokio::test]
async fn what_an_answer_names_is_told_by_its_name() {
    let world = World::start().await;
    let (mut claire, mut coordo) = (world.sign_in("claire").await, world.sign_in("coordo").await);
    let [edition, stand, challenger, theirs, here, gone] = std::array::from_fn(|_| new_record());
    let year = json!({ "year": 2026, "starts": "2026-11-01", "ends": "2026-11-30" });
    let begun = coordo.write(Create, edition, "tabac-edition", year);
    let day = json!({ "edition": edition, "place": "Marché de <Saverdun>", "on": "2026-11-03" });
    let held = coordo.write(Create, stand, "tabac-stand", day);
    assert_eq!(coordo.push(&[begun, held]).await.fates.iter().filter(|(_, fate)| applied(fate)).count(), 2);
    card(&world, WriteKind::Create, here, "COMBES").await;
    card(&world, WriteKind::Create, gone, "PARTIE").await;
    card(&world, WriteKind::Delete, gone, "").await;

    let (person, other) = (claire.create_person(), claire.create_person());
    let (id, of_other) = (person.record_id, other.record_id);
    let signed = json!({ "parent": id, "edition": edition, "stand": stand, "started_at": 1_793_600_000_000_i64 });
    let writes = [
        person,
        other,
        claire.write(Create, challenger, "tabac-challenger", signed),
        claire.write(
            Create,
            theirs,
            "tabac-challenger",
            json!({ "parent": of_other, "started_at": 1_750_000_000_000_i64 }),
        ),
        claire.write(
            Create,
            new_record(),
            "tabac-interview",
            json!({ "parent": id, "challenger": challenger, "to_entry": here }),
        ),
        claire.write(Create, new_record(), "tabac-interview", json!({ "parent": id, "to_entry": gone })),
        claire.write(Create, new_record(), "tabac-call", json!({ "parent": id, "challenger": theirs })),
    ];
    let pushed = claire.push(&writes).await;
    assert!(pushed.fates.iter().all(|(_, fate)| applied(fate)), "{pushed:?}");

    let page = copy(&claire, id, "html").await.text();
    for said in [
        "<dt>Édition</dt><dd>2026</dd>",
        "<dt>Stand</dt><dd>Marché de &lt;Saverdun&gt;, ",
        "<dt>Inscription</dt><dd>Inscription du ",
        "<dd>Marie Combes</dd>",
        "<dd>Une fiche qui n’est plus dans l’annuaire</dd>",
        "<dt>Inscription</dt><dd>Une fiche qui n’est plus là</dd>",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.to_lowercase().contains("partie") && !page.contains("2025"), "nor anything of somebody else: {page}");

    let copied: Value = copy(&claire, id, "json").await.read();
    let names = copied["names"].as_object().unwrap();
    assert_eq!(names[&here.to_string()], "Marie Combes");
    assert_eq!(names[&edition.to_string()], "2026");
    assert!(!names.contains_key(&gone.to_string()) && !names.contains_key(&theirs.to_string()), "{names:?}");
}

fn applied(fate: &Fate) -> bool {
    matches!(fate, Fate::Applied { .. })
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
