//! What a programme noted goes after its own time: with the person when there is nothing else of her, alone when she is
//! followed otherwise.

use domain::id::RecordId;
use serde_json::{Value, json};
use sync::OperationKind::Set;
use sync::protocol::{Fate, Quarantine};

use super::*;

/// When she signed up, when her edition ends, when what it kept of her goes.
const SIGNED_UP: &str = "2026-10-20";
const OVER: &str = "2028-11-30";

/// Years in which there is an edition of 2026.
struct Novembers {
    years: Years,
    claire: Device,
    edition: RecordId,
}

fn tabac() -> Rule {
    Rule::of("tabac").unwrap()
}

impl Novembers {
    async fn start() -> Self {
        let years = Years::start().await;
        let claire = years.world.sign_in("claire").await;
        let mut all = Self { years, claire, edition: new_record() };
        all.edition = all.edition_of(2026).await;
        all
    }

    async fn edition_of(&self, year: i32) -> RecordId {
        let mut coordo = self.years.world.sign_in("coordo").await;
        let fields = json!({ "year": year, "ends": format!("{year}-11-30") });
        let create = coordo.write(Create, new_record(), "tabac-edition", fields);
        coordo.push(std::slice::from_ref(&create)).await;
        create.record_id
    }

    /// Something that hangs on a person, received on a day.
    async fn hang(&mut self, kind: &str, person: RecordId, on: &str, more: Value) -> RecordId {
        let mut fields = json!({ "parent": person });
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let create = self.claire.write(Create, new_record(), kind, fields);
        self.claire.push(std::slice::from_ref(&create)).await;
        self.years.received(create.record_id, date(on)).await;
        create.record_id
    }

    /// Somebody who signed up, with her sign-up.
    async fn challenger(&mut self) -> (RecordId, RecordId) {
        let id = person(&self.years, &mut self.claire).await;
        self.years.received(id, date(SIGNED_UP)).await;
        // Finished: nobody changes its date, and it is erased all the same.
        let sign_up = json!({ "edition": self.edition, "quit_on": "2026-11-01", "finished_at": 5 });
        (id, self.hang("tabac-challenger", id, SIGNED_UP, sign_up).await)
    }

    async fn confirm(&self) {
        self.years.confirm(tabac(), 24, date(SIGNED_UP)).await;
    }

    /// People erased with all that was theirs, and people of whom only the challenge is.
    async fn purge(&self, on: &str) -> (usize, usize) {
        let purged = self.years.purge(date(on)).await;
        assert_eq!(purged.failed, 0);
        (purged.people, purged.parts)
    }

    async fn all_erased(&self, records: &[RecordId]) -> Vec<bool> {
        let mut erased = Vec::new();
        for id in records {
            erased.push(self.years.erased(*id).await);
        }
        erased
    }
}

#[tokio::test]
async fn a_challenger_goes_two_years_after_her_edition_and_not_the_day_before() {
    let mut all = Novembers::start().await;
    let (id, sign_up) = all.challenger().await;
    let call = json!({ "challenger": sign_up, "note": "Planted-note" });
    let call = all.hang("tabac-call", id, "2027-05-28", call).await;
    let consent = all.hang("consent", id, SIGNED_UP, json!({ "purpose": "call-back", "answer": "yes" })).await;
    assert_eq!(all.purge("2099-01-01").await, (0, 0), "whatever the day, nobody confirmed it");
    assert_eq!(all.years.counts(tabac(), date("2028-11-29")).await, [0, 1, 1], "the preview says what it would be");
    all.years.confirm(tabac(), 24, date("2028-11-15")).await;
    assert_eq!(all.purge("2028-12-14").await, (0, 0), "the notice is not over");
    all.confirm().await;
    assert_eq!(all.purge("2028-11-29").await, (0, 0));
    assert_eq!(all.purge(OVER).await, (1, 0));
    assert_eq!(all.all_erased(&[id, sign_up, call, consent]).await, [true; 4]);
    assert!(!all.years.erased(all.edition).await, "what belongs to the territory stays");
    assert!(!all.years.kept().await.contains("Planted"));
    assert_eq!(all.purge("2029-01-01").await, (0, 0), "once");
}

#[tokio::test]
async fn who_is_followed_otherwise_loses_the_challenge_and_nothing_else() {
    let mut all = Novembers::start().await;
    let (id, sign_up) = all.challenger().await;
    // A draft of another programme is enough.
    let screening = all.hang("icope-screening", id, SIGNED_UP, json!({ "noted_by": "Kept-screening" })).await;
    let consent = all.hang("consent", id, SIGNED_UP, json!({ "purpose": "call-back", "answer": "yes" })).await;
    let mut hers = vec![sign_up];
    for (kind, on) in [("tabac-interview", "2026-10-25"), ("tabac-call", "2026-12-20"), ("tabac-call", "2027-05-28")] {
        let fields = json!({ "challenger": sign_up, "noted_by": "Planted-name" });
        hers.push(all.hang(kind, id, on, fields).await);
    }
    let (other, _) = all.challenger().await;
    all.hang("icope-screening", other, SIGNED_UP, json!({})).await;
    let newer = all.edition_of(2027).await;
    let again = all.hang("tabac-challenger", other, "2027-10-02", json!({ "edition": newer })).await;
    let tablet = Tablet::sign_in(&all.years.world, "claire").await;
    let coordination = Tablet::sign_in(&all.years.world, "coordo").await;
    assert!(tablet.exchange().await && coordination.exchange().await);
    assert!(coordination.held().await.contains_key(&sign_up), "she agreed to be called back");
    let counted = async |all: &Novembers| {
        let programme = domain::programmes::programme("tabac").unwrap();
        let counted = all.years.store.counted(all.years.admin.territory, programme).await.unwrap();
        counted.records.iter().filter(|(id, ..)| hers.contains(id)).count()
    };
    assert_eq!(counted(&all).await, 4);

    all.confirm().await;
    assert_eq!(all.purge("2028-11-29").await, (0, 0));
    assert_eq!(all.purge(OVER).await, (0, 1));
    assert_eq!(all.all_erased(&hers).await, [true; 4]);
    assert_eq!(all.all_erased(&[id, screening, consent, other, again]).await, [false; 5], "and nobody else");
    let kept = all.years.kept().await;
    assert!(!kept.contains("Planted-name") && kept.contains("Kept-screening") && kept.contains("Planted-Salvan"));
    assert_eq!(counted(&all).await, 0, "figures count it no more");
    let listed = std::fs::read_to_string(all.years.world.folder.path().join("erased.txt")).unwrap();
    assert!(hers.iter().all(|id| listed.contains(&id.to_string())), "a restoration erases it again");
    assert!(!listed.contains(&id.to_string()) && !listed.contains(&screening.to_string()));
    // Her device loses it and keeps the rest.
    assert!(tablet.exchange().await && coordination.exchange().await);
    let seen = coordination.held().await;
    assert!(hers.iter().all(|id| seen.get(id).is_none_or(|record| record.fields.is_empty())));
    let held = tablet.held().await;
    assert!(held[&screening].fields["noted_by"].value == "Kept-screening" && !held[&id].fields.is_empty());
    assert!(hers.iter().all(|id| held.get(id).is_none_or(|record| record.is_erased() && record.fields.is_empty())));
    // The journal names what went, never her.
    let admin = all.years.world.sign_in("admin").await;
    let audit: Audit = admin.send("GET", "/api/audit", vec![]).await.read();
    let gone: Vec<_> = audit.entries.iter().filter(|entry| entry.detail.as_deref() == Some("retention")).collect();
    assert_eq!(gone.len(), 4);
    assert!(gone.iter().all(|entry| entry.record.is_some_and(|id| hers.contains(&id))));
    assert_eq!(all.purge("2028-12-01").await, (0, 0), "once");
    assert_eq!(all.purge("2029-11-30").await, (0, 1), "the other, after her newer edition");

    // Her last contact is still that last call, which is erased.
    all.years.confirm(Rule::Person, 60, date(SIGNED_UP)).await;
    assert_eq!(all.purge("2032-05-27").await, (0, 0));
    assert_eq!(all.purge("2032-05-28").await, (1, 0));
    assert!(all.years.erased(id).await);
    assert_eq!(all.purge("2032-10-01").await, (0, 0));
    assert_eq!(all.purge("2032-10-02").await, (1, 0), "the other, from her newer sign-up");
}

/// Of a notebook that was away longer than it is waited for.
#[tokio::test]
async fn a_call_that_comes_late_is_kept_as_long_as_its_year_says() {
    let mut all = Novembers::start().await;
    let (id, sign_up) = all.challenger().await;
    all.hang("icope-screening", id, SIGNED_UP, json!({})).await;
    all.confirm().await;
    assert_eq!(all.purge(OVER).await, (0, 1));
    let call = all.hang("tabac-call", id, "2029-03-20", json!({ "challenger": sign_up })).await;
    assert!(!all.years.erased(call).await);
    assert_eq!(all.purge("2031-11-29").await, (0, 0));
    assert_eq!(all.purge("2031-11-30").await, (0, 1));
    assert_eq!(all.all_erased(&[id, call]).await, [false, true]);
}

#[tokio::test]
async fn what_stops_midway_leaves_a_challenge_whole() {
    let mut all = Novembers::start().await;
    let (id, sign_up) = all.challenger().await;
    all.hang("icope-screening", id, SIGNED_UP, json!({})).await;
    let call = json!({ "challenger": sign_up, "noted_by": "Planted-name" });
    let call = all.hang("tabac-call", id, "2026-12-20", call).await;
    all.confirm().await;
    let database = all.years.world.database().await;
    let stop = format!(
        "CREATE TRIGGER stop BEFORE UPDATE ON record WHEN NEW.record = '{call}' BEGIN SELECT RAISE(ABORT, 'cut'); END"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(stop)).execute(&database).await.unwrap();
    let purged = all.years.purge(date(OVER)).await;
    assert_eq!((purged.parts, purged.failed), (0, 1));
    assert_eq!(all.all_erased(&[sign_up, call]).await, [false; 2]);
    sqlx::query("DROP TRIGGER stop").execute(&database).await.unwrap();
    assert_eq!(all.purge("2028-12-01").await, (0, 1));
    assert!(!all.years.kept().await.contains("Planted-name"));
}

#[tokio::test]
async fn nobody_goes_who_may_be_in_a_newer_challenge() {
    let mut all = Novembers::start().await;
    let newer = all.edition_of(2027).await;
    let mut people = Vec::new();
    for _ in 0..5 {
        people.push(all.challenger().await.0);
    }
    let [draft, merged, aside, unknown, deleted] = people[..] else { panic!("five") };
    let of_newer = json!({ "edition": newer });
    all.hang("tabac-challenger", draft, "2027-09-20", of_newer.clone()).await;
    // The same person, noted twice.
    let (twice, _) = all.challenger().await;
    all.hang("tabac-challenger", twice, "2027-09-20", of_newer.clone()).await;
    let same = all.claire.set(twice, json!({ "merged_into": merged }));
    all.claire.push(&[same]).await;
    // A form this server does not know yet.
    let refused = all.hang("tabac-challenger", aside, "2027-09-20", json!({ "teleported": "1" })).await;
    let begun = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM record WHERE record = ?").bind(refused.to_string());
    assert_eq!(begun.fetch_one(&all.years.world.database().await).await.unwrap(), 0, "it could not begin");
    // An edition that never came, in its year.
    let year = all.hang("tabac-challenger", unknown, "2028-02-20", json!({})).await;
    // Deleted, it may be restored.
    let gone = all.hang("tabac-challenger", deleted, "2027-09-20", of_newer).await;
    let delete = all.claire.write(sync::OperationKind::Delete, gone, "tabac-challenger", json!({ "deleted": true }));
    all.claire.push(&[delete]).await;

    all.confirm().await;
    assert_eq!(all.purge("2029-11-29").await, (0, 0));
    assert_eq!(all.purge("2029-11-30").await, (3, 0));
    assert_eq!(all.all_erased(&people).await, [true, true, false, false, true]);
    assert!(all.years.erased(twice).await, "under all her names");
    assert_eq!(all.purge("2030-11-29").await, (0, 0));
    assert_eq!(all.purge("2030-11-30").await, (1, 0), "30 November of its year");
    assert!(all.years.erased(year).await);
    assert_eq!(all.purge("2060-01-01").await, (0, 0), "of what is set aside nobody knows the end");
    all.years.confirm(Rule::Person, 60, date(SIGNED_UP)).await;
    assert_eq!(all.purge("2060-01-01").await, (1, 0), "but her last contact");
}

#[tokio::test]
async fn what_is_set_aside_for_good_keeps_nobody() {
    let mut all = Novembers::start().await;
    let id = person(&all.years, &mut all.claire).await;
    let finished = json!({ "parent": id, "edition": all.edition, "quit_on": "2026-11-01", "finished_at": 5 });
    let sign_up = all.claire.write(Create, new_record(), "tabac-challenger", finished);
    let mut other = all.claire.write(Set, sign_up.record_id, "tabac-challenger", json!({ "quit_on": "2026-11-20" }));
    other.fields.get_mut("quit_on").unwrap().base = Some(sign_up.op_id);
    let pushed = all.claire.push(&[sign_up.clone(), other]).await;
    assert!(matches!(pushed.fates[1].1, Fate::Quarantined { reason: Quarantine::Settled, .. }));
    for record in [id, sign_up.record_id] {
        all.years.received(record, date(SIGNED_UP)).await;
    }
    all.confirm().await;
    assert_eq!(all.purge(OVER).await, (1, 0));
}

#[tokio::test]
async fn a_screening_that_a_device_still_holds_is_waited_for() {
    let mut all = Novembers::start().await;
    let (id, sign_up) = all.challenger().await;
    all.confirm().await;
    let over = date(OVER);
    all.years.seen(None, later(over, 90)).await;
    let away = all.claire.id;
    let sql = "UPDATE device SET seen_at = ? WHERE device = ?";
    let before = noon(over.pred_opt().unwrap()).0;
    sqlx::query(sql).bind(before).bind(away.to_string()).execute(&all.years.world.database().await).await.unwrap();
    let unseen = async |all: &Novembers, days| {
        let purged = all.years.purge_unseen(later(over, days)).await;
        (purged.people, purged.parts)
    };
    assert_eq!(unseen(&all, 0).await, (0, 0));
    assert_eq!(unseen(&all, 89).await, (0, 0));
    // It comes back with one: she keeps her record.
    let screening = all.hang("icope-screening", id, "2028-11-29", json!({})).await;
    all.years.seen(Some(away), later(over, 89)).await;
    assert_eq!(unseen(&all, 89).await, (0, 1));
    assert_eq!(all.all_erased(&[id, screening, sign_up]).await, [false, false, true]);
}

#[tokio::test]
async fn what_goes_is_told_to_who_follows_her_and_set_with_its_own_words() {
    let mut all = Novembers::start().await;
    let year = chrono::Datelike::year(&today()) - 2;
    let ended = today() - chrono::Months::new(24) + Days::new(20);
    let mut coordo = all.years.world.sign_in("coordo").await;
    let create =
        coordo.write(Create, new_record(), "tabac-edition", json!({ "year": year, "ends": domain::Day(ended) }));
    coordo.push(std::slice::from_ref(&create)).await;
    all.edition = create.record_id;
    let ((alone, first), (followed, second)) = (all.challenger().await, all.challenger().await);
    let screening = all.hang("icope-screening", followed, SIGNED_UP, json!({})).await;
    let long_ago = ended - Days::new(30);
    for id in [alone, first, followed, second, screening] {
        all.years.received(id, long_ago).await;
    }
    let read = async |device: &Device| device.send("GET", "/api/retention", vec![]).await.read::<Panel>();
    assert_eq!(read(&all.claire).await, Panel::default(), "nobody confirmed it");

    let admin = all.years.world.sign_in("admin").await;
    let text = admin.send("GET", "/api/territory", vec![]).await.text();
    assert!(
        text.contains("Défis sans tabac") && text.contains("dans 30\u{a0}jours, 2\u{a0}personnes concernées"),
        "{text}"
    );
    asked(&admin, "confirm/tabac", "11").await.refused(400);
    let panel: Panel = asked(&admin, "confirm/tabac", "24").await.read();
    assert!(panel.said.starts_with("La durée de 2\u{a0}ans est confirmée."), "{}", panel.said);

    let panel = read(&all.claire).await;
    assert!(panel.second.starts_with("1\u{a0}fiche sera effacée, et 1 en partie, d’ici le "), "{}", panel.second);
    let lines: Vec<_> = panel.parts.iter().flat_map(|part| &part.lines).collect();
    let of = |id| lines.iter().find(|line| line.record == Some(id)).expect("a line").text.clone();
    assert!(of(followed).ends_with("la fiche et le reste sont gardés") && !of(alone).contains("gardés"));
    let karim = all.years.world.sign_in("karim").await;
    for other in [&karim, &coordo] {
        assert_eq!(read(other).await, Panel::default());
    }
    // Whom the coordination signed up and entrusted to nobody yet.
    std::mem::swap(&mut all.claire, &mut coordo);
    let (own, sign_up) = all.challenger().await;
    std::mem::swap(&mut all.claire, &mut coordo);
    all.years.received(own, long_ago).await;
    all.years.received(sign_up, long_ago).await;
    let told = read(&coordo).await;
    let told: Vec<_> = told.parts.iter().flat_map(|part| &part.lines).map(|line| line.record).collect();
    assert_eq!(told, [Some(own)]);
    assert!(!all.claire.send("GET", "/api/retention", vec![]).await.text().contains("Planted"));

    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cardabelle"));
    command.args(["retention", "--preview", "--data"]).arg(all.years.world.folder.path());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let preview = String::from_utf8(output.stdout).unwrap().replace('\u{a0}', " ");
    assert!(preview.contains("Défis sans tabac : 24 mois, confirmée par admin, "), "{preview}");
    assert!(preview.contains("0 aujourd’hui, 3 dans 30 jours, 3 dans un an. Les résultats d’une édition"), "{preview}");
}
