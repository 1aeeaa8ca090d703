//! Who sees a person and what hangs on her. Pure: the server keeps the answer as rows, and devices hold exactly that.

use std::collections::BTreeSet;

use super::{PERSON, Purpose, Role};
use crate::id::AccountId;

/// What a role sees of a kind of record for a purpose somebody consented to, and nothing of what hangs on it.
#[derive(Debug)]
pub struct Grant {
    /// Stable name, kept with each sight it gives.
    pub id: &'static str,
    pub role: Role,
    pub purpose: Purpose,
    /// Of a [`crate::programme::RecordKind`] that consents hang on.
    pub kind: &'static str,
    pub fields: &'static [&'static str],
}

/// Every grant. The coordination calls people back: it needs who they are and their number, not their answers.
pub const GRANTS: &[Grant] = &[Grant {
    id: "call-back",
    role: Role::Coordinator,
    purpose: Purpose::CallBack,
    kind: PERSON.id,
    fields: &["civility", "family_name", "given_name", "phone"],
}];

/// The purposes whose answer changes who sees a person.
pub const PURPOSES: &[Purpose] = &[Purpose::ShareNamed, Purpose::CallBack];

/// The grant of this name, `None` when this build does not know it: then nothing is seen.
#[must_use]
pub fn grant(id: &str) -> Option<&'static Grant> {
    GRANTS.iter().find(|grant| grant.id == id)
}

/// One share of a person, as far as it was not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Who made it.
    pub by: AccountId,
    pub with: AccountId,
    /// Whoever made it only hands over ([`hands_over`]).
    pub hand_over: bool,
    /// Whoever receives may follow people today: her account is open.
    pub received: bool,
}

impl Share {
    /// A hand-over that waited for a consent, to somebody who left meanwhile: nobody would take over.
    fn is_in_vain(&self) -> bool {
        self.hand_over && !self.received
    }
}

/// Whether somebody with these roles keeps nothing of what she shares: a sentinel fills a screening and hands it over
/// (`product.md`).
#[must_use]
pub fn hands_over(roles: &[Role]) -> bool {
    roles.contains(&Role::Sentinel) && !may_follow(roles)
}

/// Whether somebody with these roles may be shared with: she looks after people.
#[must_use]
pub fn may_follow(roles: &[Role]) -> bool {
    roles.contains(&Role::Professional)
}

/// Whose a person is from now on, given whose she was, her shares in the order they were made, and her answers
/// ([`super::consent::counting`]): a sentinel's goes to whom it was handed over, if she is still there.
#[must_use]
pub fn owner(owner: AccountId, shares: &[Share], answers: &[(Purpose, bool)]) -> AccountId {
    let handed = shares.iter().find(|share| share.hand_over && share.by == owner && !share.is_in_vain());
    handed.filter(|_| answers.contains(&(Purpose::ShareNamed, true))).map_or(owner, |share| share.with)
}

/// The care team of a person, who see the whole of her and of what hangs on her: whose she is, and with whom she is
/// shared as long as she agrees to it.
#[must_use]
pub fn team(owner: AccountId, shares: &[Share], answers: &[(Purpose, bool)]) -> BTreeSet<AccountId> {
    let mut team = BTreeSet::new();
    team.insert(owner);
    if answers.contains(&(Purpose::ShareNamed, true)) {
        team.extend(shares.iter().filter(|share| !share.is_in_vain()).map(|share| share.with));
    }
    team
}

/// The grants that hold on a record of this kind, given the answers that hang on it.
pub fn granted(kind: &str, answers: &[(Purpose, bool)]) -> impl Iterator<Item = &'static Grant> {
    GRANTS.iter().filter(move |grant| grant.kind == kind && answers.contains(&(grant.purpose, true)))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::programmes::kind;

    const CLAIRE: AccountId = AccountId(Uuid::from_u128(1));
    const KARIM: AccountId = AccountId(Uuid::from_u128(2));
    const LOU: AccountId = AccountId(Uuid::from_u128(3));
    const YES: &[(Purpose, bool)] = &[(Purpose::ShareNamed, true)];
    const NO: &[(Purpose, bool)] = &[(Purpose::CallBack, true), (Purpose::ShareNamed, false)];

    fn share(by: AccountId, with: AccountId, hand_over: bool) -> Share {
        Share { by, with, hand_over, received: true }
    }

    #[test]
    fn a_share_gives_sight_only_while_the_person_agrees() {
        let shares = [share(CLAIRE, KARIM, false), share(KARIM, LOU, false)];
        assert_eq!(team(CLAIRE, &shares, YES), [CLAIRE, KARIM, LOU].into());
        assert_eq!(team(CLAIRE, &shares, NO), [CLAIRE].into());
        assert_eq!(team(CLAIRE, &shares, &[]), [CLAIRE].into(), "never asked is no");
        assert_eq!(team(CLAIRE, &[], YES), [CLAIRE].into());
    }

    #[test]
    fn a_sentinel_hands_over_once_and_with_consent() {
        let shares = [share(LOU, CLAIRE, true), share(LOU, KARIM, true)];
        assert_eq!(owner(LOU, &shares, YES), CLAIRE);
        assert_eq!(owner(LOU, &shares, NO), LOU);
        assert_eq!(owner(CLAIRE, &shares, YES), CLAIRE, "it is hers now, and does not move again");
        assert_eq!(owner(KARIM, &[share(KARIM, CLAIRE, false)], YES), KARIM, "a professional shares and keeps");
        assert!(hands_over(&[Role::Sentinel]) && hands_over(&[Role::Coordinator, Role::Sentinel]));
        assert!(!hands_over(&[Role::Sentinel, Role::Professional]) && !hands_over(&[Role::Professional]));
    }

    #[test]
    fn a_hand_over_to_somebody_who_left_stays_with_the_sentinel() {
        let left = Share { received: false, ..share(LOU, CLAIRE, true) };
        assert_eq!((owner(LOU, &[left], YES), team(LOU, &[left], YES)), (LOU, [LOU].into()));
        let again = [left, share(LOU, KARIM, true)];
        assert_eq!((owner(LOU, &again, YES), team(KARIM, &again, YES)), (KARIM, [KARIM].into()), "to somebody else");
        // Whose she is already, and with whom she is shared, do not change because an account closes for a week.
        let shared = Share { received: false, ..share(KARIM, CLAIRE, false) };
        assert_eq!(team(KARIM, &[shared], YES), [KARIM, CLAIRE].into());
        assert_eq!(owner(CLAIRE, &[left], YES), CLAIRE);
    }

    #[test]
    fn a_grant_follows_its_consent_and_its_kind() {
        let ids = |kind, answers| granted(kind, answers).map(|grant| grant.id).collect::<Vec<_>>();
        assert_eq!(ids("person", NO), ["call-back"]);
        assert!(ids("person", YES).is_empty() && ids("consent", NO).is_empty());
        assert!(ids("person", &[(Purpose::CallBack, false)]).is_empty());
    }

    #[test]
    fn grants_name_what_exists_and_no_answer() {
        for known in GRANTS {
            let form = kind(known.kind).expect("a kind").form();
            assert!(known.fields.iter().all(|name| form.question(name).is_some()), "{}", known.id);
            assert!(PURPOSES.contains(&known.purpose), "its answer must be followed");
            assert_eq!(grant(known.id).map(|found| found.fields), Some(known.fields));
        }
        assert!(grant("teleportation").is_none());
    }
}
