use domain::annuaire::import::{Imported, Imports, Scope};
use serde_json::json;

use super::*;

fn counts(imported: &Imported) -> [usize; 6] {
    let counts = imported.plan.counts;
    [counts.new, counts.changed, counts.gone, counts.back, counts.differences, counts.same]
}

#[tokio::test]
async fn a_preview_writes_nothing_and_an_import_is_one_unit() {
    let territory = Territory::start().await;
    let preview = submission("2025-11-01", both());
    let previewed: Imported = territory.submit(&Submission { apply: false, ..preview }).await.read();
    assert_eq!((counts(&previewed), previewed.import), ([2, 0, 0, 0, 0, 0], None));
    assert!(territory.members().await.cards.is_empty());

    let first = territory.apply("2025-11-01", both()).await;
    let listed = first.import.clone().unwrap();
    assert_eq!((listed.by.as_deref(), listed.counts.to_inform, listed.to_inform.len()), (Some("coordo"), 2, 2));
    assert_eq!(listed.inform_until, domain::annuaire::import::Listed::deadline(listed.at));
    let cards = territory.members().await.cards;
    assert_eq!(cards.iter().map(|card| card.entry.name.as_str()).collect::<Vec<_>>(), ["ESSAI", "EXEMPLE"]);
    assert_eq!(counts(&territory.apply("2025-11-01", both()).await), [0, 0, 0, 0, 0, 2], "twice is once");

    // No device pulls them: they are nobody's.
    for login in ["claire", "coordo", "admin"] {
        assert!(territory.world.sign_in(login).await.read_log().await.is_empty());
    }
    assert_eq!(territory.world.try_sign_in("annuaire", "", None).await.status, 401);
}

#[tokio::test]
async fn again_after_declared_facts_a_departure_and_an_older_file() {
    let territory = Territory::start().await;
    territory.apply("2025-11-01", both()).await;
    let marie = territory.members().await.cards[1].id;
    territory.declare(marie, "sites/R1/phone", json!("+33536490000")).await;
    let second = territory.whole("2025-12-01", vec![both().remove(0)]).await.unwrap();
    assert_eq!(counts(&second), [0, 0, 1, 0, 1, 1]);
    let cards = territory.members().await.cards;
    assert_eq!(cards.len(), 2, "nobody is deleted");
    assert_eq!(cards[0].entry.gone_since, Some(day("2025-12-01")));
    assert_eq!(cards[1].entry.sites["R1"].phone.as_deref(), Some("+33536490000"), "nothing declared is overwritten");
    assert_eq!(cards[1].entry.origins.of("name").unwrap().source.to_string(), "rpps:2025-12-01", "confirmed by it");
    assert_eq!(cards[0].entry.origins.of("name").unwrap().source.to_string(), "rpps:2025-11-01");

    let older = territory.submit(&submission("2025-11-15", both())).await.refused(409);
    assert_eq!(older.code, "import-older");
    // What a browser sends is an extract, even if it says that it is all.
    let extract = Submission { scope: Scope::Whole, ..submission("2025-12-20", vec![]) };
    assert_eq!(counts(&territory.submit(&extract).await.read()), [0; 6], "an extract says nothing of the absent");
    let whole = territory.whole("2025-12-10", vec![both().remove(0)]).await.unwrap();
    assert_eq!(counts(&whole), [0, 0, 0, 0, 1, 1], "an extract does not make the file of the month too old");
    let older = territory.whole("2025-12-09", both()).await;
    assert!(matches!(older, Err(ImportError::Older(_))), "{older:?}");
    assert_eq!(counts(&territory.whole("2026-01-01", both()).await.unwrap()), [0, 0, 0, 1, 1, 1]);
    assert_eq!(territory.members().await.cards[0].entry.gone_since, None);
}

#[tokio::test]
async fn an_import_is_taken_back_once() {
    let territory = Territory::start().await;
    territory.apply("2025-11-01", both()).await;
    let before = territory.members().await.cards;
    let mut december = both();
    december[0].sites.get_mut("R1").unwrap().phone = Some("+33561000009".into());
    december.push(someone("99700366240", "NEUF", "+33561000002"));
    december.push(someone("99700000039", "GARDE", "+33561000003"));
    let imported = territory.apply("2025-12-01", december).await;
    let kept = territory.members().await.cards.iter().find(|card| card.entry.name == "GARDE").unwrap().id;
    territory.declare(kept, "languages", json!(["LSF"])).await;

    let undone = territory.undo(&imported).await;
    assert_eq!((undone.set_back, undone.deleted), (1, 1));
    assert_eq!(undone.left.iter().map(|left| left.card).collect::<Vec<_>>(), [kept], "somebody wrote on it since");
    let after = territory.members().await.cards;
    assert_eq!(after.iter().filter(|card| card.id != kept).cloned().collect::<Vec<_>>(), before);
    let id = imported.import.unwrap().id;
    let path = format!("/api/annuaire/imports/{id}/undo");
    assert_eq!(territory.coordo.send("POST", &path, vec![]).await.refused(409).code, "import-undone");
    // Taken back, it can be done again.
    assert_eq!(
        counts(&territory.apply("2025-12-01", vec![someone("99700366240", "NEUF", "+33561000002")]).await)[0],
        1
    );
}

#[tokio::test]
async fn the_newest_import_is_taken_back_first() {
    let territory = Territory::start().await;
    let first = territory.apply("2025-11-01", both()).await;
    let mut december = both();
    december[0].sites.get_mut("R1").unwrap().phone = Some("+33561000009".into());
    december[1].title = Some("DR".into());
    let second = territory.apply("2025-12-01", december).await;
    let refused = territory.try_undo(&first).await.refused(409);
    assert!(refused.code == "import-later" && refused.message.contains("le plus récent"), "{refused:?}");
    assert_eq!(territory.members().await.cards.len(), 2);
    assert_eq!(territory.undo(&second).await, Undone { set_back: 2, deleted: 0, left: vec![] });
    assert_eq!(territory.undo(&first).await, Undone { set_back: 0, deleted: 2, left: vec![] });
    assert_eq!(territory.members().await.cards, []);
}

/// The file that is taken back vouches for nobody; the one before it does again.
#[tokio::test]
async fn a_card_was_last_seen_in_what_remains() {
    let territory = Territory::start().await;
    territory.whole("2025-10-01", both()).await.unwrap();
    territory.whole("2025-11-01", both()).await.unwrap();
    let december = territory.whole("2025-12-01", both()).await.unwrap();
    let again = territory.whole("2025-12-01", both()).await.unwrap();
    let seen = async || territory.members().await.cards[1].entry.origins.of("name").unwrap().source.to_string();
    assert_eq!(seen().await, "rpps:2025-12-01");
    territory.undo(&again).await;
    assert_eq!(seen().await, "rpps:2025-12-01", "it was imported twice");
    territory.undo(&december).await;
    assert_eq!(seen().await, "rpps:2025-11-01");
}

#[tokio::test]
async fn a_file_of_tomorrow_is_refused() {
    let territory = Territory::start().await;
    let refused = territory.submit(&submission("2999-01-01", both())).await.refused(409);
    assert!(refused.code == "import-future" && refused.message.contains("date à venir"), "{refused:?}");
    territory.apply("2025-11-01", both()).await;
}

#[tokio::test]
async fn who_is_to_be_told_is_named_until_somebody_says_it_is_done() {
    let territory = Territory::start().await;
    let imported = territory.apply("2025-11-01", both()).await;
    let list = async || -> Imports { territory.coordo.send("GET", "/api/annuaire/imports", vec![]).await.read() };
    let mut told: Vec<_> = list().await.imports[0].to_inform.iter().map(|one| one.who.clone()).collect();
    told.sort_unstable();
    assert_eq!(told, ["Marie ESSAI", "Marie EXEMPLE"].map(str::to_owned), "{told:?}");
    // Who is there no more is not told; nor is a structure.
    let database = territory.world.database().await;
    let gone = "UPDATE record SET state = json_set(state, '$.deletion', json('{\"state\":\"deleted\"}'))
                WHERE json_extract(state, '$.fields.rpps.value.v') = ?";
    sqlx::query(gone).bind(PAUL).execute(&database).await.unwrap();
    assert_eq!(list().await.imports[0].to_inform.len(), 1);
    let structure =
        "UPDATE record SET state = json_set(state, '$.fields.kind.value.v', 'structure') WHERE kind = 'entry'";
    sqlx::query(structure).execute(&database).await.unwrap();
    assert!(list().await.imports[0].to_inform.is_empty());
    let id = imported.import.unwrap().id;
    let done = territory.coordo.send("POST", &format!("/api/annuaire/imports/{id}/informed"), vec![]).await;
    assert_eq!(done.status, 204);
    assert!(list().await.imports[0].to_inform.is_empty() && list().await.imports[0].informed_at.is_some());
}

/// What a browser sends is not believed beyond what the register says.
#[tokio::test]
async fn a_submission_is_held_to_its_register() {
    let territory = Territory::start().await;
    let mut hostile = someone("997 0000 0013", "<script>alert(1)</script>", "=cmd()");
    hostile.competences = vec![entry::Competence { code: "ivg".into(), level: None, since: None, visibility: None }];
    hostile.siret = Some("35600000000048".into());
    hostile.gone_since = Some(day("2020-01-01"));
    hostile.sites.insert("a/b".into(), hostile.sites["R1"].clone());
    let wrong_key = someone("99700000014", "FAUSSE", "+33561000001");
    let nobody = Entry { rpps: None, ..someone(PAUL, "SANS", "+33561000001") };
    territory.apply("2025-11-01", vec![hostile, wrong_key, nobody]).await;
    let cards = territory.members().await.cards;
    assert_eq!(cards.len(), 1);
    let entry = &cards[0].entry;
    assert_eq!((entry.rpps.as_deref(), entry.siret.as_deref()), (Some(MARIE), None), "as the register writes it");
    assert_eq!(entry.name, "<script>alert(1)</script>", "kept as a text");
    assert!(entry.competences.is_empty() && entry.gone_since.is_none() && entry.sites.len() == 1);
    assert_eq!(entry.origins.of("name").unwrap().source.to_string(), "rpps:2025-11-01");

    let path = "/api/annuaire/imports";
    let heavy = territory.coordo.send("POST", path, vec![b' '; 17 << 20]).await.refused(413);
    assert!(heavy.code == "import-too-large" && heavy.message.contains("Rien n’a été importé"), "{heavy:?}");
    for body in ["", "[]", "{\"kind\":\"rpps\"}"] {
        let refused = territory.coordo.send("POST", path, body.into()).await.refused(400);
        assert_eq!(refused.code, "import-unreadable");
    }
    let elsewhere = World::start().await;
    let bare = elsewhere.sign_in("coordo").await;
    let body = serde_json::to_vec(&submission("2025-11-01", both())).unwrap();
    assert_eq!(bare.send("POST", path, body).await.refused(409).code, "no-commune");
}

/// What a browser sends has the size of an extract, and is of the territory.
#[tokio::test]
async fn a_submission_is_bounded() {
    let territory = Territory::start().await;
    let phone = "+33561000000";
    let many = vec![someone(MARIE, "X", phone); 5001];
    let refused = territory.submit(&submission("2026-11-01", many)).await.refused(413);
    assert!(refused.code == "import-too-many" && refused.message.contains("Rien n’a été importé"), "{refused:?}");
    for (length, accepted) in [(300, true), (301, false)] {
        let mut entry = someone(MARIE, "EXEMPLE", phone);
        entry.sites.get_mut("R1").unwrap().address.as_mut().unwrap().lines = vec!["é".repeat(length)];
        let preview = Submission { apply: false, ..submission("2026-11-01", vec![entry]) };
        let reply = territory.submit(&preview).await;
        if accepted {
            assert_eq!(reply.read::<Imported>().plan.new.len(), 1);
        } else {
            assert_eq!(reply.refused(400).code, "import-too-long");
        }
    }
    let at = |rpps: &str, commune: Option<&str>| {
        let mut entry = someone(rpps, "AILLEURS", phone);
        entry.sites.get_mut("R1").unwrap().address.as_mut().unwrap().commune = commune.map(str::to_owned);
        entry
    };
    let mut both_sides = at("99700000039", Some("75056"));
    both_sides.sites.insert("R2".into(), someone(MARIE, "X", phone).sites["R1"].clone());
    let sent = vec![at(MARIE, Some("75056")), at(PAUL, None), both_sides];
    let imported = territory.apply("2026-11-01", sent).await;
    assert_eq!((imported.elsewhere, imported.plan.new.len()), (1, 2));
    assert_eq!(territory.members().await.cards.len(), 2);
}

/// Two coordinators at once: each card is there once.
#[tokio::test]
async fn two_imports_at_once_create_nobody_twice() {
    let territory = Territory::start().await;
    let (one, two) = (submission("2025-11-01", both()), submission("2025-11-01", both()));
    let (one, two) = tokio::join!(territory.submit(&one), territory.submit(&two));
    let mut new = [counts(&one.read())[0], counts(&two.read())[0]];
    new.sort_unstable();
    assert_eq!(new, [0, 2]);
    assert_eq!(territory.members().await.cards.len(), 2);
}
