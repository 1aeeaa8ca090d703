//! Devices bring back, by themselves, what a restored server lacks.

use std::path::Path;

use domain::id::{DeviceId, OpId};
use sync::protocol::SignedIn;
use sync::{Phase, Record, Store};

use super::{backup, database, number, prepared, restore, tablet, try_sign_in};
use crate::crash::Served;
use crate::tablet::Tablet;
use crate::world::{PASSWORD, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_bring_back_what_a_restored_server_lacks() {
    let (folder, served) = prepared().await;
    let data = folder.path();
    let mut claire = tablet(&served, "claire").await;
    let mut karim = tablet(&served, "karim").await;
    let (old, his) = (claire.create("Miremont").await, karim.create("Auterive").await);
    assert!(claire.exchange().await && karim.exchange().await);
    let file = backup(data).await;
    assert!(claire.exchange().await && karim.exchange().await);
    assert!(claire.replica.store().kept().await.unwrap().is_empty(), "what a backup holds is let go of");

    // After the backup: what is there is changed, records are made, a phone is enrolled and makes one too.
    claire.set(old, "Venerque").await;
    let new = claire.create("Grépiac").await;
    karim.set(his, "Lagardelle").await;
    let mut phone = tablet(&served, "claire").await;
    let hers = phone.create("Vernet").await;
    assert!(claire.exchange().await && karim.exchange().await && phone.exchange().await && claire.exchange().await);
    let both = phone.create("Pinsaguel").await;
    assert!(phone.exchange().await && claire.exchange().await);
    claire.set(both, "Roques").await;
    assert!(claire.exchange().await && phone.exchange().await);
    let before = ids(data).await;
    claire.set(new, "Labarthe").await;
    phone.set(hers, "Clermont").await;
    served.kill();

    let words = restore(&file, data).await;
    assert!(words.contains("2\u{a0}opérations"), "{words}");
    assert!(ids(data).await.len() < before.len(), "the server is poorer");
    let kept = std::fs::read_dir(data).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let kept: Vec<_> = kept.filter(|name| name.starts_with("cardabelle-before-")).collect();
    assert_eq!(kept.len(), 1, "the former database is set aside: {kept:?}");

    let served = Served::start(data).await;
    for device in [&mut claire.device, &mut karim.device, &mut phone.device] {
        device.address = served.address;
    }
    assert!(claire.exchange().await && claire.exchange().await);
    let waiting = claire.replica.waiting().await.unwrap();
    assert_eq!(waiting.set_aside, 1, "an edit of what the phone created: it waits for the phone");
    let unknown = phone.device.send("GET", "/api/pull?epoch=1&since=0", vec![]).await;
    assert_eq!(unknown.refused(401).code, "device-unknown", "it was enrolled after the backup");
    let signed_in = try_sign_in(&served, "claire", Some(&phone.device)).await;
    assert_eq!(signed_in.device_id, phone.device.id, "taken back: what it wrote bears its id");
    phone.device.signed_in = signed_in;

    // The first time, each learns that the server was restored; the second, it sends again and reads.
    for tablet in [&phone, &claire, &karim, &phone, &claire, &karim, &phone] {
        assert!(tablet.exchange().await);
    }
    let after = ids(data).await;
    let lost: Vec<_> = before.iter().filter(|op_id| !after.contains(op_id)).collect();
    assert!(lost.is_empty(), "acknowledged then lost: {lost:?}");
    assert_eq!(after.len(), before.len() + 2, "and what waited");
    let set_aside = number(data, "SELECT count(*) FROM operation WHERE quarantine IS NOT NULL").await;
    assert_eq!(set_aside, 0);
    for tablet in [&claire, &karim, &phone] {
        let waiting = tablet.replica.waiting().await.unwrap();
        assert!(waiting.everything_sent(), "{waiting:?}");
    }
    for (record, commune) in [(old, "Venerque"), (new, "Labarthe"), (hers, "Clermont"), (both, "Roques")] {
        for tablet in [&claire, &phone] {
            assert_eq!(tablet.commune(record).await, Some(commune.into()));
        }
    }
    assert_eq!(karim.commune(his).await, Some("Lagardelle".into()));
    assert_eq!(states(&claire).await, states(&phone).await, "both say the same, to the last sequence");
    assert!(number(data, "SELECT epoch FROM territory").await > 1_700_000_000_000);
    served.kill();

    // A second restoration of the same backup: devices that kept everything bring it back again.
    restore(&file, data).await;
    let served = Served::start(data).await;
    for device in [&mut claire.device, &mut karim.device, &mut phone.device] {
        device.address = served.address;
    }
    phone.device.signed_in = try_sign_in(&served, "claire", Some(&phone.device)).await;
    for tablet in [&claire, &claire, &phone, &karim, &phone, &karim, &claire, &phone] {
        assert!(tablet.exchange().await);
    }
    assert_eq!(ids(data).await, after);
    assert_eq!(number(data, "SELECT count(*) FROM operation WHERE quarantine IS NOT NULL").await, 0);
    assert_eq!(states(&claire).await, states(&phone).await);
    served.kill();
}

/// The identifiers the log holds, sorted.
async fn ids(data: &Path) -> Vec<OpId> {
    let sql = "SELECT op_id FROM operation ORDER BY op_id";
    let ids: Vec<String> = sqlx::query_scalar(sql).fetch_all(&database(data).await).await.unwrap();
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

async fn states(tablet: &Tablet) -> Vec<Record> {
    let mut states: Vec<_> = tablet.replica.store().records().await.unwrap();
    states.sort_by_key(|stored| stored.record.id);
    states.into_iter().map(|stored| stored.record).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unsent_entry_outlives_a_restoration() {
    let (folder, served) = prepared().await;
    let mut claire = tablet(&served, "claire").await;
    assert!(claire.exchange().await);
    let file = backup(folder.path()).await;
    let record = claire.create("Miremont").await;
    served.kill();
    restore(&file, folder.path()).await;
    let served = Served::start(folder.path()).await;
    claire.device.address = served.address;
    let phases: Vec<_> = claire.replica.store().outbox().await.unwrap().iter().map(|queued| queued.phase).collect();
    assert_eq!(phases, [Phase::Open]);
    assert!(claire.exchange().await);
    assert_eq!(ids(folder.path()).await.len(), 1);
    assert_eq!(claire.commune(record).await, Some("Miremont".into()));
    served.kill();
}

/// On a shared tablet, the browser proposes the device of whoever used it last.
#[tokio::test]
async fn a_device_unknown_since_a_restoration_goes_back_to_its_own_account_only() {
    let world = World::start().await;
    let (claire, karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let hers = claire.signed_in.account.id;
    let unknown = DeviceId(uuid::Uuid::new_v4());
    let sign_in = async |login: &str, device, account| -> SignedIn {
        world.sign_in_again(login, PASSWORD, Some(device), account).await.read()
    };
    assert_ne!(sign_in("karim", unknown, Some(hers)).await.device_id, unknown, "not his");
    assert_ne!(sign_in("claire", unknown, None).await.device_id, unknown, "nothing says whose it is");
    let back = sign_in("claire", unknown, Some(hers)).await;
    assert_eq!(back.device_id, unknown);
    assert_eq!(sign_in("claire", unknown, Some(hers)).await.recovery_key, back.recovery_key, "itself from now on");
    let claimed = sign_in("karim", claire.id, Some(karim.signed_in.account.id)).await;
    assert_ne!(claimed.device_id, claire.id, "a known device stays with its account");
}
