//! What came of it: the Russell Standard for the whole edition, by stand, by structure, and beside the other editions.

use super::super::super::challenge::{Challenge, Step};
use super::super::super::results::{HORIZONS, Results, results};
use super::super::super::settings::Settings;
use super::super::{Scene, count, hidden, table, text};
use super::done::stands_of;
use crate::figures::{Cell, Table, World};
use crate::form::Answers;
use crate::french::{fold, full_day};
use crate::order::sort_by_key;
use crate::programme::Noted;

pub(super) const STAND: &str = "tabac-stand";

pub(super) fn tables(scene: &Scene<'_>, world: &World<'_>) -> Vec<Table> {
    let signed_up = scene.signed_up();
    vec![
        whole(scene, world, &signed_up),
        by_stand(scene, world, &signed_up),
        by_structure(scene, world, &signed_up),
        editions(scene, world),
    ]
}

fn horizons(settings: &Settings<'_>) -> impl Iterator<Item = Step> + use<> {
    let m12 = settings.m12;
    HORIZONS.into_iter().filter(move |step| m12 || *step != Step::M12)
}

/// The three lines, that are always told together.
fn lines(results: &Results, hidden: bool) -> [Cell; 4] {
    let part = |number| if hidden { Cell::Hidden } else { Cell::part(number, results.of) };
    [Cell::Count(results.of.into()), part(results.declared), part(results.validated), part(results.answered)]
}

const LINES: [&str; 4] = ["Dates d’arrêt", "Déclaré sans fumer", "Validé par le CO", "Ont répondu"];

fn head(first: &[&'static str]) -> Vec<&'static str> {
    [first, &LINES].concat()
}

fn whole(scene: &Scene<'_>, world: &World<'_>, signed_up: &[&Challenge<'_>]) -> Table {
    let row = |horizon: Step| {
        let of = results(signed_up.iter().copied(), scene.settings(), horizon, world.clock.today);
        let beside = [of.not_yet, of.undated, of.dead, of.untraceable].map(|number| Cell::Count(number.into()));
        let mut row = vec![text(horizon.label())];
        row.extend(lines(&of, false));
        row.push(Cell::part(of.seven_days, of.of));
        row.extend(beside);
        row
    };
    let mut head = head(&["Échéance"]);
    head.extend(["Sans fumer depuis 7\u{a0}jours", "Pas encore échus", "Sans date", "Décès", "Injoignables partis"]);
    table(
        "results",
        "Résultats",
        "Déclaré\u{a0}: a répondu, cinq cigarettes au plus depuis la date d’arrêt. Validé\u{a0}: de plus, moins de 10\u{a0}ppm \
         de CO. Ne comptent pas\u{a0}: les décès, les personnes parties sans laisser ni numéro ni adresse, et, tant qu’elle \
         dure, la période de l’appel.",
        &head,
        horizons(scene.settings()).map(row).collect(),
    )
}

/// Some challengers under the cells that name them.
type Group<'g> = (Vec<Cell>, Vec<&'g Challenge<'g>>, &'g Settings<'g>);

/// A line for each horizon of each group; a horizon is a table of its own for what is hidden.
fn rows(groups: &[Group<'_>], world: &World<'_>) -> Vec<Vec<Cell>> {
    let mut rows: Vec<(usize, Step, Vec<Cell>)> = Vec::new();
    for horizon in HORIZONS {
        let of =
            |(_, group, settings): &Group<'_>| results(group.iter().copied(), settings, horizon, world.clock.today);
        let told: Vec<Results> = groups.iter().map(of).collect();
        let hidden = hidden(&told.iter().map(|results| results.of as usize).collect::<Vec<_>>());
        for (rank, ((name, group, settings), (results, hidden))) in
            groups.iter().zip(told.iter().zip(hidden)).enumerate()
        {
            if !horizons(settings).any(|step| step == horizon) {
                continue;
            }
            let mut row = name.clone();
            row.extend([count(group.len()), text(horizon.label())]);
            row.extend(lines(results, hidden));
            rows.push((rank, horizon, row));
        }
    }
    sort_by_key(&mut rows, |(rank, horizon, _)| (*rank, *horizon));
    rows.into_iter().map(|(.., row)| row).collect()
}

fn by_stand(scene: &Scene<'_>, world: &World<'_>, signed_up: &[&Challenge<'_>]) -> Table {
    let stands = stands_of(scene, world);
    let group = |stand: &Noted<'_>| {
        let at = |challenge: &&&Challenge<'_>| challenge.sign_up.link("stand") == Some(stand.id);
        let answers = Answers(stand.fields);
        let on = answers.date("on").map(full_day).unwrap_or_default();
        let name = vec![text(answers.code("place").unwrap_or_default()), Cell::Text(on)];
        (name, signed_up.iter().filter(at).copied().collect(), scene.settings())
    };
    let groups: Vec<Group<'_>> = stands.iter().map(group).collect();
    let head = head(&["Lieu", "Jour", "Inscriptions", "Échéance"]);
    table("by-stand", "Résultats par stand", HIDDEN, &head, rows(&groups, world))
}

const HIDDEN: &str = "Quand une seule ligne serait cachée, la plus petite des autres l’est aussi.";

/// The structure that signed her up: what the sign-up says, else who held the stand; empty when nobody said it.
fn structure<'c>(challenge: &Challenge<'c>, stands: &[Noted<'c>]) -> &'c str {
    let held_by = || {
        let stand = challenge.sign_up.link("stand")?;
        Answers(stands.iter().find(|noted| noted.id == stand)?.fields).code("structure")
    };
    challenge.sign_up.code("structure").or_else(held_by).unwrap_or_default()
}

fn by_structure(scene: &Scene<'_>, world: &World<'_>, signed_up: &[&Challenge<'_>]) -> Table {
    let stands = stands_of(scene, world);
    let mut named: Vec<(String, &str, &Challenge<'_>)> = Vec::new();
    for challenge in signed_up {
        let name = structure(challenge, &stands);
        named.push((fold(name), name.trim(), challenge));
    }
    sort_by_key(&mut named, |(folded, ..)| folded.clone());
    let mut groups: Vec<Group<'_>> = Vec::new();
    for group in named.chunk_by(|a, b| a.0 == b.0) {
        let name = if group[0].0.is_empty() { "Non précisée" } else { group[0].1 };
        groups.push((vec![text(name)], group.iter().map(|(.., challenge)| *challenge).collect(), scene.settings()));
    }
    let head = head(&["Structure", "Inscriptions", "Échéance"]);
    table("by-structure", "Résultats par structure", HIDDEN, &head, rows(&groups, world))
}

fn editions(scene: &Scene<'_>, world: &World<'_>) -> Table {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (id, settings) in &scene.editions.known {
        let of = |challenge: &&Challenge<'_>| challenge.finished && challenge.edition == Some(*id);
        groups.push((vec![text(&settings.year.to_string())], scene.all.iter().filter(of).collect(), settings));
    }
    let head = head(&["Édition", "Inscriptions", "Échéance"]);
    table("editions", "D’une édition à l’autre", HIDDEN, &head, rows(&groups, world))
}
