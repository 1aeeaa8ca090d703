//! One line of « Challengers »: where she is, with whom she is paired, what is to be done about her.

use domain::french::{fold, sentence_case, short_day};
use domain::id::RecordId;
use domain::order::sort_by_key;
use domain::people::{Person, Purpose};
use domain::programmes::tabac::calls::{self, Group};
use domain::programmes::tabac::challenge::{Call, Challenge, End, State, challenges};
use domain::programmes::tabac::duplicates::same_phone;
use domain::programmes::tabac::settings::{Editions, editions};

use super::begin::Begins;
use super::book::{Bond, Whole};

/// One line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Follow {
    pub challenger: RecordId,
    pub person: RecordId,
    pub name: String,
    pub edition: Option<RecordId>,
    pub commune: String,
    /// « J0 le 9 nov., binôme : Karim Benali »
    pub quit: String,
    /// « Le défi continue », then what lacks to go on.
    pub state: String,
    pub bonds: Vec<Bond>,
    /// What she answered to being shared; `None`: she was not asked, or this account does not read it.
    pub agrees: Option<bool>,
    pub to_pair: bool,
    pub undated: bool,
    pub to_call: bool,
    pub twin: bool,
    /// She died: nothing more is done about her.
    pub dead: bool,
    /// The answers of the call that is due, or of any other.
    pub call: Begins,
}

/// How many challengers of the edition that runs nobody follows yet; none is told before it is known who may.
pub fn to_pair(whole: &Whole<'_>) -> usize {
    if !whole.knows_who_follows() {
        return 0;
    }
    let editions = editions(&whole.records);
    let edition = editions.running(whole.clock.today);
    let all = challenges(&whole.records, &whole.clock);
    let here =
        all.iter().filter(|challenge| is_of(challenge, edition, &editions) && waits(whole, challenge, &editions));
    here.filter(|challenge| whole.person(challenge.person).is_some()).count()
}

/// The challengers of an edition, of the one that runs if none is asked for, by name; those whose edition is not known are always
/// among them.
pub fn follows(whole: &Whole<'_>, edition: Option<RecordId>) -> Vec<Follow> {
    let editions = editions(&whole.records);
    let edition = edition.or(editions.running(whole.clock.today));
    let all = challenges(&whole.records, &whole.clock);
    let twins: Vec<RecordId> = same_phone(&whole.records, &all).concat();
    let due: Vec<RecordId> = calls::list(&all, &editions, whole.clock.today)
        .iter()
        .filter(|line| matches!(line.group, Group::Late | Group::Today))
        .map(|line| line.challenge.id)
        .collect();
    let mut follows: Vec<(String, Follow)> = Vec::new();
    for challenge in all.iter().filter(|challenge| is_of(challenge, edition, &editions)) {
        let Some(person) = whole.person(challenge.person) else { continue };
        let mut one = follow(whole, challenge, &person, &editions);
        one.twin = twins.contains(&challenge.person);
        // Without her answers, the calls that were made are not on this device either.
        one.to_call = due.contains(&challenge.id) && !challenge.consents.is_empty();
        follows.push((fold(&format!("{} {}", person.family_name, person.given_name)), one));
    }
    sort_by_key(&mut follows, |(key, _)| key.clone());
    follows.into_iter().map(|(_, one)| one).collect()
}

/// Whose edition is not known is of any.
fn is_of(challenge: &Challenge<'_>, edition: Option<RecordId>, editions: &Editions<'_>) -> bool {
    challenge.edition == edition || !editions.known.iter().any(|(id, _)| Some(*id) == challenge.edition)
}

/// Whether somebody is still to be found who calls her. Not of a sign-up that is not finished, nor once every window is closed;
/// who refuses to be shared is entrusted to nobody.
fn waits(whole: &Whole<'_>, challenge: &Challenge<'_>, editions: &Editions<'_>) -> bool {
    let today = whole.clock.today;
    let open = !matches!(challenge.state(today), State::Ended(_) | State::Draft)
        && (challenge.quit_on().is_none() || calls::next(challenge, editions.of(challenge.edition), today).is_some());
    open && agrees(challenge) != Some(false) && !whole.is_followed(challenge)
}

/// What she answered to being shared.
fn agrees(challenge: &Challenge<'_>) -> Option<bool> {
    challenge.consents.iter().find(|(purpose, _)| *purpose == Purpose::ShareNamed).map(|(_, yes)| *yes)
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
    let call = calls::next(challenge, editions.of(challenge.edition), today).map(|planned| planned.begins);
    let told =
        [stands(challenge, state, call.is_some()), if reachable || over { "" } else { "ni téléphone ni e-mail" }];
    Follow {
        challenger: challenge.id,
        person: challenge.person,
        name: person.name(),
        edition: challenge.edition,
        commune: person.commune.clone(),
        quit: std::iter::once(quit).chain(edition).chain(pair).collect::<Vec<_>>().join(", "),
        state: sentence_case(&told.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")),
        bonds,
        agrees: agrees(challenge),
        to_pair: waits(whole, challenge, editions),
        undated: !over && challenge.quit_on().is_none(),
        to_call: false,
        twin: false,
        dead: state == State::Ended(End::Dead),
        call: call.unwrap_or_else(|| of(challenge.id)),
    }
}

/// Where she is, as far as this device knows: that it goes on is said of whom somebody reached, while there is a call to come.
fn stands(challenge: &Challenge<'_>, state: State, to_come: bool) -> &'static str {
    let (called, reached) = (!challenge.calls.is_empty(), challenge.calls.iter().any(Call::reached));
    match (state, to_come) {
        // Said with her date already.
        (State::Undated, _) => "",
        // Without her answers, the calls that were made are not on this device.
        (State::Going, _) if challenge.consents.is_empty() => "",
        (State::Going, true) if !called => "Pas encore appelé(e)",
        (State::Going, false) if !called => "Jamais appelé(e)",
        (State::Going, true) if !reached => "Pas encore joint(e)",
        (State::Going, false) if !reached => "Jamais joint(e)",
        (State::Going, false) => "Appels terminés",
        (State::Deferred, false) => "Succès différé, appels terminés",
        (state, _) => state.label(),
    }
}

/// What is begun for a challenger names her sign-up.
pub fn of(challenger: RecordId) -> Begins {
    vec![("challenger", challenger.to_string().into())]
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::Fields;
    use domain::id::AccountId;
    use domain::people::CONSENT;
    use domain::people::consent::{self, GivenBy};
    use domain::programme::Clock;
    use domain::programmes::tabac::{CALL, CHALLENGER, EDITION, PAIR};
    use domain::record::{FINISHED_AT, PARENT, Value};
    use sync::Shown;
    use uuid::Uuid;

    use super::*;
    use crate::notebook::Own;
    use crate::pages::agenda::noted;
    use crate::pages::reading::fixture::{id, person, record};

    const CLAIRE: AccountId = AccountId(Uuid::from_u128(1));
    const KARIM: AccountId = AccountId(Uuid::from_u128(2));

    type Answer = (&'static str, Value);
    type Answered = Vec<Answer>;

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
        let own = Own::of(CLAIRE, follows_people, own.to_vec());
        follows(&Whole::of(noted(records, &fields), clock, &own), Some(id(9)))
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
    fn once_every_window_is_closed_nothing_goes_on() {
        let of = |said: &[(u128, Vec<(&'static str, Value)>)]| {
            let mut records = signed_up(vec![("edition", link(9)), ("email", "maelys@example.org".into())]);
            // The date to stop, seven months before.
            records[2] = hanging(
                3,
                CHALLENGER.id,
                vec![("edition", link(9)), ("email", "m".into()), ("quit_on", "1969-06-02".into())],
            );
            records.extend(said.iter().map(|(number, fields)| hanging(*number, CALL.id, fields.clone())));
            let one = told(&records, true, &[id(1)]).remove(0);
            (one.state, one.dead)
        };
        let outcome = |code: &str| vec![("outcome", Value::from(code))];
        let smoking = vec![("outcome", "reached".into()), ("smoked_since", "more-than-5".into())];
        assert_eq!(of(&[]), ("Jamais appelé(e)".to_owned(), false));
        assert_eq!(of(&[(20, outcome("not-reached"))]), ("Jamais joint(e)".to_owned(), false));
        assert_eq!(of(&[(20, outcome("reached"))]), ("Appels terminés".to_owned(), false));
        assert_eq!(of(&[(20, smoking)]), ("Succès différé, appels terminés".to_owned(), false));
        assert_eq!(of(&[(20, outcome("dead"))]), ("Décès".to_owned(), true));
    }

    #[test]
    fn whom_nobody_follows_waits_as_long_as_somebody_may() {
        let waits = |quit_on: &str, more: &[Arc<Shown>], ended: Option<Answer>| {
            let mut records = signed_up(vec![("edition", link(9))]);
            let mut fields = vec![("edition", link(9)), ("quit_on", quit_on.into())];
            fields.extend(ended);
            records[2] = record(3, CHALLENGER.id, 0, &[&fields[..], &[(PARENT, id(1).to_string().into())]].concat());
            records.extend(more.iter().cloned());
            told(&records, false, &[]).iter().filter(|one| one.to_pair).count()
        };
        let finished = Some((FINISHED_AT, 0.into()));
        assert_eq!(waits("1970-01-02", &[], finished.clone()), 1);
        assert_eq!(waits("1970-01-02", &[], None), 0, "her sign-up is under way");
        assert_eq!(waits("1969-01-02", &[], finished.clone()), 0, "every window is closed");
        let refused = [consent(5, Purpose::ShareNamed, false)];
        assert_eq!(waits("1970-01-02", &refused, finished), 0, "she refuses to be shared");
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
        assert_eq!((one.quit.as_str(), one.to_pair, one.bonds.len()), ("J0 le 2\u{a0}janv.", false, 1));
    }
}
