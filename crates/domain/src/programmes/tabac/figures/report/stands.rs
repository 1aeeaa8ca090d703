//! Where it was done: the stands of an edition, what was counted there, who was signed up.

use super::super::super::challenge::Challenge;
use super::super::{Scene, table, text};
use super::OUTSIDE;
use crate::figures::{Cell, Table, World};
use crate::form::Answers;
use crate::french::full_day;
use crate::id::RecordId;
use crate::order::sort_by_key;
use crate::programme::Noted;
use crate::record::PARENT;

/// The stands of the edition, in the order of their days; with them, those whose edition is not known and where somebody of it
/// was signed up.
pub(super) fn stands_of<'w>(scene: &Scene<'_>, world: &World<'w>) -> Vec<Noted<'w>> {
    let signed_up_at = |stand| scene.challenges().any(|challenge| challenge.sign_up.link("stand") == Some(stand));
    let mut stands = of_kind(scene, world, STAND, |edition, noted| {
        edition == scene.edition || (edition.is_none() && signed_up_at(noted.id))
    });
    sort_by_key(&mut stands, |noted| (Answers(noted.fields).date("on"), noted.id));
    stands
}

/// The records of a kind that has a day, given the edition each belongs to.
fn of_kind<'w>(
    scene: &Scene<'_>,
    world: &World<'w>,
    kind: &str,
    keep: impl Fn(Option<RecordId>, &Noted<'_>) -> bool,
) -> Vec<Noted<'w>> {
    let edition = |noted: &Noted<'_>| {
        let answers = Answers(noted.fields);
        scene.editions.named(&answers, answers.date("on"))
    };
    let kept = |noted: &&Noted<'_>| noted.kind == kind && keep(edition(noted), noted);
    world.records.iter().filter(kept).copied().collect()
}

/// The collective sessions of the edition that were held.
pub(super) fn sessions_of<'w>(scene: &Scene<'_>, world: &World<'w>) -> Vec<Noted<'w>> {
    of_kind(scene, world, "tabac-session", |edition, noted| edition == scene.edition && was_held(noted, world))
}

/// Whether its day is not to come.
pub(super) fn was_held(noted: &Noted<'_>, world: &World<'_>) -> bool {
    Answers(noted.fields).date("on").is_none_or(|on| on <= world.clock.today)
}

/// How many stands name no edition that is here.
pub(super) fn told_nowhere(scene: &Scene<'_>, world: &World<'_>) -> Option<String> {
    let nowhere = of_kind(scene, world, STAND, |edition, _| edition.is_none()).len();
    (nowhere > 0 && scene.edition.is_some()).then(|| format!("Stands sans édition connue\u{a0}: {nowhere}."))
}

const STAND: &str = "tabac-stand";

fn link(noted: &Noted<'_>, name: &str) -> Option<RecordId> {
    Answers(noted.fields).code(name)?.parse().ok()
}

/// What was counted with a thumb, in the order of the columns.
const TALLIES: [&str; 5] = ["met", "co_tests", "kits", "helpline", "minors"];

/// The five tallies of a stand, summed over the devices that counted, then its sign-ups with their tests and their kits. The
/// tallies count everybody met: nothing is added to them.
fn counts(world: &World<'_>, stand: RecordId, signed_up: &[&Challenge<'_>]) -> [i64; 8] {
    let mut counts = [0; 8];
    counts[..5].copy_from_slice(&tallied(world, stand));
    counts[5..].copy_from_slice(&at(signed_up, |named| named == Some(stand)));
    counts
}

/// What was counted at a stand with a thumb.
pub(super) fn tallied(world: &World<'_>, stand: RecordId) -> [i64; 5] {
    let mut counts = [0; 5];
    let tallies = world.records.iter().filter(|noted| noted.kind == "tabac-tally");
    for tally in tallies.filter(|noted| link(noted, PARENT) == Some(stand)) {
        let told = TALLIES.iter().map(|name| Answers(tally.fields).int(name).unwrap_or_default());
        counts.iter_mut().zip(told).for_each(|(sum, told)| *sum += told);
    }
    counts
}

/// Sign-ups, their tests and their kits, of those whose stand is kept.
fn at(signed_up: &[&Challenge<'_>], keep: impl Fn(Option<RecordId>) -> bool) -> [i64; 3] {
    let mut counts = [0; 3];
    for challenge in signed_up.iter().filter(|challenge| keep(challenge.sign_up.link("stand"))) {
        counts[0] += 1;
        counts[1] += i64::from(challenge.sign_up.int("co_ppm").is_some());
        counts[2] += i64::from(challenge.sign_up.is("kit", "yes"));
    }
    counts
}

pub(super) fn stands(scene: &Scene<'_>, world: &World<'_>, signed_up: &[&Challenge<'_>]) -> Table {
    let mut total = [0; 8];
    let mut rows = Vec::new();
    let stands = stands_of(scene, world);
    for stand in &stands {
        let answers = Answers(stand.fields);
        let told = |name| text(answers.code(name).unwrap_or_default());
        let on = answers.date("on").map(full_day).unwrap_or_default();
        let counts = counts(world, stand.id, signed_up);
        total.iter_mut().zip(counts).for_each(|(sum, counted)| *sum += counted);
        let mut row = vec![Cell::Text(on), told("place"), told("commune"), told("structure")];
        row.extend(counts.map(Cell::Count));
        rows.push(row);
    }
    let outside = at(signed_up, |named| !stands.iter().any(|stand| Some(stand.id) == named));
    if outside[0] > 0 {
        total[5..].iter_mut().zip(outside).for_each(|(sum, counted)| *sum += counted);
        let mut row = vec![text(OUTSIDE), text(""), text(""), text("")];
        // Nobody counts with a thumb where there is no stand.
        row.extend([0; 5].map(Cell::Count));
        row.extend(outside.map(Cell::Count));
        rows.push(row);
    }
    let mut last = vec![text("Total"), text(""), text(""), text("")];
    last.extend(total.map(Cell::Count));
    rows.push(last);
    table(
        "stands",
        "Stands",
        "Le comptage porte sur toutes les personnes rencontrées. Les inscriptions, avec leurs tests et leurs kits, sont \
         montrées à côté et ne s’y ajoutent pas.",
        &[
            "Jour",
            "Lieu",
            "Commune",
            "Structure",
            "Rencontrées",
            "Tests de CO",
            "Kits donnés",
            "39\u{a0}89 donné",
            "Moins de 15\u{a0}ans",
            "Inscrites",
            "Tests à l’inscription",
            "Kits à l’inscription",
        ],
        rows,
    )
}
