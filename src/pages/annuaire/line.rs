//! One line of the list: who, what, where, open or not, and the number one tap away.

use chrono::NaiveDateTime;
use domain::Glyph;
use domain::annuaire::entry::{Card, Site};
use domain::annuaire::geo::distance_words;
use domain::annuaire::search::{Facet, Query};
use domain::id::RecordId;
use leptos::prelude::*;

use super::browse::Browse;
use super::{opening, words};
use crate::annuaire::Loaded;
use crate::platform::rows::{Part, Shown};
use crate::ui::icon::Icon;

/// The link of a card's line, to which the focus comes back.
pub fn id_of(card: RecordId) -> String {
    format!("card-{card}")
}

/// The site to show first: one that is where the list was narrowed to.
pub fn site_of<'a>(card: &'a Card, query: &Query) -> Option<&'a Site> {
    let wanted = |site: &&Site| {
        let commune = site.address.as_ref().and_then(|address| address.commune.as_deref());
        let chips = query.filters.chips().iter();
        chips.filter(|chip| chip.facet == Facet::Commune).any(|chip| Some(chip.code.as_str()) == commune)
    };
    let sites = || card.entry.sites.values();
    sites().find(wanted).or_else(|| sites().find(|site| site.phone.is_some())).or_else(|| sites().next())
}

/// What of a line changes, in the order of [`shown`].
pub const PARTS: &[Part] = &[
    Part::Attribute("", "aria-current"),
    Part::Attribute("a", "id"),
    Part::Attribute("a", "href"),
    Part::Text(".name"),
    Part::Text(".what"),
    Part::Text(".second"),
    Part::Attribute(".openness", "class"),
    Part::Text(".openness"),
    Part::Text(".tag"),
    Part::Attribute(".call", "hidden"),
    Part::Attribute(".call", "href"),
    Part::Attribute(".call", "aria-label"),
];

/// The line of which the others are made.
pub fn model() -> AnyView {
    view! {
        <li class="entry-line" hidden>
            <a>
                <b class="name"></b>
                <span class="what"></span>
                <span class="second"></span>
                <span class="openness"></span>
                <span class="tag stale"></span>
            </a>
            <a class="round call"><Icon name=Glyph::Phone/></a>
        </li>
    }
    .into_any()
}

/// What the line of a card shows; `question` is the query as an address says it.
pub fn shown(
    browse: Browse,
    loaded: &Loaded,
    rank: u32,
    card: &Card,
    now: NaiveDateTime,
    (query, question): (&Query, &str),
    from: Option<(f64, f64)>,
) -> Shown {
    let entry = &card.entry;
    let name = words::full_name(entry);
    let site = site_of(card, query);
    let (class, open) = site.and_then(|site| site.hours.as_ref()).map(|hours| opening::said(hours, now)).unzip();
    let (number, dial) = site.and_then(words::phone_of).unzip();
    let here = browse.chosen.get_untracked() == Some(card.id);
    vec![
        here.then(|| "true".to_owned()),
        Some(id_of(card.id)),
        Some(browse.address_of(card.id, question)),
        Some(name.clone()),
        Some(words::profession(entry, &loaded.directory.lists)),
        Some(place(loaded, rank, card, site, query, from)),
        class.map(str::to_owned),
        open,
        tag(loaded, card, site, now).map(str::to_owned),
        dial.is_none().then(String::new),
        dial,
        number.map(|number| format!("Appeler {name}, {number}")),
    ]
}

/// « Auterive, 400 m », « Miremont, vient à Auterive »
fn place(
    loaded: &Loaded,
    rank: u32,
    card: &Card,
    site: Option<&Site>,
    query: &Query,
    from: Option<(f64, f64)>,
) -> String {
    let directory = &*loaded.directory;
    let address = site.and_then(|site| site.address.as_ref());
    let mut place = match (address, &card.entry.service) {
        (Some(address), _) => words::town(address, directory),
        (None, Some(service)) => service.territory.clone(),
        (None, None) => String::new(),
    };
    if let Some(metres) = from.and_then(|from| loaded.index.metres(rank, from)) {
        place.push_str(&format!(", {}", distance_words(metres)));
    }
    let visited = query.filters.chips().iter().find(|chip| chip.facet == Facet::Visits && !chip.code.is_empty());
    if let Some(chip) = visited {
        place.push_str(&format!(", vient à {}", words::commune(&chip.code, directory)));
    }
    place
}

/// Whether the commune of this site joins the territory at a day to come.
fn joins_later(loaded: &Loaded, site: Option<&Site>, now: NaiveDateTime) -> bool {
    let commune = site.and_then(|site| site.address.as_ref()).and_then(|address| address.commune.as_ref());
    let listed = commune.and_then(|code| loaded.directory.communes.iter().find(|one| one.insee == *code));
    listed.and_then(|one| one.joins_on).is_some_and(|day| day.0 > now.date())
}

/// What one should know before calling.
fn tag(loaded: &Loaded, card: &Card, site: Option<&Site>, now: NaiveDateTime) -> Option<&'static str> {
    if joins_later(loaded, site, now) {
        Some("bientôt dans le territoire")
    } else if card.entry.gone_since.is_some() {
        Some("n’apparaît plus au RPPS")
    } else if words::is_stale(&card.entry, now) {
        Some("disponibilité à confirmer")
    } else {
        None
    }
}
