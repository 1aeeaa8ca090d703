//! One card: the number to call first, then what is known, who says so and since when.

use domain::Glyph;
use domain::annuaire::entry::{Card, Kind, Site};
use domain::annuaire::geo::{distance_words, geo_uri};
use domain::annuaire::vcard;
use domain::french::full_day;
use domain::id::RecordId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browse::Browse;
use super::report::Signal as SignalError;
use super::{CARD_TITLE, facts, line, opening, words};
use crate::annuaire::{Loaded, State};
use crate::platform::{file, page};
use crate::ui::band::{Band, Tone};
use crate::ui::icon::Icon;

pub fn card(browse: Browse, id: RecordId) -> AnyView {
    // Drawn anew when the file changes, not at each minute nor at each key typed in the list beside it.
    let content = move || match browse.loaded.get() {
        Some(loaded) => match loaded.card(id) {
            Some(card) => known(browse, &loaded, &card),
            None => unknown(browse),
        },
        None if browse.annuaire.state().get() == State::Absent => unknown(browse),
        None => view! { <p class="loading" role="status">"L’annuaire s’ouvre…"</p> }.into_any(),
    };
    view! { <article class="card">{move || content()}</article> }.into_any()
}

fn known(browse: Browse, loaded: &Loaded, card: &Card) -> AnyView {
    let (entry, directory) = (&card.entry, &*loaded.directory);
    let name = words::full_name(entry);
    let query = browse.query.get_untracked();
    let main = line::site_of(card, &query);
    let said = RwSignal::new(String::new());
    let what = facts::trade(entry, &directory.lists);
    let place = main.map(|site| place(browse, loaded, card, site));
    let gone = entry.gone_since.map(|day| {
        let message = format!(
            "N’apparaît plus au RPPS depuis le fichier du {}. La fiche reste ici. Vérifiez par téléphone avant d’orienter.",
            full_day(day.0)
        );
        view! { <Band tone=Tone::Notice glyph=Glyph::Alert message/> }
    });
    let others: Vec<AnyView> = entry
        .sites
        .values()
        .filter(|site| main.is_none_or(|main| !std::ptr::eq(*site, main)))
        .map(|site| other_site(browse, loaded, site))
        .collect();
    let others = (!others.is_empty()).then(|| view! { <h2>"Exerce aussi"</h2>{others} });
    view! {
        <header class="card-head">
            <div class="card-bar">
                <a class="back" href=move || browse.list_address()><Icon name=Glyph::Back/>"Liste"</a>
                <Share name=name.clone() text=shared(loaded, card, main) said/>
            </div>
            <h1 class="name" id=CARD_TITLE tabindex="-1">{name.clone()}</h1>
            {what.into_iter().map(|what| view! { <p>{what}</p> }).collect_view()}
            {place.map(|place| view! { <p class="second">{place}</p> })}
            {gone}
            {main.map(|site| call(entry.kind, site))}
            {buttons(card, main, said)}
            <p class="said" role="status" aria-live="polite">{said}</p>
        </header>
        <dl class="facts card-facts">{facts::facts(browse, loaded, card, main, said)}</dl>
        {others}
        {foot(browse, loaded, card, said)}
    }
    .into_any()
}

/// « 12, rue des Tanneurs, Auterive, 400 m »
fn place(browse: Browse, loaded: &Loaded, card: &Card, site: &Site) -> String {
    let mut parts =
        site.address.as_ref().map(|address| words::address_lines(address, &loaded.directory)).unwrap_or_default();
    let rank = loaded.directory.cards.rank(card.id);
    let from = untrack(|| browse.from());
    if let Some(metres) = from.zip(rank).and_then(|(from, rank)| loaded.index.metres(rank, from)) {
        parts.push(distance_words(metres));
    }
    parts.join(", ")
}

fn call(kind: Kind, site: &Site) -> AnyView {
    let Some((number, href)) = words::phone_of(site) else {
        return view! { <p class="second">"Aucun numéro n’est connu pour ce lieu."</p> }.into_any();
    };
    let whom = match (kind, &site.structure) {
        (Kind::Person, Some(structure)) => format!("Appeler {}", words::place_name(structure)),
        (Kind::Person, None) => "Appeler le cabinet".to_owned(),
        (Kind::Structure, _) => "Appeler la structure".to_owned(),
        (Kind::Service, _) => "Appeler le service".to_owned(),
    };
    view! {
        <a class="main-button wide call-main" href=href>
            <Icon name=Glyph::Phone/>
            <span><b>{number}</b><small>{whom}</small></span>
        </a>
    }
    .into_any()
}

/// The line for colleagues, the secure mail, the way there: those there are.
fn buttons(card: &Card, site: Option<&Site>, said: RwSignal<String>) -> AnyView {
    let colleagues = site.and_then(|site| site.colleague_phone.as_deref()).map(words::dialled).map(|(number, href)| {
        let label = format!("Confrères, appeler le {number}");
        view! { <a class="second-button" href=href aria-label=label><Icon name=Glyph::Phone/>"Confrères"</a> }
    });
    let mssante = card.entry.mssante.first().cloned().map(|address| {
        let copied = move |_| facts::copy(address.clone(), "Adresse MSSanté copiée.", said);
        view! {
            <button type="button" class="second-button" aria-label="MSSanté, copier l’adresse" on:click=copied>
                <Icon name=Glyph::Mail/>"MSSanté"
            </button>
        }
    });
    let way = site.and_then(|site| site.address.as_ref()).and_then(geo_uri).map(|href| {
        view! { <a class="second-button" href=href><Icon name=Glyph::Pin/>"Itinéraire"</a> }
    });
    view! { <div class="three">{colleagues}{mssante}{way}</div> }.into_any()
}

fn other_site(browse: Browse, loaded: &Loaded, site: &Site) -> AnyView {
    let name = site.structure.as_deref().map(words::place_name);
    let address = site.address.as_ref().map(|address| words::address_lines(address, &loaded.directory).join(", "));
    let hours = site.hours.as_ref().map(|hours| opening::view(hours, browse.now.get_untracked()));
    let call = words::phone_of(site).map(|(number, href)| {
        let label = format!("Appeler le {number}");
        view! { <a class="second-button" href=href aria-label=label><Icon name=Glyph::Phone/>{number}</a> }
    });
    let way = site.address.as_ref().and_then(geo_uri).map(|href| {
        view! { <a class="second-button" href=href><Icon name=Glyph::Pin/>"Itinéraire"</a> }
    });
    view! {
        <section class="other-site">
            {name.map(|name| view! { <h3>{name}</h3> })}
            {address.map(|address| view! { <p class="second">{address}</p> })}
            {hours}
            <div class="actions">{call}{way}</div>
        </section>
    }
    .into_any()
}

#[component]
fn Share(name: String, text: String, said: RwSignal<String>) -> impl IntoView {
    let share = move |_| {
        let (name, text) = (name.clone(), text.clone());
        spawn_local(async move {
            // A browser without sharing has a clipboard, as a rule.
            if page::share(&name, &text).await.is_none() {
                facts::copy(text, "Fiche copiée\u{a0}: collez-la où vous voulez.", said);
            }
        });
    };
    view! { <button type="button" class="round bare" aria-label="Partager la fiche" on:click=share><Icon name=Glyph::Share/></button> }
}

/// What is handed to another application: what everybody may know, never a colleague's line nor a secure address.
fn shared(loaded: &Loaded, card: &Card, site: Option<&Site>) -> String {
    let mut lines = vec![words::full_name(&card.entry)];
    lines.extend(facts::trade(&card.entry, &loaded.directory.lists));
    if let Some(site) = site {
        lines.extend(site.structure.as_deref().map(words::place_name));
        lines.extend(site.address.as_ref().map(|address| words::address_lines(address, &loaded.directory).join(", ")));
        lines.extend(words::phone_of(site).map(|(number, _)| number));
    }
    lines.join("\n")
}

/// Who confirmed it and when; where each fact comes from; an error to signal; the card for a telephone.
fn foot(browse: Browse, loaded: &Loaded, card: &Card, said: RwSignal<String>) -> AnyView {
    let entry = &card.entry;
    let confirmed = entry.origins.newest().map(|origin| {
        view! {
            <p>
                <b>{words::confirmed_by(origin)}</b>
                <span class="second">{format!("Mis à jour le {}", full_day(origin.confirmed_on.0))}</span>
            </p>
        }
    });
    let (card_kept, directory) = (card.clone(), loaded.directory.clone());
    let keep = move |_| {
        let text = vcard::export(&[&card_kept], &directory.lists, browse.annuaire.eyes());
        let done = file::hand_over_as(&vcard::file_name(&[&card_kept]), "text/vcard;charset=utf-8", &text);
        said.set(
            if done { "Contact proposé au téléchargement." } else { "Ce navigateur n’enregistre pas de fichier." }
                .to_owned(),
        );
    };
    let report = (!browse.annuaire.is_public()).then(|| view! { <SignalError card=card.id said/> });
    view! {
        {facts::sources(entry)}
        <footer class="card-foot">
            {confirmed}
            <div class="actions">
                <button type="button" class="second-button" on:click=keep><Icon name=Glyph::Download/>"Contact (vCard)"</button>
                {report}
            </div>
        </footer>
    }
    .into_any()
}

fn unknown(browse: Browse) -> AnyView {
    view! {
        <header class="card-head">
            <div class="card-bar"><a class="back" href=move || browse.list_address()><Icon name=Glyph::Back/>"Liste"</a></div>
            <h1 id=CARD_TITLE tabindex="-1">"Cette fiche n’est pas ici"</h1>
            <p>"Elle a été retirée de l’annuaire, ou elle n’est pas encore arrivée sur cet appareil. Cherchez-la par son nom."</p>
        </header>
    }
    .into_any()
}
