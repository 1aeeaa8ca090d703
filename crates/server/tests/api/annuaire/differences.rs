use super::*;

const PHONE: &str = "sites/R1/phone";

/// Marie declared another number than the file's, which was imported again.
async fn differing() -> (Territory, RecordId, Imported) {
    let territory = Territory::start().await;
    territory.apply("2025-11-01", both()).await;
    let marie = territory.members().await.cards[1].id;
    territory.declare(marie, PHONE, json!("+33536490000")).await;
    let december = territory.whole("2025-12-01", both()).await.unwrap();
    assert_eq!(december.plan.counts.differences, 1);
    (territory, marie, december)
}

async fn phone(territory: &Territory) -> Option<String> {
    territory.members().await.cards[1].entry.sites["R1"].phone.clone()
}

#[tokio::test]
async fn what_is_kept_is_asked_no_more_until_the_file_says_something_else() {
    let (territory, marie, _) = differing().await;
    let found = territory.differences().await;
    assert_eq!(found.len(), 1);
    let one = &found[0];
    assert_eq!((one.card, one.fact.as_str(), one.who.as_str()), (marie, PHONE, "Marie EXEMPLE"));
    assert_eq!((&one.ours, &one.theirs), (&json!("+33536490000"), &json!("+33561000000")));
    assert_eq!(one.source, "rpps:2025-12-01");
    assert_eq!(territory.settle(one, false).await.status, 204);
    assert_eq!(territory.settle(one, false).await.refused(404).code, "no-difference");
    assert!(territory.differences().await.is_empty());

    let january = territory.whole("2026-01-01", both()).await.unwrap();
    assert_eq!((january.plan.counts.differences, january.plan.counts.same), (0, 2));
    assert!(territory.differences().await.is_empty());
    assert_eq!(phone(&territory).await.as_deref(), Some("+33536490000"));

    let mut february = both();
    february[0].sites.get_mut("R1").unwrap().phone = Some("+33561000007".into());
    territory.whole("2026-02-01", february).await.unwrap();
    assert_eq!(territory.differences().await[0].theirs, json!("+33561000007"), "another number is another question");
    // The register now says what she declared: there is nothing left to ask.
    let mut march = both();
    march[0].sites.get_mut("R1").unwrap().phone = Some("+33536490000".into());
    territory.whole("2026-03-01", march).await.unwrap();
    assert!(territory.differences().await.is_empty());
    let database = territory.world.database().await;
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM difference").fetch_one(&database).await.unwrap();
    assert_eq!(rows, 0, "nor left behind");
}

#[tokio::test]
async fn the_value_of_the_file_is_taken_as_the_file_says_it() {
    let (territory, _, december) = differing().await;
    let one = territory.differences().await.remove(0);
    // Decided of what was seen, and of nothing else.
    let stale = ToSettle { ours: json!("+33536490001"), ..one.clone() };
    assert_eq!(territory.settle(&stale, true).await.refused(404).code, "no-difference");
    assert_eq!(phone(&territory).await.as_deref(), Some("+33536490000"));

    assert_eq!(territory.settle(&one, true).await.status, 204);
    assert!(territory.differences().await.is_empty());
    assert_eq!(phone(&territory).await.as_deref(), Some("+33561000000"));
    let card = territory.members().await.cards.remove(1).entry;
    assert_eq!(card.origins.of(PHONE).unwrap().source.to_string(), "rpps:2025-12-01");
    // From now on the number follows the register.
    let mut january = both();
    january[0].sites.get_mut("R1").unwrap().phone = Some("+33561000007".into());
    let january = territory.whole("2026-01-01", january).await.unwrap();
    assert_eq!((january.plan.counts.changed, january.plan.counts.differences), (1, 0));
    territory.undo(&january).await;
    territory.undo(&december).await;
    assert_eq!(phone(&territory).await.as_deref(), Some("+33561000000"), "what a person chose is no import's");
}

#[tokio::test]
async fn a_file_that_is_taken_back_asks_nothing() {
    let (territory, marie, december) = differing().await;
    territory.undo(&december).await;
    assert!(territory.differences().await.is_empty());
    territory.whole("2025-12-01", both()).await.unwrap();
    assert_eq!(territory.differences().await.len(), 1);
    // Since then she declared the very number of the file.
    territory.declare(marie, PHONE, json!("+33561000000")).await;
    assert!(territory.differences().await.is_empty());
}
