//! Cards for the address book of a phone: vCard 3.0 (RFC 2426), which every telephone reads.
//!
//! A card is one vCard, however many places somebody works at: two contacts of one name are what people delete. Which
//! number rings where is told by Apple's labels (`item1.TEL`, `item1.X-ABLabel`), which other readers leave aside.
//! MSSanté addresses are in the note: an address book would offer them to the ordinary mail, which may carry no health data.

use chrono::Datelike;

use super::codes::{profession_label, savoir_faire_label};
use super::entry::{Address, Card, Entry, Group, Kind, Site, Visibility};
use super::geo::degrees;
use super::lists::{Item, Lists};
use crate::french::{NBSP, full_day, name_case};

/// Octets of a line, its end left out.
const WIDTH: usize = 75;

/// One file of all these cards. `eyes`: of those who will read the file, which is passed from hand to hand; what is not
/// for them stays out.
#[must_use]
pub fn export(cards: &[&Card], lists: &Lists, eyes: Visibility) -> String {
    let mut file = File::default();
    for card in cards {
        file.card(card, lists, eyes);
    }
    file.text
}

/// `marie-helene-exemple.vcf`: the name of the person or of the place, in letters any system accepts, and nothing else.
#[must_use]
pub fn file_name(cards: &[&Card]) -> String {
    let called = match cards {
        [card] => format!("{} {}", card.entry.given_name.as_deref().unwrap_or_default(), card.entry.name),
        _ => String::new(),
    };
    let name = crate::french::file_name(&called);
    format!("{}.vcf", if name.is_empty() { "annuaire" } else { &name })
}

#[derive(Default)]
struct File {
    text: String,
    /// Properties of the present card that have a label.
    items: usize,
}

impl File {
    fn card(&mut self, Card { id, entry }: &Card, lists: &Lists, eyes: Visibility) {
        self.items = 0;
        let person = entry.kind == Kind::Person;
        self.line("BEGIN", "VCARD");
        self.line("VERSION", "3.0");
        self.line("UID", &format!("urn:uuid:{id}"));
        let structure = entry.sites.values().find_map(|site| site.structure.as_deref());
        if person {
            let (family, given) = (name_case(&entry.name), name_case(entry.given_name.as_deref().unwrap_or_default()));
            let prefix = prefix(entry);
            self.line("N", &format!("{};{};;{prefix};", escaped(&family), escaped(&given)));
            let parts = [prefix, &given, &family];
            let full: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            self.line("FN", &escaped(&full.join(" ")));
            self.text("TITLE", &profession(entry, &lists.professions));
            self.text("ORG", structure.unwrap_or_default());
        } else {
            self.line("N", &format!("{};;;;", escaped(&entry.name)));
            self.line("FN", &escaped(&entry.name));
            self.text("ORG", &entry.name);
            self.line("X-ABShowAs", "COMPANY");
        }
        let several = entry.sites.len() > 1;
        for site in entry.sites.values() {
            let label = if several { place(site) } else { String::new() };
            self.site(entry, site, &label, eyes);
        }
        if let Some((lat, lon)) = entry.sites.values().find_map(|site| site.address.as_ref()?.at) {
            self.line("GEO", &format!("{};{}", degrees(lat), degrees(lon)));
        }
        self.text("NOTE", &note(entry, lists, eyes));
        if let Some(newest) = entry.origins.newest() {
            self.line("REV", &format!("{}T00:00:00Z", newest.confirmed_on));
        }
        self.line("END", "VCARD");
    }

    fn site(&mut self, entry: &Entry, site: &Site, label: &str, eyes: Visibility) {
        if let Some(address) = &site.address {
            self.labelled("ADR;TYPE=WORK", &adr(address), label);
        }
        if is_for(entry, Group::Contact, eyes) {
            let numbers = [("TEL;TYPE=WORK,VOICE", &site.phone), ("TEL;TYPE=WORK,FAX", &site.fax)];
            for (name, value) in numbers.into_iter().chain([("EMAIL;TYPE=INTERNET", &site.email)]) {
                if let Some(value) = value {
                    self.labelled(name, &escaped(value), label);
                }
            }
            // Nothing but the address of a page: an address book opens whatever it is given.
            let page = site.booking.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
            if let Some(page) = page.filter(|url| !url.contains(|c: char| c.is_control() || c.is_whitespace())) {
                self.labelled("URL", page, label);
            }
        }
        if let Some(phone) = site.colleague_phone.as_deref().filter(|_| is_for(entry, Group::Colleagues, eyes)) {
            let label = if label.is_empty() { "Confrères".to_owned() } else { format!("Confrères, {label}") };
            self.labelled("TEL;TYPE=WORK,VOICE", &escaped(phone), &label);
        }
    }

    fn text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.line(name, &escaped(value));
        }
    }

    fn labelled(&mut self, name: &str, value: &str, label: &str) {
        if label.is_empty() {
            return self.line(name, value);
        }
        self.items += 1;
        let item = self.items;
        self.line(&format!("item{item}.{name}"), value);
        self.line(&format!("item{item}.X-ABLabel"), &escaped(label));
    }

    /// One property, folded between two characters, never inside one.
    fn line(&mut self, name: &str, value: &str) {
        let mut width = 0;
        for letter in name.chars().chain([':']).chain(value.chars()) {
            if width + letter.len_utf8() > WIDTH {
                self.text.push_str("\r\n ");
                width = 1;
            }
            self.text.push(letter);
            width += letter.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

fn is_for(entry: &Entry, group: Group, eyes: Visibility) -> bool {
    entry.visibility.get(&group).copied().unwrap_or_else(|| group.default_visibility()) <= eyes
}

/// What would end a value, or the line, is marked; other control characters have no business in a name.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 4);
    for letter in text.trim().chars() {
        match letter {
            '\n' => escaped.push_str("\\n"),
            '\\' | ',' | ';' => escaped.extend(['\\', letter]),
            _ if letter.is_control() => {}
            _ => escaped.push(letter),
        }
    }
    escaped
}

fn prefix(entry: &Entry) -> &'static str {
    match entry.title.as_deref() {
        Some("DR") => "Dr",
        Some("PR") => "Pr",
        _ => "",
    }
}

/// As the list of the territory names it, else as the register or the file do.
fn profession(entry: &Entry, list: &[Item]) -> String {
    let Some(coded) = &entry.profession else { return String::new() };
    match list.iter().find(|item| item.code == coded.code) {
        Some(item) if entry.title.as_deref() == Some("MME") && !item.feminine.is_empty() => item.feminine.clone(),
        Some(item) => item.label.clone(),
        None => profession_label(coded, entry.title.as_deref()).to_owned(),
    }
}

/// « Maison de santé, Auterive »
fn place(site: &Site) -> String {
    let town = site.address.as_ref().map(|address| address.town.as_str());
    let parts = [site.structure.as_deref(), town];
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// Box, complement, street, town, region, postal code, country. All the lines of the envelope are the street: readers
/// show the complement badly, or not at all.
fn adr(Address { lines, postal_code, town, .. }: &Address) -> String {
    format!(";;{};{};;{};France", escaped(&lines.join("\n")), escaped(town), escaped(postal_code))
}

fn note(entry: &Entry, lists: &Lists, eyes: Visibility) -> String {
    let mut lines = Vec::new();
    if entry.kind != Kind::Person {
        lines.push(profession(entry, &lists.structures));
    }
    if let Some(service) = entry.service.as_ref().filter(|service| !service.when.is_empty()) {
        lines.push(format!("Quand l’appeler{NBSP}: {}", service.when));
    }
    lines.extend(entry.savoir_faire.iter().map(|one| savoir_faire_label(one).to_owned()));
    if let Some(rpps) = &entry.rpps {
        lines.push(format!("RPPS {rpps}"));
    }
    if is_for(entry, Group::Mssante, eyes) {
        lines.extend(entry.mssante.iter().map(|address| format!("MSSanté{NBSP}: {address}")));
    }
    if let Some(newest) = entry.origins.newest().filter(|newest| newest.confirmed_on.0.year() > 0) {
        lines.push(format!("Fiche du {}", full_day(newest.confirmed_on.0)));
    }
    lines.retain(|line| !line.is_empty());
    // Two diplomas of one trade have one name.
    lines.dedup();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::annuaire::entry::{Coded, Service};
    use crate::annuaire::fact::{Origin, Origins, Source};
    use crate::id::RecordId;
    use crate::time::{Day, day_of};

    fn card(id: u128, entry: Entry) -> Card {
        let day = Day(day_of("2026-11-01").expect("a day"));
        let most = Some(Origin { source: Source::Rpps(day), confirmed_on: day });
        Card {
            id: RecordId(Uuid::from_u128(id)),
            entry: Entry { origins: Origins { most, ..Origins::default() }, ..entry },
        }
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn coded(code: &str, label: &str) -> Coded {
        Coded { code: code.into(), label: label.into() }
    }

    fn address(lines: &[&str], town: &str) -> Option<Address> {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        Some(Address { lines, postal_code: "31190".into(), town: town.into(), ..Address::default() })
    }

    fn sites(sites: &[Site]) -> BTreeMap<String, Site> {
        sites.iter().enumerate().map(|(rank, site)| (format!("R{rank}"), site.clone())).collect()
    }

    fn lists() -> Lists {
        let item = |code: &str, label: &str, feminine: &str| Item {
            code: code.into(),
            label: label.into(),
            feminine: feminine.into(),
            ..Item::default()
        };
        Lists {
            professions: vec![item("70", "Masseur-kinésithérapeute", "Masseuse-kinésithérapeute")],
            structures: vec![item("ccas", "Centre communal d’action sociale", "")],
            ..Lists::default()
        }
    }

    /// As the official file gives it.
    fn doctor() -> Card {
        let site = Site {
            structure: some("CABINET DU DR EXEMPLE"),
            address: address(&["12 Rue DE LA REPUBLIQUE"], "Auterive"),
            phone: some("+33561000000"),
            ..Site::default()
        };
        card(
            1,
            Entry {
                name: "EXEMPLE".into(),
                given_name: some("MARIE-HÉLÈNE"),
                title: some("DR"),
                rpps: some("99700000013"),
                profession: Some(coded("10", "Médecin")),
                savoir_faire: vec![coded("SM54", "Médecine Générale"), coded("SM26", "Qualifié en Médecine Générale")],
                mssante: vec!["marie-helene.exemple@exemple.mssante.fr".into()],
                sites: sites(&[site]),
                ..Entry::default()
            },
        )
    }

    /// Two places, everything filled, and whatever has to be escaped or folded.
    fn physiotherapist() -> Card {
        let health_house = Site {
            structure: some(
                "Maison de santé pluriprofessionnelle de la vallée de l’Ariège, « Les Œillets » ; bâtiment B",
            ),
            address: Some(Address {
                at: Some((43.351_234_5, 1.475_006)),
                ..address(&["Résidence du Vieux-Château", "3 bis, place de l’Église"], "Auterive").unwrap_or_default()
            }),
            phone: some("+33561000001"),
            colleague_phone: some("+33561000002"),
            fax: some("+33561000003"),
            email: some("accueil@exemple.fr"),
            booking: some("https://exemple.fr/rendez-vous?lieu=auterive;jour=1,2"),
            ..Site::default()
        };
        let pool = Site {
            structure: some("Balnéothérapie"),
            address: address(&["Chemin des Bains \\ entrée nord"], "Grépiac"),
            phone: some("+33561000004"),
            ..Site::default()
        };
        card(
            2,
            Entry {
                name: "D'HÔTEL-CŒUR".into(),
                given_name: some("Léa"),
                title: some("MME"),
                rpps: some("99700000021"),
                profession: Some(coded("70", "Masseur-Kinésithérapeute")),
                mssante: vec!["lea@exemple.mssante.fr".into()],
                sites: sites(&[health_house, pool]),
                ..Entry::default()
            },
        )
    }

    fn service() -> Card {
        let site = Site { address: address(&["Mairie"], "Miremont"), phone: some("3989"), ..Site::default() };
        card(
            3,
            Entry {
                kind: Kind::Service,
                name: "CCAS de Miremont".into(),
                profession: Some(coded("ccas", "")),
                service: Some(Service { when: "une aide au repas ; un transport".into(), ..Service::default() }),
                sites: sites(&[site]),
                ..Entry::default()
            },
        )
    }

    /// A reader of its own: lines put together again, then `(name, value)` as they are written.
    fn read(file: &str) -> Vec<(String, String)> {
        assert!(!file.replace("\r\n", "").contains(['\r', '\n']), "every line ends in CRLF");
        for line in file.split("\r\n") {
            assert!(line.len() <= WIDTH, "{} octets: {line}", line.len());
        }
        let whole = file.strip_suffix("\r\n").expect("the last line ends").replace("\r\n ", "");
        let property = |line: &str| line.split_once(':').map(|(name, value)| (name.to_owned(), value.to_owned()));
        whole.split("\r\n").map(|line| property(line).expect("a property")).collect()
    }

    /// The parts of a value between its bare semicolons, unescaped.
    fn parts(value: &str) -> Vec<String> {
        let mut parts = vec![String::new()];
        let mut letters = value.chars();
        while let Some(letter) = letters.next() {
            let meant = match letter {
                ';' => {
                    parts.push(String::new());
                    continue;
                }
                '\\' => match letters.next().expect("an escaped character") {
                    'n' => '\n',
                    other => other,
                },
                ',' => panic!("a bare comma: {value}"),
                other => other,
            };
            parts.last_mut().expect("a part").push(meant);
        }
        parts
    }

    fn all(file: &str, name: &str) -> Vec<Vec<String>> {
        read(file).iter().filter(|(one, _)| one == name).map(|(_, value)| parts(value)).collect()
    }

    #[test]
    fn the_golden_files_are_what_is_exported() {
        for (golden, cards, eyes) in [
            (include_str!("cases/vcard-doctor.vcf"), vec![doctor()], Visibility::Public),
            (include_str!("cases/vcard-two-sites.vcf"), vec![physiotherapist()], Visibility::Members),
            (include_str!("cases/vcard-three.vcf"), vec![doctor(), physiotherapist(), service()], Visibility::Public),
        ] {
            assert_eq!(export(&cards.iter().collect::<Vec<_>>(), &lists(), eyes), golden);
        }
    }

    #[test]
    fn a_person_is_named_as_an_address_book_sorts_her() {
        let file = export(&[&doctor()], &lists(), Visibility::Public);
        assert_eq!(all(&file, "N"), [["Exemple", "Marie-Hélène", "", "Dr", ""]]);
        assert_eq!(all(&file, "FN"), [["Dr Marie-Hélène Exemple"]]);
        assert_eq!(all(&file, "TITLE"), [["Médecin"]]);
        assert_eq!(
            all(&file, "ADR;TYPE=WORK"),
            [["", "", "12 Rue DE LA REPUBLIQUE", "Auterive", "", "31190", "France"]]
        );
        assert_eq!(all(&file, "TEL;TYPE=WORK,VOICE"), [["+33561000000"]]);
        assert_eq!(all(&file, "REV"), [["2026-11-01T00:00:00Z"]]);
        assert_eq!(all(&file, "NOTE"), [["Médecin généraliste\nRPPS 99700000013\nFiche du 1ᵉʳ\u{a0}nov.\u{a0}2026"]]);
    }

    #[test]
    fn what_is_for_members_is_not_in_a_public_file() {
        let cards = [doctor(), physiotherapist()];
        let cards: Vec<&Card> = cards.iter().collect();
        let public = export(&cards, &lists(), Visibility::Public);
        let members = export(&cards, &lists(), Visibility::Members);
        for secret in ["mssante", "+33561000002", "Confrères"] {
            assert!(!read(&public).iter().any(|(_, value)| value.contains(secret)), "{secret}");
            assert!(read(&members).iter().any(|(_, value)| value.contains(secret)), "{secret}");
        }
        let mut hidden = doctor();
        hidden.entry.visibility.insert(Group::Contact, Visibility::Members);
        assert!(!export(&[&hidden], &lists(), Visibility::Public).contains("TEL"));
        assert!(export(&[&hidden], &lists(), Visibility::Members).contains("TEL"));
    }

    #[test]
    fn two_places_keep_their_own_numbers() {
        let file = export(&[&physiotherapist()], &lists(), Visibility::Public);
        let properties = read(&file);
        let labels: Vec<(String, String)> = properties
            .windows(2)
            .filter(|pair| pair[1].0.ends_with("X-ABLabel") && pair[0].0.contains("TEL;TYPE=WORK,VOICE"))
            .map(|pair| (pair[0].1.clone(), parts(&pair[1].1).concat()))
            .collect();
        assert_eq!(labels.len(), 2);
        assert_eq!(labels[0].0, "+33561000001");
        assert!(labels[0].1.ends_with("« Les Œillets » ; bâtiment B, Auterive"), "{labels:?}");
        assert_eq!(labels[1], ("+33561000004".to_owned(), "Balnéothérapie, Grépiac".to_owned()));
        let mut items: Vec<&str> = properties.iter().filter_map(|(name, _)| Some(name.split_once('.')?.0)).collect();
        items.dedup();
        assert_eq!(items, (1..=7).map(|item| format!("item{item}")).collect::<Vec<_>>());
    }

    #[test]
    fn a_page_that_is_none_is_left_out() {
        let mut card = doctor();
        for (url, kept) in [
            ("https://exemple.fr", true),
            ("javascript:alert(1)", false),
            ("https://exemple.fr/\r\nTEL:15", false),
            ("https://exemple.fr/ a", false),
        ] {
            card.entry.sites.get_mut("R0").expect("a site").booking = some(url);
            assert_eq!(export(&[&card], &lists(), Visibility::Public).contains("URL"), kept, "{url}");
        }
    }

    #[test]
    fn the_name_of_the_file_is_plain() {
        assert_eq!(file_name(&[&doctor()]), "marie-helene-exemple.vcf");
        assert_eq!(file_name(&[&physiotherapist()]), "lea-d-hotel-coeur.vcf");
        assert_eq!(file_name(&[&doctor(), &service()]), "annuaire.vcf");
        assert_eq!(file_name(&[&card(4, Entry { name: "../\u{202e}Ω".into(), ..Entry::default() })]), "annuaire.vcf");
    }

    proptest! {
        #[test]
        fn no_text_escapes_from_its_property(
            name in "\\PC{0,90}", line in "[\\r\\n;,:\\\\a é€😀\u{7}]{0,120}", structure in ".{0,60}",
        ) {
            let site = Site {
                structure: Some(structure),
                address: address(&[&line], &name),
                phone: Some(line.clone()),
                ..Site::default()
            };
            let entry = Entry { name: name.clone(), given_name: Some(line.clone()), sites: sites(&[site.clone(), site]), ..Entry::default() };
            let card = card(5, entry);
            let file = export(&[&card], &lists(), Visibility::Members);
            let plain = export(&[&doctor()], &lists(), Visibility::Members);
            prop_assert_eq!(all(&file, "BEGIN").len() + all(&file, "END").len(), all(&plain, "BEGIN").len() * 2);
            let street: String = line.trim().chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect();
            // A place that nothing names bears no label.
            let labelled = all(&file, "item1.ADR;TYPE=WORK");
            let addresses = if labelled.is_empty() { all(&file, "ADR;TYPE=WORK") } else { labelled };
            prop_assert_eq!(&addresses[0][2], &street);
            prop_assert_eq!(all(&file, "N")[0].len(), 5);
            prop_assert_eq!(all(&file, "N")[0][0].clone(), name_case(&name).trim().to_owned());
            let called = file_name(&[&card]);
            prop_assert!(called.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte)));
        }
    }
}
