//! What was done: stands, sign-ups, interviews, referrals, calls.

use super::super::super::calls::{Fate, stages};
use super::super::super::challenge::{Challenge, State, Step};
use super::super::super::duplicates::same_phone;
use super::super::{Scene, count, hidden, part, table, text};
use super::outcome::STAND;
use crate::figures::{Cell, Table, World};
use crate::form::Answers;
use crate::french::full_day;
use crate::id::RecordId;
use crate::order::sort_by_key;
use crate::programme::Noted;
use crate::record::PARENT;

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

/// The stands of the edition, in the order of their days.
pub(super) fn stands_of<'w>(scene: &Scene<'_>, world: &World<'w>) -> Vec<Noted<'w>> {
    let of = |noted: &&Noted<'_>| noted.kind == STAND && link(noted, "edition") == scene.edition;
    let mut stands: Vec<Noted<'w>> = world.records.iter().filter(of).copied().collect();
    sort_by_key(&mut stands, |noted| (Answers(noted.fields).date("on"), noted.id));
    stands
}

fn link(noted: &Noted<'_>, name: &str) -> Option<RecordId> {
    Answers(noted.fields).code(name)?.parse().ok()
}

/// What was counted with a thumb, in the order of the columns.
const TALLIES: [&str; 5] = ["met", "co_tests", "kits", "helpline", "minors"];

/// The five tallies of a stand, summed over the devices that counted, then its sign-ups with their tests and their kits. The
/// tallies count everybody met: nothing is added to them.
fn counts(world: &World<'_>, stand: RecordId, signed_up: &[&Challenge<'_>]) -> [i64; 8] {
    let mut counts = [0; 8];
    let tallies = world.records.iter().filter(|noted| noted.kind == "tabac-tally");
    for tally in tallies.filter(|noted| link(noted, PARENT) == Some(stand)) {
        let told = TALLIES.iter().map(|name| Answers(tally.fields).int(name).unwrap_or_default());
        counts.iter_mut().zip(told).for_each(|(sum, told)| *sum += told);
    }
    for challenge in signed_up.iter().filter(|challenge| challenge.sign_up.link("stand") == Some(stand)) {
        counts[5] += 1;
        counts[6] += i64::from(challenge.sign_up.int("co_ppm").is_some());
        counts[7] += i64::from(challenge.sign_up.is("kit", "yes"));
    }
    counts
}

fn stands(scene: &Scene<'_>, world: &World<'_>, signed_up: &[&Challenge<'_>]) -> Table {
    let mut total = [0; 8];
    let mut rows = Vec::new();
    for stand in stands_of(scene, world) {
        let answers = Answers(stand.fields);
        let told = |name| text(answers.code(name).unwrap_or_default());
        let on = answers.date("on").map(full_day).unwrap_or_default();
        let counts = counts(world, stand.id, signed_up);
        total.iter_mut().zip(counts).for_each(|(sum, counted)| *sum += counted);
        let mut row = vec![Cell::Text(on), told("place"), told("commune"), told("structure")];
        row.extend(counts.map(Cell::Count));
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
    let held = |noted: &&Noted<'_>| noted.kind == "tabac-session" && link(noted, "edition") == scene.edition;
    let sessions: Vec<_> = world.records.iter().filter(held).collect();
    let without_a_record = sessions.iter().filter_map(|noted| Answers(noted.fields).int("others")).sum::<i64>();
    let present: usize = signed_up.iter().map(|one| one.sessions.len()).sum();
    let doubles = same_phone(world.records, &scene.all).len();
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
            row("Bilans faits", number(&|one| one.interviewed)),
            row("Séances collectives", count(sessions.len())),
            row("Présences aux séances", present),
            row("Ne souhaitent plus être appelées", number(&|one| one.withdrawn())),
            row("Succès différés", number(&|one| one.state(world.clock.today) == State::Deferred)),
            row("Inscriptions à finir, comptées nulle part ailleurs", count(drafts)),
            row("Numéros portés par plusieurs fiches, à vérifier", count(doubles)),
        ],
    )
}

fn referrals(signed_up: &[&Challenge<'_>]) -> Table {
    let interviews: Vec<_> =
        signed_up.iter().filter(|one| one.interviewed).filter_map(|one| one.interview.as_ref()).collect();
    let row = |label, name, codes: &[&str]| {
        let told = interviews.iter().filter(|told| told.code(name).is_some_and(|code| codes.contains(&code)));
        let number = told.count();
        vec![text(label), part(number, interviews.len())]
    };
    table(
        "referrals",
        "Orientations",
        "Parmi les bilans faits. Une personne peut avoir plusieurs orientations.",
        &["Vers", "Personnes"],
        vec![
            row("39\u{a0}89, Tabac info service", "to_3989", &["yes"]),
            row("Médecin traitant", "to_gp", &["yes"]),
            row("Tabacologue", "to_tabacologue", &["yes"]),
            row("Substituts dont il a été parlé", "substitutes", &["discussed", "prescribed"]),
            row("Substituts prescrits", "substitutes", &["prescribed"]),
        ],
    )
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
            let gone = || stage.from.pred_opt().is_some_and(|eve| challenge.gone(eve).is_some());
            let due = stage.from <= world.clock.today && !challenge.withdrawn() && !gone();
            if attempted || due {
                let made = &mut made[stage.step as usize];
                made.planned += 1;
                made.attempted += usize::from(attempted);
                made.reached += usize::from(stage.reached);
            }
        }
    }
    let steps: Vec<Step> = settings.steps().collect();
    let hidden = hidden(&steps.iter().map(|step| made[*step as usize].planned).collect::<Vec<_>>());
    let row = |(step, hidden): (&Step, bool)| made[*step as usize].row(step.label(), hidden);
    let mut rows: Vec<_> = steps.iter().zip(hidden).map(row).collect();
    let sum = |of: fn(&Made) -> usize| made.iter().map(of).sum();
    let (planned, attempted, reached) =
        (sum(|made| made.planned), sum(|made| made.attempted), sum(|made| made.reached));
    rows.push(Made { planned, attempted, reached }.row("Ensemble", false));
    let noted: usize = signed_up.iter().map(|one| one.calls.len()).sum();
    let note = format!(
        "Étapes comptées depuis la dernière date d’arrêt fixée. Appels notés en tout, essais sans réponse compris\u{a0}: {noted}."
    );
    table("calls", "Appels", &note, &["Étape", "Prévus", "Faits", "Joints"], rows)
}
