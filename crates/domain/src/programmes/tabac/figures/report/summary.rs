//! What a call for projects asks, on one page: where, how many met, tested, signed up, followed, referred, abstinent.

use super::super::super::challenge::Challenge;
use super::super::super::results::results;
use super::super::{Scene, count, part, table, text};
use super::done::is_followed;
use super::outcome::{horizons, lines};
use super::referrals::is_referred;
use super::stands::{sessions_of, stands_of, tallied, was_held};
use crate::figures::{Cell, Table, World};
use crate::form::Answers;
use crate::french::{fold, full_day};
use crate::order::sort_by_key;

pub(super) fn summary(scene: &Scene<'_>, world: &World<'_>) -> Table {
    let people = scene.signed_up();
    let mut stands = stands_of(scene, world);
    stands.retain(|stand| was_held(stand, world));
    let mut met = [0; 5];
    for stand in &stands {
        met.iter_mut().zip(tallied(world, stand.id)).for_each(|(sum, counted)| *sum += counted);
    }
    let told: Vec<Answers<'_>> = stands.iter().map(|stand| Answers(stand.fields)).collect();
    let mut communes: Vec<&str> = told.iter().filter_map(|stand| stand.code("commune")).map(str::trim).collect();
    sort_by_key(&mut communes, |commune| fold(commune));
    communes.dedup_by_key(|commune| fold(commune));
    let communes = if communes.is_empty() { "aucune".to_owned() } else { communes.join(", ") };
    let days = || told.iter().filter_map(|stand| stand.date("on"));
    let days = match (days().min(), days().max()) {
        (Some(first), Some(last)) if first < last => format!("du {} au {}", full_day(first), full_day(last)),
        (Some(on), _) => format!("le {}", full_day(on)),
        _ => "aucun".to_owned(),
    };
    let count_if = |keep: &dyn Fn(&Challenge<'_>) -> bool| people.iter().filter(|one| keep(one)).count();
    let number = |keep: &dyn Fn(&Challenge<'_>) -> bool| count(count_if(keep));
    let mut rows = vec![
        vec![text("Stands tenus"), count(stands.len())],
        vec![text("Jours des stands"), Cell::Text(days)],
        vec![text("Communes des stands"), Cell::Text(communes)],
        vec![text("Séances collectives"), count(sessions_of(scene, world).len())],
        vec![text("Personnes rencontrées sur les stands"), Cell::Count(met[0])],
        vec![text("Tests de CO sur les stands"), Cell::Count(met[1])],
        vec![text("Kits donnés sur les stands"), Cell::Count(met[2])],
        vec![text("Inscriptions"), count(people.len())],
        vec![text("avec une date d’arrêt"), number(&|one| one.quit_on().is_some())],
        vec![text("suivies\u{a0}: ont répondu à un appel au moins"), number(&is_followed)],
        vec![text("reçues pour un bilan"), number(&|one| one.interviewed)],
        vec![
            text("et, parmi elles, orientées au moins une fois ou avec des substituts prescrits"),
            part(count_if(&is_referred), count_if(&|one| one.interviewed)),
        ],
    ];
    // The longest horizon that everybody is past: its three lines together, with what they are out of.
    let closed = horizons(scene.settings()).filter_map(|horizon| {
        let results = results(people.iter().copied(), scene.settings(), horizon, world.clock.today);
        (results.of > 0 && results.not_yet == 0).then_some((horizon, results))
    });
    let last = closed.last();
    let (given, passed) = match &last {
        Some((horizon, _)) => (format!("sont donnés à {}, la dernière échéance", horizon.label()), "ont passée"),
        None => ("s’ajouteront ici à la première échéance".to_owned(), "auront passée"),
    };
    let note = format!(
        "Le détail est dans les tableaux qui suivent\u{a0}: les jours et les lieux dans les stands, chaque échéance dans les \
         résultats. Les résultats {given} que toutes les personnes qui ont une date d’arrêt {passed}."
    );
    if let Some((horizon, results)) = last {
        let [of, lines @ ..] = lines(&results, false);
        let counted =
            format!("Comptées à {}\u{a0}: une date d’arrêt, ni décédées ni parties sans adresse", horizon.label());
        rows.push(vec![Cell::Text(counted), of]);
        let names = ["sans fumer, déclaré", "sans fumer, validé par le CO", "ont répondu"];
        rows.extend(names.into_iter().zip(lines).map(|(name, cell)| vec![text(name), cell]));
    }
    table("summary", "En bref", &note, &["", "Nombre"], rows)
}
