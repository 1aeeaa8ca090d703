//! What a restoration refuses.

use std::time::Duration;

use super::{backup, log, number, prepared, refused, run, said, try_sign_in};
use crate::world::{Device, prepare};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restoration_refuses_what_would_lose_or_mix() {
    let (folder, served) = prepared().await;
    let data = folder.path();
    let mut claire = Device::new(served.address, try_sign_in(&served, "claire", None).await);
    let create = claire.create_person();
    claire.push(&[create]).await;
    let older = backup(data).await;
    let create = claire.create_person();
    claire.push(&[create]).await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let newer = backup(data).await;
    let (older, newer) = (older.to_str().unwrap(), newer.to_str().unwrap());

    refused(&run(&["restore", newer], data).await, "Arrêtez le serveur");
    assert_eq!(log(data).await.len(), 2);
    served.kill();
    refused(&run(&["restore", older], data).await, "plus récente");
    refused(&run(&["restore", "nowhere.sqlite"], data).await, "ne peut pas être lu");
    refused(&run(&["backup", "--to", older], data).await, "existe déjà");
    assert_eq!(log(data).await.len(), 2, "nothing was replaced");

    let other = tempfile::tempdir().unwrap();
    prepare(other.path()).await.close().await;
    refused(&run(&["restore", newer], other.path()).await, "Ce dossier est celui de");

    said(&run(&["restore", newer], data).await);
    let first = number(data, "SELECT epoch FROM territory").await;
    said(&run(&["restore", newer], data).await);
    assert!(number(data, "SELECT epoch FROM territory").await > first, "each restoration is another epoch");
    said(&run(&["restore", "--even-if-older", older], data).await);
    assert_eq!(log(data).await.len(), 1);
    // What was set aside is whole, and may be put back.
    let mut kept: Vec<_> = std::fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path()).collect();
    kept.retain(|file| file.file_name().unwrap().to_str().unwrap().starts_with("cardabelle-before-"));
    kept.sort();
    let again = said(&run(&["restore", kept[0].to_str().unwrap(), "--even-if-older"], data).await);
    assert!(again.contains("2\u{a0}opérations"), "{again}");
}
