//! Somebody whose time was over is not brought back by a backup made before, nor by a device that was away.

use sync::Store;

use super::{backup, database, prepared, restore, said, tablet};
use crate::crash::Served;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_went_because_her_time_was_over_does_not_come_back() {
    let (folder, served) = prepared().await;
    let data = folder.path();
    let mut claire = tablet(&served, "claire").await;
    let mut late = tablet(&served, "claire").await;
    let gone = claire.create("Planted-Miremont").await;
    let screening = claire.hang("icope-screening", gone, &[("noted_by", "Planted-first".into())]).await;
    assert!(claire.exchange().await && late.exchange().await);
    years_pass(data).await;
    // Somebody else came yesterday.
    let kept = claire.create("Kept-Auterive").await;
    assert!(claire.exchange().await);
    let file = backup(data).await;
    late.set(gone, "Planted-late").await;
    said(&super::run(&["retention"], data).await);
    assert!(!rows(data).await.contains("Planted"));
    assert!(std::fs::read_to_string(data.join("erased.txt")).unwrap().contains(&screening.to_string()));
    backup(data).await;
    served.kill();

    // The machine is lost. Nobody confirms anything on the new one: only the list says that she went.
    let elsewhere = tempfile::tempdir().unwrap();
    let data = elsewhere.path();
    let words = restore(&file, data).await;
    assert!(words.contains("effacés à nouveau\u{a0}: 2."), "{words}");
    sqlx::query("DELETE FROM retention").execute(&database(data).await).await.unwrap();
    let served = Served::start(data).await;
    late.device.address = served.address;
    claire.device.address = served.address;
    for _ in 0..2 {
        late.exchange().await;
        assert!(late.exchange().await && claire.exchange().await);
    }
    for tablet in [&late, &claire] {
        assert_eq!(tablet.commune(gone).await, None);
        assert!(tablet.replica.store().outbox().await.unwrap().is_empty(), "nothing of it waits");
    }
    assert_eq!(claire.commune(kept).await, Some("Kept-Auterive".into()));
    let rows = rows(data).await;
    assert!(!rows.contains("Planted") && rows.contains("Kept-Auterive"));
    served.kill();
}

/// The server does it by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_starts_erases_what_is_past_its_time() {
    let folder = forgotten().await;
    let data = folder.path();
    let served = Served::start(data).await;
    for round in 0.. {
        if !rows(data).await.contains("Planted") {
            break;
        }
        assert!(round < 200, "it is still there");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    served.kill();
}

/// Devices have not sent again yet what a restored server lacks: a contact may be among it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_server_warns_again_for_thirty_days() {
    let folder = forgotten().await;
    let data = folder.path();
    let unconfirmed = "INSERT INTO retention (territory, rule, months) SELECT territory, 'audit', 12 FROM territory";
    sqlx::query(unconfirmed).execute(&database(data).await).await.unwrap();
    let file = backup(data).await;

    let elsewhere = tempfile::tempdir().unwrap();
    let data = elsewhere.path();
    restore(&file, data).await;
    let confirmed = "SELECT confirmed_at FROM retention ORDER BY rule DESC";
    let confirmed: Vec<Option<i64>> = sqlx::query_scalar(confirmed).fetch_all(&database(data).await).await.unwrap();
    let [Some(restored), None] = confirmed[..] else { panic!("what nobody confirmed stays so: {confirmed:?}") };
    assert!(restored > 1);
    let store = server::store::Store::open(data).await.unwrap();
    let territory = store.territory().await.unwrap().unwrap().id;
    for (days, people) in [(0, 0), (29, 0), (30, 1)] {
        let now = domain::Timestamp(restored + days * 86_400_000);
        let seen = "UPDATE device SET seen_at = ?, expires_at = ?";
        sqlx::query(seen).bind(now.0).bind(now.0).execute(&database(data).await).await.unwrap();
        assert_eq!(store.purge(territory, now).await.unwrap().people, people, "{days} days later");
    }
}

/// The folder of a stopped server, with somebody whose time is over.
async fn forgotten() -> tempfile::TempDir {
    let (folder, served) = prepared().await;
    let claire = tablet(&served, "claire").await;
    claire.create("Planted-Miremont").await;
    assert!(claire.exchange().await);
    served.kill();
    years_pass(folder.path()).await;
    folder
}

/// Six years pass since everything was received; what is confirmed was confirmed long ago.
async fn years_pass(data: &std::path::Path) {
    let years = "UPDATE operation SET received_at = received_at - 6 * 366 * 86400000;
        INSERT INTO retention SELECT territory, 'person', 60, 1, account FROM account WHERE login = 'admin'";
    sqlx::raw_sql(years).execute(&database(data).await).await.unwrap();
}

/// All that the database holds of records.
async fn rows(data: &std::path::Path) -> String {
    let sql = "SELECT state FROM record UNION ALL SELECT body || coalesce(conflicts, '') FROM operation";
    sqlx::query_scalar::<_, String>(sql).fetch_all(&database(data).await).await.unwrap().join("\n")
}
