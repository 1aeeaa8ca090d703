//! « Tirage au sort »: a list is frozen, its digest printed, a witness says a seed, and anybody can find the same order from
//! the sheet. The order is computed each time it is shown; only the list and the seed are kept.

use chrono::{Datelike, NaiveDate};
use domain::Glyph;
use domain::figures::{Cell, Document, Table};
use domain::form::Answers;
use domain::french::{NBSP, counted, full_day, sentence_case};
use domain::id::{AccountId, RecordId};
use domain::people::Person;
use domain::programmes::tabac::draw::{self, Pair};
use domain::programmes::tabac::settings::editions;
use domain::programmes::tabac::{DRAW, PROGRAMME};
use domain::record::FINISHED_AT;
use domain::{Day, Fields};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use sync::protocol::access::Colleague;

use super::HUB;
use super::book::Book;
use super::draw_sheet::{self, Drawn};
use super::draws::{Told, draws};
use crate::notebook::{Trouble, TroubleKind, use_notebook};
use crate::pages::absent::AbsentRecord;
use crate::pages::figures::{Reading, choices, table, unread};
use crate::platform::{crypto, page, random};
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;
use crate::ui::page::{Below, Page};

/// Where a draw is told.
const DRAWS: &str = "tirage";

const WARNING: &str = "Vérifiez d’où viennent les lots. Aucun ne doit être payé par le projet financé par le fonds de lutte contre \
    les addictions, ni donné par une entreprise de produits de santé (règle à vérifier auprès du financeur).";

const CHANGED: &str = "La liste n’est plus celle qui a été arrêtée. Rien n’est effacé, mais ce tirage ne prouve plus rien. \
    Reprenez la feuille imprimée, ou arrêtez une nouvelle liste devant témoin.";

/// Preparing one, and those that were.
pub fn view() -> AnyView {
    let book = Book::open(use_notebook());
    let reading = Reading::new(PROGRAMME.id, DRAWS, None);
    let lines = Memo::new(move |_| told(book));
    view! {
        <Page title="Tirage au sort">
            <Below back=HUB title="Tirage au sort">
                <p class="second">"Des binômes, jamais de l’arrêt\u{a0}: qui a fumé y participe comme les autres."</p>
            </Below>
            <Band tone=Tone::Notice glyph=Glyph::Alert message=WARNING/>
            <ol class="steps" role="list">
                <li><b>"Arrêtez la liste."</b>" Chaque binôme y reçoit huit lettres tirées au hasard, sans nom."</li>
                <li><b>"Imprimez la feuille."</b>" Elle porte la liste et son empreinte\u{a0}: personne ne pourra plus la changer."</li>
                <li><b>"Un témoin dit une graine,"</b>" un mot ou un nombre que personne ne connaissait."</li>
                <li><b>"L’ordre se calcule."</b>" Toute personne qui a la feuille et la graine retrouve le même."</li>
            </ol>
            {unread(reading, "La liste se prépare avec le réseau. Rien n’est perdu. Réessayez quand il sera là. Un tirage déjà préparé reste ici.")}
            {move || reading.document.get().map(|document| prepare(book, reading, document))}
            {move || {
                let lines = lines.get();
                (!lines.is_empty()).then(|| view! {
                    <h2>"Tirages préparés"</h2>
                    <ul class="lines" role="list">{lines.into_iter().map(|line| view! {
                        <li><a class="line" href=address(line.id)>
                            <span class="line-text"><b>{line.title}</b><span class=if line.left { "" } else { "second" }>{sentence_case(&line.state)}</span></span>
                            <Icon name=Glyph::Forward/>
                        </a></li>
                    }).collect_view()}</ul>
                })
            }}
        </Page>
    }
    .into_any()
}

/// Every draw this device holds, the newest first.
fn told(book: Book) -> Vec<Told> {
    book.read(|whole| draws(&whole.records, whole.clock.today))
}

fn address(id: RecordId) -> String {
    route::view(PROGRAMME.id, DRAWS, Some(id))
}

fn prepare(book: Book, reading: Reading, document: Document) -> AnyView {
    let navigate = use_navigate();
    let attempt = Attempt::new();
    let asking = RwSignal::new(false);
    let edition = document.choices.iter().find(|choice| choice.chosen).map(|choice| choice.record);
    let eligible: Vec<(RecordId, AccountId)> = document.tables.iter().flat_map(rows).collect();
    let count = eligible.len();
    let (year, prizes, before) = untrack(|| {
        let (year, prizes) = book.read(|whole| {
            let editions = editions(&whole.records);
            let settings = editions.of(edition);
            (settings.year, settings.draw_prizes)
        });
        (year, prizes, told(book).into_iter().filter(|one| one.edition == edition).collect::<Vec<_>>())
    });
    let prizes = RwSignal::new(prizes.max(1));
    let past = told_past(year, book.notebook.today());
    let freeze = move |_| {
        let (eligible, navigate) = (eligible.clone(), navigate.clone());
        attempt.leave(async move {
            let pairs = named(&eligible);
            let digest = draw::letters(&hash(&draw::frozen(&pairs)).await?);
            let mut begins = vec![
                ("frozen_on", Day(book.notebook.today()).to_string().into()),
                ("pairs", draw::write(&pairs).into()),
                ("digest", digest.into()),
                ("prizes", prizes.get_untracked().into()),
            ];
            begins.extend(edition.map(|edition| ("edition", edition.to_string().into())));
            let id = book.notebook.create_with(&DRAW, None, begins).await?;
            book.notebook.settle();
            navigate(&address(id), NavigateOptions::default());
            Ok(())
        });
    };
    let notes = document.notes.into_iter().map(|note| view! { <p class="figures-note">{note}</p> }).collect_view();
    let others = document.tables.into_iter().filter(|table| table.id != "eligible");
    view! {
        {choices(reading, document.choices)}
        {past.clone().map(|message| view! { <Band tone=Tone::Notice glyph=Glyph::Calendar message/> })}
        <h2>{counted(count, "binôme participe", "binômes participent")}</h2>
        {notes}
        {others.map(|one| table(book.notebook, one)).collect_view()}
        <div class="draw-form">
            <div class="field">
                <label for="prizes">"Nombre de lots"</label>
                <input id="prizes" type="number" inputmode="numeric" min="1" max="99" autocomplete="off" prop:value=move || prizes.get()
                    on:input=move |event| prizes.set(event_target_value(&event).parse().unwrap_or(1).clamp(1, 99))/>
            </div>
            <TroubleBand id="freeze-trouble" trouble=attempt.trouble/>
            <div class="actions">
                <button type="button" class="main-button" aria-haspopup="dialog" disabled=count == 0 on:click=move |_| asking.set(true)>"Arrêter la liste"</button>
            </div>
        </div>
        <Dialog open=asking title="Arrêter la liste\u{202f}?">
            <p>{format!("{} y seront. Elle ne pourra plus changer.", counted(count, "binôme", "binômes"))}</p>
            {past.map(|words| view! { <p>{words}</p> })}
            {told_before(&before).map(|words| view! { <p>{words}</p> })}
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| asking.set(false)>"Attendre"</button>
                <button type="button" class="second-button" disabled=attempt.busy on:click=freeze>"Arrêter la liste"</button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// A draw of an edition whose year is over is a mistake as often as not.
fn told_past(year: i64, today: NaiveDate) -> Option<String> {
    let past = year > 0 && year < i64::from(today.year());
    past.then(|| format!("L’édition {year} est celle d’une année passée. Vérifiez que c’est bien elle que vous tirez."))
}

/// What was frozen for this edition already.
fn told_before(before: &[Told]) -> Option<String> {
    let left = before.iter().filter(|one| one.left).count();
    let all = counted(before.len(), "liste est déjà arrêtée", "listes sont déjà arrêtées");
    let never = match left {
        0 => String::new(),
        _ if left == before.len() => ", jamais tirée".to_owned() + if left > 1 { "s" } else { "" },
        _ => format!(", dont {}", counted(left, "jamais tirée", "jamais tirées")),
    };
    (!before.is_empty()).then(|| format!("{all} pour cette édition{never}. La feuille le dira."))
}

/// The person and the professional of each pair that may win.
fn rows(table: &Table) -> Vec<(RecordId, AccountId)> {
    let pair = |row: &Vec<Cell>| match row.as_slice() {
        [_, Cell::Record(person), Cell::Account(account)] => Some((*person, *account)),
        _ => None,
    };
    if table.id == "eligible" { table.rows.iter().filter_map(pair).collect() } else { Vec::new() }
}

/// Each with letters of its own.
fn named(eligible: &[(RecordId, AccountId)]) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for (person, account) in eligible {
        let id = loop {
            let id = draw::pair_id(random::bytes());
            if pairs.iter().all(|pair| pair.id != id) {
                break id;
            }
        };
        pairs.push(Pair { id, person: *person, account: *account });
    }
    pairs
}

async fn hash(text: &str) -> Result<[u8; 32], Trouble> {
    let hash = crypto::hash(text.as_bytes()).await?;
    hash.try_into().map_err(|_| TroubleKind::Locked.into())
}

/// One draw: the sheet until the seed is said, then the order.
pub fn one(record: RecordId) -> AnyView {
    let notebook = use_notebook();
    let book = Book::open(notebook);
    let shown = notebook.record(record);
    let fields = Memo::new(move |_| {
        shown.with(|shown| shown.as_ref().filter(|one| one.kind == DRAW.id).map(|one| one.values()))
    });
    let colleagues = RwSignal::new(Vec::<Colleague>::new());
    Attempt::new().read(async move {
        let known = notebook.colleagues().await?;
        colleagues.try_set(known);
        Ok(())
    });
    view! {
        <Page title="Tirage au sort">
            {move || match fields.get() {
                Some(fields) => drawn(book, record, &fields, colleagues),
                None => AbsentRecord().into_any(),
            }}
        </Page>
    }
    .into_any()
}

fn drawn(book: Book, record: RecordId, fields: &Fields, colleagues: RwSignal<Vec<Colleague>>) -> AnyView {
    let answers = Answers(fields);
    let text = |name| answers.code(name).unwrap_or_default().to_owned();
    let all = untrack(|| told(book));
    let itself = all.iter().position(|one| one.id == record);
    let title = itself.map_or_else(|| "Tirage au sort".to_owned(), |at| all[at].title.clone());
    // The newest first: what was frozen before is behind.
    let older = itself.map_or(&[][..], |at| &all[at + 1..]).iter();
    let older = older.filter(|one| itself.is_some_and(|at| all[at].edition == one.edition));
    let older = older.map(|one| format!("{}\u{a0}: {}.", one.title, one.state)).collect();
    let pairs = draw::read(&text("pairs"));
    let seed = text("seed");
    let drawn = Drawn {
        title,
        before: older,
        frozen_on: answers.date("frozen_on").map(full_day).unwrap_or_default(),
        digest: draw::hexadecimal(&text("digest")),
        prizes: usize::try_from(answers.int("prizes").unwrap_or_default()).unwrap_or_default(),
        witness: text("witness"),
        seed: seed.clone(),
    };
    let (frozen, kept) = (draw::frozen(&pairs), text("digest"));
    let (order, changed) = (RwSignal::new(None::<Vec<Pair>>), RwSignal::new(false));
    let attempt = Attempt::new();
    let (list, said) = (pairs.clone(), seed.clone());
    attempt.read(async move {
        changed.try_set(draw::letters(&hash(&frozen).await?) != kept);
        if said.is_empty() {
            return Ok(());
        }
        let mut hashed = Vec::new();
        for pair in list {
            let hash = hash(&draw::hashed(&said, &pair.id)).await?;
            hashed.push((pair, hash));
        }
        order.try_set(Some(draw::order(hashed)));
        Ok(())
    });
    let name = move |pair: &Pair| names(book, pair, &colleagues.get());
    let head = drawn.clone();
    let count = pairs.len();
    let paper = drawn.clone();
    view! {
        <header class="title screen-only">
            <a class="back" href=route::view(PROGRAMME.id, DRAWS, None)><Icon name=Glyph::Back/>"Tirages"</a>
            <h1 id="title" tabindex="-1">{head.title}</h1>
            <p class="second">{format!("Liste arrêtée le {}, {}.", head.frozen_on, counted(count, "binôme", "binômes"))}</p>
            {head.before.into_iter().map(|words| view! { <p class="second">{words}</p> }).collect_view()}
        </header>
        {move || changed.get().then(|| view! { <Band tone=Tone::Error glyph=Glyph::Alert message=CHANGED/> })}
        <TroubleBand id="draw-trouble" trouble=attempt.trouble/>
        {if seed.is_empty() {
            before(book, record, drawn)
        } else {
            after(drawn, order, name)
        }}
        <div class="actions screen-only">
            <button type="button" class="second-button" on:click=move |_| page::print()><Icon name=Glyph::Print/>"Imprimer la feuille"</button>
        </div>
        {move || draw_sheet::view(&paper, &pairs, order.get().as_deref(), &name)}
    }
    .into_any()
}

/// « Nadège, avec Karim Benali »; who is not on this device is looked up by her letters.
fn names(book: Book, pair: &Pair, colleagues: &[Colleague]) -> String {
    let person = book.notebook.record(pair.person).get().map(|shown| Person::of(&shown.values()).name());
    let with = book.notebook.account().get().filter(|me| me.id == pair.account).map(|me| me.name);
    let with = with.or_else(|| colleagues.iter().find(|one| one.id == pair.account).map(|one| one.name.clone()));
    let person = person.filter(|name| !name.is_empty()).unwrap_or_else(|| "Personne suivie ailleurs".to_owned());
    match with {
        Some(with) => format!("{person}, avec {with}"),
        None => person,
    }
}

/// The list is frozen: its digest, and room for what the witness says.
fn before(book: Book, record: RecordId, drawn: Drawn) -> AnyView {
    let (witness, seed) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (asking, missing) = (RwSignal::new(false), RwSignal::new(""));
    let attempt = Attempt::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if seed.with_untracked(|seed| seed.trim().is_empty()) || witness.with_untracked(|name| name.trim().is_empty()) {
            missing.set("Le nom du témoin ou la graine manque. La liste est gardée. Notez les deux, puis tirez.");
            page::focus(if witness.with_untracked(|name| name.trim().is_empty()) { "witness" } else { "seed" });
        } else {
            missing.set("");
            asking.set(true);
        }
    };
    let tell = move |_| {
        let said = |text: RwSignal<String>| text.get_untracked().trim().to_owned();
        let fields = vec![
            ("witness", said(witness).into()),
            ("seed", said(seed).into()),
            (FINISHED_AT, book.notebook.now().0.into()),
        ];
        attempt.run(async move {
            book.notebook.write(record, fields, None).await?;
            book.notebook.settle();
            page::focus("title");
            Ok(())
        });
    };
    view! {
        <section class="draw screen-only">
            <h2>"Empreinte de la liste"</h2>
            <p class="digest">{draw_sheet::groups(&drawn.digest)}</p>
            <p class="second">"Imprimez la feuille et remettez-la au témoin avant qu’il parle."</p>
            <h2>"La graine"</h2>
            <form class="draw-form" autocomplete="off" novalidate=true on:submit=submit>
                <div class="field">
                    <label for="witness">"Nom du témoin"</label>
                    <input id="witness" type="text" maxlength="120" autocomplete="off" spellcheck="false" aria-describedby="seed-error" bind:value=witness/>
                </div>
                <div class="field">
                    <label for="seed">"Graine dite par le témoin"</label>
                    <input id="seed" type="text" maxlength="120" autocomplete="off" spellcheck="false" aria-describedby="seed-error" bind:value=seed/>
                </div>
                <p class="field-error" id="seed-error" role="status">{missing}</p>
                <div class="actions"><button type="submit" class="main-button">"Tirer"</button></div>
            </form>
            <Dialog open=asking title="Tirer avec cette graine\u{202f}?">
                <p>"«\u{a0}"<b>{move || seed.get().trim().to_owned()}</b>"\u{a0}», dite par "{move || witness.get().trim().to_owned()}". Elle est écrite une fois pour toutes."</p>
                <TroubleBand id="seed-trouble" trouble=attempt.trouble/>
                <div class="actions">
                    <button type="button" class="main-button" on:click=move |_| asking.set(false)>"Relire"</button>
                    <button type="button" class="second-button" disabled=attempt.busy on:click=tell>"Tirer"</button>
                </div>
            </Dialog>
        </section>
    }
    .into_any()
}

/// The winners, then the whole order.
fn after(
    drawn: Drawn,
    order: RwSignal<Option<Vec<Pair>>>,
    name: impl Fn(&Pair) -> String + Copy + Send + 'static,
) -> AnyView {
    let prizes = drawn.prizes;
    view! {
        <section class="draw screen-only">
            <p>{format!("Graine{NBSP}: «{NBSP}{}{NBSP}», dite par {}.", drawn.seed, drawn.witness)}</p>
            <div role="status">{move || order.with(Option::is_none).then_some("Calcul de l’ordre…")}</div>
            {move || order.get().map(|order| view! {
                <h2>{if prizes > 1 { "Les binômes gagnants" } else { "Le binôme gagnant" }}</h2>
                {draw_sheet::ranks(&order[..prizes.min(order.len())], 1, Some(&name))}
                {(order.len() > prizes).then(|| view! {
                    <h2>"La suite, si un lot n’est pas retiré"</h2>
                    {draw_sheet::ranks(&order[prizes..], prizes + 1, None)}
                })}
            })}
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_of_a_former_year_is_doubted() {
        let told = |year, today: &str| told_past(year, today.parse().expect("a day"));
        assert!(told(2025, "2026-11-24").is_some_and(|words| words.starts_with("L’édition 2025")));
        assert_eq!([told(2026, "2026-12-16"), told(2027, "2026-12-16"), told(0, "2026-12-16")], [None, None, None]);
    }

    #[test]
    fn lists_frozen_before_are_counted_with_those_that_were_left() {
        let told = |left: &[bool]| {
            let one = |left: &bool| Told {
                id: RecordId(uuid::Uuid::nil()),
                edition: None,
                title: String::new(),
                state: String::new(),
                left: *left,
            };
            told_before(&left.iter().map(one).collect::<Vec<_>>())
        };
        let words = |middle: &str| Some(format!("{middle}. La feuille le dira.").replace('_', "\u{a0}"));
        assert_eq!(told(&[]), None);
        assert_eq!(told(&[false]), words("1_liste est déjà arrêtée pour cette édition"));
        assert_eq!(told(&[true]), words("1_liste est déjà arrêtée pour cette édition, jamais tirée"));
        assert_eq!(told(&[true, true]), words("2_listes sont déjà arrêtées pour cette édition, jamais tirées"));
        assert_eq!(told(&[true, false]), words("2_listes sont déjà arrêtées pour cette édition, dont 1_jamais tirée"));
    }
}
