//! What the settings of a territory say.

use chrono::NaiveDate;
use domain::Day;
use domain::annuaire::directory::Commune;
use domain::french::{counted, day};
use domain::id::RecordId;
use domain::retention::{NOTICE_DAYS, Rule, WAIT_DAYS, applies_on};
use sync::protocol::territory::{Act, Asked, Line, Panel, Part, Sure};

use super::act;
use crate::annuaire::communes::Found;
use crate::store::{Forecast, Term};

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

/// One duration: what it is, whether it holds, what it takes.
pub fn duration(term: &Term, forecast: Forecast, today: NaiveDate) -> Part {
    let (rule, months) = (term.rule, term.months);
    let (title, kept) = match rule {
        Rule::Person => (
            "Fiches et repérages",
            format!(
                "Une fiche et tout ce qui s’y rattache sont gardés {} après le dernier contact\u{a0}: la dernière saisie reçue. Lire une fiche n’est pas un contact. À son terme, une fiche attend les appareils qui n’ont rien échangé depuis, {WAIT_DAYS}\u{a0}jours au plus.",
                lasts(months)
            ),
        ),
        Rule::Audit => ("Journal", format!("Une ligne du journal est gardée {}.", lasts(months))),
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
    let what = |count| match (count, rule) {
        (0, Rule::Person) => "aucune fiche".to_owned(),
        (0, Rule::Audit) => "aucune ligne".to_owned(),
        (count, Rule::Person) => counted(count, "fiche", "fiches"),
        (count, Rule::Audit) => counted(count, "ligne", "lignes"),
    };
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
    Part { title: title.to_owned(), texts: vec![kept, state, past], lines: Vec::new(), acts: vec![change, holds] }
}

fn sure(rule: Rule, months: u32, then: &str, today: NaiveDate) -> Sure {
    let (from, lasts) = (day(applies_on(today), today), lasts(months));
    let text = match rule {
        Rule::Person => format!(
            "À partir du {from}, une fiche sans contact depuis {lasts} est effacée pour de bon, avec tout ce qui s’y rattache, ici et sur tous les appareils. Ce jour-là\u{a0}: {then}. Avant, « Suspendre l’effacement » arrête tout.",
        ),
        Rule::Audit => format!(
            "À partir du {from}, une ligne du journal de plus de {lasts} est effacée pour de bon. Ce jour-là\u{a0}: {then}. Avant, « Suspendre l’effacement » arrête tout.",
        ),
    };
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
pub fn leaving(leaving: &[(RecordId, Day)], months: u32, today: NaiveDate) -> Panel {
    let Some((_, last)) = leaving.last() else { return Panel::default() };
    let until = day(last.0.max(today), today);
    let second = match leaving.len() {
        1 => format!("1\u{a0}fiche sera effacée d’ici le {until}"),
        count => format!("{count}\u{a0}fiches seront effacées d’ici le {until}"),
    };
    let texts = [
        format!("Rien n’y a été noté depuis près de {}. Toute saisie envoyée dans une fiche la prolonge d’autant\u{a0}: un nouveau repérage, un accord, une correction. Lire ne suffit pas.", lasts(months)),
        "Vous gardez sinon une copie depuis la fiche, par «\u{a0}Copie ou effacement\u{a0}». Une fois effacée, une fiche ne revient pas.".to_owned(),
    ];
    let line = |(record, on): &(RecordId, Day)| {
        let text = if on.0 <= today {
            "À effacer dès maintenant".to_owned()
        } else {
            format!("À effacer le {}", day(on.0, today))
        };
        Line { text, record: Some(*record), act: None }
    };
    let part =
        Part { title: String::new(), texts: texts.into(), lines: leaving.iter().map(line).collect(), acts: Vec::new() };
    Panel { second, said: String::new(), parts: vec![part] }
}

fn touched(act: String, value: String, label: String, sure: Option<Sure>) -> Act {
    Act { asked: Asked { act, value }, label, field: String::new(), sure }
}

fn typed(act: String, value: String, label: &str, field: &str) -> Act {
    Act { asked: Asked { act, value }, label: label.to_owned(), field: field.to_owned(), sure: None }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

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
    fn who_goes_soon_is_counted_with_the_last_day() {
        let today: NaiveDate = "2026-11-22".parse().unwrap();
        assert_eq!(leaving(&[], 60, today), Panel::default());
        let one = |id: u128, on: &str| (RecordId(uuid::Uuid::from_u128(id)), Day(on.parse().unwrap()));
        let panel = leaving(&[one(1, "2026-11-20"), one(2, "2027-01-14")], 60, today);
        assert_eq!(panel.second, "2\u{a0}fiches seront effacées d’ici le jeudi 14\u{a0}janvier\u{a0}2027");
        let texts: Vec<_> = panel.parts[0].lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["À effacer dès maintenant", "À effacer le jeudi 14\u{a0}janvier\u{a0}2027"]);
    }
}
