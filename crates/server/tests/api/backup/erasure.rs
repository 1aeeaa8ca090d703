//! What was erased is not brought back, by a backup nor by a device.

use std::path::Path;

use sync::{OperationKind, Store};

use super::{backup, database, prepared, restore, tablet};
use crate::crash::Served;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_erased_after_the_backup_stays_erased() {
    let (folder, served) = prepared().await;
    let data = folder.path();
    let mut claire = tablet(&served, "claire").await;
    let mut late = tablet(&served, "claire").await;
    let known = claire.create("Planted-Miremont").await;
    assert!(claire.exchange().await && late.exchange().await);
    let file = backup(data).await;
    let made_after = late.create("Planted-Auterive").await;
    assert!(late.exchange().await && claire.exchange().await);
    // From here on the other device is away, with entries of its own.
    late.set(known, "Planted-Venerque").await;
    late.set(made_after, "Planted-Vernet").await;
    for record in [known, made_after] {
        claire.save(OperationKind::Erase, record, &[], vec![]).await;
    }
    assert!(claire.exchange().await);
    assert_eq!(std::fs::read_to_string(data.join("erased.txt")).unwrap().lines().count(), 2);
    let later = backup(data).await;
    let beside = later.parent().unwrap().join("erased.txt");
    assert_eq!(std::fs::read_to_string(beside).unwrap().lines().count(), 2, "copied beside the backups");
    served.kill();

    // The machine is lost: only the folder of the backups is left, and the older backup is the one that is restored.
    let elsewhere = tempfile::tempdir().unwrap();
    let data = elsewhere.path();
    let words = restore(&file, data).await;
    assert!(words.contains("effacés à nouveau\u{a0}: 2."), "{words}");
    assert_eq!(blank(data).await, 2);
    assert!(data.join("erased.txt").exists(), "listed here too from now on");

    let served = Served::start(data).await;
    late.device.address = served.address;
    claire.device.address = served.address;
    for _ in 0..2 {
        late.exchange().await;
        assert!(late.exchange().await, "what a late device still held leaves it");
        assert!(claire.exchange().await);
    }
    for tablet in [&late, &claire] {
        assert!(tablet.replica.store().outbox().await.unwrap().is_empty(), "nothing of it waits");
        for record in [known, made_after] {
            assert_eq!(tablet.commune(record).await, None);
        }
    }
    let stopped = tokio::task::spawn_blocking(|| served.terminate()).await.unwrap();
    assert!(stopped.success());
    assert_eq!(blank(data).await, 2);
    let bytes = std::fs::read(data.join(server::store::FILE)).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains("Planted"), "not even in the pages of the file");
}

/// How many records of the folder are erased; none of them may hold a value.
async fn blank(data: &Path) -> usize {
    let sql = "SELECT state FROM record UNION ALL SELECT body || coalesce(conflicts, '') FROM operation";
    let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(&database(data).await).await.unwrap();
    assert!(rows.iter().all(|row| !row.contains("Planted")), "{rows:?}");
    rows.iter().filter(|row| row.contains("\"state\":\"erased\"")).count()
}
