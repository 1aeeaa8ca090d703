//! Who follows how many, and who is followed by nobody.

use std::collections::BTreeMap;

use super::super::challenge::{Challenge, State};
use super::{Scene, count, follower, table, text};
use crate::figures::{Cell, Document, Table, World};
use crate::id::AccountId;
use crate::order::sort_by_key;
use crate::people::Purpose;

/// Professionals with how many they follow, then who is followed by nobody.
pub(super) fn draw(world: &World<'_>) -> Document {
    let scene = Scene::of(world);
    let mut loads: BTreeMap<AccountId, usize> = BTreeMap::new();
    for account in followed(&scene, world).filter_map(|challenge| follower(challenge, world)) {
        *loads.entry(account).or_default() += 1;
    }
    let mut accounts: Vec<_> = world.accounts.iter().filter(|(_, (_, may))| *may).collect();
    sort_by_key(&mut accounts, |(id, (name, _))| (crate::french::fold(name), **id));
    let load = |(id, (name, _)): (&AccountId, &(String, bool))| {
        vec![Cell::Account(*id), Cell::Text(name.clone()), count(loads.get(id).copied().unwrap_or_default())]
    };
    let rows = accounts.into_iter().map(load).collect();
    let note = "Les challengers de l’édition que chacun suit aujourd’hui, avec ceux dont l’édition n’est pas connue.";
    let loads = table("load", "Challengers suivis", note, &["Compte", "Professionnel", "Challengers"], rows);
    let without = without(&scene, world);
    scene.document("Binômes", scene.told_folded().into_iter().collect(), vec![loads, without])
}

/// What everybody who is still called answered to being shared with professionals named to her.
pub(super) fn agreed(world: &World<'_>) -> Document {
    let scene = Scene::of(world);
    let answer = |challenge: &Challenge<'_>| {
        let answers = challenge.consents.iter().find(|(purpose, _)| *purpose == Purpose::ShareNamed);
        let code = answers.map_or("unasked", |(_, yes)| if *yes { "yes" } else { "no" });
        vec![Cell::Record(challenge.id), text(code)]
    };
    let rows = followed(&scene, world).map(answer).collect();
    let answers = table("answers", "Accords au partage", "", &["Challenger", "Accepte le partage"], rows);
    scene.document("Accords au partage", Vec::new(), vec![answers])
}

fn without(scene: &Scene<'_>, world: &World<'_>) -> Table {
    let alone = followed(scene, world).filter(|challenge| follower(challenge, world).is_none());
    let rows = alone.map(|challenge| vec![Cell::Record(challenge.id)]).collect();
    table("without", "Sans binôme", "Personne ne les suit encore.", &["Challenger"], rows)
}

/// Those of the edition, or of none that is known, who are still called.
fn followed<'s, 'a>(scene: &'s Scene<'a>, world: &World<'_>) -> impl Iterator<Item = &'s Challenge<'a>> {
    let today = world.clock.today;
    let here = |challenge: &&Challenge<'_>| challenge.edition.is_none() || challenge.edition == scene.edition;
    let all = scene.all.iter().filter(|challenge| challenge.finished).filter(here);
    all.filter(move |challenge| !matches!(challenge.state(today), State::Ended(_)))
}
