//! Who sees a person, told as it happens: devices of several people, over the wire. After each step every device holds what
//! the server counts for it, and what a new device of the same person reads at once.

use std::collections::BTreeSet;

use domain::id::RecordId;
use domain::people::{GivenBy, Purpose, Role, consent};
use domain::record::AFTER;
use serde_json::json;
use sync::OperationKind::{Erase, Set};
use sync::Store;
use sync::protocol::access::Colleagues;
use sync::protocol::{Check, Fate, History, Quarantine};

use crate::tablet::Tablet;
use crate::world::World;

/// Everybody exchanges; each holds what she must, were she to begin again.
pub async fn all_agree(world: &World, tablets: &[&Tablet]) {
    for tablet in tablets {
        tablet.exchange().await;
    }
    for tablet in tablets {
        let login = &tablet.device.signed_in.account.name;
        assert!(tablet.exchange().await, "{login} does not hold what the server counts");
        assert_eq!(tablet.replica.first_pull().await.unwrap(), None, "{login} begins again");
        let new = Tablet::sign_in(world, login).await;
        new.begin().await;
        assert_eq!(new.held().await, tablet.held().await, "{login}: a first pull and the log differ");
        assert!(new.exchange().await, "{login}: a first pull is not what the server counts");
    }
}

async fn aside(tablet: &Tablet) -> usize {
    tablet.replica.waiting().await.unwrap().set_aside
}

async fn sees(tablet: &Tablet, record: RecordId) -> bool {
    tablet.replica.shown(record).await.unwrap().is_some()
}

#[tokio::test]
async fn a_share_begins_and_ends() {
    let world = World::start().await;
    let (claire, karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
    let person = claire.create("Miremont").await;
    let other = claire.create("Auterive").await;
    let agreed = claire.consent(person, Purpose::ShareNamed, true).await;
    all_agree(&world, &[&claire, &karim]).await;
    let share = claire.share(person, &karim).await;
    all_agree(&world, &[&claire, &karim]).await;
    for record in [person, agreed, share] {
        assert!(sees(&karim, record).await, "what was written before comes too");
    }
    assert!(!sees(&karim, other).await);

    // He writes, and adds: she sees both, whatever she was told before.
    karim.set(person, "Venerque").await;
    let his = karim.consent(person, Purpose::InformGp, true).await;
    all_agree(&world, &[&karim, &claire]).await;
    assert_eq!(claire.commune(person).await, Some("Venerque".into()));
    assert!(sees(&claire, his).await);
    let history: History = karim.device.history(person).await.read();
    assert_eq!(history.entries.len(), 2, "from the beginning");

    // She ends it while he is away with something he has not sent.
    karim.set(person, "Planted-Cintegabelle").await;
    claire.save_of("share", Set, share, &[("in_force", "no".into())], vec![]).await;
    all_agree(&world, &[&claire, &karim]).await;
    assert_eq!(karim.commune(person).await, None, "he sees her no more");
    assert_eq!((aside(&karim).await, karim.held().await.len()), (1, 0));
    assert_eq!(karim.device.history(his).await.status, 404, "what he added is hers");
    let history: History = claire.device.history(person).await.read();
    let last = history.entries.last().unwrap();
    assert_eq!(
        (last.fields["commune"].as_str(), last.set_aside),
        (Some("Planted-Cintegabelle"), Some(Quarantine::NoRight))
    );
    assert_eq!(claire.commune(person).await, Some("Venerque".into()));

    // And again: it is the same record, whole, and what waited for a sight of it is applied.
    claire.save_of("share", Set, share, &[("in_force", "yes".into())], vec![]).await;
    all_agree(&world, &[&claire, &karim]).await;
    assert!(sees(&karim, his).await);
    all_agree(&world, &[&karim, &claire]).await;
    assert_eq!(claire.commune(person).await, Some("Planted-Cintegabelle".into()), "nothing was lost");
    assert_eq!(aside(&karim).await, 0);
}

#[tokio::test]
async fn a_consent_withdrawn_ends_all_shares_and_given_again_restores_them() {
    let world = World::start().await;
    world.add("nadia", Role::Professional).await;
    let (claire, karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
    let nadia = Tablet::sign_in(&world, "nadia").await;
    let person = claire.create("Miremont").await;
    let share = claire.share(person, &karim).await;
    all_agree(&world, &[&claire, &karim]).await;
    assert!(!sees(&karim, person).await, "nobody asked her");
    claire.consent(person, Purpose::ShareNamed, true).await;
    all_agree(&world, &[&claire, &karim]).await;
    // One whom she is shared with shares in turn, and may hear her change her mind.
    karim.share(person, &nadia).await;
    all_agree(&world, &[&karim, &nadia, &claire]).await;
    assert!(sees(&nadia, person).await && sees(&nadia, share).await);
    let no = nadia.consent(person, Purpose::ShareNamed, false).await;
    all_agree(&world, &[&nadia, &karim, &claire]).await;
    assert!(!sees(&nadia, person).await && !sees(&karim, person).await && sees(&claire, no).await);
    assert_eq!((nadia.held().await.len(), karim.held().await.len()), (0, 0));

    // Another purpose changes nothing; given again restores those in force.
    claire.consent(person, Purpose::Statistics, true).await;
    claire.save_of("share", Set, share, &[("in_force", "no".into())], vec![]).await;
    claire.consent(person, Purpose::ShareNamed, true).await;
    all_agree(&world, &[&claire, &karim, &nadia]).await;
    assert!(sees(&nadia, person).await && !sees(&karim, person).await);
    // A consent that is put away counts no more: the « non » before it does.
    let last = claire.consent(person, Purpose::ShareNamed, true).await;
    claire.save_of("consent", sync::OperationKind::Delete, last, &[], vec![]).await;
    all_agree(&world, &[&claire, &nadia]).await;
    assert!(sees(&nadia, person).await, "the « oui » before it counts");
}

/// The order of arrival tells nothing of what she said last, nor do the clocks.
#[tokio::test]
async fn a_yes_that_arrives_after_a_no_it_did_not_know_gives_no_sight() {
    let world = World::start().await;
    let (claire, karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
    let phone = Tablet::sign_in(&world, "claire").await;
    let coordo = Tablet::sign_in(&world, "coordo").await;
    let person = claire.create("Miremont").await;
    for purpose in [Purpose::ShareNamed, Purpose::CallBack] {
        claire.consent(person, purpose, true).await;
    }
    claire.share(person, &karim).await;
    all_agree(&world, &[&claire, &karim, &phone, &coordo]).await;
    assert!(sees(&karim, person).await && coordo.held().await.len() == 1);
    for purpose in [Purpose::ShareNamed, Purpose::CallBack] {
        phone.consent(person, purpose, true).await;
        claire.consent(person, purpose, false).await;
    }
    all_agree(&world, &[&claire, &karim, &coordo]).await;
    all_agree(&world, &[&phone, &claire, &karim, &coordo]).await;
    assert!(karim.held().await.is_empty() && coordo.held().await.is_empty(), "the « non » holds");
    // One who arrives later is told the same.
    world.add("dodo", Role::Coordinator).await;
    let dodo = Tablet::sign_in(&world, "dodo").await;
    all_agree(&world, &[&dodo]).await;
    assert!(dodo.held().await.is_empty());
    // Asked again by one who knows both.
    for purpose in [Purpose::ShareNamed, Purpose::CallBack] {
        phone.consent(person, purpose, true).await;
    }
    all_agree(&world, &[&phone, &claire, &karim, &coordo, &dodo]).await;
    assert!(sees(&karim, person).await && coordo.held().await.len() == 1 && dodo.held().await.len() == 1);
}

/// She was noted twice: what she says under one of her records counts for the other.
#[tokio::test]
async fn a_no_under_one_record_of_a_person_counts_for_those_merged_into_it() {
    let world = World::start().await;
    let (claire, karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
    let coordo = Tablet::sign_in(&world, "coordo").await;
    let (first, kept) = (claire.create("Miremont").await, claire.create("Miremont").await);
    let purposes = [Purpose::ShareNamed, Purpose::CallBack];
    let mut agreed = Vec::new();
    for purpose in purposes {
        agreed.push(claire.consent(first, purpose, true).await);
    }
    claire.share(first, &karim).await;
    claire.save(Set, first, &[("merged_into", kept.to_string().into())], vec![]).await;
    all_agree(&world, &[&claire, &karim, &coordo]).await;
    assert!(sees(&karim, first).await && !sees(&karim, kept).await);
    assert_eq!(coordo.held().await.len(), 2, "called back under both");
    for (purpose, yes) in purposes.into_iter().zip(agreed) {
        let mut fields = consent::fields(purpose, false, GivenBy::Person);
        fields.push((AFTER, yes.to_string().into()));
        claire.hang("consent", kept, &fields).await;
    }
    all_agree(&world, &[&claire, &karim, &coordo]).await;
    assert!(karim.held().await.is_empty() && coordo.held().await.is_empty());
    world.add("dodo", Role::Coordinator).await;
    let dodo = Tablet::sign_in(&world, "dodo").await;
    all_agree(&world, &[&dodo]).await;
    assert!(dodo.held().await.is_empty(), "nor to one who arrives later");
    // They were two persons after all.
    claire.save(Set, first, &[("merged_into", json!(null))], vec![]).await;
    all_agree(&world, &[&claire, &karim, &coordo, &dodo]).await;
    assert!(sees(&karim, first).await && coordo.held().await.len() == 1 && dodo.held().await.len() == 1);
}

/// What a person takes back is heard from whoever she said it to.
#[tokio::test]
async fn a_no_counts_even_from_one_who_sees_her_no_more() {
    let world = World::start().await;
    world.add("lou", Role::Sentinel).await;
    let (claire, karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
    let (lou, coordo) = (Tablet::sign_in(&world, "lou").await, Tablet::sign_in(&world, "coordo").await);
    let person = lou.create("Miremont").await;
    lou.consent(person, Purpose::CallBack, true).await;
    lou.consent(person, Purpose::ShareNamed, true).await;
    lou.share(person, &claire).await;
    // Before anything left, she changes her mind: one push, the hand-over first.
    let no = lou.consent(person, Purpose::CallBack, false).await;
    all_agree(&world, &[&lou, &claire, &coordo]).await;
    assert!(sees(&claire, no).await && coordo.held().await.is_empty());
    assert!(lou.held().await.is_empty() && lou.replica.waiting().await.unwrap().everything_sent());
    // A « oui », or any other thing, is not hers to write; nor is a « non » on somebody she never saw.
    let other = claire.create("Auterive").await;
    claire.consent(other, Purpose::CallBack, true).await;
    all_agree(&world, &[&claire, &coordo]).await;
    let mut hers = world.sign_in("lou").await;
    for (person, answer) in [(person, "yes"), (other, "no")] {
        let fields = json!({ "parent": person, "purpose": "call-back", "answer": answer, "given_by": "person" });
        let operation = hers.write(sync::OperationKind::Create, crate::world::new_record(), "consent", fields);
        let fate = hers.push(&[operation]).await.fates.remove(0).1;
        assert!(matches!(fate, Fate::Quarantined { reason: Quarantine::NoRight, .. }), "{fate:?}");
    }
    all_agree(&world, &[&claire, &coordo, &karim]).await;
    assert_eq!(coordo.held().await.keys().copied().collect::<Vec<_>>(), [other]);
}

#[tokio::test]
async fn two_answers_that_were_given_apart_share_nothing_until_one_is_chosen() {
    let world = World::start().await;
    let (claire, karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
    let person = claire.create("Miremont").await;
    let asked = claire.hang("consent", person, &[("purpose", Purpose::ShareNamed.code().into())]).await;
    claire.share(person, &karim).await;
    all_agree(&world, &[&claire, &karim]).await;
    // The answer is noted on two devices without a network, the « oui » arrives last.
    let phone = Tablet::sign_in(&world, "claire").await;
    assert!(phone.exchange().await);
    claire.save_of("consent", Set, asked, &[("answer", "no".into())], vec![]).await;
    phone.save_of("consent", Set, asked, &[("answer", "yes".into())], vec![]).await;
    all_agree(&world, &[&claire, &phone, &karim]).await;
    let shown = claire.replica.shown(asked).await.unwrap().unwrap();
    assert_eq!((&shown.fields["answer"].value, shown.conflicts.len()), (&json!("yes"), 1));
    assert!(!sees(&karim, person).await, "who knows what she said?");
    let over = shown.conflicts["answer"].values.iter().map(|rival| rival.op_id).collect();
    claire.save_of("consent", Set, asked, &[("answer", "yes".into())], over).await;
    all_agree(&world, &[&claire, &phone, &karim]).await;
    assert!(sees(&karim, person).await);
}

#[tokio::test]
async fn a_sentinel_hands_over_and_sees_it_no_more() {
    let world = World::start().await;
    world.add("lou", Role::Sentinel).await;
    let (claire, lou) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "lou").await);
    let karim = Tablet::sign_in(&world, "karim").await;
    let person = lou.create("Miremont").await;
    let screening = lou.hang("icope-screening", person, &[]).await;
    lou.consent(person, Purpose::ShareNamed, true).await;
    lou.share(person, &claire).await;
    let late = lou.share(person, &karim).await;
    all_agree(&world, &[&lou, &claire, &karim]).await;
    assert!(sees(&claire, person).await && sees(&claire, screening).await);
    assert!(!sees(&karim, person).await && !sees(&karim, late).await, "it was Claire's already");
    assert_eq!((lou.held().await.len(), aside(&lou).await), (0, 1));
    assert_eq!(lou.device.history(screening).await.status, 404);
    // It is hers: she shares and keeps; a withdrawal leaves it with her.
    claire.share(person, &karim).await;
    all_agree(&world, &[&claire, &karim, &lou]).await;
    assert!(sees(&karim, screening).await);
    karim.consent(person, Purpose::ShareNamed, false).await;
    all_agree(&world, &[&karim, &claire, &lou]).await;
    assert!(sees(&claire, screening).await && !sees(&karim, person).await && lou.held().await.is_empty());
}

#[tokio::test]
async fn a_hand_over_that_waited_does_not_go_to_somebody_who_left_meanwhile() {
    let world = World::start().await;
    world.add("lou", Role::Sentinel).await;
    let (claire, lou) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "lou").await);
    let karim = Tablet::sign_in(&world, "karim").await;
    let person = lou.create("Miremont").await;
    lou.share(person, &claire).await;
    all_agree(&world, &[&lou]).await;
    let database = world.database().await;
    let close = "UPDATE account SET disabled_at = 1 WHERE login = 'claire'";
    sqlx::query(close).execute(&database).await.unwrap();
    lou.consent(person, Purpose::ShareNamed, true).await;
    all_agree(&world, &[&lou]).await;
    assert!(sees(&lou, person).await, "nobody would look after her");
    assert!(lou.commune(person).await.is_some());
    let owner: String = sqlx::query_scalar("SELECT owner FROM record WHERE record = ?")
        .bind(person.to_string())
        .fetch_one(&database)
        .await
        .unwrap();
    assert_eq!(owner, lou.device.signed_in.account.id.to_string());
    // She hands over to somebody else.
    lou.share(person, &karim).await;
    all_agree(&world, &[&lou, &karim]).await;
    assert!(sees(&karim, person).await && lou.held().await.is_empty());
    // Claire comes back: the person is looked after, and was never hers.
    sqlx::query("UPDATE account SET disabled_at = NULL WHERE login = 'claire'").execute(&database).await.unwrap();
    all_agree(&world, &[&claire, &karim]).await;
    assert!(claire.held().await.is_empty());
}

/// A share with nobody who could follow her is set aside, and blocks nothing.
#[tokio::test]
async fn a_share_with_nobody_who_follows_people_is_set_aside() {
    let world = World::start().await;
    world.add("lou", Role::Sentinel).await;
    let (claire, lou) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "lou").await);
    let (karim, coordo) = (Tablet::sign_in(&world, "karim").await, Tablet::sign_in(&world, "coordo").await);
    sqlx::query("UPDATE account SET disabled_at = 1 WHERE login = 'karim'")
        .execute(&world.database().await)
        .await
        .unwrap();
    let person = claire.create("Miremont").await;
    claire.consent(person, Purpose::ShareNamed, true).await;
    for with in [&lou, &coordo, &karim] {
        claire.share(person, with).await;
    }
    claire.hang("share", person, &[("account", "personne".into()), ("in_force", "yes".into())]).await;
    claire.set(person, "Venerque").await;
    all_agree(&world, &[&claire, &lou, &coordo]).await;
    assert_eq!((aside(&claire).await, lou.held().await.len() + coordo.held().await.len()), (4, 0));
    let history: History = claire.device.history(person).await.read();
    assert_eq!(history.entries.last().unwrap().fields["commune"], "Venerque");
}

#[tokio::test]
async fn what_is_hung_on_somebody_else_changes_sight() {
    let world = World::start().await;
    let (claire, karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
    let (shared, hers) = (claire.create("Miremont").await, claire.create("Auterive").await);
    let agreed = claire.consent(shared, Purpose::ShareNamed, true).await;
    claire.share(shared, &karim).await;
    let screening = claire.hang("icope-screening", shared, &[]).await;
    all_agree(&world, &[&claire, &karim]).await;
    assert!(sees(&karim, screening).await);
    let moved = async |to: RecordId, kind: &str, record: RecordId| {
        claire.save_of(kind, Set, record, &[("parent", to.to_string().into())], vec![]).await;
        all_agree(&world, &[&claire, &karim]).await;
    };
    moved(hers, "icope-screening", screening).await;
    assert!(!sees(&karim, screening).await && sees(&karim, shared).await);
    moved(shared, "icope-screening", screening).await;
    assert!(sees(&karim, screening).await);
    // The consent was somebody else's: it goes, and what it opened closes.
    moved(hers, "consent", agreed).await;
    assert!(karim.held().await.is_empty());
}

#[tokio::test]
async fn whoever_is_of_the_team_erases_for_everybody() {
    let world = World::start().await;
    let (claire, karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
    let coordo = Tablet::sign_in(&world, "coordo").await;
    let person = claire.create("Miremont").await;
    for purpose in [Purpose::ShareNamed, Purpose::CallBack] {
        claire.consent(person, purpose, true).await;
    }
    claire.share(person, &karim).await;
    all_agree(&world, &[&claire, &karim, &coordo]).await;
    assert_eq!(coordo.held().await.len(), 1);
    claire.set(person, "Planted-Auterive").await;
    karim.save(Erase, person, &[], vec![]).await;
    all_agree(&world, &[&karim, &claire, &coordo]).await;
    for tablet in [&karim, &coordo] {
        assert!(tablet.held().await.is_empty() && tablet.replica.waiting().await.unwrap().everything_sent());
    }
    let sql = "SELECT state FROM record UNION ALL SELECT body || coalesce(conflicts, '') FROM operation";
    let kept: Vec<String> = sqlx::query_scalar(sql).fetch_all(&world.database().await).await.unwrap();
    assert!(kept.iter().all(|row| !row.contains("Miremont") && !row.contains("Planted") && !row.contains("karim")));

    // A share alone may be erased: it gives sight no more.
    let person = claire.create("Miremont").await;
    claire.consent(person, Purpose::ShareNamed, true).await;
    let share = claire.share(person, &karim).await;
    all_agree(&world, &[&claire, &karim]).await;
    assert!(sees(&karim, person).await);
    claire.save_of("share", Erase, share, &[], vec![]).await;
    all_agree(&world, &[&claire, &karim]).await;
    assert!(karim.held().await.is_empty());
}

#[tokio::test]
async fn the_coordination_sees_whom_to_call_back_and_nothing_else() {
    let world = World::start().await;
    let (claire, coordo) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "coordo").await);
    let person = claire.create("Miremont").await;
    claire.save(Set, person, &[("family_name", "Salvan".into()), ("gp_name", "Planted".into())], vec![]).await;
    claire.consent(person, Purpose::CallBack, false).await;
    all_agree(&world, &[&claire, &coordo]).await;
    assert!(coordo.held().await.is_empty());
    let yes = claire.consent(person, Purpose::CallBack, true).await;
    all_agree(&world, &[&claire, &coordo]).await;
    claire.save(Set, person, &[("phone", "0561000001".into()), ("gp_name", "Planted".into())], vec![]).await;
    claire.set(person, "Auterive").await;
    all_agree(&world, &[&claire, &coordo]).await;
    // One who arrives later is told the same.
    world.add("dodo", Role::Coordinator).await;
    let dodo = Tablet::sign_in(&world, "dodo").await;
    all_agree(&world, &[&dodo, &coordo]).await;
    assert_eq!(dodo.held().await, coordo.held().await);
    let held = coordo.held().await;
    let record = held.get(&person).unwrap();
    let names: Vec<_> = record.fields.keys().map(String::as_str).collect();
    assert_eq!((held.len(), names, record.limited), (1, vec!["commune", "family_name", "phone"], true));
    assert_eq!(coordo.device.history(person).await.status, 404);
    assert_eq!(coordo.device.history(yes).await.status, 404);

    // She writes nothing on it, nor hangs anything; were she a professional too.
    sqlx::query("UPDATE account SET roles = '[\"coordinator\",\"professional\"]' WHERE login = 'dodo'")
        .execute(&world.database().await)
        .await
        .unwrap();
    let mut both = world.sign_in("dodo").await;
    let set = both.set(person, json!({ "phone": "0561000002" }));
    let hung =
        both.write(sync::OperationKind::Create, crate::world::new_record(), "consent", json!({ "parent": person }));
    for (_, fate) in both.push(&[set, hung]).await.fates {
        assert!(matches!(fate, Fate::Quarantined { reason: Quarantine::NoRight, .. }), "{fate:?}");
    }
    // She joins the team, and leaves it: more, then less.
    claire.consent(person, Purpose::ShareNamed, true).await;
    let share = claire.share(person, &dodo).await;
    all_agree(&world, &[&claire, &dodo, &coordo]).await;
    let whole = dodo.held().await[&person].clone();
    assert!(!whole.limited && whole.fields["gp_name"].value == "Planted");
    claire.save_of("share", Set, share, &[("in_force", "no".into())], vec![]).await;
    all_agree(&world, &[&claire, &dodo, &coordo]).await;
    assert_eq!(dodo.held().await, coordo.held().await, "less again, on the device too");
    claire.consent(person, Purpose::CallBack, false).await;
    all_agree(&world, &[&claire, &dodo, &coordo]).await;
    assert!(dodo.held().await.is_empty() && coordo.held().await.is_empty());
}

/// A professional who leaves entrusts her people; those they are shared with go on seeing them.
#[tokio::test]
async fn an_account_handed_over_keeps_its_teams() {
    let world = World::start().await;
    world.add("nadia", Role::Professional).await;
    let (claire, karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
    let nadia = Tablet::sign_in(&world, "nadia").await;
    let person = claire.create("Miremont").await;
    claire.consent(person, Purpose::ShareNamed, true).await;
    claire.share(person, &karim).await;
    all_agree(&world, &[&claire, &karim]).await;
    let his = karim.hang("icope-screening", person, &[]).await;
    all_agree(&world, &[&karim, &claire]).await;
    let since = karim.replica.store().cursor().await.unwrap().since;
    assert!(world.hand_over("claire", "nadia").status.success());
    assert!(karim.device.pull(since).await.entered.is_empty(), "nothing changes for him");
    all_agree(&world, &[&claire, &karim, &nadia]).await;
    assert!(sees(&nadia, his).await && sees(&karim, his).await && claire.held().await.is_empty());
    assert!(world.hand_over("nadia", "karim").status.success());
    all_agree(&world, &[&claire, &karim, &nadia]).await;
    assert!(sees(&karim, his).await && nadia.held().await.is_empty());
}

#[tokio::test]
async fn colleagues_are_those_who_follow_people() {
    let world = World::start().await;
    world.add("lou", Role::Sentinel).await;
    world.add("Éva", Role::Professional).await;
    world.add("nadia", Role::Professional).await;
    let database = world.database().await;
    for sql in [
        "UPDATE account SET disabled_at = 1 WHERE login = 'karim'",
        "UPDATE account SET password_hash = '' WHERE login = 'nadia'",
        "UPDATE account SET login = 'Planted' || login WHERE login <> 'claire' AND login <> 'lou'",
    ] {
        sqlx::query(sql).execute(&database).await.unwrap();
    }
    for login in ["claire", "lou"] {
        let reply = world.sign_in(login).await.send("GET", "/api/colleagues", vec![]).await;
        assert!(!reply.text().contains("Planted"), "never a login: {}", reply.text());
        let names: Vec<_> = reply.read::<Colleagues>().colleagues.into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["claire", "Éva"], "those who may come in, by name");
    }
}

/// The count and the sum of nothing, for whoever sees nothing.
#[tokio::test]
async fn nothing_seen_counts_nothing() {
    let world = World::start().await;
    let (claire, karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
    claire.create("Miremont").await;
    assert!(claire.exchange().await);
    let path = "/api/pull?epoch=1&since=0&check=true";
    let page: sync::protocol::Pulled = karim.device.send("GET", path, vec![]).await.read();
    assert_eq!(page.check, Some(Check::default()));
}

/// After a restoration a colleague sends again, in no order, what he wrote under a share that the server has lost: it waits
/// for that share, and for nobody's button.
#[tokio::test]
async fn what_waited_for_a_sight_is_applied_when_it_comes() {
    let world = World::start().await;
    let (claire, karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
    let (mut before, mut lost) = (world.sign_in("karim").await, world.sign_in("karim").await);
    let (person, other) = (claire.create("Miremont").await, claire.create("Auterive").await);
    assert!(claire.exchange().await);
    // An edit, a screening hung on her with its answer, and the edit of somebody he is never shown.
    let edit = before.set(person, json!({ "commune": "Venerque" }));
    let hung = json!({ "parent": person });
    let hung = before.write(sync::OperationKind::Create, crate::world::new_record(), "icope-screening", hung);
    let screening = hung.record_id;
    let answer = before.write(Set, screening, "icope-screening", json!({ "noted_by": "Karim" }));
    let never = before.set(other, json!({ "commune": "Planted" }));
    let sent = [edit, hung, answer, never];
    before.push(&sent).await;
    let revoked = lost.set(person, json!({ "given_name": "Planted" }));
    sqlx::query("UPDATE device SET revoked_at = 1 WHERE device = ?")
        .bind(lost.id.to_string())
        .execute(&world.database().await)
        .await
        .unwrap();
    lost.push(&[revoked]).await;

    // A consent alone gives nothing; the share does.
    claire.consent(person, Purpose::ShareNamed, true).await;
    assert!(claire.exchange().await);
    assert_eq!(claire.commune(person).await, Some("Miremont".into()));
    claire.share(person, &karim).await;
    all_agree(&world, &[&claire, &karim]).await;
    assert_eq!(claire.commune(person).await, Some("Venerque".into()));
    let shown = claire.replica.shown(screening).await.unwrap().unwrap();
    assert_eq!(shown.fields["noted_by"].value, "Karim");
    let fates = before.push(&sent).await.fates;
    let is_aside = |fate: &Fate| matches!(fate, Fate::Quarantined { .. });
    assert_eq!(fates.iter().map(|(_, fate)| is_aside(fate)).collect::<Vec<_>>(), [false, false, false, true]);
    let shown = claire.replica.shown(person).await.unwrap().unwrap();
    assert!(!shown.fields.contains_key("given_name"), "what a revoked device sent waits for a person");
}

#[tokio::test]
async fn a_colleague_takes_nothing_away_from_whose_it_is() {
    let world = World::start().await;
    let (claire, karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
    let person = claire.create("Miremont").await;
    let his = karim.create("Auterive").await;
    claire.consent(person, Purpose::ShareNamed, true).await;
    claire.share(person, &karim).await;
    let screening = claire.hang("icope-screening", person, &[]).await;
    all_agree(&world, &[&claire, &karim]).await;
    karim.save_of("icope-screening", Set, screening, &[("parent", his.to_string().into())], vec![]).await;
    all_agree(&world, &[&karim, &claire]).await;
    assert_eq!(aside(&karim).await, 1);
    assert!(sees(&claire, screening).await);
    // What he began himself, on the wrong person, he may put right.
    let wrong = karim.hang("icope-screening", person, &[]).await;
    all_agree(&world, &[&karim, &claire]).await;
    karim.save_of("icope-screening", Set, wrong, &[("parent", his.to_string().into())], vec![]).await;
    all_agree(&world, &[&karim, &claire]).await;
    assert!(sees(&karim, wrong).await && !sees(&claire, wrong).await);
}

/// The coordination signs people up at a stand, then entrusts them: it keeps whom to call and who follows, no answer.
#[tokio::test]
async fn a_coordinator_who_is_no_caregiver_hands_over_and_keeps_no_answer() {
    let world = World::start().await;
    world.add("marc", Role::Coordinator).await;
    let (sophie, marc) = (Tablet::sign_in(&world, "coordo").await, Tablet::sign_in(&world, "marc").await);
    let (claire, karim) = (Tablet::sign_in(&world, "claire").await, Tablet::sign_in(&world, "karim").await);
    let person = sophie.create("Planted-Miremont").await;
    let (none, refused) = (sophie.create("Auterive").await, sophie.create("Auterive").await);
    let fields = [("quit_on", "2026-11-01".into()), ("cigarettes", 20.into())];
    let challenger = sophie.hang("tabac-challenger", person, &fields).await;
    for id in [person, none, refused] {
        sophie.consent(id, Purpose::CallBack, true).await;
    }
    sophie.consent(person, Purpose::ShareNamed, true).await;
    sophie.consent(refused, Purpose::ShareNamed, false).await;
    all_agree(&world, &[&sophie, &marc, &karim]).await;

    // Another coordinator, who did not open the stand, sees whom to call and where it stands; he pairs who agreed to it.
    let held = marc.held().await;
    let names = |id: RecordId| held[&id].fields.keys().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(names(challenger), ["parent", "quit_on"], "not how much she smokes");
    assert!(held[&challenger].limited && names(person).contains(&"commune"));
    let pair = async |by: &Tablet, id: RecordId, with: &Tablet| {
        let account = &with.device.signed_in.account;
        let pair = [
            ("account", account.id.to_string().into()),
            ("name", account.name.clone().into()),
            ("in_force", "yes".into()),
            ("challenger", challenger.to_string().into()),
        ];
        (by.share(id, with).await, by.hang("tabac-pair", id, &pair).await)
    };
    let (_, paired) = pair(&marc, person, &karim).await;
    for id in [none, refused] {
        marc.share(id, &karim).await;
    }
    // A patient of Claire's whom nobody signed up is called back, and no more: who follows her is not his to read or change.
    let patient = claire.create("Auterive").await;
    for purpose in [Purpose::CallBack, Purpose::ShareNamed] {
        claire.consent(patient, purpose, true).await;
    }
    let shared = claire.share(patient, &karim).await;
    all_agree(&world, &[&claire, &karim, &marc]).await;
    assert!(marc.held().await.contains_key(&patient) && !marc.held().await.contains_key(&shared));
    pair(&marc, patient, &marc).await;
    assert!(marc.exchange().await);
    let refused_here = aside(&marc).await;
    assert_eq!(refused_here, 4, "two shares without her « oui », one with whom nobody signed up, and its pair");
    assert!(sees(&karim, patient).await && !sees(&marc, shared).await);

    // Through what he sees in part he writes nothing else.
    marc.set(person, "Venerque").await;
    marc.save_of("tabac-challenger", Set, challenger, &[("quit_on", "2026-11-02".into())], vec![]).await;
    marc.hang("tabac-move", person, &[("challenger", challenger.to_string().into())]).await;
    marc.consent(person, Purpose::InformGp, true).await;
    assert!(marc.exchange().await);
    assert_eq!(aside(&marc).await, refused_here + 4, "and four writes");
    all_agree(&world, &[&sophie, &karim, &marc]).await;
    assert!(sees(&karim, challenger).await && sees(&karim, paired).await);
    assert!(!sees(&karim, none).await && !sees(&karim, refused).await);

    // What Karim writes from then on is in no byte that the coordination receives.
    karim.hang("tabac-interview", person, &[("cast", 17.into()), ("noted_by", "Planted".into())]).await;
    karim.set(person, "Planted-Cintegabelle").await;
    all_agree(&world, &[&karim, &sophie, &marc]).await;
    for coordinator in [&sophie, &marc] {
        let held = coordinator.held().await;
        assert!(held[&person].limited && held[&challenger].limited && held.contains_key(&paired));
        let hers = held
            .values()
            .filter(|record| record.fields.get("parent").is_some_and(|parent| parent.value == person.to_string()));
        let kinds: BTreeSet<_> = hers.map(|record| record.kind.as_str()).collect();
        assert_eq!(kinds, ["share", "tabac-challenger", "tabac-pair"].into());
        let text = coordinator.device.send("GET", "/api/snapshot", vec![]).await.text();
        assert!(!text.contains("cigarettes") && !text.contains("noted_by") && text.contains("quit_on"));
    }

    // Karim leaves: Marc ends the pair, and makes another.
    let ended = [("in_force", "no".into())];
    marc.save_of("tabac-pair", Set, paired, &ended, vec![]).await;
    pair(&marc, person, &claire).await;
    all_agree(&world, &[&marc, &karim, &claire, &sophie]).await;
    assert_eq!(aside(&marc).await, refused_here + 4);
    assert!(sees(&claire, challenger).await);

    // A new coordinator sees as much; and nothing more once she withdraws from being called.
    world.add("nina", Role::Coordinator).await;
    let nina = Tablet::sign_in(&world, "nina").await;
    all_agree(&world, &[&nina]).await;
    assert!(nina.held().await[&challenger].limited);
    claire.consent(person, Purpose::CallBack, false).await;
    all_agree(&world, &[&claire, &nina, &marc, &sophie]).await;
    for coordinator in [&nina, &marc, &sophie] {
        assert!(!coordinator.held().await.contains_key(&challenger), "not called, not seen");
    }
}
