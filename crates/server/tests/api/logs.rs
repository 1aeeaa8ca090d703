use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use domain::Timestamp;
use domain::annuaire::directory::Commune;
use serde_json::json;
use sync::protocol::access::Invited;
use sync::protocol::{SignIn, SignedIn};

use crate::world::{Device, PASSWORD, prepare, send};

/// Everything a nurse, a guesser and a hostile device can type is searched for in the log, at its most talkative.
#[tokio::test]
async fn the_log_holds_nothing_of_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let store = prepare(folder.path()).await;
    let territory = store.territory().await.unwrap().unwrap().id;
    let commune = Commune { insee: "31033".into(), name: "Auterive".into(), ..Commune::default() };
    store.put_communes(territory, &[commune], Timestamp(1)).await.unwrap();
    store.close().await;
    let mut child = Command::new(env!("CARGO_BIN_EXE_cardabelle"))
        .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--log", "trace", "--log-json", "--data"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = child.stderr.take().unwrap();
    let log = std::thread::spawn(move || {
        let mut text = String::new();
        BufReader::new(log).read_to_string(&mut text).unwrap();
        text
    });
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.find(|line| line.starts_with("http://")).unwrap();
    let address = line.trim_start_matches("http://").trim_end_matches('/').parse().unwrap();

    let sign_in = |login: &str, password: &str| {
        let device_name = "Planted-tablet".into();
        let body = SignIn {
            login: login.into(),
            password: password.into(),
            code: None,
            device_id: None,
            account: None,
            others: Vec::new(),
            device_name,
        };
        serde_json::to_vec(&body).unwrap()
    };
    send(address, "POST", "/api/sign-in", &[], sign_in("planted-login", "Planted-password")).await.unwrap();
    let reply = send(address, "POST", "/api/sign-in", &[], sign_in("claire", PASSWORD)).await.unwrap();
    let mut claire = Device::new(address, reply.read::<SignedIn>());
    let create = claire.create_person();
    let name = claire.set(create.record_id, json!({ "family_name": "Planted-Salvan" }));
    let bad = claire.set(create.record_id, json!({ "birth_date": "Planted-date", "Planted-field": 1 }));
    claire.push(&[create, name, bad]).await;
    let hostile = br#"{"operations":[{"op_id":"Planted-id"}]}"#.to_vec();
    claire.send("POST", "/api/push", hostile).await.refused(400);
    claire.send("GET", "/api/pull?epoch=1&since=Planted-since", vec![]).await.refused(400);
    claire.send("GET", "/personnes/Planted-path", vec![]).await;
    claire.pull(0).await;
    let reply = send(address, "POST", "/api/sign-in", &[], sign_in("coordo", PASSWORD)).await.unwrap();
    let coordo = Device::new(address, reply.read::<SignedIn>());
    let card =
        json!({ "name": "Planted-Exemple", "rpps": "99700000013", "sites": { "R1": { "phone": "Planted-phone" } } });
    let extract =
        json!({ "kind": "rpps", "on": "2026-11-01", "file": "Planted.txt", "entries": [card], "apply": true });
    let applied = coordo.send("POST", "/api/annuaire/imports", extract.to_string().into()).await;
    assert_eq!(applied.status, 200, "{}", applied.text());
    let planted = coordo.send("GET", "/api/annuaire", vec![]).await.text();
    assert!(planted.contains("Planted-Exemple"));
    coordo.send("POST", "/api/annuaire/imports/Planted-import/undo", vec![]).await.refused(404);
    coordo.send("POST", "/api/annuaire/imports", b"Planted-body".to_vec()).await.refused(400);
    // Whom an administrator invites, and what her link and she say.
    let reply = send(address, "POST", "/api/sign-in", &[], sign_in("admin", PASSWORD)).await.unwrap();
    let admin = Device::new(address, reply.read::<SignedIn>());
    let member = json!({ "name": "Planted Invitee", "profession": "Planted-trade", "roles": ["professional"] });
    let body = json!({ "members": [member] }).to_string();
    let link = admin.send("POST", "/api/accounts", body.into()).await.read::<Invited>().invited.remove(0).link.token;
    let sheet = "Nom;Profession\nPlanted-name;Planted-trade".into();
    assert_eq!(admin.send("POST", "/api/accounts/sheet", sheet).await.status, 200);
    let body = json!({ "token": link, "password": "Planted-password", "code": "Planted-code" }).to_string();
    assert_eq!(send(address, "POST", "/api/link/use", &[], body.clone().into()).await.unwrap().status, 200);
    assert_eq!(send(address, "POST", "/api/link/use", &[], body.into()).await.unwrap().status, 404);
    child.kill().unwrap();
    child.wait().unwrap();

    let log = log.join().unwrap();
    assert!(log.contains("/api/push") && log.contains("signed in"), "the log is there: {log}");
    for secret in ["lanted", &link, PASSWORD, &claire.signed_in.token, &claire.signed_in.recovery_key] {
        let found = log.lines().find(|line| line.contains(secret));
        assert_eq!(found, None, "{secret} is in the log");
    }
}
