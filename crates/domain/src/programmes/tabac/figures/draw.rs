//! Who is in the draw, and how many are not.

use super::super::draw::{Barred, eligible};
use super::{Scene, count, follower, table, text};
use crate::figures::{Cell, Document, World};

pub(super) fn draw(world: &World<'_>) -> Document {
    let scene = Scene::of(world);
    let mut inside = Vec::new();
    let mut outside = [
        (Barred::NotAgreed, "N’ont pas demandé à participer", 0),
        (Barred::Minor, "Ont moins de 18\u{a0}ans", 0),
        (Barred::Unanswered, "N’ont pas répondu à un appel tenté", 0),
        (Barred::Draft, "Inscription à finir", 0),
    ];
    let mut alone = 0;
    for challenge in scene.challenges() {
        match eligible(challenge, scene.settings(), world.clock.today).map(|()| follower(challenge, world)) {
            Ok(Some(account)) => {
                inside.push(vec![Cell::Record(challenge.id), Cell::Record(challenge.person), Cell::Account(account)]);
            }
            Ok(None) => alone += 1,
            Err(why) => outside.iter_mut().filter(|(barred, ..)| *barred == why).for_each(|(.., count)| *count += 1),
        }
    }
    let mut barred: Vec<_> = outside.into_iter().map(|(_, why, number)| vec![text(why), count(number)]).collect();
    barred.push(vec![text("Ne forment pas un binôme\u{a0}: personne ne les suit"), count(alone)]);
    let mut notes = vec![
            "Participe qui l’a demandé, est majeur et a répondu aux appels tentés jusqu’au jour du tirage. Avoir fumé ou non \
             ne compte jamais."
                .into(),
    ];
    notes.extend(scene.told_folded());
    notes.extend(scene.told_nowhere());
    let eligible = table("eligible", "Participent", "", &["Challenger", "Personne", "Binôme"], inside);
    let head = ["Raison", "Challengers"];
    let barred = table("barred", "Ne participent pas", "La première raison seulement.", &head, barred);
    scene.document("Tirage au sort", notes, vec![eligible, barred])
}
