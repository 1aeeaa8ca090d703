//! Who sees a person and what hangs on her. Pure: the server keeps the answer as rows, and devices hold exactly that.

use std::collections::BTreeSet;

use super::{Purpose, Role};
use crate::id::AccountId;
use crate::programme::RecordKind;
use crate::programmes;
use crate::record::{FINISHED_AT, PARENT, STARTED_AT};

/// What a role sees of a person for a purpose she consented to: the fields that each kind of record names
/// ([`RecordKind::call_back`]), and nothing of what the others hold.
#[derive(Debug)]
pub struct Grant {
    /// Stable name, kept with each sight it gives.
    pub id: &'static str,
    pub role: Role,
    pub purpose: Purpose,
}

/// Every grant. The coordination calls people back and finds who follows them: it needs who they are, their number and
/// where their sign-up stands, not their answers.
pub const GRANTS: &[Grant] = &[Grant { id: "call-back", role: Role::Coordinator, purpose: Purpose::CallBack }];

/// The purposes whose answer changes who sees a person.
pub const PURPOSES: &[Purpose] = &[Purpose::ShareNamed, Purpose::CallBack];

/// The grant of this name, `None` when this build does not know it: then nothing is seen.
#[must_use]
pub fn grant(id: &str) -> Option<&'static Grant> {
    GRANTS.iter().find(|grant| grant.id == id)
}

/// The fields of a record of this kind that a grant shows; none of a kind or a grant that this build does not know. What a
/// record hangs on, when it was begun and finished are shown with them.
#[must_use]
pub fn shown(grant_id: &str, kind: &str) -> Vec<&'static str> {
    let shown = grant(grant_id).and_then(|_| programmes::kind(kind)).filter(|kind| !kind.call_back.is_empty());
    let Some(kind) = shown else { return Vec::new() };
    let above = kind.parent.map(|_| [PARENT, STARTED_AT, FINISHED_AT]);
    kind.call_back.iter().copied().chain(above.into_iter().flatten()).collect()
}

/// Whether whoever sees a person through a grant sees every field of a record of this kind: she then writes it too, such as
/// with whom the person is shared.
#[must_use]
pub fn writes(kind: &RecordKind) -> bool {
    kind.form().questions().all(|(_, question)| kind.call_back.contains(&question.id))
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

/// Whether somebody with these roles keeps nothing of what she shares: a sentinel fills a screening and hands it over, the
/// coordination signs somebody up and sees counts, not answers (`product.md`).
#[must_use]
pub fn hands_over(roles: &[Role]) -> bool {
    roles.iter().any(|role| matches!(role, Role::Sentinel | Role::Coordinator)) && !may_follow(roles)
}

/// Whether somebody with these roles may be shared with: she looks after people.
#[must_use]
pub fn may_follow(roles: &[Role]) -> bool {
    roles.contains(&Role::Professional)
}

/// Whose a person is from now on, given whose she was and whether that one [`hands_over`], her shares in the order they were
/// made, and her answers ([`super::consent::counting`]): a sentinel's, or a coordinator's, goes to whom it was handed over,
/// if she is still there, whoever of them did it.
#[must_use]
pub fn owner(owner: AccountId, leaves: bool, shares: &[Share], answers: &[(Purpose, bool)]) -> AccountId {
    let handed = shares.iter().find(|share| leaves && share.hand_over && !share.is_in_vain());
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

/// The grants that hold on a person and on what hangs on her, given her answers.
pub fn granted(answers: &[(Purpose, bool)]) -> impl Iterator<Item = &'static Grant> {
    GRANTS.iter().filter(move |grant| answers.contains(&(grant.purpose, true)))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::record::FINISHED_AT;

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
        assert_eq!(owner(LOU, true, &shares, YES), CLAIRE);
        assert_eq!(owner(LOU, true, &shares, NO), LOU);
        assert_eq!(owner(CLAIRE, false, &shares, YES), CLAIRE, "it is hers now, and does not move again");
        assert_eq!(owner(KARIM, false, &[share(KARIM, CLAIRE, false)], YES), KARIM, "a professional shares and keeps");
        assert_eq!(owner(KARIM, true, &shares, YES), CLAIRE, "another coordinator hands over in her place");
        assert_eq!(
            owner(LOU, true, &[share(CLAIRE, KARIM, false)], YES),
            LOU,
            "what a professional adds moves nothing"
        );
        assert!(hands_over(&[Role::Sentinel]) && hands_over(&[Role::Coordinator]));
        assert!(!hands_over(&[Role::Sentinel, Role::Professional]) && !hands_over(&[Role::Professional]));
        assert!(!hands_over(&[Role::Coordinator, Role::Professional]) && !hands_over(&[Role::Administrator]));
    }

    #[test]
    fn a_hand_over_to_somebody_who_left_stays_with_the_sentinel() {
        let left = Share { received: false, ..share(LOU, CLAIRE, true) };
        assert_eq!((owner(LOU, true, &[left], YES), team(LOU, &[left], YES)), (LOU, [LOU].into()));
        let again = [left, share(LOU, KARIM, true)];
        assert_eq!(
            (owner(LOU, true, &again, YES), team(KARIM, &again, YES)),
            (KARIM, [KARIM].into()),
            "to somebody else"
        );
        // Whose she is already, and with whom she is shared, do not change because an account closes for a week.
        let shared = Share { received: false, ..share(KARIM, CLAIRE, false) };
        assert_eq!(team(KARIM, &[shared], YES), [KARIM, CLAIRE].into());
        assert_eq!(owner(CLAIRE, false, &[left], YES), CLAIRE);
    }

    #[test]
    fn a_grant_follows_its_consent() {
        let ids = |answers| granted(answers).map(|grant| grant.id).collect::<Vec<_>>();
        assert_eq!(ids(NO), ["call-back"]);
        assert!(ids(YES).is_empty() && ids(&[(Purpose::CallBack, false)]).is_empty());
    }

    #[test]
    fn grants_name_what_exists_and_no_answer() {
        for kind in programmes::kinds() {
            let known = |name: &&str| kind.form().question(name).is_some() || *name == FINISHED_AT;
            assert!(kind.call_back.iter().all(known), "{}", kind.id);
            assert!(kind.call_back.is_empty() || kind.common.is_empty(), "{}: what is common is seen whole", kind.id);
        }
        for known in GRANTS {
            assert!(PURPOSES.contains(&known.purpose), "its answer must be followed");
            assert_eq!(grant(known.id).map(|found| found.role), Some(known.role));
        }
        assert!(grant("teleportation").is_none() && shown("teleportation", "person").is_empty());
        assert!(shown("call-back", "icope-screening").is_empty() && shown("call-back", "absent").is_empty());
        assert!(shown("call-back", "consent").is_empty());
        let seen = shown("call-back", "person");
        assert!(seen.contains(&"phone") && !seen.contains(&"gp_name") && !seen.contains(&PARENT));
    }

    /// Who follows whom, and nothing that says how somebody is.
    #[test]
    fn few_kinds_are_written_through_a_grant() {
        let written: Vec<_> = programmes::kinds().filter(|kind| writes(kind)).map(|kind| kind.id).collect();
        assert!(written.iter().all(|kind| ["share", "tabac-pair"].contains(kind)), "{written:?}");
        assert!(written.contains(&"share"));
    }
}
