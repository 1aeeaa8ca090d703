//! « Tirage au sort »: a list is frozen, its digest printed, a witness says a seed, and anybody can find the same order from
//! the sheet. The order is computed each time it is shown; only the list and the seed are kept.

use domain::Fields;
use domain::Glyph;
use domain::form::Answers;
use domain::french::{NBSP, counted, full_day, sentence_case};
use domain::id::RecordId;
use domain::people::Person;
use domain::programmes::tabac::draw::{self, Pair};
use domain::programmes::tabac::{DRAW, PROGRAMME};
use domain::record::FINISHED_AT;
use leptos::prelude::*;
use sync::protocol::access::Colleague;

use super::HUB;
use super::book::Book;
use super::draw_sheet::{self, Drawn};
use super::draws::{Told, draws, told_early};
use super::freeze::prepare;
use crate::notebook::{Trouble, TroubleKind, use_notebook};
use crate::pages::absent::AbsentRecord;
use crate::pages::figures::{Reading, unread};
use crate::platform::{crypto, page};
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

const KEPT: &str = "Un tirage ne se supprime pas\u{a0}: sa feuille a pu être remise à quelqu’un. S’il y a eu une erreur, arrêtez une \
    nouvelle liste devant témoin\u{a0}: la feuille dira les deux.";

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
                    <p class="second">{KEPT}</p>
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
pub fn told(book: Book) -> Vec<Told> {
    book.read(|whole| draws(&whole.records, whole.clock.today))
}

pub fn address(id: RecordId) -> String {
    route::view(PROGRAMME.id, DRAWS, Some(id))
}

pub async fn hash(text: &str) -> Result<[u8; 32], Trouble> {
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
    let early = itself.and_then(|at| all[at].early).map(told_early);
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
            before(book, record, drawn, early)
        } else {
            after(drawn, order, name)
        }}
        <div class="actions screen-only">
            <button type="button" class="second-button" on:click=move |_| page::print()><Icon name=Glyph::Print/>"Imprimer la feuille"</button>
        </div>
        <p class="second screen-only">{KEPT}</p>
        {move || draw_sheet::view(book.notebook, &paper, &pairs, order.get().as_deref())}
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

/// The list is frozen: its digest, and room for what the witness says. `early`: its day has not come, which is told before
/// anything is typed, and asked once more before it is drawn.
fn before(book: Book, record: RecordId, drawn: Drawn, early: Option<String>) -> AnyView {
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
    let title =
        if early.is_some() { "Tirer avant le jour prévu\u{202f}?" } else { "Tirer avec cette graine\u{202f}?" };
    view! {
        <section class="draw screen-only">
            {early.clone().map(|message| view! { <Band tone=Tone::Notice glyph=Glyph::Calendar message/> })}
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
            <Dialog open=asking title=title>
                {early.map(|words| view! { <p>{words}</p> })}
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
