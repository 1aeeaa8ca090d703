//! Moi(s) sans tabac in the invented territory: an edition that is over, with every way a challenge may end, and one that
//! runs. The coordination held the stands; whom she gave to the pharmacist is called by her.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use domain::id::{AccountId, RecordId};
use domain::record::{FINISHED_AT, Value};
use serde_json::json;

use super::{DemoError, Writer};

/// Login of who holds the stands, and of who calls.
pub const COORDINATION: &str = "sophie.marty";
pub const CALLER: &str = "lea.fontan";
const CALLER_NAME: &str = "Léa Fontan";

/// The steps of the calls, and days after the day without tobacco on which each is made here.
const STEPS: [(&str, u64); 6] = [("j0", 1), ("j7", 7), ("j15", 15), ("j30", 31), ("m3", 92), ("m6", 182)];

/// What becomes of a challenger.
#[derive(Clone, Copy)]
enum Fate {
    /// Nothing smoked; the carbon monoxide of the last call, when it was measured.
    Abstinent(Option<u32>),
    /// So many cigarettes in all, in two calls.
    Slips(u32),
    Smokes,
    /// Does not answer from this step on.
    Lost(usize),
    /// Does not answer at the fifth call, and answers at the sixth that nothing was smoked.
    Back,
    /// This outcome ends the calls at this step.
    Ends(usize, &'static str),
    /// Moved away; whether she can still be found.
    Moved(usize, &'static str),
    /// Takes her consent to the calls back at this step.
    Withdrawn(usize),
    NoDay,
}

use Fate::{Abstinent, Back, Ends, Lost, Moved, NoDay, Slips, Smokes, Withdrawn};

/// Given name, commune, cigarettes a day, fate.
const OVER: [(&str, &str, u32, Fate); 30] = [
    ("Aurore", "Auterive", 20, Abstinent(Some(2))),
    ("Bastien", "Venerque", 15, Abstinent(Some(3))),
    ("Colette", "Miremont", 10, Abstinent(Some(4))),
    ("Driss", "Auterive", 20, Abstinent(Some(9))),
    ("Élise", "Cintegabelle", 12, Abstinent(Some(10))),
    ("Fabien", "Auterive", 25, Abstinent(None)),
    ("Gaëlle", "Venerque", 8, Abstinent(None)),
    ("Hugo", "Miremont", 20, Abstinent(None)),
    ("Inaya", "Auterive", 15, Slips(5)),
    ("Joris", "Cintegabelle", 20, Slips(6)),
    ("Karine", "Venerque", 30, Smokes),
    ("Loïc", "Auterive", 20, Smokes),
    ("Maud", "Miremont", 10, Smokes),
    ("Nassim", "Auterive", 20, Ends(2, "refused")),
    ("Ophélie", "Cintegabelle", 15, Ends(2, "refused")),
    ("Pablo", "Venerque", 20, Ends(1, "wrong-number")),
    ("Quitterie", "Auterive", 5, Ends(1, "wrong-number")),
    ("Rachid", "Miremont", 20, Lost(3)),
    ("Solène", "Auterive", 15, Lost(3)),
    ("Tristan", "Venerque", 20, Lost(4)),
    ("Ulysse", "Cintegabelle", 25, Lost(4)),
    ("Valérie", "Auterive", 10, Lost(5)),
    ("Wilfried", "Miremont", 20, Lost(5)),
    ("Xavière", "Auterive", 30, Ends(4, "dead")),
    ("Yanis", "Venerque", 20, Moved(3, "no")),
    ("Zélie", "Cintegabelle", 12, Moved(4, "yes")),
    ("Amandine", "Auterive", 15, Back),
    ("Boris", "Miremont", 20, Withdrawn(4)),
    ("Clémence", "Auterive", 10, NoDay),
    ("Damien", "Venerque", 20, NoDay),
];

/// One who is in the edition that runs.
struct Now {
    name: &'static str,
    commune: &'static str,
    /// Last digits of her telephone.
    phone: &'static str,
    cigarettes: u32,
    /// Days since the day without tobacco; below zero, to come; `None`: not fixed.
    since: Option<i64>,
    /// Steps answered without a cigarette.
    answered: usize,
    /// Tries without an answer at the next step.
    tries: usize,
    /// She agrees to be followed by somebody named.
    shares: bool,
    /// Somebody calls her.
    paired: bool,
}

const fn now(
    name: &'static str,
    commune: &'static str,
    phone: &'static str,
    cigarettes: u32,
    since: Option<i64>,
    answered: usize,
) -> Now {
    Now { name, commune, phone, cigarettes, since, answered, tries: 0, shares: true, paired: true }
}

fn running() -> [Now; 14] {
    [
        Now { tries: 2, ..now("Patrick", "Auterive", "4121", 20, Some(11), 1) },
        now("Maëlys", "Miremont", "4122", 15, Some(19), 2),
        now("Yacine", "Cintegabelle", "4123", 20, Some(15), 2),
        now("Sonia", "Auterive", "4124", 10, Some(7), 1),
        now("Jean-Marc", "Venerque", "4125", 25, Some(0), 0),
        now("Élodie", "Venerque", "4126", 20, Some(16), 3),
        now("Nadège", "Venerque", "4127", 20, Some(1), 0),
        now("Thierry", "Auterive", "4128", 30, Some(6), 1),
        now("Inès", "Miremont", "4129", 12, Some(-2), 0),
        now("Paul", "Cintegabelle", "4130", 20, None, 0),
        Now { paired: false, ..now("Sabrina", "Auterive", "4131", 15, Some(3), 0) },
        Now { paired: false, ..now("Lucien", "Venerque", "4132", 20, Some(-5), 0) },
        Now { paired: false, shares: false, ..now("Mireille", "Miremont", "4133", 10, Some(2), 0) },
        // The same telephone as somebody above, written otherwise: the same person, perhaps.
        Now { paired: false, ..now("Nadège", "Venerque", "4127", 20, None, 0) },
    ]
}

/// A challenger that the pharmacist calls, and what she will note.
pub struct Followed {
    person: RecordId,
    challenger: RecordId,
    since: Option<NaiveDate>,
    calls: Vec<Call>,
}

struct Call {
    step: &'static str,
    on: NaiveDate,
    hour: i64,
    fields: Vec<(&'static str, Value)>,
}

/// What the coordination wrote; answers who is to be called.
pub fn coordinate(writer: &mut Writer, caller: AccountId) -> Result<Vec<Followed>, DemoError> {
    let today = writer.today;
    let year = if today.month() >= 10 { today.year() } else { today.year() - 1 };
    let mut followed = Vec::new();
    let past = edition(writer, year - 1)?;
    let market = stand(writer, past, year - 1, "Marché de Saverdun", "Saverdun", (104, 41, 60, 12))?;
    for (rank, (name, commune, cigarettes, fate)) in OVER.iter().enumerate() {
        let since = day(year - 1, 11, 1).filter(|_| !matches!(fate, NoDay));
        let signed = day(year - 1, 10, 24).ok_or_else(unknown)?;
        let who = Signed {
            name,
            commune,
            phone: format!("06399840{rank:02}"),
            cigarettes: *cigarettes,
            since,
            signed,
            shares: true,
            pair: Some(caller),
            edition: past,
            stand: market,
        };
        let (person, challenger) = sign_up(writer, &who)?;
        followed.push(Followed {
            person,
            challenger,
            since,
            calls: since.map(|on| told(on, *fate)).unwrap_or_default(),
        });
        if let (Withdrawn(step), Some(on)) = (fate, since) {
            let at = writer.on(later(on, STEPS[*step].1), 18)?;
            consent(writer, person, "call-back", "no", at)?;
        }
    }
    let current = edition(writer, year)?;
    let days =
        [("Marché de Venerque", "Venerque", (63, 22, 31, 9)), ("Marché d’Auterive", "Auterive", (48, 17, 20, 5))];
    let stands = days.map(|(place, commune, counts)| stand(writer, current, year, place, commune, counts));
    for (rank, one) in running().into_iter().enumerate() {
        let since = one.since.map(|days| shifted(today, -days));
        let signed = shifted(today, -(one.since.unwrap_or(4).max(0) + 3));
        let who = Signed {
            name: one.name,
            commune: one.commune,
            phone: if rank == 13 { format!("+3363998{}", one.phone) } else { format!("063998{}", one.phone) },
            cigarettes: one.cigarettes,
            since,
            signed,
            shares: one.shares,
            pair: one.paired.then_some(caller),
            edition: current,
            stand: *stands[rank % 2].as_ref().map_err(|_| unknown())?,
        };
        let (person, challenger) = sign_up(writer, &who)?;
        let mut calls = Vec::new();
        if let Some(on) = since.filter(|_| one.paired) {
            calls.extend(STEPS.iter().take(one.answered).map(|(step, after)| call(step, later(on, *after), nothing())));
            if let Some((step, _)) = STEPS.get(one.answered) {
                let tried =
                    (0..one.tries).map(|back| Call { hour: 12 + back as i64 * 5, ..missed(step, shifted(today, -2)) });
                calls.extend(tried);
            }
        }
        followed.push(Followed { person, challenger, since, calls });
    }
    let session = [
        ("edition", json!(current.to_string())),
        ("on", json!(shifted(today, -9).to_string())),
        ("place", json!("Maison de santé d’Auterive")),
        ("theme", json!("Gérer l’envie de fumer")),
        ("animators", json!("Léa Fontan, pharmacienne")),
        ("others", json!(6)),
    ];
    let at = writer.on(shifted(today, -9), 18)?;
    writer.whole("tabac-session", None, &session, at)?;
    Ok(followed)
}

/// What the pharmacist noted of those she calls.
pub fn call_back(writer: &mut Writer, followed: &[Followed]) -> Result<(), DemoError> {
    for one in followed {
        for call in &one.calls {
            let mut fields = vec![
                ("challenger", json!(one.challenger.to_string())),
                ("step", json!(call.step)),
                ("called_on", json!(call.on.to_string())),
            ];
            fields.extend(call.fields.iter().cloned());
            let at = writer.on(call.on, call.hour)?;
            writer.whole("tabac-call", Some(one.person), &fields, at)?;
        }
    }
    // Of those who began a few days ago, the first was received for an interview.
    let recent = followed.iter().rev().find(|one| one.since.is_some() && !one.calls.is_empty());
    let Some(one) = recent else { return Ok(()) };
    let fields = [
        ("challenger", json!(one.challenger.to_string())),
        ("first_cigarette", json!("6-30")),
        ("abstain_hard", json!("no")),
        ("hardest", json!("first")),
        ("per_day", json!("21-30")),
        ("more_morning", json!("yes")),
        ("when_ill", json!("no")),
        ("cigarettes", json!(30)),
        ("vaping", json!("no")),
        ("cannabis", json!("never")),
        ("began_at", json!(17)),
        ("age_now", json!(47)),
        ("importance", json!(8)),
        ("confidence", json!(5)),
        ("cough", json!("yes")),
        ("phlegm", json!("no")),
        ("breathless", json!("no")),
        ("over_40", json!("yes")),
        ("smoked", json!("yes")),
        ("substitutes", json!("discussed")),
        ("to_3989", json!("yes")),
        ("to_gp", json!("yes")),
        ("to_tabacologue", json!("no")),
    ];
    let at = writer.on(shifted(writer.today, -8), 15)?;
    writer.whole("tabac-interview", Some(one.person), &fields, at).map(drop)
}

struct Signed<'a> {
    name: &'a str,
    commune: &'a str,
    phone: String,
    cigarettes: u32,
    since: Option<NaiveDate>,
    signed: NaiveDate,
    shares: bool,
    pair: Option<AccountId>,
    edition: RecordId,
    stand: RecordId,
}

fn sign_up(writer: &mut Writer, who: &Signed<'_>) -> Result<(RecordId, RecordId), DemoError> {
    let at = writer.on(who.signed, 10)?;
    let known = [("given_name", json!(who.name)), ("commune", json!(who.commune)), ("phone", json!(who.phone))];
    let person = writer.whole("person", None, &known, at)?;
    let yes = |agrees: bool| if agrees { "yes" } else { "no" };
    let answers = [("record", "yes"), ("call-back", "yes"), ("draw", "yes"), ("share-named", yes(who.shares))];
    for (purpose, answer) in answers {
        consent(writer, person, purpose, answer, at)?;
    }
    let mut fields = vec![
        ("age", json!("adult")),
        ("cigarettes", json!(who.cigarettes)),
        ("first_cigarette", json!(if who.cigarettes >= 20 { "within-5" } else { "6-30" })),
        ("importance", json!(8)),
        ("confidence", json!(6)),
        ("kit", json!("yes")),
        ("edition", json!(who.edition.to_string())),
        ("origin", json!("stand")),
        ("stand", json!(who.stand.to_string())),
    ];
    fields.extend(who.since.map(|on| ("quit_on", json!(on.to_string()))));
    let challenger = writer.whole("tabac-challenger", Some(person), &fields, at)?;
    if let Some(with) = who.pair {
        let pair = [
            ("challenger", json!(challenger.to_string())),
            ("account", json!(with.to_string())),
            ("name", json!(CALLER_NAME)),
            ("in_force", json!("yes")),
        ];
        writer.whole("tabac-pair", Some(person), &pair, at)?;
        let share = [("account", json!(with.to_string())), ("name", json!(CALLER_NAME)), ("in_force", json!("yes"))];
        writer.whole("share", Some(person), &share, at)?;
    }
    Ok((person, challenger))
}

fn consent(
    writer: &mut Writer,
    person: RecordId,
    purpose: &str,
    answer: &str,
    at: domain::Timestamp,
) -> Result<(), DemoError> {
    let fields = [("purpose", json!(purpose)), ("answer", json!(answer)), ("given_by", json!("person"))];
    writer.whole("consent", Some(person), &fields, at).map(drop)
}

fn edition(writer: &mut Writer, year: i32) -> Result<RecordId, DemoError> {
    let fields = [
        ("year", json!(year)),
        ("starts", json!(format!("{year}-11-01"))),
        ("ends", json!(format!("{year}-11-30"))),
        ("pack_price", json!(1350)),
        ("draw_on", json!(format!("{year}-12-16"))),
        ("draw_prizes", json!(3)),
        ("say_j7", json!("Une semaine\u{202f}: le plus dur est derrière vous. Bravo, et à la semaine prochaine.")),
    ];
    let at = writer.on(day(year, 10, 1).ok_or_else(unknown)?, 9)?;
    writer.whole("tabac-edition", None, &fields, at)
}

fn stand(
    writer: &mut Writer,
    edition: RecordId,
    year: i32,
    place: &str,
    commune: &str,
    counts: (u32, u32, u32, u32),
) -> Result<RecordId, DemoError> {
    let on = day(year, 10, 24).ok_or_else(unknown)?;
    let at = writer.on(on, 8)?;
    let fields = [
        ("edition", json!(edition.to_string())),
        ("on", json!(on.to_string())),
        ("place", json!(place)),
        ("commune", json!(commune)),
        ("structure", json!("CPTS")),
        ("on_duty", json!("Sophie Marty, Léa Fontan")),
    ];
    let stand = writer.whole("tabac-stand", None, &fields, at)?;
    let (met, co_tests, kits, helpline) = counts;
    let counted = [
        ("met", json!(met)),
        ("co_tests", json!(co_tests)),
        ("kits", json!(kits)),
        ("helpline", json!(helpline)),
        ("minors", json!(2)),
    ];
    writer.whole("tabac-tally", Some(stand), &counted, at)?;
    Ok(stand)
}

/// The calls of a fate, from the day without tobacco.
fn told(since: NaiveDate, fate: Fate) -> Vec<Call> {
    let mut calls = Vec::new();
    for (rank, (step, after)) in STEPS.into_iter().enumerate() {
        let on = later(since, after);
        let last = rank == STEPS.len() - 1;
        let fields = match fate {
            NoDay => return calls,
            Withdrawn(from) if rank >= from => return calls,
            Ends(at, outcome) if rank == at => {
                calls.push(call(step, on, vec![("outcome", json!(outcome))]));
                return calls;
            }
            Moved(at, traceable) if rank == at => {
                calls.push(call(step, on, vec![("outcome", json!("moved")), ("traceable", json!(traceable))]));
                return calls;
            }
            Lost(from) if rank >= from => {
                calls.extend((0..3).map(|back| Call { hour: 10 + back * 4, ..missed(step, on) }));
                continue;
            }
            Back if rank == 4 => {
                calls.extend((0..3).map(|back| Call { hour: 10 + back * 4, ..missed(step, on) }));
                continue;
            }
            Slips(all) if rank == 2 => smoked(all - 2, "no"),
            Slips(_) if last => smoked(2, "no"),
            Smokes if rank >= 2 => {
                let mut fields = nothing();
                fields.retain(|(name, _)| !matches!(*name, "smoked_since" | "smoked_7_days"));
                fields.extend([
                    ("smoked_since", json!("more-than-5")),
                    ("days_smoked", json!(if rank == 2 { 6 } else { 15 })),
                    ("smoked_7_days", json!("yes")),
                    ("per_day_now", json!(6)),
                ]);
                fields
            }
            Abstinent(Some(ppm)) if last => {
                let mut fields = nothing();
                fields.push(("co_ppm", json!(ppm)));
                fields
            }
            _ => nothing(),
        };
        calls.push(call(step, on, fields));
    }
    calls
}

fn call(step: &'static str, on: NaiveDate, fields: Vec<(&'static str, Value)>) -> Call {
    Call { step, on, hour: 17, fields }
}

fn missed(step: &'static str, on: NaiveDate) -> Call {
    call(step, on, vec![("outcome", json!("not-reached"))])
}

fn nothing() -> Vec<(&'static str, Value)> {
    vec![
        ("outcome", json!("reached")),
        ("smoked_since", json!("none")),
        ("smoked_7_days", json!("no")),
        ("other_tobacco", json!("none")),
        ("craving", json!(4)),
    ]
}

fn smoked(cigarettes: u32, lately: &str) -> Vec<(&'static str, Value)> {
    let mut fields = nothing();
    fields.retain(|(name, _)| !matches!(*name, "smoked_since" | "smoked_7_days"));
    fields.extend([
        ("smoked_since", json!("counted")),
        ("cigarettes", json!(cigarettes)),
        ("days_smoked", json!(1)),
        ("smoked_7_days", json!(lately)),
    ]);
    fields
}

fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

fn shifted(day: NaiveDate, days: i64) -> NaiveDate {
    day + chrono::TimeDelta::days(days)
}

fn unknown() -> DemoError {
    DemoError::Unknown("a day".into())
}

/// The fields of a record that is finished when it begins.
pub fn finished(fields: &[(&str, Value)], at: domain::Timestamp) -> BTreeMap<String, Value> {
    let mut all: BTreeMap<String, Value> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    all.insert(FINISHED_AT.into(), at.0.into());
    all
}
