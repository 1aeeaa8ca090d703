//! « Challengers »: everybody who takes the challenge, what is to be done about each, and with whom she is paired.

use domain::Glyph;
use domain::french::{counted, fold, sentence_case, short_day};
use domain::id::{AccountId, RecordId};
use domain::order::sort_by_key;
use domain::people::{Person, Purpose};
use domain::programmes::tabac::calls::{self, Group};
use domain::programmes::tabac::challenge::{Call, Challenge, State, challenges};
use domain::programmes::tabac::duplicates::same_phone;
use domain::programmes::tabac::settings::{Editions, editions};
use domain::programmes::tabac::{ATTENDANCE, CALL, CHALLENGER, INTERVIEW, MOVE, PAIR};
use leptos::prelude::*;
use sync::protocol::access::Colleague;

use super::HUB;
use super::begin::{Beginner, Begins};
use super::book::{Bond, Book, Whole};
use super::pair::{self, Paired};
use crate::notebook::use_notebook;
use crate::pages::reading::may_write;
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::TroubleBand;
use crate::ui::icon::Icon;
use crate::ui::page::{Below, Page, focus_at_turn};
use crate::ui::search_box::{SearchBox, matches};

/// One line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Follow {
    pub challenger: RecordId,
    pub person: RecordId,
    pub name: String,
    pub edition: Option<RecordId>,
    commune: String,
    /// « J0 le 9 nov., binôme : Karim Benali »
    quit: String,
    /// « Le défi continue », then what lacks to go on.
    state: String,
    pub bonds: Vec<Bond>,
    /// What she answered to being shared; `None`: she was not asked, or this account does not read it.
    pub agrees: Option<bool>,
    to_pair: bool,
    undated: bool,
    to_call: bool,
    twin: bool,
    /// The answers of the call that is due, or of any other.
    call: Begins,
}

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
    // Whose account was closed follows nobody any more.
    let colleagues = RwSignal::new(None::<Vec<Colleague>>);
    Attempt::new().read(async move {
        let known = book.notebook.colleagues().await?;
        colleagues.try_set(Some(known));
        Ok(())
    });
    let shown = Shown {
        book,
        beginner: Beginner::new(book),
        all: Memo::new(move |_| {
            let open =
                colleagues.with(|known| known.as_ref().map(|all| all.iter().map(|one| one.id).collect::<Vec<_>>()));
            book.read(|whole| follows(whole, edition.get(), open.as_deref()))
        }),
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
        {move || (editions.with(Vec::len) > 1).then(|| view! {
            <div class="chips" role="group" aria-label="Choisir l’édition">
                {editions.get().into_iter().enumerate().map(|(rank, (id, year))| {
                    let pressed = move || (edition.get() == Some(id) || (rank == 0 && edition.get().is_none())).to_string();
                    view! { <button type="button" class="chip" aria-pressed=pressed on:click=move |_| edition.set(Some(id))>{year}</button> }
                }).collect_view()}
            </div>
        })}
    }
    .into_any()
}

fn years(editions: &Editions<'_>) -> Vec<(RecordId, String)> {
    editions.known.iter().map(|(id, settings)| (*id, settings.year.to_string())).collect()
}

/// The challengers of an edition, of the newest if none is asked for, by name; those whose edition is not known are always
/// among them.
fn follows(whole: &Whole<'_>, edition: Option<RecordId>, open: Option<&[AccountId]>) -> Vec<Follow> {
    let editions = editions(&whole.records);
    let edition = edition.or(editions.newest());
    let all = challenges(&whole.records, &whole.clock);
    let twins: Vec<RecordId> = same_phone(&whole.records, &all).concat();
    let due: Vec<RecordId> = calls::list(&all, &editions, whole.clock.today)
        .iter()
        .filter(|line| matches!(line.group, Group::Late | Group::Today))
        .map(|line| line.challenge.id)
        .collect();
    let mut follows: Vec<(String, Follow)> = Vec::new();
    for challenge in &all {
        let here = !editions.known.iter().any(|(id, _)| Some(*id) == challenge.edition) || challenge.edition == edition;
        let Some(person) = whole.person(challenge.person).filter(|_| here) else { continue };
        let mut one = follow(whole, challenge, &person, &editions);
        one.to_pair = one.to_pair && !whole.is_followed(challenge, open);
        one.twin = twins.contains(&challenge.person);
        // Without her answers, the calls that were made are not on this device either.
        one.to_call = due.contains(&challenge.id) && !challenge.consents.is_empty();
        follows.push((fold(&format!("{} {}", person.family_name, person.given_name)), one));
    }
    sort_by_key(&mut follows, |(key, _)| key.clone());
    follows.into_iter().map(|(_, one)| one).collect()
}

fn follow(whole: &Whole<'_>, challenge: &Challenge<'_>, person: &Person, editions: &Editions<'_>) -> Follow {
    let today = whole.clock.today;
    let state = challenge.state(today);
    let over = matches!(state, State::Ended(_));
    let bonds = whole.bonds(challenge);
    let quit =
        challenge.quit_on().map_or_else(|| "Sans date".to_owned(), |on| format!("J0 le {}", short_day(on, today)));
    // Who refuses to be shared is followed by no pair, whatever was written.
    let pair = bonds.iter().find(|bond| bond.account.is_some_and(|account| challenge.pair.contains(&account)));
    let pair = pair.map(|bond| format!("binôme\u{a0}: {}", bond.name));
    let edition =
        (challenge.edition.is_none() && !editions.known.is_empty()).then(|| "édition non précisée".to_owned());
    let reachable = !person.phone.is_empty() || challenge.sign_up.code("email").is_some();
    let told = [stands(challenge, state), if reachable || over { "" } else { "ni téléphone ni e-mail" }];
    let planned = calls::next(challenge, editions.of(challenge.edition), today);
    let call = planned.map(|planned| planned.begins);
    let consent = challenge.consents.iter().find(|(purpose, _)| *purpose == Purpose::ShareNamed);
    Follow {
        challenger: challenge.id,
        person: challenge.person,
        name: person.name(),
        edition: challenge.edition,
        commune: person.commune.clone(),
        quit: std::iter::once(quit).chain(edition).chain(pair).collect::<Vec<_>>().join(", "),
        state: sentence_case(&told.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")),
        bonds,
        agrees: consent.map(|(_, yes)| *yes),
        to_pair: !over,
        undated: !over && challenge.quit_on().is_none(),
        to_call: false,
        twin: false,
        call: call.unwrap_or_else(|| of(challenge.id)),
    }
}

/// Where she is, as far as this device knows: that it goes on is said of whom somebody reached.
fn stands(challenge: &Challenge<'_>, state: State) -> &'static str {
    match state {
        // Without her answers, the calls that were made are not on this device.
        State::Going if challenge.consents.is_empty() => "",
        State::Going if challenge.calls.is_empty() => "Pas encore appelé(e)",
        State::Going if !challenge.calls.iter().any(Call::reached) => "Pas encore joint(e)",
        state => state.label(),
    }
}

/// What is begun for a challenger names her sign-up.
fn of(challenger: RecordId) -> Begins {
    vec![("challenger", challenger.to_string().into())]
}

fn line(shown: Shown, one: Follow) -> AnyView {
    let id = one.challenger;
    let open = shown.open;
    let is_open = move || open.get() == Some(id);
    let place = if one.commune.is_empty() { String::new() } else { format!(", {}", one.commune) };
    let tag = match (one.to_pair, one.twin) {
        (_, true) => Some("doublon possible"),
        (true, _) => Some("à confier"),
        _ => None,
    };
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
                    {tag.map(|tag| view! { <span class="tag">{tag}</span> })}
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::Fields;
    use domain::people::CONSENT;
    use domain::people::consent::{self, GivenBy};
    use domain::programme::Clock;
    use domain::programmes::tabac::EDITION;
    use domain::record::{FINISHED_AT, PARENT, Value};
    use sync::Shown;
    use uuid::Uuid;

    use super::*;
    use crate::notebook::Own;
    use crate::pages::agenda::noted;
    use crate::pages::reading::fixture::{id, person, record};

    const CLAIRE: AccountId = AccountId(Uuid::from_u128(1));
    const KARIM: AccountId = AccountId(Uuid::from_u128(2));

    type Answered = Vec<(&'static str, Value)>;

    fn finished(of: u128, mut fields: Answered) -> Answered {
        fields.extend([(PARENT, id(of).to_string().into()), (FINISHED_AT, 0.into())]);
        fields
    }

    fn link(number: u128) -> Value {
        id(number).to_string().into()
    }

    fn hanging(number: u128, kind: &str, fields: Answered) -> Arc<Shown> {
        record(number, kind, 0, &finished(1, fields))
    }

    fn consent(number: u128, purpose: Purpose, yes: bool) -> Arc<Shown> {
        hanging(number, CONSENT.id, consent::fields(purpose, yes, GivenBy::Person))
    }

    fn signed_up(mut fields: Answered) -> Vec<Arc<Shown>> {
        fields.push(("quit_on", "1970-01-02".into()));
        vec![
            person(1, "Maëlys", "Roques"),
            consent(2, Purpose::CallBack, true),
            hanging(3, CHALLENGER.id, fields),
            record(9, EDITION.id, 0, &[("year", 1970.into()), (FINISHED_AT, 0.into())]),
        ]
    }

    /// What the list says on 9 January 1970, to who looks after people or only coordinates, and whose own she is or not.
    fn told(records: &[Arc<Shown>], follows_people: bool, own: &[RecordId]) -> Vec<Follow> {
        let fields: Vec<Fields> = records.iter().map(|shown| shown.values()).collect();
        let today = chrono::NaiveDate::from_ymd_opt(1970, 1, 9).expect("a day");
        let clock = Clock { today, day: &|at| at.local(0).date() };
        let own = Own::of(CLAIRE, own.to_vec());
        let whole = Whole::of(noted(records, &fields), clock, &own, follows_people);
        follows(&whole, Some(id(9)), Some(&[CLAIRE, KARIM]))
    }

    #[test]
    fn whom_nobody_called_does_not_read_as_if_all_was_well() {
        let mut records = signed_up(vec![("edition", link(9))]);
        let lone = &told(&records, false, &[id(1)])[0];
        assert_eq!((lone.state.as_str(), lone.to_pair), ("Pas encore appelé(e), ni téléphone ni e-mail", true));
        assert!(!told(&records, true, &[id(1)])[0].to_pair, "a professional follows whom she signed up");
        let call = |number, outcome: &str| hanging(number, CALL.id, vec![("outcome", outcome.into())]);
        records.push(call(20, "not-reached"));
        assert!(told(&records, true, &[])[0].state.starts_with("Pas encore joint(e), "));
        records.push(call(21, "reached"));
        assert!(told(&records, true, &[])[0].state.starts_with("Le défi continue, "));
        records.retain(|shown| shown.kind != CONSENT.id);
        assert_eq!(told(&records, false, &[])[0].state, "Ni téléphone ni e-mail", "the calls are not on this device");
    }

    #[test]
    fn one_way_to_reach_her_is_enough() {
        let records = signed_up(vec![("edition", link(9)), ("email", "maelys@example.org".into())]);
        assert_eq!(told(&records, true, &[])[0].state, "Pas encore appelé(e)");
    }

    #[test]
    fn an_unknown_edition_hides_nobody() {
        let records = signed_up(vec![("edition", link(404))]);
        let shown = told(&records, true, &[]);
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].quit, "J0 le 2\u{a0}janv., édition non précisée");
    }

    #[test]
    fn a_pair_is_told_as_long_as_she_agrees_to_be_shared() {
        let mut records = signed_up(vec![("edition", link(9))]);
        let pair = vec![
            ("challenger", link(3)),
            ("account", KARIM.to_string().into()),
            ("name", "Karim Benali".into()),
            ("in_force", "yes".into()),
        ];
        records.push(hanging(4, PAIR.id, pair));
        let one = &told(&records, false, &[])[0];
        assert_eq!((one.quit.as_str(), one.to_pair), ("J0 le 2\u{a0}janv., binôme\u{a0}: Karim Benali", false));
        records.push(consent(5, Purpose::ShareNamed, false));
        let one = &told(&records, false, &[])[0];
        assert_eq!((one.quit.as_str(), one.to_pair, one.bonds.len()), ("J0 le 2\u{a0}janv.", true, 1));
    }
}
