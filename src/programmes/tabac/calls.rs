//! « Appels du jour »: whom to call, what was said last, one touch to call and to note it. The same as a sheet of paper.

use chrono::NaiveDate;
use domain::Glyph;
use domain::french::{full_day, sentence_case, short_day, time, uncapitalised};
use domain::id::RecordId;
use domain::order::sort_by_key;
use domain::programmes::tabac::calls::{self, Group, Line};
use domain::programmes::tabac::challenge::{Outcome, challenges};
use domain::programmes::tabac::settings::editions;
use domain::programmes::tabac::{CALL, CHALLENGER};
use leptos::prelude::*;

use super::HUB;
use super::begin::{Beginner, Begins};
use super::book::{Book, Whole, read_phone};
use crate::notebook::use_notebook;
use crate::platform::page;
use crate::route;
use crate::ui::band::TroubleBand;
use crate::ui::icon::Icon;
use crate::ui::page::{Below, Page};

/// One line of the list.
#[derive(Clone, Debug, PartialEq)]
struct Call {
    group: Group,
    person: RecordId,
    name: String,
    commune: String,
    phone: String,
    when: String,
    /// « , à demander depuis le 9 nov. »: since when cigarettes are asked; empty on the first day, and once it was asked.
    since: String,
    last: String,
    begins: Begins,
    /// The call that was made today.
    made: Option<RecordId>,
}

/// All that the page says.
#[derive(Clone, Debug, Default, PartialEq)]
struct Day {
    calls: Vec<Call>,
    /// Whether this account follows anybody.
    follows: bool,
    /// The next call after today: « J7, le 24 nov. »
    next: Option<String>,
}

/// The parts of the list, in their order.
const PARTS: [(Group, &str, &str); 4] = [
    (Group::Late, "En retard", ""),
    (Group::Today, "Aujourd’hui", "les plus anciens d’abord"),
    (Group::Early, "Déjà possibles", "avant le jour prévu"),
    (Group::Done, "Faits aujourd’hui", ""),
];

pub fn view() -> AnyView {
    let notebook = use_notebook();
    let book = Book::open(notebook);
    let beginner = Beginner::new(book);
    let day = Memo::new(move |_| book.read(|whole| of_today(book, whole)));
    let count = move |kept: fn(&Call) -> bool| day.with(|day| day.calls.iter().filter(|call| kept(call)).count());
    let second = move || match (day.with(|day| day.calls.len()), count(|call| call.group == Group::Done)) {
        (0, _) => "Rien à faire".to_owned(),
        (all, done) => format!("{done} fait{} sur {all}", if done > 1 { "s" } else { "" }),
    };
    let parts = move || {
        let day = day.get();
        let first = day.calls.iter().position(|call| !call.phone.is_empty() && call.made.is_none());
        let mut lines: Vec<(Group, AnyView)> = Vec::new();
        for (rank, call) in day.calls.into_iter().enumerate() {
            lines.push((call.group, line(call, first == Some(rank), beginner)));
        }
        let part = |(group, title, order): &(Group, &'static str, &'static str)| {
            let (mine, rest): (Vec<_>, Vec<_>) =
                std::mem::take(&mut lines).into_iter().partition(|(of, _)| of == group);
            lines = rest;
            (!mine.is_empty()).then(|| {
                let title = format!("{title}, {}", mine.len());
                view! {
                    <section class="calls" class:late=*group == Group::Late>
                        <h2>{title}<span class="order">{*order}</span></h2>
                        <ul role="list">{mine.into_iter().map(|(_, line)| line).collect_view()}</ul>
                    </section>
                }
            })
        };
        PARTS.iter().map(part).collect_view()
    };
    view! {
        <Page title="Appels du jour">
            <Below back=HUB title="Appels du jour"><p class="second" role="status">{move || second()}</p></Below>
            <TroubleBand id="calls-trouble" trouble=beginner.attempt.trouble/>
            {move || day.with(|day| day.calls.is_empty()).then(|| nothing(&day.get()))}
            {move || parts()}
            {move || day.with(|day| !day.calls.is_empty()).then(|| view! {
                <div class="actions">
                    <button type="button" class="second-button" on:click=move |_| page::print()><Icon name=Glyph::Print/>"Imprimer la liste"</button>
                </div>
            })}
            {move || day.with(|day| day.calls.iter().any(|call| call.made.is_none())).then(|| sheet(book, &day.get()))}
        </Page>
    }
    .into_any()
}

fn of_today(book: Book, whole: &Whole<'_>) -> Day {
    let today = whole.clock.today;
    let editions = editions(&whole.records);
    let mut followed = challenges(&whole.records, &whole.clock);
    followed.retain(|challenge| whole.is_mine(challenge));
    let calls = calls::list(&followed, &editions, today).iter().filter_map(|line| call(book, whole, line)).collect();
    let mut next: Vec<_> = followed
        .iter()
        .filter_map(|challenge| calls::next(challenge, editions.of(challenge.edition), today))
        .filter(|planned| planned.from > today)
        .collect();
    sort_by_key(&mut next, |planned| planned.on);
    let next = next.first().map(|planned| format!("{} le {}", uncapitalised(planned.label), full_day(planned.on)));
    Day { calls, follows: !followed.is_empty(), next }
}

/// `None`: the person is not on this device.
fn call(book: Book, whole: &Whole<'_>, line: &Line<'_, '_>) -> Option<Call> {
    let today = whole.clock.today;
    let person = whole.person(line.challenge.person)?;
    let (mut when, mut last) = (line.when.clone(), line.last.clone());
    if last.is_empty() {
        last = line.note.to_owned();
    }
    if let Some(done) = line.done {
        let at = time(book.notebook.local(done.at));
        if line.group == Group::Done {
            when = format!("{when} à {at}");
            let next = done.next_on.map(|on| format!(", prochain appel le {}", short_day(on, today)));
            last = format!("{}{}", came_of(done.outcome), next.unwrap_or_default());
        } else {
            // She did not answer: she may be called again at another hour.
            last = format!("{last}, le dernier à {at}");
        }
    }
    Some(Call {
        group: line.group,
        person: line.challenge.person,
        name: person.name(),
        commune: person.commune,
        phone: person.phone,
        when,
        since: since(line, today),
        last,
        begins: line.planned.begins.clone(),
        made: line.challenge.calls.last().filter(|_| line.group == Group::Done).map(|call| call.id),
    })
}

/// Nothing on the first day, nor once it was asked.
fn since(line: &Line<'_, '_>, today: NaiveDate) -> String {
    let since = line.since.filter(|since| line.group != Group::Done && *since < line.planned.on.min(today));
    since.map(|on| format!(", à demander depuis le {}", short_day(on, today))).unwrap_or_default()
}

const fn came_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Reached => "Joint(e)",
        Outcome::NotReached => "Pas de réponse",
        Outcome::Refused => "Ne souhaite pas répondre",
        Outcome::WrongNumber => "Mauvais numéro",
        Outcome::Moved | Outcome::Untraceable => "A déménagé",
        Outcome::Dead => "Décès",
    }
}

/// `first`: the next one to call.
fn line(call: Call, first: bool, beginner: Beginner) -> AnyView {
    let Call { person, name, commune, phone, when, since, last, begins, made, .. } = call;
    let place = if commune.is_empty() { String::new() } else { format!(", {commune}") };
    let words = view! {
        <b class="name">{name.clone()}<span>{place}</span></b>
        <span class="call-step">{when}<span>{since}</span></span>
        {(!last.is_empty()).then(|| view! { <span class="second">{sentence_case(&last)}</span> })}
    };
    if let Some(made) = made {
        return view! {
            <li class="call-line">
                <a class="call-text" href=route::sheet(made)>{words}</a>
                <span class="round done"><Icon name=Glyph::Check/></span>
            </li>
        }
        .into_any();
    }
    let begin = move || beginner.begin(&CALL, person, begins.clone());
    let (note, ring) = (begin.clone(), begin);
    let round = if phone.is_empty() {
        view! { <span class="second">"Sans numéro"</span> }.into_any()
    } else {
        // The telephone rings, and what comes of it has its form when she comes back.
        view! {
            <a class="round call" class:main=first href=format!("tel:{phone}") aria-label=format!("Appeler {name}") on:click=move |_| ring()>
                <Icon name=Glyph::Phone/>
            </a>
        }
        .into_any()
    };
    view! {
        <li class="call-line">
            <button type="button" class="call-text" on:click=move |_| note()>{words}</button>
            {round}
        </li>
    }
    .into_any()
}

fn nothing(day: &Day) -> AnyView {
    if !day.follows {
        return view! {
            <section class="empty">
                <Icon name=Glyph::Phone/>
                <h2>"Personne à rappeler pour l’instant"</h2>
                <p>"Les challengers que vous suivez apparaissent ici le jour de leur appel\u{a0}: le premier jour, à J7, J15 et J30, puis à 3 et 6\u{a0}mois."</p>
                <p>"Inscrivez une personne, ou la coordination vous en confiera."</p>
                <a class="main-button" href=route::start(CHALLENGER.id)><Icon name=Glyph::Plus/>{CHALLENGER.start}</a>
            </section>
        }
        .into_any();
    }
    let next = day.next.as_ref().map(|next| format!("Le prochain\u{a0}: {next}."));
    view! { <p>"Aucun appel n’est à faire aujourd’hui. "{next}</p> }.into_any()
}

/// What is left to call, on paper, with room to write.
fn sheet(book: Book, day: &Day) -> AnyView {
    let today = book.notebook.today();
    let who = book.notebook.account().with_untracked(|account| account.as_ref().map(|account| account.name.clone()));
    let rows = day.calls.iter().filter(|call| call.made.is_none()).map(|call| {
        let phone = read_phone(&call.phone);
        // The link is what tells that she was printed.
        view! {
            <tr>
                <th scope="row"><a href=route::person(call.person)>{call.name.clone()}</a><br/>{call.commune.clone()}</th>
                <td class="nowrap">{phone}</td>
                <td>{call.when.clone()}{call.since.clone()}<br/>{call.last.clone()}</td>
                <td class="blank"></td>
            </tr>
        }
    });
    view! {
        <article class="print letter print-only">
            <header><span class="wordmark">"Cardabelle"</span><span>{who}", le "{full_day(today)}</span></header>
            <h1>"Appels du jour"</h1>
            <table class="call-sheet">
                <thead><tr><th scope="col">"Qui"</th><th scope="col">"Téléphone"</th><th scope="col">"Appel"</th><th scope="col">"À noter"</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            <footer><span>"À reporter dans le carnet, puis à détruire."</span><span>"Tabac info service\u{a0}: 39\u{a0}89"</span></footer>
        </article>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDateTime;
    use domain::id::AccountId;
    use domain::people::consent::{self, GivenBy};
    use domain::people::{CONSENT, Purpose};
    use domain::programme::Clock;
    use domain::programmes::tabac::PAIR;
    use domain::record::{FINISHED_AT, PARENT, Value};
    use domain::{Fields, Timestamp};
    use uuid::Uuid;

    use super::*;
    use crate::notebook::Own;
    use crate::pages::agenda::{World, agenda, noted};
    use crate::pages::reading::fixture::{id, person, record};

    const CLAIRE: AccountId = AccountId(Uuid::from_u128(1));
    const KARIM: AccountId = AccountId(Uuid::from_u128(2));

    #[test]
    fn a_call_is_told_to_the_pair_or_to_whose_she_is_and_to_nobody_else_of_her_care_team() {
        let hers = |mut fields: Vec<(&'static str, Value)>| {
            fields.extend([(PARENT, id(1).to_string().into()), (FINISHED_AT, 0.into())]);
            fields
        };
        let people = [person(1, "Maëlys", "Roques")];
        let consents = [record(2, CONSENT.id, 0, &hers(consent::fields(Purpose::CallBack, true, GivenBy::Person)))];
        let challenger = record(3, CHALLENGER.id, 0, &hers(vec![("quit_on", "1970-01-05".into())]));
        let answers = vec![
            ("challenger", id(3).to_string().into()),
            ("account", KARIM.to_string().into()),
            ("in_force", "yes".into()),
        ];
        let paired = [challenger.clone(), record(4, PAIR.id, 0, &hers(answers))];
        let clock = |at: Timestamp| -> NaiveDateTime { at.local(0) };
        let told = |me, own: &[RecordId], records: &[_]| {
            let own = Own::of(me, true, own.to_vec());
            let world = World {
                people: &people,
                consents: &consents,
                records,
                common: &[],
                to_check: &[],
                own: &own,
                left: &[],
            };
            let today = NaiveDate::from_ymd_opt(1970, 1, 5).expect("a day");
            agenda(&world, today, &clock).iter().map(|item| item.what.clone()).collect::<Vec<_>>()
        };
        let alone = [challenger];
        assert_eq!((told(CLAIRE, &[id(1)], &alone), told(KARIM, &[], &alone)), (vec!["Appel J0".to_owned()], vec![]));
        assert_eq!((told(CLAIRE, &[id(1)], &paired), told(KARIM, &[], &paired)), (vec![], vec!["Appel J0".to_owned()]));
    }

    #[test]
    fn a_line_tells_since_when_cigarettes_are_asked() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let hers = |number, kind: &str, mut fields: Vec<(&'static str, Value)>| {
            fields.extend([(PARENT, id(1).to_string().into()), (FINISHED_AT, 0.into())]);
            record(number, kind, 0, &fields)
        };
        let mut records = vec![
            person(1, "Maëlys", "Roques"),
            hers(3, CHALLENGER.id, vec![("quit_on", "1970-01-02".into()), ("edition", id(9).to_string().into())]),
        ];
        let told = |records: &[_], today: &str| {
            let fields: Vec<Fields> =
                records.iter().map(|shown: &std::sync::Arc<sync::Shown>| shown.values()).collect();
            let noted = noted(records, &fields);
            let clock = Clock { today: day(today), day: &|at| at.local(0).date() };
            let challenges = challenges(&noted, &clock);
            let lines = calls::list(&challenges, &editions(&noted), day(today));
            lines.iter().map(|line| (line.group, since(line, day(today)))).collect::<Vec<_>>()
        };
        assert_eq!(told(&records, "1970-01-02"), [(Group::Today, String::new())], "the first day");
        assert_eq!(told(&records, "1970-01-09"), [(Group::Today, ", à demander depuis le 2\u{a0}janv.".to_owned())]);
        let call =
            |number, on: &str| hers(number, CALL.id, vec![("outcome", "reached".into()), ("called_on", on.into())]);
        records.push(call(10, "1970-01-09"));
        assert_eq!(told(&records, "1970-01-09"), [(Group::Done, String::new())], "it was asked");
        assert_eq!(told(&records, "1970-01-17"), [(Group::Today, ", à demander depuis le 9\u{a0}janv.".to_owned())]);
    }
}
