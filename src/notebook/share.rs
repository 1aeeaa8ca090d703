//! The care team of a person: who follows her, with whom she is shared, and what is told once she has left this notebook.

use std::rc::Rc;
use std::sync::Arc;

use domain::Timestamp;
use domain::id::{AccountId, RecordId};
use domain::people::access::{GRANTS, hands_over};
use domain::people::{CONSENT, PERSON, SHARE, share};
use domain::record::PARENT;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use sync::protocol::Account;
use sync::protocol::access::Colleague;
use sync::{Hold, Shown, Store, StoreError};

use super::state::Session;
use super::tabs::Word;
use super::{Notebook, Trouble, TroubleKind};
use crate::platform::{random, server};

/// Names of what is kept sealed: with whom a person may be shared, and who left this notebook.
const COLLEAGUES: &str = "colleagues";
const DEPARTED: &str = "departed";

const NO_COLLEAGUES: &str = "La liste de vos collègues n’est pas encore arrivée sur cet appareil. Rien n’est perdu. Ouvrez le \
    carnet une fois avec du réseau, puis réessayez.";

/// Somebody who follows a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub id: AccountId,
    /// Empty: not known on this device yet.
    pub name: String,
    pub profession: String,
    /// The account of this notebook.
    pub me: bool,
    /// What ends for her to see the person no more; none for whose the person is.
    pub shares: Vec<RecordId>,
    /// When this account last shared with her, by the clock of its device.
    pub since: Timestamp,
    /// Something of it has not reached the server.
    pub waiting: bool,
    /// Her account was closed: nobody is handed over to her.
    pub closed: bool,
}

/// Somebody this account sees no more. Nothing of her is kept: neither her name nor what was noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    pub person: RecordId,
    /// What left with her, herself included.
    records: Vec<RecordId>,
    /// To whom this account handed her over.
    pub to: Option<String>,
    /// Entries that had not arrived when she left.
    unsent: usize,
}

impl Notebook {
    /// The professionals with whom a person may be shared, by name; read from this device once it has received them.
    ///
    /// # Errors
    /// This device has not received them yet and the network does not bring them, or the disk refused.
    pub async fn colleagues(self) -> Result<Vec<Colleague>, Trouble> {
        let session = self.session().ok_or(TroubleKind::Locked)?;
        if let Some(kept) = session.store().sealed(COLLEAGUES).await? {
            return Ok(kept);
        }
        match self.fetch_colleagues(&session).await {
            Some(colleagues) => Ok(colleagues),
            None => Err(Trouble { kind: TroubleKind::NoNetwork, message: NO_COLLEAGUES.to_owned() }),
        }
    }

    /// Asks the server who they are, once for each opening.
    pub(super) async fn ask_colleagues(self, session: &Rc<Session>) {
        if !session.exchange.colleagues_asked.get() {
            self.fetch_colleagues(session).await;
        }
    }

    async fn fetch_colleagues(self, session: &Rc<Session>) -> Option<Vec<Colleague>> {
        if !session.account.roles.iter().any(|role| SHARE.writers.contains(role)) {
            return None;
        }
        let told = server::colleagues(&session.token).await.ok()?;
        // Kept for the day there is no network; a disk that refuses does not hide them today.
        let kept = session.store().keep_sealed(COLLEAGUES, &told.colleagues).await;
        session.exchange.colleagues_asked.set(kept.is_ok());
        Some(told.colleagues)
    }

    /// Whether whoever holds this notebook keeps nothing of what she shares.
    #[must_use]
    pub fn hands_over(self) -> bool {
        self.account.with(|account| account.as_ref().is_some_and(|account| hands_over(&account.roles)))
    }

    /// Who follows a person, whose she is first, then those she is shared with, the oldest share first. Without the list of
    /// colleagues, a name may lack. Read inside a memo or a view, it is told again when a share changes.
    pub fn team(self, person: RecordId, colleagues: Option<&[Colleague]>) -> Vec<Member> {
        let Some(account) = self.account.get() else { return Vec::new() };
        let (author, shares) = self
            .shown
            .with(|shelf| (shelf.get(person).and_then(|shown| shown.author), shelf.children(person, SHARE.id)));
        team(&account, author, &shares, colleagues)
    }

    /// Shares a person with a colleague.
    ///
    /// # Errors
    /// She has not consented to be recorded, or the disk refused: nothing is shared.
    pub async fn share(self, person: RecordId, with: &Colleague) -> Result<(), Trouble> {
        self.flushed().await?;
        let shown = self.peek(person).ok_or(TroubleKind::Gone)?;
        if shown.held || self.is_withdrawn(&shown) {
            return Err(TroubleKind::Withdrawn.into());
        }
        let mut fields = vec![(PARENT.to_owned(), person.to_string().into())];
        fields.extend(
            share::fields(with.id, &with.name, &with.profession)
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value)),
        );
        self.begin_record(random::record_id(), &SHARE, fields, Hold::No).await?;
        self.settle();
        Ok(())
    }

    /// Ends shares. What was written meanwhile stays.
    ///
    /// # Errors
    /// The disk refused: those that are left go on.
    pub async fn end_shares(self, shares: Vec<RecordId>) -> Result<(), Trouble> {
        for share in shares {
            self.write(share, vec![(share::IN_FORCE, "no".into())], None).await?;
        }
        self.settle();
        Ok(())
    }

    /// The shares in force with an account that whoever made another record of the person made with it: after it, for one made
    /// before was for something else. With this account itself, none: it keeps what it shares.
    pub fn shares_beside(self, record: RecordId, with: Option<AccountId>) -> Vec<RecordId> {
        let Some(me) = self.account.with_untracked(|account| account.as_ref().map(|account| account.id)) else {
            return Vec::new();
        };
        let Some(with) = with.filter(|with| *with != me) else { return Vec::new() };
        self.shown.with_untracked(|shelf| {
            let Some(record) = shelf.get(record) else { return Vec::new() };
            let shares = record.parent().map(|person| shelf.children(person, SHARE.id));
            beside(me, record, &shares.unwrap_or_default(), with)
        })
    }

    /// Whether this account sees of a person what calling her back takes, and no more: her answers, even to what she
    /// consented, are not hers to read.
    #[must_use]
    pub fn in_part(self, person: RecordId) -> Signal<bool> {
        Memo::new(move |_| self.is_in_part(person)).into()
    }

    /// [`Self::in_part`], read inside a memo or at once.
    pub(super) fn is_in_part(self, person: RecordId) -> bool {
        let granted = self.account.with(|account| {
            let roles = account.as_ref().map(|account| account.roles.as_slice()).unwrap_or_default();
            GRANTS.iter().any(|grant| roles.contains(&grant.role))
        });
        granted
            && self.shown.with(|shelf| {
                shelf.get(person).is_some_and(|shown| shown.author.is_some() && !shown.deleted)
                    && shelf.children(person, CONSENT.id).is_empty()
            })
    }

    /// Who left this notebook, until it was read.
    #[must_use]
    pub fn departures(self) -> Signal<Vec<Departure>> {
        Memo::new(move |_| {
            let mut gone = self.departures.get();
            if !gone.is_empty() {
                // She is still there for an instant, or she came back.
                self.shown.with(|shelf| gone.retain(|gone| shelf.get(gone.person).is_none()));
            }
            gone
        })
        .into()
    }

    /// It was read that these people left.
    pub fn read_departures(self, people: Vec<RecordId>) {
        let Some(session) = self.session() else { return };
        let mut left = self.departures.get_untracked();
        left.retain(|gone| !people.contains(&gone.person));
        self.departures.set(left.clone());
        leptos::task::spawn_local(async move {
            // If the disk refuses, it is told again at the next opening.
            if session.store().keep_sealed(DEPARTED, &left).await.is_ok() {
                self.say(&Word::Changed(Vec::new()));
            }
        });
    }

    /// Reads what another tab, or an earlier opening, noted.
    pub(super) async fn show_departures(self, session: &Rc<Session>) {
        let gone: Option<Vec<Departure>> = session.store().sealed(DEPARTED).await.unwrap_or_default();
        let gone = gone.unwrap_or_default();
        if self.is_open(session) && self.departures.with_untracked(|shown| *shown != gone) {
            self.departures.set(gone);
        }
    }

    /// Notes who leaves, before she does.
    pub(super) async fn note_left(self, session: &Rc<Session>, left: &[RecordId]) -> Result<(), StoreError> {
        let mut gone: Vec<Departure> = Vec::new();
        for person in left {
            let Some(shown) = self.peek(*person).filter(|shown| shown.kind == PERSON.id) else { continue };
            let shares = self.shown.with_untracked(|shelf| shelf.children(shown.id, SHARE.id));
            let to = shares.iter().find(|share| share::with(&share.values()).is_some());
            let to = to.filter(|_| hands_over(&session.account.roles)).map(|share| text(share, share::NAME));
            gone.push(Departure { person: shown.id, records: Vec::new(), to, unsent: 0 });
        }
        if gone.is_empty() {
            return Ok(());
        }
        let mut concerned = |id: RecordId, unsent: usize| {
            let whose = self.peek(id).and_then(|shown| self.person_of(&shown));
            if let Some(gone) = gone.iter_mut().find(|gone| Some(gone.person) == whose) {
                gone.records.push(id);
                gone.unsent += unsent;
            }
        };
        left.iter().for_each(|id| concerned(*id, 0));
        // What was begun here for her and never arrived is not among what leaves.
        for queued in session.store().outbox().await? {
            concerned(queued.operation.record_id, 1);
        }
        // Those that were told and not read yet; a page received twice is told once.
        let before: Option<Vec<Departure>> = session.store().sealed(DEPARTED).await?;
        let before = before.unwrap_or_default();
        gone.extend(before.into_iter().filter(|one| !left.contains(&one.person)));
        session.store().keep_sealed(DEPARTED, &gone).await?;
        if self.is_open(session) {
            self.departures.set(gone);
        }
        Ok(())
    }
}

impl Departure {
    /// Whether this address is of something that left.
    #[must_use]
    pub fn concerns(&self, path: &str) -> bool {
        self.records.iter().any(|id| path.contains(&id.to_string()))
    }

    #[must_use]
    pub fn any_unsent(&self) -> bool {
        self.unsent > 0
    }

    /// What happened; then that nothing is lost.
    #[must_use]
    pub fn words(&self) -> (String, String) {
        let (what, then) = match &self.to {
            Some(name) => (
                format!("Une personne est remise à {name}."),
                "Rien n’est perdu\u{a0}: la suite est entre ses mains.".to_owned(),
            ),
            None => (
                "Une personne n’est plus partagée avec vous.".to_owned(),
                "Ce que vous aviez envoyé reste dans sa fiche.".to_owned(),
            ),
        };
        let aside = match self.unsent {
            0 => return (what, then),
            1 => "Une saisie qui n’était pas partie est mise de côté, rien n’est effacé.".to_owned(),
            unsent => {
                format!("{unsent}\u{a0}saisies qui n’étaient pas parties sont mises de côté, rien n’est effacé.")
            }
        };
        (what, format!("{then} {aside}"))
    }
}

fn text(shown: &Shown, field: &str) -> String {
    shown.fields.get(field).and_then(|field| field.value.as_str()).unwrap_or_default().to_owned()
}

/// What no server has yet was made by this account.
fn beside(me: AccountId, record: &Shown, shares: &[Arc<Shown>], with: AccountId) -> Vec<RecordId> {
    let by = |shown: &Shown| shown.author.unwrap_or(me);
    let hers = shares.iter().filter(|share| share::with(&share.values()) == Some(with) && by(share) == by(record));
    hers.filter(|share| share.created_at >= record.created_at).map(|share| share.id).collect()
}

/// The shares come newest first. Who made one without being a colleague handed the person over, and does not follow her.
fn team(
    account: &Account,
    author: Option<AccountId>,
    shares: &[Arc<Shown>],
    colleagues: Option<&[Colleague]>,
) -> Vec<Member> {
    let known = |id: AccountId| colleagues.unwrap_or_default().iter().find(|colleague| colleague.id == id);
    let member = |id: AccountId, name: &str, profession: &str| Member {
        id,
        name: name.to_owned(),
        profession: profession.to_owned(),
        me: id == account.id,
        shares: Vec::new(),
        since: Timestamp(0),
        waiting: false,
        closed: id != account.id && colleagues.is_some() && known(id).is_none(),
    };
    let author = author.unwrap_or(account.id);
    let mut team = Vec::new();
    if author == account.id {
        team.push(member(author, &account.name, &account.profession));
    } else if let Some(colleague) = known(author) {
        team.push(member(author, &colleague.name, &colleague.profession));
    } else if colleagues.is_none() {
        team.push(member(author, "", ""));
    }
    for shown in shares.iter().rev() {
        let Some(with) = share::with(&shown.values()) else { continue };
        let at = match team.iter().position(|member: &Member| member.id == with) {
            Some(at) => at,
            None => {
                team.push(member(with, &text(shown, share::NAME), &text(shown, share::PROFESSION)));
                team.len() - 1
            }
        };
        let handed = shown.author.is_some_and(|by| by != account.id && known(by).is_none());
        let member = &mut team[at];
        if with != author && !handed {
            member.shares.push(shown.id);
        }
        if shown.author.is_none_or(|by| by == account.id) {
            member.since = member.since.max(shown.created_at);
        }
        member.waiting |= shown.waiting > 0;
    }
    team
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::id::{OpId, TerritoryId};
    use domain::people::Role;
    use sync::ShownField;
    use uuid::Uuid;

    use super::*;

    const CLAIRE: AccountId = AccountId(Uuid::from_u128(1));
    const KARIM: AccountId = AccountId(Uuid::from_u128(2));
    const LOU: AccountId = AccountId(Uuid::from_u128(3));

    fn account(id: AccountId) -> Account {
        Account {
            id,
            name: "Moi".into(),
            profession: "Infirmière".into(),
            roles: vec![Role::Professional],
            territory: TerritoryId(Uuid::nil()),
            territory_name: String::new(),
        }
    }

    fn colleague(id: AccountId, name: &str) -> Colleague {
        Colleague { id, name: name.into(), profession: "Médecin".into(), roles: vec![Role::Professional] }
    }

    fn share(number: u128, by: AccountId, with: AccountId, in_force: bool) -> Arc<Shown> {
        let op_id = OpId(Uuid::from_u128(number));
        let mut fields: BTreeMap<String, ShownField> = share::fields(with, "Karim Benali", "Infirmier")
            .into_iter()
            .map(|(name, value)| (name.to_owned(), ShownField { value, op_id }))
            .collect();
        if !in_force {
            fields.insert(share::IN_FORCE.into(), ShownField { value: "no".into(), op_id });
        }
        Arc::new(Shown {
            id: RecordId(Uuid::from_u128(number)),
            kind: SHARE.id.into(),
            form_version: "2026.1".into(),
            fields,
            created_at: Timestamp(i64::try_from(number).expect("small")),
            author: Some(by),
            deleted: false,
            waiting: 0,
            held: false,
            conflicts: BTreeMap::new(),
        })
    }

    fn told(team: &[Member]) -> Vec<(&str, bool, usize)> {
        team.iter().map(|member| (member.name.as_str(), member.me, member.shares.len())).collect()
    }

    #[test]
    fn whose_she_is_comes_first_and_what_ended_is_not_there() {
        let shares = [share(12, CLAIRE, KARIM, true), share(11, CLAIRE, LOU, false), share(10, CLAIRE, KARIM, true)];
        let colleagues = [colleague(CLAIRE, "Claire Vidal"), colleague(KARIM, "Karim Benali")];
        let seen = team(&account(CLAIRE), None, &shares, Some(&colleagues));
        assert_eq!(told(&seen), [("Moi", true, 0), ("Karim Benali", false, 2)]);
        assert_eq!(seen[1].since, Timestamp(12));
        let seen = team(&account(KARIM), Some(CLAIRE), &shares, Some(&colleagues));
        assert_eq!(told(&seen), [("Claire Vidal", false, 0), ("Karim Benali", true, 2)]);
    }

    #[test]
    fn who_handed_her_over_follows_her_no_more_and_who_received_her_cannot_be_ended() {
        let colleagues = [colleague(KARIM, "Karim Benali")];
        let seen = team(&account(KARIM), Some(LOU), &[share(10, LOU, KARIM, true)], Some(&colleagues));
        assert_eq!(told(&seen), [("Karim Benali", true, 0)]);
    }

    #[test]
    fn who_left_is_told_once_the_colleagues_are_known() {
        let (colleagues, shares) = ([colleague(CLAIRE, "Claire Vidal")], [share(10, LOU, KARIM, true)]);
        let closed = |colleagues: Option<&[Colleague]>| {
            team(&account(LOU), None, &shares, colleagues).iter().map(|member| member.closed).collect::<Vec<_>>()
        };
        assert_eq!(closed(Some(&colleagues)), [false, true]);
        assert_eq!(closed(Some(&[colleague(KARIM, "Karim Benali")])), [false, false]);
        assert_eq!(closed(None), [false, false]);
    }

    #[test]
    fn before_the_colleagues_are_known_somebody_follows_her_all_the_same() {
        let seen = team(&account(KARIM), Some(CLAIRE), &[share(10, CLAIRE, KARIM, true)], None);
        assert_eq!(told(&seen), [("", false, 0), ("Karim Benali", true, 0)]);
    }

    #[test]
    fn what_was_made_beside_a_record_is_by_the_same_author_and_not_older() {
        let pair = share(9, LOU, KARIM, true);
        let unsent = |number| Arc::new(Shown { author: None, ..(*share(number, LOU, KARIM, true)).clone() });
        let shares = [
            share(8, LOU, KARIM, true),
            share(10, LOU, KARIM, true),
            share(11, CLAIRE, KARIM, true),
            share(12, LOU, CLAIRE, true),
            share(13, LOU, KARIM, false),
            unsent(14),
        ];
        let found =
            |me, record: &Shown| beside(me, record, &shares, KARIM).iter().map(|id| id.0.as_u128()).collect::<Vec<_>>();
        assert_eq!(found(CLAIRE, &pair), [10], "made by another coordinator");
        assert_eq!(found(LOU, &pair), [10, 14], "or here, and not sent yet");
        assert_eq!(found(LOU, &unsent(9)), [10, 14]);
        assert_eq!(found(CLAIRE, &unsent(9)), [11, 14]);
        assert_eq!(found(LOU, &unsent(11)), [14], "the nurse she shared with before keeps seeing her");
    }

    #[test]
    fn what_had_not_arrived_is_told_as_set_aside() {
        let gone = |to: Option<&str>, unsent| {
            let person = RecordId(Uuid::nil());
            Departure { person, records: vec![person], to: to.map(str::to_owned), unsent }
        };
        assert_eq!(gone(Some("Karim Benali"), 0).words().0, "Une personne est remise à Karim Benali.");
        assert!(gone(None, 0).words().1.ends_with("reste dans sa fiche."));
        assert!(gone(None, 1).words().1.contains(" Une saisie qui n’était pas partie est mise de côté"));
        assert!(gone(None, 2).words().1.contains(" 2\u{a0}saisies qui n’étaient pas parties sont mises de côté"));
        assert!(gone(None, 0).concerns(&format!("/saisie/{}", Uuid::nil())) && !gone(None, 0).concerns("/plus"));
    }
}
