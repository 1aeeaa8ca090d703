//! The report of a funder: what was done, then what came of it, each rate with what it is out of.

mod done;
mod outcome;
mod referrals;
mod stands;
mod summary;

use super::Scene;
use crate::figures::{Document, HIDDEN, LEAST, World};
use crate::french::sentence_case;

/// The line of whoever was signed up at no stand.
const OUTSIDE: &str = "Hors stand";

pub(super) fn draw(world: &World<'_>) -> Document {
    let scene = Scene::of(world);
    let mut notes = Vec::new();
    notes.extend(told_empty(&scene, world));
    notes.push(
        "Qui n’a pas répondu, a refusé ou a repris son accord compte comme fumant. Les trois lignes (déclaré, validé par le \
         CO, taux de réponse) se lisent ensemble."
            .into(),
    );
    notes.push(format!(
        "«\u{a0}{}\u{a0}»\u{a0}: la part porte sur moins de {LEAST}\u{a0}personnes et pourrait en désigner une, ou permettrait \
         de retrouver un groupe aussi petit.",
        sentence_case(HIDDEN)
    ));
    notes.extend(scene.told_nowhere());
    notes.extend(stands::told_nowhere(&scene, world));
    notes.extend(scene.told_folded());
    let mut tables = vec![summary::summary(&scene, world)];
    tables.extend(done::tables(&scene, world));
    tables.extend(outcome::tables(&scene, world));
    scene.document("Moi(s) sans tabac", notes, tables)
}

/// Before anything was noted: what will be read here, and when.
fn told_empty(scene: &Scene<'_>, world: &World<'_>) -> Option<String> {
    if scene.edition.is_none() {
        return Some(
            "Préparez d’abord l’édition de l’année\u{a0}: ses stands et ses inscriptions se compteront ici.".into(),
        );
    }
    let nothing = scene.challenges().next().is_none()
        && stands::stands_of(scene, world).is_empty()
        && stands::sessions_of(scene, world).is_empty();
    nothing.then(|| {
        "Rien n’est encore noté pour cette édition. Les tableaux se rempliront d’eux-mêmes avec les stands, les inscriptions, \
         les bilans et les appels. Chaque personne entrera dans les résultats après ses appels à 30\u{a0}jours, 3\u{a0}mois et \
         6\u{a0}mois."
            .into()
    })
}
