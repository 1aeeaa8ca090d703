//! « Challengers »: everybody who takes the challenge, what is to be done about each, and with whom she is paired.

use domain::Glyph;
use domain::french::counted;
use domain::id::RecordId;
use domain::programmes::tabac::settings::{Editions, editions};
use domain::programmes::tabac::{ATTENDANCE, CALL, CHALLENGER, INTERVIEW, MOVE, PAIR};
use leptos::prelude::*;

use super::HUB;
use super::begin::Beginner;
use super::book::{Book, Whole};
use super::follow::{Follow, follows, of, to_pair};
use super::pair::{self, Paired};
use crate::notebook::use_notebook;
use crate::pages::reading::may_write;
use crate::route;
use crate::ui::band::TroubleBand;
use crate::ui::icon::Icon;
use crate::ui::page::{Below, Page, focus_at_turn};
use crate::ui::search_box::{SearchBox, matches};

type Keep = fn(&Follow) -> bool;

/// The chips above the list.
const CHIPS: [(&str, Keep); 4] = [
    ("À confier", |one| one.to_pair),
    ("Sans date", |one| one.undated),
    ("À appeler", |one| one.to_call),
    ("Doublons possibles", |one| one.twin),
];

/// What the page remembers.
#[derive(Clone, Copy)]
struct Shown {
    book: Book,
    beginner: Beginner,
    all: Memo<Vec<Follow>>,
    chip: RwSignal<Option<usize>>,
    /// The line whose actions are open.
    open: RwSignal<Option<RecordId>>,
    pairing: RwSignal<Option<Follow>>,
}

pub fn view() -> AnyView {
    let book = Book::open(use_notebook());
    let edition = RwSignal::new(None::<RecordId>);
    let shown = Shown {
        book,
        beginner: Beginner::new(book),
        all: Memo::new(move |_| book.read(|whole| follows(whole, edition.get()))),
        chip: RwSignal::new(None),
        open: RwSignal::new(None),
        pairing: RwSignal::new(None),
    };
    let paired = RwSignal::new(None::<Paired>);
    let pairing = shown.pairing;
    focus_at_turn(Memo::new(move |_| pairing.with(Option::is_some)), ["title", "title"]);
    view! {
        <Page title="Challengers">
            {move || match pairing.get() {
                Some(one) => pair::view(book, one, pairing, paired),
                None => list(shown, edition, paired),
            }}
        </Page>
    }
    .into_any()
}

/// « 4 à confier »: nobody calls them yet.
pub fn left() -> Memo<String> {
    let book = Book::open(use_notebook());
    Memo::new(move |_| match book.read(to_pair) {
        0 => String::new(),
        some => format!("{some}\u{a0}à confier"),
    })
}

fn list(shown: Shown, edition: RwSignal<Option<RecordId>>, paired: RwSignal<Option<Paired>>) -> AnyView {
    let Shown { book, all, chip, .. } = shown;
    let typed = RwSignal::new(String::new());
    let kept = Memo::new(move |_| {
        let mut kept = all.get();
        let keep = chip.get().and_then(|rank| CHIPS.get(rank));
        typed.with(|typed| {
            kept.retain(|one| {
                keep.is_none_or(|(_, keep)| keep(one)) && matches(typed, &format!("{} {}", one.name, one.commune))
            });
        });
        kept
    });
    let nobody = Memo::new(move |_| all.with(Vec::is_empty));
    let editions = Memo::new(move |_| book.read(|whole| years(&editions(&whole.records))));
    let chips = move || {
        let one = |(rank, (title, keep)): (usize, &(&'static str, Keep))| {
            let (title, keep) = (*title, *keep);
            let count = move || all.with(|all| all.iter().filter(|one| keep(one)).count());
            let pressed = move || (chip.get() == Some(rank)).to_string();
            view! {
                <button type="button" class="chip" aria-pressed=pressed
                    on:click=move |_| chip.update(|now| *now = (*now != Some(rank)).then_some(rank))>{title}" "<small>{count}</small></button>
            }
        };
        CHIPS.iter().enumerate().map(one).collect_view()
    };
    let start = move || {
        let may = book.notebook.account().with(|account| may_write(account.as_ref(), &CHALLENGER));
        may.then(|| view! { <a class="main-button" href=route::start(CHALLENGER.id)><Icon name=Glyph::Plus/>{CHALLENGER.start}</a> })
    };
    view! {
        <Below back=HUB title="Challengers">
            <p class="second" role="status">{move || counted(kept.with(Vec::len), "challenger", "challengers")}</p>
        </Below>
        {move || paired.get().map(|one| pair::done(book, one, paired))}
        <TroubleBand id="challengers-trouble" trouble=shown.beginner.attempt.trouble/>
        {move || (editions.with(Vec::len) > 1).then(|| view! {
            <div class="chips" role="group" aria-label="Choisir l’édition">
                {editions.get().into_iter().map(|(id, year)| {
                    let pressed = move || (edition.get().or_else(|| book.read(running)) == Some(id)).to_string();
                    view! { <button type="button" class="chip" aria-pressed=pressed on:click=move |_| edition.set(Some(id))>{year}</button> }
                }).collect_view()}
            </div>
        })}
        {move || if nobody.get() {
            view! {
                <section class="empty">
                    <Icon name=Glyph::SmokeFree/>
                    <h2>"Personne n’est encore inscrit"</h2>
                    <p>"Un challenger choisit un jour pour arrêter. Inscrivez-le ici, sur un stand, ou faites-lui scanner le code du stand\u{a0}: il arrive dans cette liste."</p>
                    {start()}
                </section>
            }.into_any()
        } else {
            view! {
                <SearchBox label="Chercher un nom ou une commune" typed/>
                <div class="chips" role="group" aria-label="Filtrer la liste">{chips()}</div>
                <ul class="lines" role="list">{move || kept.get().into_iter().map(|one| line(shown, one)).collect_view()}</ul>
                {move || kept.with(Vec::is_empty).then(|| view! {
                    <p>"Personne ne répond à cette recherche. Elle est gardée. Effacez des lettres, ou touchez le filtre à nouveau."</p>
                })}
                <div class="actions bottom">{start()}</div>
            }.into_any()
        }}
    }
    .into_any()
}

fn running(whole: &Whole<'_>) -> Option<RecordId> {
    editions(&whole.records).running(whole.clock.today)
}

fn years(editions: &Editions<'_>) -> Vec<(RecordId, String)> {
    editions.known.iter().map(|(id, settings)| (*id, settings.year.to_string())).collect()
}

fn line(shown: Shown, one: Follow) -> AnyView {
    let id = one.challenger;
    let open = shown.open;
    let is_open = move || open.get() == Some(id);
    let place = if one.commune.is_empty() { String::new() } else { format!(", {}", one.commune) };
    let tags = [(one.twin, "doublon possible"), (one.to_pair, "à confier")];
    let tags = tags.into_iter().filter(|(is, _)| *is).map(|(_, tag)| view! { <span class="tag">{tag}</span> });
    let tags = tags.collect_view();
    let more = format!("actions-{id}");
    let controls = more.clone();
    let toggle = move |_| open.update(|now| *now = (*now != Some(id)).then_some(id));
    view! {
        <li class="follow-line">
            <div class="follow-head">
                <a class="line" href=route::person(one.person)>
                    <span class="line-text">
                        <b class="name">{one.name.clone()}{place}</b>
                        <span>{one.quit.clone()}</span>
                        {(!one.state.is_empty()).then(|| view! { <span class="second">{one.state.clone()}</span> })}
                    </span>
                    {tags}
                </a>
                <button type="button" class="round" aria-label=format!("Que faire pour {}", one.name)
                    aria-expanded=move || is_open().to_string() aria-controls=controls on:click=toggle><Icon name=Glyph::More/></button>
            </div>
            <div id=more class="follow-more">{move || is_open().then(|| actions(shown, one.clone()))}</div>
        </li>
    }
    .into_any()
}

fn actions(shown: Shown, one: Follow) -> AnyView {
    let Shown { book, beginner, pairing, .. } = shown;
    let person = one.person;
    if one.dead {
        return view! {
            <p>"Le décès est noté\u{a0}: il n’y a plus rien à faire pour ce défi. Une erreur se corrige dans l’appel qui le dit, depuis sa fiche."</p>
        }
        .into_any();
    }
    let screen = format!("/programme/tabac/challenger/{}", one.challenger);
    let in_part = book.notebook.in_part(person).get_untracked();
    let account = book.notebook.account();
    let may = |kind| account.with_untracked(|account| may_write(account.as_ref(), kind));
    let begins = [
        (&CALL, one.call.clone()),
        (&INTERVIEW, of(one.challenger)),
        (&MOVE, of(one.challenger)),
        (&ATTENDANCE, of(one.challenger)),
    ];
    let buttons = begins.into_iter().filter(|(kind, _)| !in_part && may(kind)).map(|(kind, begins)| {
        let begin = move |_| beginner.begin(kind, person, begins.clone());
        view! { <button type="button" class="second-button" disabled=beginner.attempt.busy on:click=begin>{kind.start}</button> }
    });
    let (first, twin) = (one.bonds.is_empty(), one.twin);
    let confide = may(&PAIR).then(|| {
        let words = if first { "Confier à un binôme" } else { "Confier à un autre binôme" };
        view! { <button type="button" class="second-button" on:click=move |_| pairing.set(Some(one.clone()))><Icon name=Glyph::Share/>{words}</button> }
    });
    view! {
        {twin.then(|| view! { <p>"Une autre fiche a le même téléphone. Comparez-les\u{a0}: on peut aussi partager un numéro."</p> })}
        <div class="actions">
            {(twin && !in_part).then(|| view! { <a class="second-button" href=route::merge(person)><Icon name=Glyph::People/>"Comparer les fiches"</a> })}
            {confide}
            {buttons.collect_view()}
            {(!in_part).then(|| view! { <a class="second-button" href=screen><Icon name=Glyph::Eye/>"Écran à montrer"</a> })}
        </div>
    }
    .into_any()
}
