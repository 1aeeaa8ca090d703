//! « Confier à un binôme »: choosing a professional, with how many she follows already; saying what she will see; then the
//! pair and the share that lets her see, written and ended together.

use domain::Glyph;
use domain::figures::{Cell, Document};
use domain::french::{counted, uncapitalised};
use domain::id::{AccountId, RecordId};
use domain::order::sort_by_key;
use domain::programmes::tabac::{PAIR, PROGRAMME};
use domain::record::FINISHED_AT;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::protocol::access::Colleague;

use super::book::{Bond, Book};
use super::follow::Follow;
use crate::notebook::{Notebook, Trouble};
use crate::pages::figures::{Reading, unread};
use crate::platform::page;
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::icon::Icon;
use crate::ui::line::{ActionLine, LineText};
use crate::ui::search_box::{SearchBox, matches};

/// How long a pairing just made offers to be undone.
const UNDO_MS: u32 = 10_000;

const NOT_READ: &str =
    "Son accord au partage se lit avec le réseau. Rien n’est confié, rien n’est perdu. Réessayez quand il sera là.";

/// Somebody who was just entrusted.
#[derive(Clone, Debug, PartialEq)]
pub struct Paired {
    bond: Bond,
    /// « Nadège Roux est dans la liste de Karim Benali. »
    said: String,
}

pub fn view(book: Book, one: Follow, pairing: RwSignal<Option<Follow>>, paired: RwSignal<Option<Paired>>) -> AnyView {
    let loads = Reading::new(PROGRAMME.id, "binomes", one.edition);
    let chosen = RwSignal::new(None::<Colleague>);
    let name = one.name.clone();
    // Whoever only calls people back does not hold what they agreed to: the server tells this answer to the coordination.
    let asked = (one.agrees.is_none() && book.notebook.in_part(one.person).get_untracked())
        .then(|| Reading::new(PROGRAMME.id, "accords", one.edition));
    let (agrees, challenger) = (one.agrees, one.challenger);
    let agrees = Memo::new(move |_| agrees.or_else(|| asked?.document.with(|known| told(known.as_ref()?, challenger))));
    let body = move || {
        let one = one.clone();
        match (agrees.get(), chosen.get()) {
            (Some(true), None) => choose(book, one, loads, chosen),
            (Some(true), Some(colleague)) => confirm(book, one, colleague, chosen, pairing, paired),
            (agrees, _) => match asked.filter(|asked| asked.document.with(Option::is_none)) {
                Some(asked) => unread(asked, NOT_READ),
                None => refused(&one, agrees, asked.is_some()),
            },
        }
    };
    view! {
        <header class="title">
            <button type="button" class="back" on:click=move |_| pairing.set(None)><Icon name=Glyph::Back/>"Challengers"</button>
            <h1 id="title" tabindex="-1">"Confier à un binôme"</h1>
            <p class="second">{name}</p>
        </header>
        {move || body()}
    }
    .into_any()
}

/// What she answered to being shared.
fn told(document: &Document, challenger: RecordId) -> Option<bool> {
    let rows = document.tables.iter().filter(|table| table.id == "answers").flat_map(|table| &table.rows);
    let mut hers = rows.filter(|row| row.first() == Some(&Cell::Record(challenger)));
    match hers.next()?.get(1)? {
        Cell::Text(answer) if answer == "yes" => Some(true),
        Cell::Text(answer) if answer == "no" => Some(false),
        _ => None,
    }
}

/// How many each professional follows already.
fn load_of(document: Option<&Document>, account: AccountId) -> Option<i64> {
    let mut rows = document?.tables.iter().filter(|table| table.id == "load").flat_map(|table| &table.rows);
    let hers = rows.find(|row| row.first() == Some(&Cell::Account(account)));
    Some(hers.map_or(0, |row| row.iter().find_map(count).unwrap_or_default()))
}

const fn count(cell: &Cell) -> Option<i64> {
    if let Cell::Count(count) = cell { Some(*count) } else { None }
}

/// She did not agree, or was not asked; `in_part`: whoever reads this does not hold her consents, and notes none.
fn refused(one: &Follow, agrees: Option<bool>, in_part: bool) -> AnyView {
    let (what, then) = if agrees.is_some() {
        (
            format!("{} n’accepte pas que ses réponses soient partagées.", one.name),
            "Rien n’est confié. Qui a fait l’inscription peut l’appeler. Si la personne change d’avis, notez sa nouvelle réponse.",
        )
    } else {
        (
            format!("On n’a pas demandé à {} si ses réponses peuvent être partagées.", one.name),
            match in_part {
                true => "Rien n’est confié. Demandez à qui l’a inscrite de lui poser la question.",
                false => "Rien n’est confié. Posez-lui la question, puis notez ce qu’elle répond.",
            },
        )
    };
    view! {
        <p role="status"><b>{what}</b>" "{then}</p>
        <div class="actions"><a class="main-button" href=route::person(one.person)>"Ouvrir sa fiche"</a></div>
    }
    .into_any()
}

/// Whoever is her binôme now, then everybody else who may follow her, be it somebody of her care team already, those who
/// follow the fewest first.
fn choose(book: Book, one: Follow, loads: Reading, chosen: RwSignal<Option<Colleague>>) -> AnyView {
    let (notebook, bonds) = (book.notebook, one.bonds.clone());
    let (typed, reading) = (RwSignal::new(String::new()), Attempt::new());
    let colleagues = RwSignal::new(None::<Vec<Colleague>>);
    let read = move || {
        reading.read(async move {
            let known = notebook.colleagues().await?;
            colleagues.try_set(Some(known));
            Ok(())
        });
    };
    read();
    let now = bonds.clone();
    let current = move || {
        let professions = |account| {
            let of =
                |all: &Vec<Colleague>| all.iter().find(|one| Some(one.id) == account).map(|one| one.profession.clone());
            colleagues.with(|known| known.as_ref().and_then(of))
        };
        let line = |bond: &Bond| {
            view! {
                <li class="line">
                    <span class="line-text"><b class="name">{bond.name.clone()}</b><span>{professions(bond.account)}</span></span>
                    <span class="tag">"Binôme actuel"</span>
                </li>
            }
        };
        (!now.is_empty()).then(|| view! { <ul class="lines" role="list">{now.iter().map(line).collect_view()}</ul> })
    };
    let theirs = Memo::new(move |_| colleagues.with(|known| chosen_by(notebook, &one, known.as_deref()?)));
    let found = Memo::new(move |_| {
        let mut all = colleagues.get().unwrap_or_default();
        all.retain(|one| {
            bonds.iter().all(|bond| bond.account != Some(one.id))
                && typed.with(|typed| matches(typed, &format!("{} {}", one.name, one.profession)))
        });
        let load = |one: &Colleague| loads.document.with(|known| load_of(known.as_ref(), one.id));
        let mut all: Vec<(Option<i64>, Colleague)> = all.into_iter().map(|one| (load(&one), one)).collect();
        sort_by_key(&mut all, |(load, one)| (*load, one.name.clone()));
        all
    });
    let lines = move || {
        let line = |(load, colleague): (Option<i64>, Colleague)| {
            let follows = load.map(|load| match usize::try_from(load) {
                Ok(0) | Err(_) => "aucun challenger encore".to_owned(),
                Ok(load) => format!("suit déjà {}", counted(load, "challenger", "challengers")),
            });
            let second: Vec<String> = Some(colleague.profession.clone())
                .filter(|profession| !profession.is_empty())
                .into_iter()
                .chain(follows)
                .collect();
            let text = LineText { name: colleague.name.clone(), second: second.join(", "), tag: None };
            view! { <ActionLine text action=move || chosen.set(Some(colleague.clone()))/> }
        };
        found.get().into_iter().map(line).collect_view()
    };
    view! {
        {move || reading.trouble.get().map(|trouble| view! {
            <Band tone=Tone::Notice glyph=Glyph::Clock message=trouble.message>
                <button type="button" class="second-button" on:click=move |_| read()>"Réessayer"</button>
            </Band>
        })}
        {current}
        {move || match theirs.get() {
            Some(by) => view! {
                <p role="status"><b>{format!("Ce binôme a été choisi par {by}.")}</b>" Rien ne change ici. Appelez ce professionnel\u{a0}: il peut la confier à quelqu’un d’autre."</p>
            }.into_any(),
            None => view! {
                <p>"Choisissez un professionnel du territoire. Vous confirmerez ensuite."</p>
                {move || loads.attempt.trouble.with(Option::is_some).then(|| view! {
                    <p class="second">"Combien chacun suit déjà se lit avec le réseau. Vous pouvez confier sans le savoir."</p>
                })}
                <SearchBox label="Chercher un nom ou une profession" typed/>
                <ul class="lines" role="list">{lines}</ul>
                <p role="status">{move || (colleagues.with(Option::is_some) && found.with(Vec::is_empty)).then_some(
                    "Aucun professionnel de plus ne répond à ces mots. Votre recherche est gardée. L’administration peut en inviter d’autres."
                )}</p>
            }.into_any(),
        }}
    }
    .into_any()
}

/// The professional who chose her binôme, when whoever reads this sees her only to call her back: the server lets her change
/// what the coordination chose, and nothing that a professional did.
fn chosen_by(notebook: Notebook, one: &Follow, colleagues: &[Colleague]) -> Option<String> {
    let author = |bond: &Bond| notebook.record(bond.record).with(|shown| shown.as_ref()?.author);
    let me = notebook.account().with(|account| account.as_ref().map(|account| account.id));
    let by = one
        .bonds
        .iter()
        .filter_map(author)
        .find(|by| Some(*by) != me && colleagues.iter().any(|known| known.id == *by));
    let by = by.filter(|_| notebook.in_part(one.person).get())?;
    colleagues.iter().find(|known| known.id == by).map(|known| known.name.clone())
}

/// What will be seen, and the button that does it.
fn confirm(
    book: Book,
    one: Follow,
    colleague: Colleague,
    chosen: RwSignal<Option<Colleague>>,
    pairing: RwSignal<Option<Follow>>,
    paired: RwSignal<Option<Paired>>,
) -> AnyView {
    let notebook = book.notebook;
    let attempt = Attempt::new();
    let profession = match colleague.profession.as_str() {
        "" => String::new(),
        profession => format!(", {},", uncapitalised(profession)),
    };
    let (to, former) = (colleague.name.clone(), one.clone());
    let entrust = move |_| {
        let (with, one) = (colleague.clone(), former.clone());
        attempt.run(async move {
            let bond = entrust(notebook, &one, &with).await?;
            let said = format!("{} est dans la liste de {}.", one.name, with.name);
            paired.try_set(Some(Paired { bond, said }));
            pairing.try_set(None);
            Ok(())
        });
    };
    let hands_over = notebook.hands_over().then(|| view! {
        <p>"Vous garderez de quoi la rappeler\u{a0}: son nom et son téléphone, si elle l’accepte. Le suivi sera entre ses mains."</p>
        {one.bonds.first().map(|bond| view! {
            <p>{format!("{} ne sera plus son binôme\u{a0}: ce qui lui avait été confié quittera ses appareils. Ce qui est écrit reste dans la fiche.", bond.name)}</p>
        })}
    });
    view! {
        <p class="lead">
            <b class="name">{to.clone()}</b>{profession}
            {format!(" verra tout ce qui est noté pour {}, ses autres suivis compris, et pourra y écrire. Ses appels seront dans sa liste.", one.name)}
        </p>
        {hands_over}
        <p class="second">"Son accord au partage est noté. Dites-lui ce nom."</p>
        <TroubleBand id="pair-trouble" trouble=attempt.trouble/>
        <div class="actions">
            <button type="button" class="main-button" aria-busy=attempt.aria_busy() on:click=entrust>{format!("Confier à {to}")}</button>
            <button type="button" class="second-button" on:click=move |_| chosen.set(None)>"Choisir un autre professionnel"</button>
        </div>
    }
    .into_any()
}

/// Ends the former pair, then writes the new one and the share without which it sees nothing.
async fn entrust(notebook: Notebook, one: &Follow, with: &Colleague) -> Result<Bond, Trouble> {
    end(notebook, one.bonds.clone()).await?;
    let begins = vec![
        ("challenger", one.challenger.to_string().into()),
        ("account", with.id.to_string().into()),
        ("name", with.name.clone().into()),
        ("in_force", "yes".into()),
        (FINISHED_AT, notebook.now().0.into()),
    ];
    // Before the share: what is handed over is not hers to write in any more.
    let record = notebook.create_with(&PAIR, Some(one.person), begins).await?;
    let team = untrack(|| notebook.team(one.person, None));
    if untrack(|| notebook.hands_over()) || team.iter().all(|member| member.id != with.id) {
        notebook.share(one.person, with).await?;
    }
    notebook.settle();
    Ok(Bond { record, account: Some(with.id), name: with.name.clone() })
}

/// Ends pairs, and the shares written beside them: one for something else, by somebody else, goes on.
async fn end(notebook: Notebook, bonds: Vec<Bond>) -> Result<(), Trouble> {
    for bond in bonds {
        let why = "Le binôme a changé";
        notebook.write(bond.record, vec![("in_force", "no".into())], Some(why.to_owned())).await?;
        notebook.end_shares(notebook.shares_beside(bond.record, bond.account)).await?;
    }
    Ok(())
}

/// That it is done, and « Annuler » for a while. What was handed over cannot be held back: it was confirmed before, and
/// another may be chosen.
pub fn done(book: Book, one: Paired, paired: RwSignal<Option<Paired>>) -> AnyView {
    let notebook = book.notebook;
    let attempt = Attempt::new();
    let (same, said, over) = (one.clone(), one.said.clone(), notebook.hands_over());
    spawn_local(async move {
        page::sleep(UNDO_MS).await;
        if paired.try_get_untracked().flatten().as_ref() == Some(&same) {
            paired.try_set(None);
        }
    });
    let undo = move |_| {
        let bond = one.bond.clone();
        attempt.run(async move {
            end(notebook, vec![bond]).await?;
            paired.try_set(None);
            page::focus("title");
            Ok(())
        });
    };
    view! {
        <div class="band good" role="status">
            <Icon name=Glyph::Check/>
            <p><b>{said}</b>" La fiche part dès qu’il y a du réseau."
                {over.then_some(" Depuis la même ligne, vous pouvez choisir un autre professionnel à tout moment.")}</p>
            {(!over).then(|| view! {
                <button type="button" class="second-button" on:click=undo><Icon name=Glyph::Undo/>"Annuler"</button>
            })}
        </div>
        <TroubleBand id="undo-pair-trouble" trouble=attempt.trouble/>
    }
    .into_any()
}
