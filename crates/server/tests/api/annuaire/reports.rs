use domain::annuaire::import::Reports;
use serde_json::json;
use sync::OperationKind;
use sync::protocol::Fate;

use super::*;
use crate::world::new_record;

#[tokio::test]
async fn an_error_that_is_signalled_reaches_the_coordination_alone() {
    let territory = Territory::start().await;
    territory.apply("2025-11-01", both()).await;
    let card = territory.members().await.cards[0].id.to_string();
    let mut claire = territory.world.sign_in("claire").await;
    let record = new_record();
    let fields = json!({ "started_at": 1, "card": card, "what": "number", "text": "Planted-words" });
    let operations = [claire.write(OperationKind::Create, record, "entry-report", fields)];
    assert!(matches!(claire.push(&operations).await.fates[0].1, Fate::Applied { .. }));
    let wrong = claire.write(OperationKind::Create, new_record(), "entry-report", json!({ "what": "nonsense" }));
    assert!(matches!(claire.push(&[wrong]).await.fates[0].1, Fate::Quarantined { .. }));

    let list = async || -> Reports { territory.coordo.send("GET", "/api/annuaire/reports", vec![]).await.read() };
    let reports = list().await.reports;
    assert_eq!(reports.len(), 1);
    let one = &reports[0];
    assert_eq!((one.who.as_deref(), one.what.as_deref()), (Some("Marie ESSAI"), Some("number")));
    assert_eq!((one.text.as_str(), one.author.as_str(), one.settled_at), ("Planted-words", "claire", None));
    for login in ["karim", "claire"] {
        let device = territory.world.sign_in(login).await;
        assert_eq!(device.send("GET", "/api/annuaire/reports", vec![]).await.refused(403).code, "forbidden");
    }
    assert!(!territory.world.get("/api/public/annuaire", &[]).await.text().contains("Planted"));

    let settled = format!("/api/annuaire/reports/{record}/settled");
    assert_eq!(territory.coordo.send("POST", &settled, vec![]).await.status, 204);
    assert!(list().await.reports[0].settled_at.is_some());
    assert_eq!(territory.coordo.send("DELETE", &settled, vec![]).await.status, 204);
    assert_eq!(list().await.reports[0].settled_at, None);
    let person = claire.create_person();
    let path = format!("/api/annuaire/reports/{}/settled", person.record_id);
    claire.push(&[person]).await;
    assert_eq!(territory.coordo.send("POST", &path, vec![]).await.refused(404).code, "no-report");
}

/// The number of another record, typed in the place of a card, says nothing of it.
#[tokio::test]
async fn what_is_signalled_names_cards_alone() {
    let territory = Territory::start().await;
    let mut claire = territory.world.sign_in("claire").await;
    let person = claire.create_person();
    let id = person.record_id.to_string();
    claire.push(&[person]).await;
    let fields = json!({ "started_at": 1, "card": id, "what": "number", "text": "?" });
    let report = claire.write(OperationKind::Create, new_record(), "entry-report", fields);
    assert!(matches!(claire.push(&[report]).await.fates[0].1, Fate::Applied { .. }));
    let reports: Reports = territory.coordo.send("GET", "/api/annuaire/reports", vec![]).await.read();
    assert_eq!(reports.reports.iter().map(|one| one.who.clone()).collect::<Vec<_>>(), [None]);
}

/// Nobody writes on a card through the log: that door opens later, with its own rights.
#[tokio::test]
async fn a_device_does_not_write_on_a_card() {
    let territory = Territory::start().await;
    territory.apply("2025-11-01", both()).await;
    let before = territory.members().await;
    let card = before.cards[0].id;
    for login in ["claire", "coordo", "admin"] {
        let mut device = territory.world.sign_in(login).await;
        let name = json!({ "name": { "v": "Planted", "s": "déclaré", "on": "2025-11-10" } });
        let writes = [OperationKind::Set, OperationKind::Delete, OperationKind::Erase].map(|kind| {
            device.write(kind, card, "entry", if kind == OperationKind::Set { name.clone() } else { json!({}) })
        });
        for (_, fate) in device.push(&writes).await.fates {
            assert!(matches!(fate, Fate::Quarantined { .. }), "{login}: {fate:?}");
        }
        assert_eq!(device.history(card).await.status.as_u16() / 100, 2, "she sees what she wrote herself");
    }
    assert_eq!(territory.members().await, before);
    let handed = territory.world.hand_over("annuaire", "claire");
    assert!(!handed.status.success() && String::from_utf8_lossy(&handed.stderr).contains("annuaire"), "{handed:?}");
}
