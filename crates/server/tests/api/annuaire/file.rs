use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::json;

use super::*;
use crate::world::send;

const PLANTED: [&str; 6] = ["lanted", "0536491111", "536491111", "Langue-cachée", "2025-11-10", "déclaré"];

#[tokio::test]
async fn the_public_file_holds_nothing_of_the_members() {
    let territory = Territory::start().await;
    let before = territory.world.get("/api/public/annuaire", &[]).await;
    let mut entries = both();
    entries[0].mssante = vec!["planted.secret@essai.mssante.fr".into()];
    territory.apply("2025-11-01", entries).await;
    let bare = territory.world.get("/api/public/annuaire", &[]).await;
    assert_ne!(bare.headers["etag"], before.headers["etag"]);
    let marie = territory.members().await.cards[1].id;
    territory.declare(marie, "sites/R1/colleague_phone", json!("+33536491111")).await;
    territory.declare(marie, "languages", json!(["Langue-cachée"])).await;
    territory.declare(marie, "competences", json!([{ "c": "Planted-unknown-competence" }])).await;
    territory.declare(marie, "visibility", json!({ "languages": "members", "mssante": "members" })).await;

    let plain = territory.world.get("/api/public/annuaire", &[]).await;
    assert_eq!(plain.headers["etag"], bare.headers["etag"], "what is hidden changes nothing of the file");
    let gzip = territory.world.get("/api/public/annuaire", &[("accept-encoding", "br, gzip")]).await;
    assert_eq!(gzip.headers["content-encoding"], "gzip");
    let mut inflated = Vec::new();
    GzDecoder::new(&gzip.body[..]).read_to_end(&mut inflated).unwrap();
    assert_eq!(inflated, plain.body);
    let database = territory.world.database().await;
    let sql = "SELECT account FROM account UNION ALL SELECT login FROM account";
    let accounts: Vec<String> = sqlx::query_scalar(sql).fetch_all(&database).await.unwrap();
    // « annuaire » is a word of the address, not of the file.
    assert_eq!(accounts.len(), 10);
    for (name, body) in [("plain", &plain.body[..]), ("gzip", &gzip.body[..]), ("inflated", &inflated)] {
        let text = String::from_utf8_lossy(body);
        for secret in PLANTED.iter().copied().chain(accounts.iter().map(String::as_str)) {
            assert!(!text.contains(secret), "{secret} is in the {name} public file");
        }
    }
    assert!(!plain.headers.contains_key("set-cookie"));
    let public = seen(plain.body);
    assert_eq!((public.cards.len(), public.updated_on), (2, Some(day("2025-11-01"))));

    let members = territory.coordo.send("GET", "/api/annuaire", vec![]).await;
    let members = String::from_utf8_lossy(&members.body);
    for shown in ["planted.secret", "+33536491111", "Langue-cachée", "Planted-unknown-competence"] {
        assert!(members.contains(shown), "{shown} is not in the members' file");
    }
}

#[tokio::test]
async fn who_holds_the_file_is_told_so() {
    let territory = Territory::start().await;
    territory.apply("2025-11-01", both()).await;
    let token = format!("Bearer {}", territory.coordo.signed_in.token);
    for (path, cache) in [("/api/annuaire", "private, no-store"), ("/api/public/annuaire", "no-cache")] {
        let ask = async |headers: &[(&str, &str)]| {
            let mut all = vec![("authorization", token.as_str())];
            all.extend(headers);
            send(territory.world.address, "GET", path, &all, vec![]).await.unwrap()
        };
        let first = ask(&[]).await;
        assert_eq!((first.status.as_u16(), first.headers["cache-control"].to_str().unwrap()), (200, cache));
        let etag = first.headers["etag"].to_str().unwrap();
        for known in [etag.to_owned(), etag.trim_start_matches("W/").to_owned(), format!("\"other\", {etag}")] {
            let again = ask(&[("if-none-match", &known), ("accept-encoding", "gzip")]).await;
            assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{known}");
            assert_eq!(again.headers["etag"], etag);
        }
        assert_eq!(ask(&[("if-none-match", "\"other\"")]).await.status, 200);
        let plain = ask(&[("accept-encoding", "gzip;q=0")]).await;
        assert!(!plain.headers.contains_key("content-encoding"));
    }
    let held = territory.world.get("/api/public/annuaire", &[]).await.headers["etag"].clone();
    let mut changed = both();
    changed[0].sites.get_mut("R1").unwrap().phone = Some("+33561000009".into());
    territory.apply("2025-12-01", changed).await;
    let asked = [("if-none-match", held.to_str().unwrap())];
    assert_eq!(territory.world.get("/api/public/annuaire", &asked).await.status, 200, "the file has changed");
}

#[tokio::test]
async fn a_commune_that_leaves_takes_its_people_out_of_the_file() {
    let territory = Territory::start().await;
    let mut entries = both();
    entries[0].sites.get_mut("R1").unwrap().address.as_mut().unwrap().commune = Some("31345".into());
    territory.apply("2025-11-01", entries).await;
    let id = territory.store.territory().await.unwrap().unwrap().id;
    assert!(territory.store.remove_commune(id, "31345", Timestamp(2)).await.unwrap());
    let file = territory.members().await;
    assert_eq!((file.cards.len(), file.communes.len()), (1, 1));
    let again = territory.whole("2025-12-01", vec![someone(PAUL, "ESSAI", "+33561000001")]).await.unwrap();
    assert_eq!(again.plan.gone, [], "who works elsewhere is not gone");
}
