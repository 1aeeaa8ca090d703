//! What is known of a card, a label and a value a line, and who says so.

use domain::Glyph;
use domain::annuaire::codes::{mode_label, savoir_faire_label, sector_label};
use domain::annuaire::entry::{Availability, Card, Engagement, Entry, Kind, Site};
use domain::annuaire::fact::Origin;
use domain::annuaire::lists::Lists;
use domain::french::{join, sentence_case, short_day};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browse::Browse;
use super::{opening, words};
use crate::annuaire::Loaded;
use crate::platform::page;
use crate::ui::icon::Icon;

/// Copies, and says so; a browser that refuses is said too.
pub fn copy(text: String, done: &'static str, said: RwSignal<String>) {
    spawn_local(async move {
        let words =
            if page::copy(&text).await { done } else { "Ce navigateur refuse de copier. Sélectionnez le texte." };
        said.try_set(words.to_owned());
    });
}

/// « Médecin », « Médecine générale »
pub fn trade(entry: &Entry, lists: &Lists) -> Vec<String> {
    let profession = words::profession(entry, lists);
    let mut known: Vec<&str> = entry.savoir_faire.iter().map(savoir_faire_label).collect();
    known.dedup();
    let known = known.join(", ");
    // « Médecin généraliste » says « médecin » already.
    let said = known.starts_with(&profession);
    let mut lines = vec![if said { String::new() } else { profession }, known];
    lines.retain(|line| !line.is_empty());
    lines
}

pub fn facts(
    browse: Browse,
    loaded: &Loaded,
    card: &Card,
    site: Option<&Site>,
    said: RwSignal<String>,
) -> Vec<AnyView> {
    let (entry, directory) = (&card.entry, &*loaded.directory);
    let lists = &directory.lists;
    let now = browse.now.get_untracked();
    let listed = |codes: &[String], of: &dyn Fn(&str) -> String| codes.iter().map(|code| of(code)).collect::<Vec<_>>();
    let mut facts = Vec::new();
    let mut add = |label: &'static str, value: AnyView| facts.push(fact(label, value));

    if let Some(service) = &entry.service {
        for (label, text) in [
            ("Quand l’appeler", &service.when),
            ("Pour qui", &service.public),
            ("Comment y entrer", &service.entry),
            ("Où", &service.territory),
            ("Coût", &service.cost),
        ] {
            if !text.is_empty() {
                add(label, lines(std::slice::from_ref(text)));
            }
        }
    }
    if let Some(hours) = site.and_then(|site| site.hours.as_ref()) {
        let (open, week) = (hours.clone(), hours.lines(now.date()));
        add("Horaires", view! { {move || opening::view(&open, browse.now.get())}{below(&week)} }.into_any());
    }
    if let Some(visits) = &entry.visits {
        add("À domicile", lines(&words::visits(visits, directory)));
    }
    if let Some(availability) = &entry.availability {
        let said = patients(availability);
        if !said.is_empty() {
            let until = availability.valid_until.map(|day| short_day(day.0, now.date()));
            let stale = (!availability.holds(now)).then(|| view! { <span class="tag stale">"à confirmer"</span> });
            let until = until
                .filter(|_| availability.holds(now))
                .map(|day| view! { <span class="second">{format!("vrai jusqu’au {day}")}</span> });
            add("Patients", view! { {lines(&said)}{until}{stale} }.into_any());
        }
    }
    if !entry.equipment.is_empty() {
        let said: Vec<String> =
            entry.equipment.iter().map(|one| words::equipment(&one.code, one.place, lists)).collect();
        add("Matériel", lines(&[said.join(", ")]));
    }
    if !entry.competences.is_empty() {
        let said: Vec<String> = entry
            .competences
            .iter()
            .map(|one| {
                let label = words::label(&lists.competences, &one.code);
                one.level.as_ref().map_or_else(|| label.clone(), |level| format!("{label} ({level})"))
            })
            .collect();
        add("Sait faire", lines(&[said.join(", ")]));
    }
    if !entry.languages.is_empty() {
        add("Langues", lines(&[listed(&entry.languages, &|code| words::language(code, lists)).join(", ")]));
    }
    if !entry.engagements.is_empty() {
        let said: Vec<String> = entry.engagements.iter().map(|one| engagement(one, lists)).collect();
        let label = match (entry.kind, entry.title.as_deref()) {
            (Kind::Person, Some("MME")) => "Engagée",
            (Kind::Person, Some("M")) => "Engagé",
            _ => "Engagements",
        };
        add(label, lines(&[said.join(", ")]));
    }
    if let Some(site) = site {
        if !site.accessibility.is_empty() {
            add(
                "Accès",
                lines(&[listed(&site.accessibility, &|code| words::label(&lists.accessibility, code)).join(", ")]),
            );
        }
        if let Some(address) = &site.address {
            let structure = site.structure.as_deref().filter(|_| entry.kind == Kind::Person).map(words::place_name);
            let whole: Vec<String> = structure.into_iter().chain(words::address_lines(address, directory)).collect();
            let text = whole.join(", ");
            let unsure =
                address.commune.is_none().then(|| view! { <span class="tag stale">"commune à préciser"</span> });
            add(
                "Adresse",
                view! { {lines(&whole)}{unsure}{copier("Copier l’adresse", text, "Adresse copiée.", said)} }.into_any(),
            );
        }
        let ways: Vec<AnyView> = [
            site.email.clone().map(|email| (format!("mailto:{email}"), email)),
            site.booking
                .clone()
                .filter(|url| url.starts_with("https://"))
                .map(|url| (url, "Prendre rendez‑vous en ligne".to_owned())),
        ]
        .into_iter()
        .flatten()
        .map(|(href, text)| view! { <a class="fact-link" href=href rel="external noopener">{text}</a> }.into_any())
        .collect();
        if !ways.is_empty() {
            add("Écrire", view! { {ways} }.into_any());
        }
        let function = site.function.as_ref().map(|function| function.label.as_str());
        let practice = [function, site.mode.as_ref().map(mode_label), site.sector.as_ref().map(sector_label)];
        let practice: Vec<String> =
            practice.into_iter().flatten().filter(|label| !label.is_empty()).map(str::to_owned).collect();
        if !practice.is_empty() {
            add("Exercice", lines(&practice));
        }
    }
    if !entry.mssante.is_empty() {
        let addresses: Vec<AnyView> = entry
            .mssante
            .iter()
            .map(|address| {
                let href = format!("mailto:{address}");
                view! {
                    <a class="fact-link" href=href rel="external">{address.clone()}</a>
                    {copier("Copier", address.clone(), "Adresse MSSanté copiée.", said)}
                }
                .into_any()
            })
            .collect();
        add("MSSanté", view! { {addresses} }.into_any());
    }
    if let Some(convention) = &entry.convention {
        add("Convention", lines(&[convention_words(convention)]));
    }
    for (label, value) in [("RPPS", &entry.rpps), ("ADELI", &entry.adeli), ("FINESS", &entry.finess)] {
        if let Some(value) = value {
            add(label, lines(std::slice::from_ref(value)));
        }
    }
    facts
}

fn fact(label: &'static str, value: AnyView) -> AnyView {
    view! { <div><dt>{label}</dt><dd>{value}</dd></div> }.into_any()
}

/// The first line in ink, the others second to it.
fn lines(lines: &[String]) -> AnyView {
    let said = lines
        .iter()
        .enumerate()
        .map(|(rank, line)| {
            let class = if rank == 0 { "" } else { "second" };
            view! { <span class=class>{sentence(line, rank)}</span> }
        })
        .collect_view();
    said.into_any()
}

/// Lines that are all second to what stands above them.
fn below(lines: &[String]) -> AnyView {
    lines.iter().map(|line| view! { <span class="second">{sentence_case(line)}</span> }).collect_view().into_any()
}

fn sentence(line: &str, rank: usize) -> String {
    if rank == 0 { sentence_case(line) } else { line.to_owned() }
}

fn copier(label: &'static str, text: String, done: &'static str, said: RwSignal<String>) -> AnyView {
    view! { <button type="button" class="quiet" on:click=move |_| copy(text.clone(), done, said)>{label}</button> }
        .into_any()
}

fn patients(availability: &Availability) -> Vec<String> {
    let mut said = Vec::new();
    match (availability.new_patients, availability.delay.as_str()) {
        (Some(true), "") => said.push("Prend de nouveaux patients".to_owned()),
        (Some(true), delay) => said.push(format!("Prend de nouveaux patients, {delay}")),
        (Some(false), _) => said.push("Ne prend pas de nouveaux patients".to_owned()),
        (None, "") => {}
        (None, delay) => said.push(format!("Rendez‑vous {delay}")),
    }
    match availability.as_gp {
        Some(true) => said.push("comme médecin traitant aussi".to_owned()),
        Some(false) => said.push("pas comme médecin traitant".to_owned()),
        None => {}
    }
    if availability.unplanned == Some(true) {
        said.push("soins non programmés".to_owned());
    }
    said
}

fn engagement(engagement: &Engagement, lists: &Lists) -> String {
    let label = words::label(&lists.engagements, &engagement.code);
    engagement.year.map_or_else(|| label.clone(), |year| format!("{label}\u{a0}{year}"))
}

fn convention_words(convention: &str) -> String {
    if convention.starts_with(|letter: char| letter.is_ascii_digit()) {
        format!("Secteur\u{a0}{convention}")
    } else {
        sentence_case(convention)
    }
}

/// Where the facts come from: what most of them share, then those that differ.
pub fn sources(entry: &Entry) -> AnyView {
    let mut groups: Vec<(Origin, Vec<&'static str>)> = Vec::new();
    for (name, origin) in &entry.origins.others {
        let label = fact_label(name);
        match groups.iter_mut().find(|(one, _)| one == origin) {
            Some((_, labels)) if labels.contains(&label) => {}
            Some((_, labels)) => labels.push(label),
            None => groups.push((*origin, vec![label])),
        }
    }
    let told = |what: String, origin: Origin| {
        let by = words::source(origin, entry.kind);
        let day = domain::french::full_day(origin.confirmed_on.0);
        view! { <li><b>{what}</b><span class="second">{format!("{}, confirmé le {day}", sentence_case(&by))}</span></li> }
    };
    let most = entry.origins.most.map(|origin| {
        let what = if groups.is_empty() { "Toute la fiche" } else { "Le reste de la fiche" };
        told(what.to_owned(), origin)
    });
    let groups = groups.into_iter().map(|(origin, labels)| told(sentence_case(&join(&labels)), origin)).collect_view();
    view! {
        <details class="sources">
            <summary><Icon name=Glyph::Eye/>"D’où viennent ces informations"</summary>
            <ul class="plain">{groups}{most}</ul>
        </details>
    }
    .into_any()
}

/// The word for a fact, whichever site it is of.
pub fn fact_label(name: &str) -> &'static str {
    match name.rsplit('/').next().unwrap_or(name) {
        "name" | "given_name" | "title" => "nom",
        "profession" | "category" | "savoir_faire" | "diplomas" => "métier",
        "competences" => "compétences",
        "equipment" => "matériel",
        "visits" => "visites",
        "availability" => "disponibilité",
        "convention" => "convention",
        "languages" => "langues",
        "engagements" => "engagements",
        "mssante" => "MSSanté",
        "service" => "service",
        "phone" | "fax" | "email" | "booking" => "numéros",
        "colleague_phone" => "ligne des confrères",
        "hours" => "horaires",
        "accessibility" => "accès",
        "address" | "structure" => "adresse",
        "rpps" | "adeli" | "finess" | "siret" => "identifiants",
        _ => "autres informations",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_new_patients_is_one_sentence() {
        let mut one =
            Availability { new_patients: Some(true), delay: "sous 2\u{a0}semaines".into(), ..Availability::default() };
        assert_eq!(patients(&one), ["Prend de nouveaux patients, sous 2\u{a0}semaines"]);
        one.as_gp = Some(false);
        one.new_patients = Some(false);
        assert_eq!(patients(&one), ["Ne prend pas de nouveaux patients", "pas comme médecin traitant"]);
        assert!(patients(&Availability::default()).is_empty());
    }
}
