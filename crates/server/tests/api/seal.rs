use std::process::Command;

use aes_gcm::aead::{Aead, Nonce};
use aes_gcm::{Aes256Gcm, KeyInit};
use domain::id::DeviceId;
use p256::elliptic_curve::sec1::ToSec1Point;
use serde_json::{Value, json};
use sync::Operation;
use sync::protocol::{Brought, Export, Fate, SealKey, Sealed};

use crate::world::{Device, PASSWORD, World};

/// Seals as a browser does.
pub fn seal(key: &SealKey, content: &[u8]) -> Sealed {
    let server = p256::PublicKey::from_sec1_bytes(&server::secret::unhex(&key.key).unwrap()).unwrap();
    let own = p256::SecretKey::from_slice(&[7; 32]).unwrap();
    let shared = p256::ecdh::diffie_hellman(own.to_nonzero_scalar(), server.as_affine());
    let mut cipher = [0; 32];
    hkdf::Hkdf::<sha2::Sha256>::new(None, shared.raw_secret_bytes())
        .expand(Sealed::INFO.as_bytes(), &mut cipher)
        .unwrap();
    let iv = [9; 12];
    let content = Aes256Gcm::new(&cipher.into()).encrypt(&Nonce::<Aes256Gcm>::from(iv), content).unwrap();
    Sealed {
        format: Sealed::FORMAT.into(),
        key: server::secret::hex(own.public_key().to_sec1_point(false).as_bytes()),
        iv: server::secret::hex(&iv),
        content: server::secret::hex(&content),
    }
}

fn exported(device: &Device, operations: &[Operation]) -> Vec<u8> {
    let export = Export { token: device.signed_in.token.clone(), operations: operations.to_vec() };
    serde_json::to_vec(&export).unwrap()
}

async fn key(world: &World) -> SealKey {
    world.get("/api/seal-key", &[]).await.read()
}

async fn bring(carrier: &Device, sealed: &Sealed) -> Brought {
    carrier.send("POST", "/api/sealed", serde_json::to_vec(sealed).unwrap()).await.read()
}

/// Author and identifier of each operation, in the order of the log.
async fn log(world: &World) -> Vec<(String, String)> {
    sqlx::query_as("SELECT author, op_id FROM operation ORDER BY seq").fetch_all(&world.database().await).await.unwrap()
}

fn brought(received: u64, known: u64, set_aside: u64) -> Brought {
    Brought { received, known, set_aside }
}

#[tokio::test]
async fn an_outbox_is_brought_by_anybody_and_belongs_to_its_author() {
    let world = World::start().await;
    let (mut claire, karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let operations: Vec<_> = (0..450).map(|_| claire.create_person()).collect();
    claire.push(&operations[..3]).await;
    let content = exported(&claire, &operations);
    assert_eq!(claire.send("POST", "/api/sign-out", vec![]).await.status, 204, "signed out since");

    let sealed = seal(&key(&world).await, &content);
    assert_eq!(bring(&karim, &sealed).await, brought(447, 3, 0));
    assert_eq!(bring(&karim, &sealed).await, brought(0, 450, 0), "brought twice");
    let expected: Vec<_> =
        operations.iter().map(|one| (claire.signed_in.account.id.to_string(), one.op_id.to_string())).collect();
    assert_eq!(log(&world).await, expected, "all of it, once, in order, as hers");

    let back = world.try_sign_in("claire", PASSWORD, Some(claire.id)).await.read();
    let claire = Device::new(world.address, back);
    assert_eq!(bring(&karim, &sealed).await, brought(0, 450, 0), "sealed under a token that was replaced since");
    let pushed = claire.push(&operations[200..400]).await;
    assert!(pushed.fates.iter().all(|(_, fate)| matches!(fate, Fate::Duplicate { .. })), "its device is acknowledged");
    assert_eq!(pushed.last_device_seq, 450);
}

#[tokio::test]
async fn what_was_written_before_is_received_whatever_became_of_its_author() {
    let world = World::start().await;
    let (mut claire, karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let key = key(&world).await;
    let database = world.database().await;
    for state in ["UPDATE device SET expires_at = 1", "UPDATE account SET disabled_at = 1 WHERE login = 'claire'"] {
        let create = claire.create_person();
        sqlx::query(state).execute(&database).await.unwrap();
        let carrier: Device =
            Device::new(world.address, world.try_sign_in("karim", PASSWORD, Some(karim.id)).await.read());
        let sealed = seal(&key, &exported(&claire, &[create]));
        assert_eq!(bring(&carrier, &sealed).await, brought(1, 0, 0), "{state}");
    }
}

#[tokio::test]
async fn one_bad_operation_does_not_hold_back_the_others() {
    let world = World::start().await;
    let (mut claire, mut karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let his = karim.create_person();
    karim.push(std::slice::from_ref(&his)).await;
    let create = claire.create_person();
    let person = create.record_id;
    let mut taken = claire.create_person();
    taken.op_id = his.op_id;
    let refused = claire.set(person, json!({ "birth_date": "hier" }));
    let mut stranger = claire.create_person();
    stranger.device_id = karim.id;
    let last = claire.create_person();
    let operations = [last.clone(), refused.clone(), taken, stranger, create.clone()];
    let mut content: Value = serde_json::from_slice(&exported(&claire, &operations)).unwrap();
    content["operations"].as_array_mut().unwrap().push(json!({ "op_id": 3 }));
    let sealed = seal(&key(&world).await, content.to_string().as_bytes());
    assert_eq!(bring(&karim, &sealed).await, brought(2, 0, 4));
    let ids: Vec<_> = log(&world).await.into_iter().map(|(_, op_id)| op_id).collect();
    let expected = [his.op_id, create.op_id, refused.op_id, last.op_id].map(|op_id| op_id.to_string());
    assert_eq!(ids, expected, "in the order they were written");
}

#[tokio::test]
async fn a_seal_that_does_not_open_stores_nothing() {
    let (world, elsewhere) = (World::start().await, World::start().await);
    let (mut claire, karim) = (world.sign_in("claire").await, world.sign_in("karim").await);
    let create = claire.create_person();
    let content = exported(&claire, &[create]);
    let key = key(&world).await;
    let sealed = seal(&key, &content);
    let other = elsewhere.sign_in("claire").await;
    let unknown = String::from_utf8(content.clone()).unwrap().replace(&claire.signed_in.token, &other.signed_in.token);

    let text = |sealed: &Sealed| serde_json::to_vec(sealed).unwrap();
    let altered = Sealed { content: sealed.content.replacen(&sealed.content[..1], "x", 1), ..sealed.clone() };
    let flipped = Sealed { iv: "00".repeat(12), ..sealed.clone() };
    let foreign = seal(&self::key(&elsewhere).await, &content);
    let format = Sealed { format: "cardabelle-outbox-9".into(), ..sealed.clone() };
    for (body, code) in [
        (text(&altered), "seal-closed"),
        (text(&flipped), "seal-closed"),
        (text(&foreign), "seal-closed"),
        (text(&format), "seal-unreadable"),
        (text(&seal(&key, b"{}")), "seal-unreadable"),
        (b"{}".to_vec(), "seal-unreadable"),
        (vec![0xff; 100], "seal-unreadable"),
        (text(&seal(&key, unknown.as_bytes())), "seal-unknown"),
    ] {
        let problem = karim.send("POST", "/api/sealed", body).await.refused(400);
        assert_eq!(problem.code, code);
        assert!(problem.message.contains("rien n’") || problem.message.contains("Rien n’"), "{}", problem.message);
    }
    let huge = karim.send("POST", "/api/sealed", vec![b' '; 65 * 1024 * 1024]).await.refused(413);
    assert_eq!(huge.code, "seal-too-large");
    assert_eq!(log(&world).await, []);
    for headers in [&[][..], &[("authorization", "Bearer 00")]] {
        assert_eq!(world.post("/api/sealed", headers, text(&sealed)).await.refused(401).code, "device-unknown");
    }
    assert_eq!(bring(&karim, &sealed).await, brought(1, 0, 0), "the same file, whole");
}

/// The whole way, for bytes that WebCrypto made.
#[tokio::test]
async fn what_a_browser_sealed_is_received() {
    let world = World::start().await;
    let vector: Value = serde_json::from_str(include_str!("../sealed.json")).unwrap();
    let carrier = world.sign_in("karim").await;
    let account = world.sign_in("claire").await.signed_in.account.id;
    let device: DeviceId = "00000000-0000-4000-8000-00000000000d".parse().unwrap();
    world.sign_in_again("claire", PASSWORD, Some(device), Some(account)).await.read::<Value>();
    let database = world.database().await;
    key(&world).await;
    sqlx::query("UPDATE device SET token_hash = ? WHERE device = ?")
        .bind(server::secret::token_hash(&"00".repeat(32)))
        .bind(device.to_string())
        .execute(&database)
        .await
        .unwrap();
    sqlx::query("UPDATE seal SET secret = ?").bind(vector["secret"].as_str()).execute(&database).await.unwrap();

    assert_eq!(key(&world).await.key, vector["public"].as_str().unwrap());
    let sealed: Sealed = serde_json::from_value(vector["sealed"].clone()).unwrap();
    assert_eq!(bring(&carrier, &sealed).await, brought(1, 0, 0));
}

#[tokio::test]
async fn a_file_is_brought_from_the_command_line() {
    let world = World::start().await;
    let mut claire = world.sign_in("claire").await;
    let create = claire.create_person();
    let sealed = seal(&key(&world).await, &exported(&claire, &[create]));
    let file = world.folder.path().join("saisies.json");
    let run = |text: &[u8]| {
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_cardabelle"));
        command.arg("bring").arg("--data").arg(world.folder.path()).arg(&file).output().unwrap()
    };
    let done = run(&serde_json::to_vec(&sealed).unwrap());
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stdout).contains("Saisies reçues\u{a0}: 1\n"));
    assert_eq!(log(&world).await.len(), 1);
    let refused = run(b"{}");
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("Rien n’a été reçu"));
}
