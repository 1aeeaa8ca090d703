//! What is long for one is long for her alone.

use std::time::{Duration, Instant};

use super::*;

/// Valid numbers of nobody: the key of Luhn at the end.
fn number(rank: usize) -> String {
    let begun = format!("9970{rank:06}");
    (0..10)
        .map(|key| format!("{begun}{key}"))
        .find(|number| number.parse::<domain::identifiers::Rpps>().is_ok())
        .unwrap()
}

/// The test server has one thread: whatever holds it, holds everybody.
#[tokio::test]
async fn others_are_answered_while_an_import_is_taken_back() {
    let territory = Territory::start().await;
    let people: Vec<Entry> = (0..1500).map(|rank| someone(&number(rank), "EXEMPLE", "+33561000000")).collect();
    let imported = territory.apply("2025-11-01", people).await;
    assert_eq!(imported.plan.counts.new, 1500);
    let begun = Instant::now();
    let undo = territory.undo(&imported);
    let longest = async {
        let mut longest = Duration::ZERO;
        let mut answers = 0;
        loop {
            let asked = Instant::now();
            assert_eq!(territory.world.get("/healthz", &[]).await.status, 200);
            longest = longest.max(asked.elapsed());
            answers += 1;
            tokio::time::sleep(Duration::from_millis(5)).await;
            if answers == 20 {
                break longest;
            }
        }
    };
    let (undone, longest) = tokio::join!(async { (undo.await, begun.elapsed()) }, longest);
    let (undone, whole) = undone;
    assert_eq!(undone.deleted, 1500);
    assert!(longest * 4 < whole, "one waited {longest:?} of the {whole:?} it took");
}
