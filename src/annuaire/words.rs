//! How a card is said: the register writes in capitals and codes, people read names and words.

use chrono::NaiveDateTime;
use domain::annuaire::codes::profession_label;
use domain::annuaire::directory::Directory;
use domain::annuaire::entry::{Address, Entry, EquipmentPlace, Kind, Site, Visits, VisitsAnswer};
use domain::annuaire::fact::{Origin, Source};
use domain::annuaire::lists::{Item, Lists};
use domain::french::{WEEKDAYS, full_day, join, name_case, sentence_case};
use domain::identifiers::Phone;

/// Written small inside a name of a place.
const SMALL: &[&str] = &[
    "de", "du", "des", "la", "le", "les", "et", "en", "au", "aux", "à", "sur", "sous", "pour", "par", "d", "l", "lès",
];
/// Written in capitals whatever the place.
const SIGLES: &[&str] = &[
    "CCAS", "CH", "CHU", "CLIC", "CMP", "CPTS", "DAC", "EHPAD", "ESP", "HAD", "IRM", "MAIA", "MDPH", "MSP", "PMI",
    "SAAD", "SCM", "SEL", "SELARL", "SIAO", "SIMPPS", "SISA", "SPASAD", "SSIAD", "USLD",
];

/// « Dr Marie-Hélène Exemple », « Pharmacie de la Halle »
pub fn full_name(entry: &Entry) -> String {
    if entry.kind != Kind::Person {
        return place_name(&entry.name);
    }
    let title = match entry.title.as_deref() {
        Some("DR") => "Dr",
        Some("PR") => "Pr",
        _ => "",
    };
    let given = entry.given_name.as_deref().map(person_name).unwrap_or_default();
    let parts = [title, given.as_str(), &person_name(&entry.name)];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// « MARIE-HÉLÈNE » as « Marie-Hélène »; a name that is not all in capitals is as somebody wrote it.
pub fn person_name(name: &str) -> String {
    name_case(name.trim()).replace('\'', "’")
}

/// « CABINET DU DR EXEMPLE » as « Cabinet du Dr Exemple ».
pub fn place_name(name: &str) -> String {
    if !is_shouted(name) {
        return name.trim().to_owned();
    }
    cased(name, |word, first| {
        if SIGLES.contains(&word.to_uppercase().as_str()) {
            Case::Upper
        } else if !first && SMALL.contains(&word) {
            Case::Lower
        } else {
            Case::Capital
        }
    })
}

enum Case {
    Upper,
    Lower,
    Capital,
}

fn is_shouted(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

fn cased(text: &str, case: impl Fn(&str, bool) -> Case) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut first = true;
    for part in text.trim().split_inclusive(|letter: char| !letter.is_alphanumeric()) {
        let word = part.trim_end_matches(|letter: char| !letter.is_alphanumeric());
        let lower = word.to_lowercase();
        match case(&lower, first) {
            Case::Upper => shown.push_str(word),
            Case::Lower => shown.push_str(&lower),
            Case::Capital => shown.push_str(&sentence_case(&lower)),
        }
        shown.push_str(&part[word.len()..].replace('\'', "’"));
        first &= word.is_empty();
    }
    shown
}

/// « Masseuse-kinésithérapeute », « Pharmacie d’officine »
pub fn profession(entry: &Entry, lists: &Lists) -> String {
    let Some(coded) = &entry.profession else { return String::new() };
    let list = if entry.kind == Kind::Person { &lists.professions } else { &lists.structures };
    match item(list, &coded.code) {
        Some(item) if entry.title.as_deref() == Some("MME") && !item.feminine.is_empty() => item.feminine.clone(),
        Some(item) => item.label.clone(),
        None => profession_label(coded, entry.title.as_deref()).to_owned(),
    }
}

fn item<'a>(list: &'a [Item], code: &str) -> Option<&'a Item> {
    list.iter().find(|item| item.code == code)
}

/// The words of a code; an unknown one is shown as it came.
pub fn label(list: &[Item], code: &str) -> String {
    item(list, code).map_or_else(|| code.to_owned(), |item| item.label.clone())
}

/// « Auterive »
pub fn town(address: &Address, directory: &Directory) -> String {
    let listed = address.commune.as_ref().map(|code| commune(code, directory));
    listed.unwrap_or_else(|| {
        let town = address.town.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ' ');
        place_name(town)
    })
}

/// The name of a commune of the territory; another keeps its code.
pub fn commune(code: &str, directory: &Directory) -> String {
    let found = directory.communes.iter().find(|commune| commune.insee == code);
    found.map_or_else(|| code.to_owned(), |commune| commune.name.clone())
}

/// « 12, rue des Tanneurs », « 31190 Auterive »
pub fn address_lines(address: &Address, directory: &Directory) -> Vec<String> {
    let mut lines: Vec<String> = address.lines.iter().map(|line| place_name(line)).collect();
    let town = [address.postal_code.clone(), town(address, directory)].join(" ");
    let town = town.trim();
    if !town.is_empty() {
        lines.push(town.to_owned());
    }
    lines
}

/// « 05 36 49 12 40 », and the link that dials it.
pub fn dialled(number: &str) -> (String, String) {
    match number.parse::<Phone>() {
        Ok(phone) => (phone.shown(), phone.href()),
        Err(_) => (number.to_owned(), format!("tel:{number}")),
    }
}

/// The number a patient dials: of this site.
pub fn phone_of(site: &Site) -> Option<(String, String)> {
    site.phone.as_deref().map(dialled)
}

/// « lundi et jeudi »
pub fn days(days: &[u8]) -> String {
    let names: Vec<&str> =
        days.iter().filter_map(|day| WEEKDAYS.get(usize::from(*day).checked_sub(1)?).copied()).collect();
    join(&names)
}

/// Where somebody goes, and under which conditions, a line each.
pub fn visits(visits: &Visits, directory: &Directory) -> Vec<String> {
    let mut lines = Vec::new();
    let communes: Vec<String> = visits.communes.iter().map(|code| commune(code, directory)).collect();
    lines.push(match visits.answer {
        VisitsAnswer::No => "Ne va pas à domicile".to_owned(),
        _ if !communes.is_empty() => communes.join(", "),
        VisitsAnswer::Yes => "Oui".to_owned(),
        VisitsAnswer::Conditions => "Selon la situation".to_owned(),
    });
    lines.extend([visits.conditions.clone(), days(&visits.days)]);
    lines.retain(|line| !line.is_empty());
    lines
}

/// « spiromètre », « nébuliseur (prêté) »
pub fn equipment(code: &str, place: EquipmentPlace, lists: &Lists) -> String {
    let name = label(&lists.equipment, code);
    match place {
        EquipmentPlace::OnSite => name,
        EquipmentPlace::AtHome => format!("{name} (à domicile)"),
        EquipmentPlace::Lent => format!("{name} (se prête)"),
    }
}

/// « RPPS du 1 nov. 2026 », « déclaré par la personne »
pub fn source(origin: Origin, kind: Kind) -> String {
    match origin.source {
        Source::Rpps(day) => format!("Annuaire Santé (RPPS) du {}", full_day(day.0)),
        Source::Finess(day) => format!("FINESS du {}", full_day(day.0)),
        Source::Declared if kind == Kind::Person => "déclaré par la personne".to_owned(),
        Source::Declared => "déclaré par la structure".to_owned(),
        Source::Coordination => "la coordination".to_owned(),
    }
}

/// Who last said that the card is right: « Confirmée par la coordination ».
pub fn confirmed_by(origin: Origin) -> &'static str {
    match origin.source {
        Source::Rpps(_) => "Vient de l’Annuaire Santé (RPPS)",
        Source::Finess(_) => "Vient du répertoire FINESS",
        Source::Declared => "Confirmée par la personne elle-même",
        Source::Coordination => "Confirmée par la coordination",
    }
}

/// The names of languages, and of the three ways of being understood.
pub fn language(code: &str, lists: &Lists) -> String {
    label(&lists.languages, code)
}

/// What is no more sure of this card.
pub fn is_stale(entry: &Entry, now: NaiveDateTime) -> bool {
    entry.availability.as_ref().is_some_and(|availability| !availability.holds(now))
}

#[cfg(test)]
mod tests {
    use domain::annuaire::directory::Commune;
    use domain::annuaire::entry::Coded;

    use super::*;

    #[test]
    fn names_of_the_register_are_read_as_names() {
        let entry = Entry {
            name: "D'HÔTEL-CŒUR".into(),
            given_name: Some("MARIE-HÉLÈNE".into()),
            title: Some("DR".into()),
            ..Entry::default()
        };
        assert_eq!(full_name(&entry), "Dr Marie-Hélène D’Hôtel-Cœur");
        assert_eq!(person_name("N'GUYEN"), "N’Guyen");
        assert_eq!(person_name("de La Tour"), "de La Tour");
        assert_eq!(place_name("CABINET DU DR EXEMPLE"), "Cabinet du Dr Exemple");
        assert_eq!(place_name("SELARL PHARMACIE DE L'OLIVIER"), "SELARL Pharmacie de l’Olivier");
        assert_eq!(place_name("La Maison Rouge"), "La Maison Rouge");
        assert_eq!(place_name(""), "");
    }

    #[test]
    fn a_woman_has_her_word_and_an_unknown_code_its_label() {
        let kine = Item {
            code: "70".into(),
            label: "Masseur-kinésithérapeute".into(),
            feminine: "Masseuse-kinésithérapeute".into(),
            ..Item::default()
        };
        let lists = Lists { professions: vec![kine], ..Lists::default() };
        let mut entry = Entry {
            title: Some("MME".into()),
            profession: Some(Coded { code: "70".into(), label: "Masseur-Kinésithérapeute".into() }),
            ..Entry::default()
        };
        assert_eq!(profession(&entry, &lists), "Masseuse-kinésithérapeute");
        entry.title = Some("M".into());
        assert_eq!(profession(&entry, &lists), "Masseur-kinésithérapeute");
        entry.profession = Some(Coded { code: "999".into(), label: "Métier nouveau".into() });
        assert_eq!(profession(&entry, &lists), "Métier nouveau");
    }

    #[test]
    fn a_town_is_the_commune_of_the_territory_or_what_the_envelope_says() {
        let directory = Directory {
            communes: vec![Commune { insee: "31033".into(), name: "Auterive".into(), ..Commune::default() }],
            ..Directory::default()
        };
        let mut address =
            Address { commune: Some("31033".into()), town: "31190 AUTERIVE".into(), ..Address::default() };
        assert_eq!(town(&address, &directory), "Auterive");
        address.commune = None;
        address.postal_code = "31190".into();
        address.lines = vec!["12 RUE DE LA REPUBLIQUE".into()];
        assert_eq!(address_lines(&address, &directory), ["12 Rue de la Republique", "31190 Auterive"]);
    }

    #[test]
    fn days_are_read_and_what_is_none_is_left_out() {
        assert_eq!(days(&[1, 4, 9, 0]), "lundi et jeudi");
    }
}
