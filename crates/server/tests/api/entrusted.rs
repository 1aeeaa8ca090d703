//! Whom the coordination entrusts: the first binôme, the next one, and what either may read. Devices of several people, over
//! the wire, each step as in `sharing.rs`.

use domain::figures::{Cell, Document};
use domain::id::RecordId;
use domain::people::{Purpose, Role};
use serde_json::json;
use sync::OperationKind::{Create, Set};
use sync::protocol::{Fate, Quarantine};

use crate::sharing::all_agree;
use crate::tablet::Tablet;
use crate::world::{World, new_record};

/// Two coordinators, three who look after people, and somebody who was signed up.
struct Scene {
    world: World,
    sophie: Tablet,
    marc: Tablet,
    claire: Tablet,
    karim: Tablet,
    nadia: Tablet,
    edition: RecordId,
    person: RecordId,
    challenger: RecordId,
}

/// A pair and the share written beside it.
#[derive(Clone, Copy)]
struct Bond {
    pair: RecordId,
    share: RecordId,
}

impl Scene {
    /// Sophie signed her up; she agrees to be called back, if so, and to be shared.
    async fn set(called: bool) -> Self {
        let world = World::start().await;
        world.add("marc", Role::Coordinator).await;
        world.add("nadia", Role::Professional).await;
        let tablet = async |login: &str| Tablet::sign_in(&world, login).await;
        let (sophie, marc) = (tablet("coordo").await, tablet("marc").await);
        let (claire, karim, nadia) = (tablet("claire").await, tablet("karim").await, tablet("nadia").await);
        let edition = new_record();
        let year = [("year", 2026.into()), ("starts", "2026-11-01".into()), ("ends", "2026-11-30".into())];
        sophie.save_of("tabac-edition", Create, edition, &year, vec![]).await;
        let person = sophie.create("Miremont").await;
        sophie.save(Set, person, &[("family_name", "Salvan".into()), ("phone", "0561000001".into())], vec![]).await;
        let fields = [
            ("edition", edition.to_string().into()),
            ("quit_on", "2026-11-01".into()),
            ("cigarettes", 20.into()),
            ("age", "adult".into()),
            ("started_at", 1_793_600_000_000_i64.into()),
            ("finished_at", 1_793_600_060_000_i64.into()),
        ];
        let challenger = sophie.hang("tabac-challenger", person, &fields).await;
        sophie.consent(person, Purpose::ShareNamed, true).await;
        if called {
            sophie.consent(person, Purpose::CallBack, true).await;
        }
        let scene = Self { sophie, marc, claire, karim, nadia, edition, person, challenger, world };
        scene.agree().await;
        scene
    }

    async fn agree(&self) {
        all_agree(&self.world, &[&self.sophie, &self.marc, &self.claire, &self.karim, &self.nadia]).await;
    }

    /// What the page that pairs writes.
    async fn entrust(&self, by: &Tablet, with: &Tablet) -> Bond {
        let account = &with.device.signed_in.account;
        let fields = [
            ("account", account.id.to_string().into()),
            ("name", account.name.clone().into()),
            ("in_force", "yes".into()),
            ("challenger", self.challenger.to_string().into()),
            ("finished_at", 1_793_600_070_000_i64.into()),
        ];
        let pair = by.hang("tabac-pair", self.person, &fields).await;
        Bond { pair, share: by.share(self.person, with).await }
    }

    async fn end(&self, by: &Tablet, bond: Bond) {
        let ended = [("in_force", "no".into())];
        by.save_of("tabac-pair", Set, bond.pair, &ended, vec![]).await;
        by.save_of("share", Set, bond.share, &ended, vec![]).await;
    }

    /// An interview and a call by somebody who follows her.
    async fn follow(&self, by: &Tablet) -> [RecordId; 2] {
        let of = ("challenger", self.challenger.to_string().into());
        let said = ("noted_by", "Planted".into());
        [
            by.hang("tabac-interview", self.person, &[of.clone(), said.clone()]).await,
            by.hang("tabac-call", self.person, &[of, said]).await,
        ]
    }

    async fn sees(&self, tablet: &Tablet, records: &[RecordId]) -> bool {
        let held = tablet.held().await;
        records.iter().all(|id| held.get(id).is_some_and(|record| !record.limited))
    }

    /// Nothing of her: neither on the device, nor in any byte of a first pull, nor in a history.
    async fn sees_nothing(&self, tablet: &Tablet, records: &[RecordId]) {
        let login = &tablet.device.signed_in.account.name;
        let held = tablet.held().await;
        assert!(!held.contains_key(&self.person) && !held.contains_key(&self.challenger), "{login}");
        let text = tablet.device.send("GET", "/api/snapshot", vec![]).await.text();
        assert!(!text.contains("Salvan") && !text.contains("Planted") && !text.contains("Miremont"), "{login}: {text}");
        for id in records.iter().chain([&self.person, &self.challenger]) {
            // Of what she wrote too late she is told that it is set aside, and nothing else.
            let history = tablet.device.history(*id).await;
            let text = history.text();
            assert!(history.status == 404 || text.contains("no-right"), "{login}: {text}");
            assert!(
                !text.contains("Salvan") && !text.contains("Planted") && !text.contains("Miremont"),
                "{login}: {text}"
            );
        }
    }

    /// Whom to call, with whom she is shared, and no answer.
    async fn calls_back(&self, coordinator: &Tablet, records: &[RecordId]) {
        let held = coordinator.held().await;
        assert!(held[&self.person].limited && held[&self.challenger].limited);
        assert_eq!(held[&self.person].fields["phone"].value, "0561000001");
        self.reads_no_answer(coordinator, records).await;
        let text = coordinator.device.send("GET", "/api/snapshot", vec![]).await.text();
        assert!(!text.contains("cigarettes"), "what she smokes");
    }

    async fn reads_no_answer(&self, coordinator: &Tablet, records: &[RecordId]) {
        let text = coordinator.device.send("GET", "/api/snapshot", vec![]).await.text();
        assert!(
            !text.contains("Planted") && !text.contains("tabac-interview") && !text.contains("tabac-call"),
            "{text}"
        );
        for id in records {
            assert!(!coordinator.held().await.contains_key(id));
            assert_eq!(coordinator.device.history(*id).await.status, 404);
        }
    }

    async fn owner(&self, of: RecordId) -> String {
        sqlx::query_scalar(
            "SELECT account.login FROM record JOIN account ON account.account = record.owner WHERE record = ?",
        )
        .bind(of.to_string())
        .fetch_one(&self.world.database().await)
        .await
        .unwrap()
    }

    async fn load(&self, of: &Tablet) -> i64 {
        let path = format!("/api/figures/tabac/binomes?of={}", self.edition);
        let document: Document = self.marc.device.send("GET", &path, vec![]).await.read();
        let rows = document.tables.into_iter().filter(|table| table.id == "load").flat_map(|table| table.rows);
        let account = Cell::Account(of.device.signed_in.account.id);
        let counts = rows.filter(|row| row[0] == account).map(|row| match row[2] {
            Cell::Count(count) => count,
            _ => -1,
        });
        counts.sum()
    }
}

async fn aside(tablet: &Tablet) -> usize {
    tablet.replica.waiting().await.unwrap().set_aside
}

#[tokio::test]
async fn another_binome_takes_the_place_of_the_first() {
    let scene = Scene::set(true).await;
    let Scene { world, sophie, marc, claire, karim, nadia, person, challenger, .. } = &scene;
    let first = scene.entrust(sophie, karim).await;
    scene.agree().await;
    let his = scene.follow(karim).await;
    karim.share(*person, nadia).await;
    scene.agree().await;
    let hers = scene.follow(nadia).await;
    scene.agree().await;
    assert_eq!((scene.owner(*person).await.as_str(), scene.load(karim).await), ("karim", 1));
    let answers = [his, hers].concat();
    scene.calls_back(sophie, &answers).await;

    // Karim is away with something he has not sent; the other coordinator pairs her with Claire.
    karim.set(*person, "Cintegabelle").await;
    scene.end(marc, first).await;
    let second = scene.entrust(marc, claire).await;
    all_agree(world, &[marc, sophie, claire, nadia]).await;
    scene.agree().await;
    scene.sees_nothing(karim, &answers).await;
    assert_eq!(
        (karim.held().await.len(), aside(karim).await),
        (1, 1),
        "the edition; what he had not sent is set aside"
    );
    let all =
        [answers.as_slice(), &[*person, *challenger, first.pair, second.pair, first.share, second.share]].concat();
    assert!(scene.sees(claire, &all).await, "the second sees everything");
    assert!(scene.sees(nadia, &answers).await, "with whom he shared her follows her still");
    for id in all {
        assert_eq!(scene.owner(id).await, "claire");
    }
    for coordinator in [sophie, marc] {
        scene.calls_back(coordinator, &answers).await;
        assert_eq!(aside(coordinator).await, 0);
    }
    assert_eq!((scene.load(karim).await, scene.load(claire).await), (0, 1));

    // And back again to the first, who finds what he wrote.
    scene.end(sophie, second).await;
    scene.entrust(sophie, karim).await;
    scene.agree().await;
    scene.agree().await;
    scene.sees_nothing(claire, &answers).await;
    assert!(scene.sees(karim, &answers).await);
    assert_eq!((karim.commune(*person).await, aside(karim).await), (Some("Cintegabelle".into()), 0));
}

/// It may be without another behind: she comes back to who signed her up, without what the binôme noted.
#[tokio::test]
async fn who_is_given_back_comes_back_without_an_answer() {
    for called in [true, false] {
        let scene = Scene::set(called).await;
        let Scene { sophie, marc, claire, karim, person, challenger, .. } = &scene;
        let bond = scene.entrust(sophie, karim).await;
        scene.agree().await;
        let his = scene.follow(karim).await;
        let no = karim.consent(*person, Purpose::InformGp, false).await;
        let second = karim.hang("tabac-challenger", *person, &[("cigarettes", 31.into())]).await;
        scene.agree().await;
        scene.end(karim, bond).await;
        scene.agree().await;
        scene.sees_nothing(karim, &his).await;
        assert!(scene.sees(sophie, &[*person, *challenger, no]).await, "hers, and what she agrees to");
        scene.reads_no_answer(sophie, &his).await;
        let text = sophie.device.send("GET", "/api/snapshot", vec![]).await.text();
        assert!(text.contains("\"value\":20") && !text.contains("\"value\":31"), "nor a sign-up that is not hers");
        assert_eq!(sophie.held().await.contains_key(&second), called, "but that it is there");
        assert_eq!((scene.owner(his[0]).await.as_str(), scene.load(karim).await), ("coordo", 0));
        if called {
            scene.calls_back(marc, &his).await;
        } else {
            scene.sees_nothing(marc, &his).await;
        }
        scene.entrust(sophie, claire).await;
        scene.agree().await;
        assert!(scene.sees(claire, &his).await && scene.sees(claire, &[second]).await);
        assert_eq!(aside(sophie).await, 0);
    }
}

/// A telephone of his was in a drawer, a year ahead: neither what it wrote before nor what it writes since comes in, however
/// often it says so. It may only hear her « non ».
#[tokio::test]
async fn a_binome_who_is_no_more_writes_nothing_and_does_not_give_her_back_to_himself() {
    const A_YEAR_AHEAD: domain::Timestamp = domain::Timestamp(1_825_000_000_000);
    let scene = Scene::set(true).await;
    let Scene { world, sophie, marc, claire, karim, person, challenger, .. } = &scene;
    let first = scene.entrust(sophie, karim).await;
    scene.agree().await;
    let his = scene.follow(karim).await;
    let mut drawer = world.sign_in("karim").await;
    scene.agree().await;
    scene.end(marc, first).await;
    scene.entrust(marc, claire).await;
    scene.agree().await;

    let me = drawer.signed_in.account.id;
    let of = json!({ "parent": person, "challenger": challenger, "noted_by": "Late-words" });
    let pair = json!({ "parent": person, "challenger": challenger, "account": me, "name": "karim", "in_force": "yes" });
    let share = json!({ "parent": person, "account": me, "name": "karim", "in_force": "yes" });
    let agrees = json!({ "parent": person, "purpose": "share-named", "answer": "yes", "given_by": "person" });
    let mut writes = vec![
        drawer.write(Create, new_record(), "tabac-interview", of.clone()),
        drawer.write(Create, new_record(), "tabac-call", of.clone()),
        drawer.write(Create, new_record(), "tabac-move", json!({ "parent": person, "quit_on": "2026-11-20" })),
        drawer.write(Set, his[1], "tabac-call", json!({ "noted_by": "Late-words" })),
        drawer.write(Set, *person, "person", json!({ "phone": "0561000099" })),
        drawer.write(Set, *challenger, "tabac-challenger", json!({ "cigarettes": 5 })),
        drawer.write(Set, first.share, "share", json!({ "in_force": "yes" })),
        drawer.write(Set, first.pair, "tabac-pair", json!({ "in_force": "yes" })),
        drawer.write(Create, new_record(), "share", share),
        drawer.write(Create, new_record(), "tabac-pair", pair),
        drawer.write(Create, new_record(), "consent", agrees),
        drawer.write(sync::OperationKind::Delete, his[0], "tabac-interview", json!({ "deleted": true })),
        drawer.write(sync::OperationKind::Erase, *person, "person", json!({})),
    ];
    writes.iter_mut().for_each(|write| write.device_time = A_YEAR_AHEAD);
    for _ in 0..2 {
        for (write, (_, fate)) in writes.iter().zip(drawer.push(&writes).await.fates) {
            let refused = matches!(fate, Fate::Quarantined { reason: Quarantine::NoRight | Quarantine::Behind, .. });
            assert!(refused, "{} {:?}: {fate:?}", write.record_kind, write.kind);
        }
    }
    scene.agree().await;
    scene.sees_nothing(karim, &his).await;
    assert!(scene.sees(claire, &his).await);
    let held = claire.held().await;
    assert_eq!(held[person].fields["phone"].value, "0561000001");
    assert!(held.values().all(|record| record.fields.values().all(|field| field.value != "Late-words")));
    assert_eq!((scene.owner(*person).await.as_str(), scene.load(karim).await), ("claire", 0));

    let no = json!({ "parent": person, "purpose": "call-back", "answer": "no", "given_by": "person" });
    let no = drawer.write(Create, new_record(), "consent", no);
    assert!(matches!(drawer.push(&[no]).await.fates[0].1, Fate::Applied { .. }), "what she takes back is heard");
    scene.agree().await;
    assert!(!marc.held().await.contains_key(person));
}

/// Whatever arrives first, the first binôme sees her no more, and all devices agree.
#[tokio::test]
async fn two_coordinators_who_pair_again_apart() {
    for sophie_first in [true, false] {
        let scene = Scene::set(true).await;
        let Scene { sophie, marc, claire, karim, nadia, person, .. } = &scene;
        let first = scene.entrust(sophie, karim).await;
        scene.agree().await;
        let his = scene.follow(karim).await;
        scene.agree().await;
        // Sophie's new share leaves before the end of the first one; Marc ends it and pairs with somebody else.
        scene.entrust(sophie, claire).await;
        scene.end(sophie, first).await;
        scene.end(marc, first).await;
        scene.entrust(marc, nadia).await;
        let (one, other) = if sophie_first { (sophie, marc) } else { (marc, sophie) };
        assert!(one.exchange().await && other.exchange().await);
        scene.agree().await;
        scene.sees_nothing(karim, &his).await;
        assert!(scene.sees(claire, &his).await && scene.sees(nadia, &his).await, "two were chosen: both follow her");
        assert_eq!(scene.owner(*person).await, if sophie_first { "claire" } else { "nadia" });
        for coordinator in [sophie, marc] {
            scene.calls_back(coordinator, &his).await;
            assert_eq!(aside(coordinator).await, 0);
        }
    }
}

#[tokio::test]
async fn a_binome_who_left_is_replaced_and_does_not_come_back() {
    let scene = Scene::set(true).await;
    let Scene { world, sophie, marc, claire, karim, nadia, person, .. } = &scene;
    let first = scene.entrust(sophie, karim).await;
    scene.agree().await;
    let his = scene.follow(karim).await;
    scene.agree().await;
    let database = world.database().await;
    let closed = async |at: &str| {
        let sql = format!("UPDATE account SET disabled_at = {at} WHERE login = 'karim'");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&database).await.unwrap();
    };
    closed("1").await;
    // Something else is settled meanwhile: she is still in his hands, for a week perhaps.
    sophie.set(sophie.create("Auterive").await, "Auterive").await;
    all_agree(world, &[sophie, marc]).await;
    let bystander = marc.share(*person, nadia).await;
    all_agree(world, &[marc, nadia]).await;
    assert_eq!(scene.owner(*person).await, "karim");
    marc.save_of("share", Set, bystander, &[("in_force", "no".into())], vec![]).await;
    scene.end(marc, first).await;
    scene.entrust(marc, claire).await;
    all_agree(world, &[marc, claire, sophie, nadia]).await;
    assert_eq!(scene.owner(*person).await, "claire");
    closed("NULL").await;
    scene.agree().await;
    scene.sees_nothing(karim, &his).await;
    scene.sees_nothing(nadia, &his).await;
    assert!(scene.sees(claire, &his).await);
}

/// She says no to being shared: whoever was entrusted with her sees her no more. Asked again, she is entrusted anew.
#[tokio::test]
async fn who_is_shared_no_more_is_lost_to_the_binome() {
    let scene = Scene::set(true).await;
    let Scene { sophie, marc, claire, karim, nadia, person, challenger, .. } = &scene;
    let bond = scene.entrust(sophie, karim).await;
    scene.agree().await;
    let his = scene.follow(karim).await;
    karim.share(*person, nadia).await;
    scene.agree().await;
    assert!(scene.sees(nadia, &his).await);
    karim.consent(*person, Purpose::ShareNamed, false).await;
    scene.agree().await;
    for stranger in [karim, nadia, claire] {
        scene.sees_nothing(stranger, &his).await;
    }
    assert_eq!((scene.owner(*person).await.as_str(), scene.owner(his[0]).await.as_str()), ("coordo", "coordo"));
    assert!(scene.sees(sophie, &[*person, *challenger]).await);
    scene.reads_no_answer(sophie, &his).await;
    scene.calls_back(marc, &his).await;

    // Whoever sees her to call her back ends what was, without her « oui »; it is asked again before anything begins.
    scene.end(marc, bond).await;
    scene.agree().await;
    assert_eq!(aside(marc).await, 0);
    assert_eq!(sophie.held().await[&bond.share].fields["in_force"].value, "no");
    sophie.consent(*person, Purpose::ShareNamed, true).await;
    scene.agree().await;
    scene.sees_nothing(karim, &his).await;
    assert_eq!(scene.owner(*person).await, "coordo");
    scene.entrust(marc, claire).await;
    scene.agree().await;
    assert!(
        scene.sees(claire, &his).await && scene.sees(nadia, &his).await,
        "what a professional shared was not ended"
    );
    assert_eq!((scene.owner(*person).await.as_str(), aside(marc).await), ("claire", 0));
    scene.sees_nothing(karim, &his).await;
}

/// Without her « oui » the coordination ends, and begins nothing.
#[tokio::test]
async fn who_is_shared_no_more_is_not_entrusted_again() {
    let scene = Scene::set(true).await;
    let Scene { world, sophie, karim, nadia, person, .. } = &scene;
    let bond = scene.entrust(sophie, karim).await;
    scene.agree().await;
    karim.consent(*person, Purpose::ShareNamed, false).await;
    scene.agree().await;
    let with = nadia.device.signed_in.account.id;
    for (kind, record, fields) in [
        (Create, new_record(), json!({ "parent": person, "account": with, "name": "nadia", "in_force": "yes" })),
        (Set, bond.share, json!({ "account": with })),
        (Set, bond.share, json!({ "in_force": "yes" })),
        (Set, bond.share, json!({ "in_force": "no", "account": with })),
    ] {
        let mut marc = world.sign_in("marc").await;
        let write = marc.write(kind, record, "share", fields.clone());
        let fate = marc.push(&[write]).await.fates.remove(0).1;
        assert!(matches!(fate, Fate::Quarantined { reason: Quarantine::NoRight, .. }), "{fields}: {fate:?}");
    }
    scene.agree().await;
    assert!(!nadia.held().await.contains_key(person));
}

/// He paired her with himself, and left: nobody else could end it.
#[tokio::test]
async fn what_somebody_who_left_had_shared_is_ended_by_the_coordination() {
    let scene = Scene::set(true).await;
    let Scene { world, sophie, marc, claire, karim, nadia, person, .. } = &scene;
    let first = scene.entrust(sophie, karim).await;
    scene.agree().await;
    let his = scene.follow(karim).await;
    let own = scene.entrust(karim, karim).await;
    scene.agree().await;
    let set = async |fields: serde_json::Value| {
        let mut device = world.sign_in("marc").await;
        let write = device.write(Set, own.share, "share", fields);
        device.push(&[write]).await.fates.remove(0).1
    };
    let refused = |fate: &Fate| matches!(fate, Fate::Quarantined { reason: Quarantine::NoRight, .. });
    let fate = set(json!({ "in_force": "no" })).await;
    assert!(refused(&fate), "as long as he is there: {fate:?}");
    sqlx::query("UPDATE account SET disabled_at = 1 WHERE login = 'karim'")
        .execute(&world.database().await)
        .await
        .unwrap();
    let fate = set(json!({ "account": nadia.device.signed_in.account.id })).await;
    assert!(refused(&fate), "nobody shares in his place: {fate:?}");
    scene.end(marc, own).await;
    scene.end(marc, first).await;
    all_agree(world, &[marc, sophie, claire, nadia]).await;
    assert_eq!((scene.owner(*person).await.as_str(), aside(marc).await), ("coordo", 0));
    scene.entrust(marc, claire).await;
    all_agree(world, &[marc, sophie, claire, nadia]).await;
    assert!(scene.sees(claire, &his).await);
    assert_eq!((scene.owner(*person).await.as_str(), aside(marc).await), ("claire", 0));
    assert!(!nadia.held().await.contains_key(person));
}

/// A sentinel hands over for good: what the nurse received she keeps, whatever becomes of the share.
#[tokio::test]
async fn what_a_sentinel_handed_over_does_not_come_back() {
    let world = World::start().await;
    world.add("lou", Role::Sentinel).await;
    let (lou, claire) = (Tablet::sign_in(&world, "lou").await, Tablet::sign_in(&world, "claire").await);
    let (marc, karim) = (Tablet::sign_in(&world, "coordo").await, Tablet::sign_in(&world, "karim").await);
    let person = lou.create("Miremont").await;
    let screening = lou.hang("icope-screening", person, &[]).await;
    lou.consent(person, Purpose::ShareNamed, true).await;
    lou.consent(person, Purpose::CallBack, true).await;
    let handed = lou.share(person, &claire).await;
    all_agree(&world, &[&lou, &claire, &marc, &karim]).await;
    // Signed up since, she is paired by the coordination, which does not end what the sentinel did.
    claire.hang("tabac-challenger", person, &[]).await;
    all_agree(&world, &[&claire, &marc]).await;
    let paired = marc.share(person, &karim).await;
    marc.save_of("share", Set, handed, &[("in_force", "no".into())], vec![]).await;
    all_agree(&world, &[&marc, &claire, &karim]).await;
    assert!(karim.held().await.contains_key(&screening) && claire.held().await.contains_key(&screening));
    assert_eq!(aside(&marc).await, 1);
    marc.save_of("share", Set, paired, &[("in_force", "no".into())], vec![]).await;
    all_agree(&world, &[&marc, &claire, &karim]).await;
    assert!(!karim.held().await.contains_key(&person));
    claire.save_of("share", Set, handed, &[("in_force", "no".into())], vec![]).await;
    all_agree(&world, &[&claire, &marc, &lou]).await;
    assert!(claire.held().await.contains_key(&screening), "hers for good");
    assert!(lou.held().await.is_empty());
}

/// Through what it sees to call people back, the coordination changes what it wrote itself and nothing that a professional did.
#[tokio::test]
async fn a_coordinator_ends_no_share_of_a_professional() {
    let scene = Scene::set(true).await;
    let Scene { world, sophie, marc, claire, karim, nadia, .. } = &scene;
    // Followed by Claire, who shares her with Karim, and signed up by her.
    let patient = claire.create("Auterive").await;
    let sign_up = claire.hang("tabac-challenger", patient, &[]).await;
    for purpose in [Purpose::CallBack, Purpose::ShareNamed] {
        claire.consent(patient, purpose, true).await;
    }
    let share = claire.share(patient, karim).await;
    let pair = [("challenger", sign_up.to_string().into()), ("in_force", "yes".into())];
    let pair = claire.hang("tabac-pair", patient, &pair).await;
    scene.agree().await;
    assert!(marc.held().await[&share].limited && marc.held().await[&pair].limited);
    let mut device = world.sign_in("marc").await;
    let theirs = nadia.device.signed_in.account.id.to_string();
    for (record, kind, fields) in [
        (share, "share", json!({ "in_force": "no" })),
        (share, "share", json!({ "account": theirs })),
        (pair, "tabac-pair", json!({ "in_force": "no" })),
    ] {
        let write = device.write(Set, record, kind, fields);
        let fate = device.push(&[write]).await.fates.remove(0).1;
        let bars = [Quarantine::NoRight, Quarantine::Behind];
        assert!(matches!(fate, Fate::Quarantined { reason, .. } if bars.contains(&reason)), "{kind}: {fate:?}");
    }
    scene.agree().await;
    assert!(scene.sees(karim, &[patient, share]).await);
    // What another coordinator shared, or he himself, he ends, also in the push that made it.
    let (by_sophie, by_marc) = (sophie.share(patient, nadia).await, marc.share(patient, nadia).await);
    scene.agree().await;
    assert!(scene.sees(nadia, &[patient]).await);
    for made in [by_sophie, by_marc] {
        marc.save_of("share", Set, made, &[("in_force", "no".into())], vec![]).await;
    }
    let paired = marc.hang("tabac-pair", patient, &[("in_force", "yes".into())]).await;
    marc.save_of("tabac-pair", Set, paired, &[("in_force", "no".into())], vec![]).await;
    scene.agree().await;
    assert_eq!((nadia.held().await.contains_key(&patient), aside(marc).await), (false, 0));
    assert_eq!(claire.held().await[&paired].fields["in_force"].value, "no");
    assert!(scene.sees(claire, &[patient]).await && scene.sees(karim, &[patient]).await);
}

/// Paired by one who looks after people too, she stays whose she was: that one reads no answer either.
#[tokio::test]
async fn whoever_only_hands_over_reads_nothing_that_a_professional_begins() {
    let scene = Scene::set(true).await;
    let Scene { world, sophie, marc, karim, person, challenger, .. } = &scene;
    world.add("paul", Role::Professional).await;
    sqlx::query("UPDATE account SET roles = '[\"coordinator\",\"professional\"]' WHERE login = 'paul'")
        .execute(&world.database().await)
        .await
        .unwrap();
    let paul = Tablet::sign_in(world, "paul").await;
    sophie.share(*person, &paul).await;
    all_agree(world, &[sophie, &paul]).await;
    paul.share(*person, karim).await;
    all_agree(world, &[&paul, karim, sophie]).await;
    assert_eq!(scene.owner(*person).await, "paul");
    // Before anything is handed over, a share of his leaves her to Sophie.
    let other = sophie.create("Auterive").await;
    let theirs = sophie.hang("tabac-challenger", other, &[]).await;
    for purpose in [Purpose::CallBack, Purpose::ShareNamed] {
        sophie.consent(other, purpose, true).await;
    }
    all_agree(world, &[sophie]).await;
    let mut device = world.sign_in("paul").await;
    let fields =
        json!({ "parent": other, "account": karim.device.signed_in.account.id, "name": "karim", "in_force": "yes" });
    let share = device.write(Create, new_record(), "share", fields);
    assert!(matches!(device.push(&[share]).await.fates[0].1, Fate::Applied { .. }));
    all_agree(world, &[karim, sophie]).await;
    assert_eq!(scene.owner(other).await, "coordo");
    let call = [("challenger", theirs.to_string().into()), ("noted_by", "Planted".into())];
    let call = karim.hang("tabac-call", other, &call).await;
    let moved = karim.hang("tabac-move", other, &[("challenger", theirs.to_string().into())]).await;
    all_agree(world, &[karim, sophie, marc]).await;
    scene.reads_no_answer(sophie, &[call]).await;
    assert!(sophie.held().await[&moved].limited, "the date to stop is read by whoever calls back");
    assert!(scene.sees(sophie, &[other, theirs]).await && scene.sees(karim, &[call, moved, *challenger]).await);
}

/// A coordinator leaves: whom she entrusted comes back to her colleague. A binôme leaves: who receives his people keeps them.
#[tokio::test]
async fn accounts_handed_over_take_along_what_was_entrusted() {
    let scene = Scene::set(true).await;
    let Scene { world, sophie, marc, claire, karim, nadia, person, .. } = &scene;
    let first = scene.entrust(sophie, karim).await;
    scene.agree().await;
    let his = scene.follow(karim).await;
    scene.agree().await;
    assert!(!world.hand_over("karim", "marc").status.success(), "he would read nothing of it");
    assert!(world.hand_over("coordo", "marc").status.success());
    scene.end(karim, first).await;
    scene.agree().await;
    assert_eq!(scene.owner(*person).await, "marc");
    scene.reads_no_answer(marc, &his).await;
    let second = scene.entrust(marc, claire).await;
    scene.agree().await;
    assert!(world.hand_over("claire", "nadia").status.success());
    scene.agree().await;
    assert!(scene.sees(nadia, &his).await && scene.sees(claire, &his).await);
    scene.end(marc, second).await;
    scene.agree().await;
    assert!(scene.sees(nadia, &his).await && scene.owner(*person).await == "nadia");
    scene.sees_nothing(claire, &his).await;
    scene.calls_back(sophie, &his).await;
}
