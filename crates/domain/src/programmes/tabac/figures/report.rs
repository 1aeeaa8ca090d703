//! The report of a funder: what was done, then what came of it, each rate with what it is out of.

mod done;
mod outcome;

use super::Scene;
use crate::figures::{Document, World};

pub(super) fn draw(world: &World<'_>) -> Document {
    let scene = Scene::of(world);
    let nowhere = scene.all.iter().filter(|challenge| challenge.edition.is_none()).count();
    let mut notes = vec![
        "Qui n’a pas répondu, a refusé ou a repris son accord compte comme fumant. Les trois lignes (déclaré, validé par le \
         CO, taux de réponse) se lisent ensemble."
            .into(),
        "Une part n’est pas montrée quand elle porte sur moins de 11\u{a0}personnes.".into(),
    ];
    if nowhere > 0 && scene.edition.is_some() {
        notes.push(format!("Sans édition\u{a0}: {nowhere}."));
    }
    notes.extend(scene.told_folded());
    let mut tables = done::tables(&scene, world);
    tables.extend(outcome::tables(&scene, world));
    scene.document("Moi(s) sans tabac", notes, tables)
}
