//! What was done: stands, sign-ups, interviews, referrals, calls.

use super::super::super::calls::{Fate, stages};
use super::super::super::challenge::{Call, Challenge, State, Step};
use super::super::super::duplicates::same_phone;
use super::super::{Scene, count, hidden, part, table, text};
use super::referrals::referrals;
use super::stands::{sessions_of, stands};
use crate::figures::{Cell, LEAST, Table, World};
use crate::form::Answers;
use crate::id::RecordId;

pub(super) fn tables(scene: &Scene<'_>, world: &World<'_>) -> Vec<Table> {
    let signed_up = scene.signed_up();
    vec![
        stands(scene, world, &signed_up),
        origins(&signed_up),
        sign_ups(scene, world, &signed_up),
        referrals(&signed_up),
        calls(scene, world, &signed_up),
    ]
}

const ORIGINS: [(&str, &str); 6] = [
    ("stand", "Stand"),
    ("practice", "Cabinet"),
    ("pharmacy", "Pharmacie"),
    ("msp", "Maison de santé"),
    ("establishment", "Établissement"),
    ("qr", "Code à scanner"),
];

fn origins(signed_up: &[&Challenge<'_>]) -> Table {
    let from = |code: &str| signed_up.iter().filter(|challenge| challenge.sign_up.is("origin", code)).count();
    let mut rows: Vec<_> = ORIGINS.iter().map(|(code, label)| vec![text(label), count(from(code))]).collect();
    let known: usize = ORIGINS.iter().map(|(code, _)| from(code)).sum();
    rows.push(vec![text("Non précisé"), count(signed_up.len() - known)]);
    rows.push(vec![text("Total"), count(signed_up.len())]);
    table("origins", "Origine des inscriptions", "", &["Origine", "Inscriptions"], rows)
}

fn sign_ups(scene: &Scene<'_>, world: &World<'_>, signed_up: &[&Challenge<'_>]) -> Table {
    let number = |keep: &dyn Fn(&Challenge<'_>) -> bool| count(signed_up.iter().filter(|one| keep(one)).count());
    let sessions = sessions_of(scene, world);
    let without_a_record = sessions.iter().filter_map(|noted| Answers(noted.fields).int("others")).sum::<i64>();
    let present: usize = signed_up.iter().map(|one| one.sessions.len()).sum();
    let here = |person: &RecordId| scene.challenges().any(|challenge| challenge.person == *person);
    let doubles = same_phone(world.records, &scene.all).iter().filter(|people| people.iter().any(here)).count();
    // What somebody smoked is not told of a few.
    let few = (1..LEAST as usize).contains(&signed_up.len());
    let deferred = number(&|one| one.state(world.clock.today) == State::Deferred);
    let deferred = if few { Cell::Hidden } else { deferred };
    let unfinished: usize = signed_up.iter().map(|one| one.unfinished_calls).sum();
    let drafts = scene.challenges().filter(|challenge| !challenge.finished).count();
    let row = |label, cell| vec![text(label), cell];
    let present = Cell::Count(i64::try_from(present).unwrap_or(i64::MAX).saturating_add(without_a_record));
    table(
        "sign-ups",
        "Inscriptions et suivi",
        "Une personne inscrite deux fois et réunie sur une seule fiche compte une fois.",
        &["", "Nombre"],
        vec![
            row("Inscriptions", count(signed_up.len())),
            row("dont personnel de la structure qui inscrit", number(&|one| one.sign_up.is("staff", "yes"))),
            row("Sans date d’arrêt", number(&|one| one.quit_on().is_none())),
            row("Date d’arrêt changée au moins une fois", number(&|one| one.dates.len() > 1)),
            row("Suivies\u{a0}: ont répondu à un appel au moins", number(&is_followed)),
            row("CO mesuré au moins une fois, à l’inscription, au bilan ou à un appel", number(&is_measured)),
            row("Bilans faits", number(&|one| one.interviewed)),
            row("Séances collectives", count(sessions.len())),
            row("Présences aux séances", present),
            row("Ne souhaitent plus être appelées", number(&|one| one.withdrawn())),
            row("Succès différés", deferred),
            row("Inscriptions à finir, comptées nulle part ailleurs", count(drafts)),
            row("Appels commencés et non terminés, comptés nulle part ailleurs", count(unfinished)),
            row("Numéros portés par plusieurs fiches, à vérifier", count(doubles)),
        ],
    )
}

/// Whether she answered one call at least.
pub(super) fn is_followed(challenge: &Challenge<'_>) -> bool {
    challenge.calls.iter().any(Call::reached)
}

fn is_measured(challenge: &Challenge<'_>) -> bool {
    let interview = challenge.interview.as_ref().and_then(|told| told.int("co_ppm"));
    let calls = || challenge.calls.iter().any(|call| call.answers.int("co_ppm").is_some());
    challenge.sign_up.int("co_ppm").or(interview).is_some() || calls()
}

/// Steps planned, attempted, reached.
#[derive(Clone, Copy, Default)]
struct Made {
    planned: usize,
    attempted: usize,
    reached: usize,
}

impl Made {
    fn row(self, label: &str, hidden: bool) -> Vec<Cell> {
        let Self { planned, attempted, reached } = self;
        let part = |number| if hidden { Cell::Hidden } else { part(number, planned) };
        vec![text(label), count(planned), part(attempted), part(reached)]
    }
}

fn calls(scene: &Scene<'_>, world: &World<'_>, signed_up: &[&Challenge<'_>]) -> Table {
    let settings = scene.settings();
    let mut made = [Made::default(); Step::ALL.len()];
    for challenge in signed_up {
        for stage in stages(challenge, settings, world.clock.today) {
            let attempted = stage.tries > 0 || stage.fate == Fate::Done;
            // What fell due before she left, died or took her consent back was planned.
            let still = challenge.withdrawn_on.is_none_or(|on| stage.from < on) && challenge.gone(stage.from).is_none();
            if attempted || (still && stage.from <= world.clock.today) {
                let made = &mut made[stage.step as usize];
                made.planned += 1;
                made.attempted += usize::from(attempted);
                made.reached += usize::from(stage.reached);
            }
        }
    }
    let steps: Vec<Step> = settings.steps().collect();
    let hidden = hidden::lines(&steps.iter().map(|step| made[*step as usize].planned).collect::<Vec<_>>());
    let row = |(step, hidden): (&Step, bool)| made[*step as usize].row(step.label(), hidden);
    let mut rows: Vec<_> = steps.iter().zip(hidden).map(row).collect();
    let sum = |of: fn(&Made) -> usize| made.iter().map(of).sum();
    let (planned, attempted, reached) =
        (sum(|made| made.planned), sum(|made| made.attempted), sum(|made| made.reached));
    rows.push(Made { planned, attempted, reached }.row("Ensemble", false));
    let noted: usize = signed_up.iter().map(|one| one.calls.len()).sum();
    let note = format!(
        "Étapes comptées depuis la dernière date d’arrêt fixée, et tant que la personne accepte d’être appelée. Appels notés en tout, essais sans réponse compris\u{a0}: {noted}."
    );
    table("calls", "Appels", &note, &["Étape", "Prévus", "Faits", "Joints"], rows)
}
