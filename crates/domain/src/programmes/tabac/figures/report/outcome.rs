//! What came of it: the Russell Standard for the whole edition, by stand, by structure, and beside the other editions.

use super::super::super::challenge::{Challenge, Step};
use super::super::super::results::{HORIZONS, Results, Verdict, results, verdict};
use super::super::super::settings::Settings;
use super::super::{Scene, count, hidden, table, text};
use super::stands::stands_of;
use crate::figures::{Cell, Table, World};
use crate::form::Answers;
use crate::french::{fold, full_day};
use crate::order::sort_by_key;
use crate::programme::Noted;

pub(super) fn tables(scene: &Scene<'_>, world: &World<'_>) -> Vec<Table> {
    let people = scene.signed_up();
    let stands = stands_of(scene, world);
    let parts = [by_stand(&stands, &people), by_structure(&stands, &people)];
    let [of_stands, of_structures] = rows(&parts, scene, world, &people);
    let stand = head(&["Lieu", "Jour", "Inscriptions", "Échéance"]);
    let structure = head(&["Structure", "Inscriptions", "Échéance"]);
    vec![
        whole(scene, world, &people),
        table("by-stand", "Résultats par stand", NO_SUBTRACTION, &stand, of_stands),
        table("by-structure", "Résultats par structure", NO_SUBTRACTION, &structure, of_structures),
        editions(scene, world),
    ]
}

const NO_SUBTRACTION: &str = "Quand une ligne n’est pas affichée, d’autres ne le sont pas non plus\u{a0}: aucune soustraction, dans ce tableau ou entre \
     deux tableaux, ne donne une part de moins de 11\u{a0}personnes.";

pub(super) fn horizons(settings: &Settings<'_>) -> impl Iterator<Item = Step> + use<> {
    let m12 = settings.m12;
    HORIZONS.into_iter().filter(move |step| m12 || *step != Step::M12)
}

/// The three lines, that are always told together.
pub(super) fn lines(results: &Results, hidden: bool) -> [Cell; 4] {
    let part = |number| if hidden { Cell::Hidden } else { Cell::part(number, results.of) };
    [Cell::Count(results.of.into()), part(results.declared), part(results.validated), part(results.answered)]
}

const LINES: [&str; 4] = ["Dates d’arrêt", "Déclaré sans fumer", "Validé par le CO", "Ont répondu"];

fn head(first: &[&'static str]) -> Vec<&'static str> {
    [first, &LINES].concat()
}

fn whole(scene: &Scene<'_>, world: &World<'_>, people: &[&Challenge<'_>]) -> Table {
    let row = |horizon: Step| {
        let of = results(people.iter().copied(), scene.settings(), horizon, world.clock.today);
        let beside = [of.not_yet, of.undated, of.dead, of.untraceable].map(|number| Cell::Count(number.into()));
        let mut row = vec![text(horizon.label())];
        row.extend(lines(&of, false));
        row.push(Cell::part(of.seven_days, of.of));
        row.extend(beside);
        row
    };
    let mut head = head(&["Échéance"]);
    head.extend(["Sans fumer depuis 7\u{a0}jours", "Pas encore échus", "Sans date", "Décès", "Partis sans adresse"]);
    table(
        "results",
        "Résultats",
        "Déclaré\u{a0}: a répondu, cinq cigarettes au plus depuis la date d’arrêt, aucun autre tabac que l’édition compte. \
         Validé\u{a0}: de plus, moins de 10\u{a0}ppm de CO. Ne comptent pas\u{a0}: les décès, les personnes parties sans \
         laisser ni numéro ni adresse, et, tant qu’elle dure, la période de l’appel.",
        &head,
        horizons(scene.settings()).map(row).collect(),
    )
}

/// The people of the edition, each in one line.
struct Parts {
    /// The first cells of each line.
    names: Vec<Vec<Cell>>,
    /// The line of each of them.
    line: Vec<usize>,
}

/// A line for each horizon of each part of each table. What is hidden in one is not had from the other.
fn rows(parts: &[Parts; 2], scene: &Scene<'_>, world: &World<'_>, people: &[&Challenge<'_>]) -> [Vec<Vec<Cell>>; 2] {
    let (settings, today) = (scene.settings(), world.clock.today);
    let hidden_at = |horizon: Step| {
        let counts = |rank: &usize| matches!(verdict(people[*rank], settings, horizon, today), Verdict::Counted { .. });
        let at = |rank: usize| parts.each_ref().map(|parts| parts.line[rank]);
        let counted: Vec<[usize; 2]> = (0..people.len()).filter(counts).map(at).collect();
        hidden::in_tables(&counted, parts.each_ref().map(|parts| parts.names.len()))
    };
    let horizons: Vec<_> = horizons(settings).map(|horizon| (horizon, hidden_at(horizon))).collect();
    std::array::from_fn(|table| {
        let Parts { names, line } = &parts[table];
        let mut rows = Vec::new();
        for (rank, name) in names.iter().enumerate() {
            let of_line = people.iter().zip(line).filter(|(_, line)| **line == rank).map(|(one, _)| *one);
            let group: Vec<&Challenge<'_>> = of_line.collect();
            for (horizon, hidden) in &horizons {
                let results = results(group.iter().copied(), settings, *horizon, today);
                rows.push(row(name, group.len(), *horizon, lines(&results, hidden[table][rank])));
            }
        }
        rows
    })
}

fn row(name: &[Cell], signed_up: usize, horizon: Step, lines: [Cell; 4]) -> Vec<Cell> {
    let mut row = name.to_vec();
    row.extend([count(signed_up), text(horizon.label())]);
    row.extend(lines);
    row
}

/// Each stand, then whoever was signed up at none of them.
fn by_stand(stands: &[Noted<'_>], people: &[&Challenge<'_>]) -> Parts {
    let name = |stand: &Noted<'_>| {
        let answers = Answers(stand.fields);
        let on = answers.date("on").map(full_day).unwrap_or_default();
        vec![text(answers.code("place").unwrap_or_default()), Cell::Text(on)]
    };
    let mut names: Vec<Vec<Cell>> = stands.iter().map(name).collect();
    let rank = |challenge: &&Challenge<'_>| {
        let stand = challenge.sign_up.link("stand");
        stands.iter().position(|noted| Some(noted.id) == stand).unwrap_or(stands.len())
    };
    let line: Vec<usize> = people.iter().map(rank).collect();
    if line.contains(&stands.len()) {
        names.push(vec![text(super::OUTSIDE), text("")]);
    }
    Parts { names, line }
}

/// The structure that signed her up: what the sign-up says, else who held the stand; empty when nobody said it.
fn structure<'c>(challenge: &Challenge<'c>, stands: &[Noted<'c>]) -> &'c str {
    let held_by = || {
        let stand = challenge.sign_up.link("stand")?;
        Answers(stands.iter().find(|noted| noted.id == stand)?.fields).code("structure")
    };
    challenge.sign_up.code("structure").or_else(held_by).unwrap_or_default().trim()
}

/// Each structure, one whatever its case, in the order of their names; nobody's first.
fn by_structure(stands: &[Noted<'_>], people: &[&Challenge<'_>]) -> Parts {
    let told: Vec<(String, &str)> =
        people.iter().map(|one| structure(one, stands)).map(|name| (fold(name), name)).collect();
    let mut named = told.clone();
    sort_by_key(&mut named, |(folded, _)| folded.clone());
    named.dedup_by(|next, kept| next.0 == kept.0);
    let line = told.iter().map(|(folded, _)| named.iter().position(|(known, _)| known == folded).unwrap_or_default());
    let line = line.collect();
    let name = |(folded, name): &(String, &str)| vec![text(if folded.is_empty() { "Non précisée" } else { name })];
    Parts { names: named.iter().map(name).collect(), line }
}

/// Editions part nobody: each stands for itself.
fn editions(scene: &Scene<'_>, world: &World<'_>) -> Table {
    let mut rows = Vec::new();
    for (id, settings) in &scene.editions.known {
        let of = |challenge: &&Challenge<'_>| challenge.finished && challenge.edition == Some(*id);
        let group: Vec<&Challenge<'_>> = scene.all.iter().filter(of).collect();
        for horizon in horizons(settings) {
            let results = results(group.iter().copied(), settings, horizon, world.clock.today);
            rows.push(row(&[text(&settings.year.to_string())], group.len(), horizon, lines(&results, false)));
        }
    }
    table("editions", "D’une édition à l’autre", "", &head(&["Édition", "Inscriptions", "Échéance"]), rows)
}
