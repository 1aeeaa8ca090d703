//! What the settings of a territory say.

use chrono::NaiveDate;
use domain::annuaire::directory::Commune;
use domain::french::{counted, day};
use domain::retention::{Keeping, NOTICE_DAYS, Rule, WAIT_DAYS, applies_on};
use sync::protocol::territory::{Act, Asked, Line, Panel, Part, Sure};

use super::act;
use crate::annuaire::communes::Found;
use crate::store::{Forecast, Leaving, Term};

/// Of whom a programme erases more than what it noted.
const ALONE: &str = "Qui n’a rien d’autre ici est effacé avec sa fiche\u{a0}; qui est suivi pour autre chose garde sa fiche et le reste.";

/// A duration that was typed again.
pub const SAME: &str = "C’est la durée d’avant\u{a0}: rien n’a changé.";

/// Days a device exchanges after a full sign-in.
pub fn exchanges(days: u16) -> Part {
    let text = format!(
        "Un appareil échange pendant {} après une identification complète. Ensuite il garde tout, et attend la suivante.",
        counted(days.into(), "jour", "jours")
    );
    let field = "Nombre de jours, de 1 à 365, pour les identifications à venir";
    Part {
        title: "Échanges des appareils".to_owned(),
        texts: vec![text],
        lines: Vec::new(),
        acts: vec![typed(act::DAYS.to_owned(), days.to_string(), "Changer le nombre de jours", field)],
    }
}

/// The communes, and those that were just looked for.
pub fn communes(communes: &[Commune], found: &[Found]) -> Part {
    let mut lines: Vec<Line> = found
        .iter()
        .map(|one| Line {
            text: format!("{} ({}, département {})", one.name, one.insee, one.departement),
            record: None,
            act: Some(touched(act::ADD.to_owned(), one.insee.to_owned(), format!("Ajouter {}", one.name), None)),
        })
        .collect();
    lines.extend(communes.iter().map(|one| {
        let joins = one.joins_on.map(|day| format!(", rejoint le {}", domain::french::full_day(day.0)));
        let sure = Sure {
            title: format!("Retirer {}\u{202f}?", one.name),
            text: "Ses fiches restent gardées, mais quittent l’annuaire publié. La remettre les republie.".to_owned(),
            keep: "Garder la commune".to_owned(),
        };
        let label = format!("Retirer {}", one.name);
        Line {
            text: format!("{} ({}){}", one.name, one.insee, joins.unwrap_or_default()),
            record: None,
            act: Some(touched(act::REMOVE.to_owned(), one.insee.clone(), label, Some(sure))),
        }
    }));
    let text = match communes.len() {
        0 => "Aucune commune encore\u{a0}: l’annuaire ne peut pas être rempli. Cherchez la première.".to_owned(),
        count => format!("{}. Un import de l’annuaire garde qui y exerce.", counted(count, "commune", "communes")),
    };
    let field = "Nom, code postal ou code INSEE d’une commune à ajouter";
    Part {
        title: "Communes".to_owned(),
        texts: vec![text],
        lines,
        acts: vec![typed(act::FIND.to_owned(), String::new(), "Chercher la commune", field)],
    }
}

/// What holds for every duration.
pub fn durations() -> Part {
    let texts = [
        "Rien ne s’efface tout seul tant qu’une durée n’est pas confirmée ici. Celles qui sont proposées n’ont été comparées à aucun texte\u{a0}: demandez l’avis de votre délégué à la protection des données."
            .to_owned(),
        format!(
            "Une durée confirmée s’applique {NOTICE_DAYS}\u{a0}jours plus tard, le temps que chacun voie ce qu’elle concerne. Vous pouvez la suspendre à tout moment."
        ),
    ];
    Part { title: "Durées de conservation".to_owned(), texts: texts.into(), lines: Vec::new(), acts: Vec::new() }
}

/// « Une fiche et ce qui s’y rattache sont gardés 5 ans… »: what a duration is, in one text or more.
fn kept(term: &Term) -> Vec<String> {
    let lasts = lasts(term.months);
    let waits = format!(
        "À son terme, une fiche attend les appareils qui n’ont rien échangé depuis, {WAIT_DAYS}\u{a0}jours au plus."
    );
    match term.rule {
        Rule::Person => vec![format!(
            "Une fiche et tout ce qui s’y rattache sont gardés {lasts} après le dernier contact\u{a0}: la dernière saisie reçue. Lire une fiche n’est pas un contact. {waits}"
        )],
        Rule::Programme(Keeping { what, since, before, .. }) => {
            vec![format!("Sont gardés {lasts} après {since}\u{a0}: {what}. {ALONE} {waits}"), (*before).to_owned()]
        }
        Rule::Audit => vec![format!("Une ligne du journal est gardée {lasts}.")],
    }
}

/// One duration: what it is, whether it holds, what it takes.
pub fn duration(term: &Term, forecast: Forecast, today: NaiveDate) -> Part {
    let (rule, months) = (term.rule, term.months);
    let title = match rule {
        Rule::Person => "Fiches et repérages",
        Rule::Programme(keeping) => keeping.title,
        Rule::Audit => "Journal",
    };
    let state = match (&term.confirmed, term.applies_on()) {
        (Some(confirmed), Some(from)) => {
            let on = day(confirmed.at.local(0).date(), today);
            let applies = if from > today { "S’applique à partir du" } else { "S’applique depuis le" };
            format!("Confirmée par {}, {on}. {applies} {}.", confirmed.by, day(from, today))
        }
        _ => "Personne ne l’a confirmée\u{a0}: rien n’est effacé.".to_owned(),
    };
    let Forecast { now, month, year } = forecast;
    let (none, one, more) = match rule {
        Rule::Person => ("aucune fiche", "fiche", "fiches"),
        Rule::Programme(_) => ("personne", "personne concernée", "personnes concernées"),
        Rule::Audit => ("aucune ligne", "ligne", "lignes"),
    };
    let what = |count| if count == 0 { none.to_owned() } else { counted(count, one, more) };
    let past = format!(
        "Au-delà de cette durée\u{a0}: aujourd’hui, {}\u{a0}; dans 30\u{a0}jours, {}\u{a0}; dans un an, {}.",
        what(now),
        what(month),
        what(year)
    );
    let code = |act: &str| format!("{act}/{}", rule.code());
    let (least, most) = rule.bounds();
    let holds = if term.confirmed.is_some() {
        touched(code(act::SUSPEND), months.to_string(), "Suspendre l’effacement".to_owned(), None)
    } else {
        touched(
            code(act::CONFIRM),
            months.to_string(),
            format!("Confirmer {}", lasts(months)),
            Some(sure(rule, months, &what(month), today)),
        )
    };
    let change = typed(
        code(act::MONTHS),
        months.to_string(),
        "Changer la durée",
        &format!("{title}\u{a0}: nombre de mois, de {least} à {most}"),
    );
    let texts = kept(term).into_iter().chain([state, past]).collect();
    Part { title: title.to_owned(), texts, lines: Vec::new(), acts: vec![change, holds] }
}

fn sure(rule: Rule, months: u32, then: &str, today: NaiveDate) -> Sure {
    let (from, lasts) = (day(applies_on(today), today), lasts(months));
    let goes = match rule {
        Rule::Person => format!(
            "une fiche sans contact depuis {lasts} est effacée pour de bon, avec tout ce qui s’y rattache, ici et sur tous les appareils."
        ),
        Rule::Programme(Keeping { what, since, before, .. }) => format!(
            "sont effacés pour de bon {lasts} après {since}, ici et sur tous les appareils\u{a0}: {what}. {ALONE} {before}"
        ),
        Rule::Audit => format!("une ligne du journal de plus de {lasts} est effacée pour de bon."),
    };
    let text =
        format!("À partir du {from}, {goes} Ce jour-là\u{a0}: {then}. Avant, « Suspendre l’effacement » arrête tout.");
    let text = text.replace("« ", "«\u{a0}").replace(" »", "\u{a0}»");
    Sure { title: format!("Confirmer {lasts}\u{202f}?"), text, keep: "Ne rien effacer".to_owned() }
}

/// « 5 ans », « 18 mois »
pub fn lasts(months: u32) -> String {
    if months >= 24 && months.is_multiple_of(12) {
        counted((months / 12) as usize, "an", "ans")
    } else {
        counted(months as usize, "mois", "mois")
    }
}

/// Once a duration is set.
pub fn set(months: u32, confirmed: bool, today: NaiveDate) -> String {
    let lasts = lasts(months);
    if confirmed {
        format!("La durée de {lasts} est confirmée. Elle s’applique à partir du {}.", day(applies_on(today), today))
    } else {
        format!("La durée est de {lasts}. Rien n’est effacé tant que personne ne la confirme.")
    }
}

pub fn changed_days(days: u16) -> String {
    let days = counted(days.into(), "jour", "jours");
    format!("Les identifications à venir ouvrent {days} d’échange. Celles d’avant gardent les leurs.")
}

pub fn added(name: &str) -> String {
    format!("{name} est du territoire. Le prochain import de l’annuaire gardera qui y exerce.")
}

pub fn removed(name: &str) -> String {
    format!("{name} n’est plus du territoire. Ses fiches restent gardées, elles ne sont plus publiées.")
}

/// Who goes soon, for those who follow them; the record of each line has its name on the device.
pub fn leaving(leaving: &[(Term, Vec<Leaving>)], today: NaiveDate) -> Panel {
    let all = || leaving.iter().flat_map(|(_, leaving)| leaving);
    let Some(last) = all().map(|one| one.on).max() else { return Panel::default() };
    let until = day(last.0.max(today), today);
    let count = |whole: bool| {
        let mut records: Vec<_> = all().filter(|one| one.whole == whole).map(|one| one.record).collect();
        records.sort();
        // Two durations may take the same person.
        records.dedup();
        records.len()
    };
    let goes = match (count(true), count(false)) {
        (0, 1) => "1\u{a0}fiche sera effacée en partie".to_owned(),
        (0, parts) => format!("{parts}\u{a0}fiches seront effacées en partie"),
        (1, 0) => "1\u{a0}fiche sera effacée".to_owned(),
        (whole, 0) => format!("{whole}\u{a0}fiches seront effacées"),
        (1, parts) => format!("1\u{a0}fiche sera effacée, et {parts} en partie,"),
        (whole, parts) => format!("{whole}\u{a0}fiches seront effacées, et {parts} en partie,"),
    };
    let parts = leaving.iter().map(|(term, leaving)| of_term(term, leaving, today)).collect();
    Panel { second: format!("{goes} d’ici le {until}"), said: String::new(), parts }
}

/// Whom one duration takes soon.
fn of_term(term: &Term, leaving: &[Leaving], today: NaiveDate) -> Part {
    let lasts = lasts(term.months);
    let (title, why) = match term.rule {
        Rule::Programme(Keeping { title, what, since, renews, .. }) => {
            (*title, format!("Sont gardés {lasts} après {since}\u{a0}: {what}. {ALONE} {renews}"))
        }
        Rule::Person | Rule::Audit => (
            "",
            format!(
                "Rien n’y a été noté depuis près de {lasts}. Toute saisie envoyée dans une fiche la prolonge d’autant\u{a0}: un nouveau repérage, un accord, une correction. Lire ne suffit pas."
            ),
        ),
    };
    let copy = "Un professionnel qui suit la personne peut en garder une copie depuis la fiche, par «\u{a0}Copie ou effacement\u{a0}». Ce qui est effacé ne revient pas.";
    let line = |one: &Leaving| {
        let when =
            if one.on.0 <= today { "dès maintenant".to_owned() } else { format!("le {}", day(one.on.0, today)) };
        let kept = if one.whole { "" } else { "\u{a0}; la fiche et le reste sont gardés" };
        Line { text: format!("À effacer {when}{kept}"), record: Some(one.record), act: None }
    };
    let texts = vec![why, copy.to_owned()];
    Part { title: title.to_owned(), texts, lines: leaving.iter().map(line).collect(), acts: Vec::new() }
}

fn touched(act: String, value: String, label: String, sure: Option<Sure>) -> Act {
    Act { asked: Asked { act, value }, label, field: String::new(), sure }
}

fn typed(act: String, value: String, label: &str, field: &str) -> Act {
    Act { asked: Asked { act, value }, label: label.to_owned(), field: field.to_owned(), sure: None }
}

#[cfg(test)]
mod tests {
    use domain::id::RecordId;
    use domain::{Day, Timestamp};

    use super::*;
    use crate::store::Confirmed;

    #[test]
    fn a_duration_says_whether_it_holds_and_what_it_takes() {
        let today: NaiveDate = "2026-11-22".parse().unwrap();
        let forecast = Forecast { now: 0, month: 1, year: 3 };
        let mut term = Term { rule: Rule::Person, months: 60, confirmed: None };
        let part = duration(&term, forecast, today);
        assert!(part.texts[0].contains("gardés 5\u{a0}ans après le dernier contact"));
        assert!(part.texts[0].ends_with("rien échangé depuis, 90\u{a0}jours au plus."), "{}", part.texts[0]);
        assert_eq!(part.texts[1], "Personne ne l’a confirmée\u{a0}: rien n’est effacé.");
        assert!(part.texts[2].ends_with(
            "aujourd’hui, aucune fiche\u{a0}; dans 30\u{a0}jours, 1\u{a0}fiche\u{a0}; dans un an, 3\u{a0}fiches."
        ));
        let sure = part.acts[1].sure.clone().unwrap();
        assert_eq!(part.acts[1].asked, Asked { act: "confirm/person".into(), value: "60".into() });
        assert!(
            sure.text.starts_with("À partir du mardi 22\u{a0}décembre, une fiche")
                && sure.text.contains("Ce jour-là\u{a0}: 1\u{a0}fiche."),
            "{}",
            sure.text
        );

        let at = Timestamp(today.and_hms_opt(9, 0, 0).unwrap().and_utc().timestamp_millis());
        term.confirmed = Some(Confirmed { at, by: "Anne Roux".into() });
        let part = duration(&term, forecast, today);
        assert_eq!(
            part.texts[1],
            "Confirmée par Anne Roux, dimanche 22\u{a0}novembre. S’applique à partir du mardi 22\u{a0}décembre."
        );
        assert!(part.acts[1].sure.is_none(), "what stops an erasure asks nothing");
        assert_eq!([lasts(12), lasts(18), lasts(24)], ["12\u{a0}mois", "18\u{a0}mois", "2\u{a0}ans"]);
    }

    #[test]
    fn a_duration_of_a_programme_says_who_stays_and_what_else_changes() {
        let today: NaiveDate = "2026-11-22".parse().unwrap();
        let rule = Rule::of("tabac").unwrap();
        let term = Term { rule, months: 24, confirmed: None };
        let part = duration(&term, Forecast { now: 0, month: 1, year: 3 }, today);
        assert_eq!(part.title, "Défis sans tabac");
        assert!(part.texts[0].starts_with("Sont gardés 2\u{a0}ans après la fin de l’édition, "), "{}", part.texts[0]);
        assert!(part.texts[0].contains("qui est suivi pour autre chose garde sa fiche et le reste."));
        assert!(part.texts[1].contains("imprimez ou téléchargez «\u{a0}Résultats et bilan\u{a0}» avant."));
        assert_eq!(part.texts[2], "Personne ne l’a confirmée\u{a0}: rien n’est effacé.");
        assert!(
            part.texts[3].contains("aujourd’hui, personne\u{a0}; dans 30\u{a0}jours, 1\u{a0}personne concernée\u{a0};")
        );
        assert_eq!(part.acts[0].asked.act, "months/tabac");
        let sure = part.acts[1].sure.clone().unwrap();
        assert_eq!(part.acts[1].asked, Asked { act: "confirm/tabac".into(), value: "24".into() });
        for said in [
            "À partir du mardi 22\u{a0}décembre, ",
            "\u{a0}: l’inscription",
            "Résultats et bilan",
            ": 1\u{a0}personne concernée.",
        ] {
            assert!(sure.text.contains(said), "{said}: {}", sure.text);
        }
    }

    #[test]
    fn who_goes_soon_is_counted_with_the_last_day() {
        let today: NaiveDate = "2026-11-22".parse().unwrap();
        assert_eq!(leaving(&[], today), Panel::default());
        let one = |id: u128, on: &str, whole: bool| {
            let record = RecordId(uuid::Uuid::from_u128(id));
            Leaving { record, on: Day(on.parse().unwrap()), whole }
        };
        let term = |rule: Rule| Term { rule, months: rule.proposed(), confirmed: None };
        let people = (term(Rule::Person), vec![one(1, "2026-11-20", true), one(2, "2027-01-14", true)]);
        let panel = leaving(std::slice::from_ref(&people), today);
        assert_eq!(panel.second, "2\u{a0}fiches seront effacées d’ici le jeudi 14\u{a0}janvier\u{a0}2027");
        let texts = |part: &Part| part.lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>();
        assert_eq!(
            texts(&panel.parts[0]),
            ["À effacer dès maintenant", "À effacer le jeudi 14\u{a0}janvier\u{a0}2027"]
        );

        let tabac = Rule::of("tabac").unwrap();
        let part = (term(tabac), vec![one(1, "2026-11-30", true), one(3, "2026-11-30", false)]);
        let panel = leaving(&[people, part.clone()], today);
        assert!(
            panel.second.starts_with("2\u{a0}fiches seront effacées, et 1 en partie, d’ici le "),
            "{}",
            panel.second
        );
        assert_eq!(panel.parts[1].title, "Défis sans tabac");
        assert!(panel.parts[1].texts[0].starts_with("Sont gardés 2\u{a0}ans après la fin de l’édition, "));
        assert_eq!(
            texts(&panel.parts[1])[1],
            "À effacer le lundi 30\u{a0}novembre\u{a0}; la fiche et le reste sont gardés"
        );
        let only = leaving(&[(term(tabac), vec![part.1[1]])], today);
        assert!(only.second.starts_with("1\u{a0}fiche sera effacée en partie d’ici le "), "{}", only.second);
    }
}
