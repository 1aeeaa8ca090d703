//! The report of a funder: what was done, then what came of it, each rate with what it is out of.

mod done;
mod outcome;
mod referrals;
mod stands;
mod summary;

use super::Scene;
use crate::figures::{Document, World};

/// The line of whoever was signed up at no stand.
const OUTSIDE: &str = "Hors stand";

pub(super) fn draw(world: &World<'_>) -> Document {
    let scene = Scene::of(world);
    let mut notes = vec![
        "Qui n’a pas répondu, a refusé ou a repris son accord compte comme fumant. Les trois lignes (déclaré, validé par le \
         CO, taux de réponse) se lisent ensemble."
            .into(),
        "Une part n’est pas montrée quand elle porte sur moins de 11\u{a0}personnes.".into(),
    ];
    notes.extend(scene.told_nowhere());
    notes.extend(stands::told_nowhere(&scene, world));
    notes.extend(scene.told_folded());
    let mut tables = vec![summary::summary(&scene, world)];
    tables.extend(done::tables(&scene, world));
    tables.extend(outcome::tables(&scene, world));
    scene.document("Moi(s) sans tabac", notes, tables)
}
