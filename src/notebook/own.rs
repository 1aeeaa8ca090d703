//! Whose a person is, among those who hold all of her: what is planned for her is told to that one, and not to her whole
//! care team.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::id::{AccountId, RecordId};
use domain::order::sort_by_key;
use domain::people::access::may_follow;
use domain::people::{CONSENT, PERSON, Purpose, SHARE, share, who_does};
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::Shown;

use super::Notebook;
use super::consent::answers_of;

/// The people of one account, and which others may look after people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    me: Option<AccountId>,
    /// This account looks after people.
    follows: bool,
    people: Vec<RecordId>,
    /// Who signed up each of the others, which is hers as long as that account looks after people.
    of_others: BTreeMap<RecordId, AccountId>,
    /// Those whose account is open; `None`: not known on this device yet, whoever is named is believed.
    professionals: Option<Vec<AccountId>>,
}

impl Own {
    #[cfg(test)]
    pub fn of(me: AccountId, follows: bool, people: Vec<RecordId>) -> Self {
        Self { me: Some(me), follows, people, ..Self::default() }
    }

    /// Whether this person is this account's own.
    fn has(&self, person: RecordId) -> bool {
        self.people.binary_search(&person).is_ok()
    }

    /// Whether this account does what is planned for a person, those who are named for it being these.
    #[must_use]
    pub fn does(&self, person: RecordId, named: &[AccountId]) -> bool {
        self.me.is_some_and(|me| self.who_does(person, named).contains(&me))
    }

    /// Whether somebody who looks after people follows her, as far as this device knows.
    #[must_use]
    pub fn is_followed(&self, person: RecordId, named: &[AccountId]) -> bool {
        self.who_does(person, named).into_iter().any(|account| self.may_follow(account))
    }

    fn who_does(&self, person: RecordId, named: &[AccountId]) -> Vec<AccountId> {
        let owner = self.me.filter(|_| self.has(person)).or_else(|| self.signed_up_by(person));
        who_does(named, owner, |account| self.may_follow(account))
    }

    /// The professional who signed her up and has not left. Until the professionals are known she may be of a stand, whose
    /// people wait for somebody.
    fn signed_up_by(&self, person: RecordId) -> Option<AccountId> {
        let author = self.of_others.get(&person)?;
        self.professionals.as_ref().filter(|known| known.contains(author)).map(|_| *author)
    }

    /// Whether it is known here who looks after people.
    #[must_use]
    pub fn knows_professionals(&self) -> bool {
        self.professionals.is_some()
    }

    fn may_follow(&self, account: AccountId) -> bool {
        if self.me == Some(account) {
            return self.follows;
        }
        self.professionals.as_ref().is_none_or(|known| known.contains(&account))
    }
}

impl Notebook {
    /// The people of this account. Call in a component: it reads who the professionals are.
    #[must_use]
    pub fn own(self) -> Signal<Own> {
        let [people, consents, shares] = [PERSON.id, CONSENT.id, SHARE.id].map(|kind| self.records(kind));
        let professionals = RwSignal::new(None::<Vec<AccountId>>);
        spawn_local(async move {
            if let Ok(known) = self.colleagues().await {
                professionals.try_set(Some(known.into_iter().map(|colleague| colleague.id).collect()));
            }
        });
        Memo::new(move |_| {
            let account = self.account.with(|account| account.as_ref().map(|one| (one.id, may_follow(&one.roles))));
            let Some((me, follows)) = account else { return Own::default() };
            let held = Held { people: &people.read(), consents: &consents.read(), shares: &shares.read() };
            let professionals = professionals.get();
            let people = own(me, &held, professionals.as_deref());
            Own { me: Some(me), follows, people, of_others: of_others(me, held.people), professionals }
        })
        .into()
    }
}

/// What is held of everybody.
struct Held<'a> {
    people: &'a [Arc<Shown>],
    consents: &'a [Arc<Shown>],
    shares: &'a [Arc<Shown>],
}

/// Those of whom this account does what is planned, in the order of their identifiers.
fn own(me: AccountId, held: &Held<'_>, professionals: Option<&[AccountId]>) -> Vec<RecordId> {
    let (consents, shares) = (by_parent(held.consents), by_parent(held.shares));
    let none = Vec::new();
    let mut people = Vec::new();
    for shown in held.people {
        let consents = consents.get(&shown.id).unwrap_or(&none);
        let author = shown.author.unwrap_or(me);
        // Nothing reaches anybody before a consent: who sees none of hers sees what calling her back takes, and no more.
        let whole = shown.author.is_none() || !consents.is_empty();
        // Who is shared with nobody because she refuses it is seen whole by nobody but whose she is.
        let agreed = answers_of(consents).contains(&(Purpose::ShareNamed, true));
        let shares = shares.get(&shown.id).filter(|_| agreed).unwrap_or(&none);
        let with_me = shares.iter().filter(|shown| share::with(&shown.values()) == Some(me));
        let by: Vec<AccountId> = with_me.map(|shown| shown.author.unwrap_or(me)).collect();
        if whole && is_own(me, author, &by, professionals) {
            people.push(shown.id);
        }
    }
    sort_by_key(&mut people, |id| *id);
    people
}

/// Who signed up each of those that another account did.
fn of_others(me: AccountId, people: &[Arc<Shown>]) -> BTreeMap<RecordId, AccountId> {
    people.iter().filter_map(|shown| Some((shown.id, shown.author.filter(|author| *author != me)?))).collect()
}

/// `by`: who shared her with me. A professional keeps whom she signs up, and whom she shares; anybody else, such as a stand,
/// has them for whoever they are given to. Until the professionals are known, whoever shares is taken for one.
fn is_own(me: AccountId, author: AccountId, by: &[AccountId], professionals: Option<&[AccountId]>) -> bool {
    let follows = |id: &AccountId, unknown| professionals.map_or(unknown, |known| known.contains(id));
    author == me || !follows(&author, false) && (by.is_empty() || by.iter().any(|by| !follows(by, true)))
}

fn by_parent(records: &[Arc<Shown>]) -> BTreeMap<RecordId, Vec<Arc<Shown>>> {
    let mut by_parent: BTreeMap<RecordId, Vec<Arc<Shown>>> = BTreeMap::new();
    for shown in records {
        if let Some(parent) = shown.parent() {
            by_parent.entry(parent).or_default().push(shown.clone());
        }
    }
    by_parent
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::id::OpId;
    use domain::people::{GivenBy, consent};
    use domain::record::{PARENT, Value};
    use sync::ShownField;
    use uuid::Uuid;

    use super::*;

    const CLAIRE: AccountId = AccountId(Uuid::from_u128(1));
    const KARIM: AccountId = AccountId(Uuid::from_u128(2));
    /// Coordinates, and looks after nobody.
    const LOU: AccountId = AccountId(Uuid::from_u128(3));
    const STAND: AccountId = AccountId(Uuid::from_u128(4));
    const PERSON_ID: RecordId = RecordId(Uuid::from_u128(10));

    fn record(number: u128, kind: &str, author: Option<AccountId>, fields: Vec<(&'static str, Value)>) -> Arc<Shown> {
        let op_id = OpId(Uuid::from_u128(number));
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), ShownField { value, op_id })).collect();
        Arc::new(Shown {
            id: RecordId(Uuid::from_u128(number)),
            kind: kind.into(),
            form_version: "2026.1".into(),
            fields,
            created_at: Timestamp(0),
            author,
            deleted: false,
            waiting: 0,
            held: false,
            conflicts: BTreeMap::new(),
        })
    }

    fn hanging(number: u128, kind: &str, by: AccountId, mut fields: Vec<(&'static str, Value)>) -> Arc<Shown> {
        fields.push((PARENT, PERSON_ID.to_string().into()));
        record(number, kind, Some(by), fields)
    }

    fn consent(agrees: bool) -> Arc<Shown> {
        hanging(20, CONSENT.id, STAND, consent::fields(Purpose::ShareNamed, agrees, GivenBy::Person))
    }

    fn share(by: AccountId, with: AccountId, in_force: bool) -> Arc<Shown> {
        let mut fields = share::fields(with, "Karim Benali", "Infirmier");
        if !in_force {
            fields.retain(|(name, _)| *name != share::IN_FORCE);
            fields.push((share::IN_FORCE, "no".into()));
        }
        hanging(30, SHARE.id, by, fields)
    }

    /// Whose she is, among those who hold these records: Claire and Karim look after people, Lou coordinates.
    fn whose(author: Option<AccountId>, consents: &[Arc<Shown>], shares: &[Arc<Shown>]) -> Vec<AccountId> {
        let people = [record(10, PERSON.id, author, Vec::new())];
        let held = Held { people: &people, consents, shares };
        let known = [CLAIRE, KARIM];
        [CLAIRE, KARIM, LOU].into_iter().filter(|me| own(*me, &held, Some(&known)).contains(&PERSON_ID)).collect()
    }

    #[test]
    fn a_professional_keeps_whom_she_signed_up_and_shares() {
        assert_eq!(whose(Some(CLAIRE), &[consent(true)], &[share(CLAIRE, KARIM, true)]), [CLAIRE]);
        assert_eq!(whose(Some(CLAIRE), &[consent(true)], &[share(LOU, KARIM, true)]), [CLAIRE], "whoever shares her");
    }

    #[test]
    fn what_has_not_left_this_notebook_is_its_own() {
        let people = [record(10, PERSON.id, None, Vec::new())];
        let held = Held { people: &people, consents: &[], shares: &[] };
        assert_eq!(own(CLAIRE, &held, None), [PERSON_ID]);
    }

    #[test]
    fn whom_a_stand_signed_up_is_who_holds_her_with_no_share() {
        // Each device holds what the server gives it: the stand's own person goes to whoever opened it.
        let held = |shares: &[Arc<Shown>]| whose(Some(STAND), &[consent(true)], shares);
        assert!(held(&[]).contains(&CLAIRE) && held(&[]).contains(&LOU));
        assert!(!held(&[share(CLAIRE, KARIM, true)]).contains(&KARIM), "shared, and still Claire's");
        assert!(held(&[share(LOU, KARIM, true)]).contains(&KARIM), "handed over by who looks after nobody");
        assert!(held(&[share(CLAIRE, KARIM, false)]).contains(&KARIM), "a share that ended says nothing");
    }

    #[test]
    fn whoever_only_calls_her_back_has_nothing_planned() {
        assert_eq!(whose(Some(STAND), &[], &[]), []);
        assert_eq!(whose(Some(LOU), &[], &[share(LOU, KARIM, true)]), [], "she signed her up, and handed her over");
    }

    #[test]
    fn a_refused_share_gives_nothing() {
        assert!(whose(Some(STAND), &[consent(false)], &[share(CLAIRE, KARIM, true)]).contains(&KARIM));
        assert_eq!(whose(Some(CLAIRE), &[consent(false)], &[share(LOU, KARIM, true)]), [CLAIRE]);
    }

    #[test]
    fn before_the_professionals_are_known_whoever_shares_keeps_the_calls() {
        let people = [record(10, PERSON.id, Some(STAND), Vec::new())];
        let (consents, shares) = ([consent(true)], [share(LOU, KARIM, true)]);
        let with = |shares| Held { people: &people, consents: &consents, shares };
        assert_eq!(own(KARIM, &with(&shares), None), []);
        assert_eq!(own(KARIM, &with(&[]), None), [PERSON_ID], "shared with nobody: hers, beyond doubt");
    }

    #[test]
    fn who_is_named_does_it_and_whose_she_is_when_nobody_is() {
        let own = Own::of(CLAIRE, true, vec![PERSON_ID]);
        assert!(own.does(PERSON_ID, &[]) && own.does(PERSON_ID, &[KARIM, CLAIRE]));
        assert!(!own.does(PERSON_ID, &[KARIM]), "the pair calls, and not whose she is");
        let other = Own::of(KARIM, true, Vec::new());
        assert!(other.does(PERSON_ID, &[KARIM]) && !other.does(PERSON_ID, &[]));
        assert!(!Own::default().does(PERSON_ID, &[]) && !Own::default().does(PERSON_ID, &[CLAIRE]));
        let lou = Own::of(LOU, false, vec![PERSON_ID]);
        assert!(lou.does(PERSON_ID, &[]) && !lou.is_followed(PERSON_ID, &[]), "she calls, and looks after nobody");
    }

    #[test]
    fn the_pair_has_left_whose_she_is_calls() {
        // Karim was her pair and had signed her up; his account is closed, and his people were handed over to Claire.
        let people = [record(10, PERSON.id, Some(KARIM), Vec::new())];
        let held = Held { people: &people, consents: &[consent(true)], shares: &[] };
        let told = |professionals: Option<Vec<AccountId>>| {
            let people = own(CLAIRE, &held, professionals.as_deref());
            let own = Own { me: Some(CLAIRE), follows: true, people, professionals, ..Own::default() };
            (own.does(PERSON_ID, &[KARIM]), own.is_followed(PERSON_ID, &[KARIM]))
        };
        assert_eq!(told(Some(vec![CLAIRE])), (true, true));
        assert_eq!(told(Some(vec![CLAIRE, KARIM])), (false, true), "he is there");
        assert_eq!(told(None), (false, true), "until the professionals are known, a pair is believed");
    }

    #[test]
    fn whom_a_professional_signed_up_is_followed_in_the_eyes_of_the_coordination() {
        let told = |author: AccountId, professionals: Option<Vec<AccountId>>, named: &[AccountId]| {
            let people = [record(10, PERSON.id, Some(author), Vec::new())];
            let held = Held { people: &people, consents: &[], shares: &[] };
            let people = own(LOU, &held, professionals.as_deref());
            let of_others = of_others(LOU, held.people);
            let own = Own { me: Some(LOU), follows: false, people, of_others, professionals };
            assert!(!own.does(PERSON_ID, named), "Lou only calls her back");
            own.is_followed(PERSON_ID, named)
        };
        assert!(told(CLAIRE, Some(vec![CLAIRE, KARIM]), &[]), "she calls whom she signed up");
        assert!(told(CLAIRE, Some(vec![CLAIRE]), &[KARIM]), "her pair has left: whose she is calls");
        assert!(!told(CLAIRE, Some(vec![KARIM]), &[]), "she has left, and nobody is named");
        assert!(!told(STAND, Some(vec![CLAIRE]), &[]), "a stand follows nobody");
        assert!(!told(CLAIRE, None, &[]), "until the professionals are known, she may be of a stand");
        assert!(!told(LOU, Some(vec![CLAIRE]), &[]), "whom she signed up herself waits for somebody");
    }
}
