//! Who sees a person and what hangs on her. Pure: the server keeps the answer as rows, and devices hold exactly that.

use std::collections::BTreeSet;

use super::{CONSENT, PERSON, Purpose, Role};
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

/// What becomes of a person whom somebody shares, given her roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giving {
    /// She looks after people: she shares, and keeps.
    Shares,
    /// The coordination signs somebody up and sees counts, not answers: it entrusts her, until it entrusts her to another.
    Entrusts,
    /// A sentinel fills a screening and hands it over for good.
    HandsOver,
}

impl Giving {
    /// How somebody with these roles shares.
    #[must_use]
    pub fn of(roles: &[Role]) -> Self {
        if may_follow(roles) {
            Self::Shares
        } else if roles.contains(&Role::Coordinator) {
            Self::Entrusts
        } else if roles.contains(&Role::Sentinel) {
            Self::HandsOver
        } else {
            Self::Shares
        }
    }
}

/// One share of a person, as far as it was not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Who made it.
    pub by: AccountId,
    pub with: AccountId,
    /// What whoever made it keeps.
    pub giving: Giving,
    /// Whoever receives may follow people today: her account is open.
    pub received: bool,
}

impl Share {
    /// A hand-over that waited for a consent, to somebody who left meanwhile: nobody would take over.
    fn is_in_vain(&self) -> bool {
        self.giving != Giving::Shares && !self.received
    }
}

/// Whether somebody with these roles keeps nothing of what she shares.
#[must_use]
pub fn hands_over(roles: &[Role]) -> bool {
    Giving::of(roles) != Giving::Shares
}

/// Whether somebody with these roles may be shared with: she looks after people.
#[must_use]
pub fn may_follow(roles: &[Role]) -> bool {
    roles.contains(&Role::Professional)
}

/// Whose a person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    /// Whose she is now, with all that hangs on her.
    pub owner: AccountId,
    /// The owner holds her as long as the coordination entrusts her to that one; she is this one's after it. `None`: she is
    /// the owner's for good.
    pub entrusted_by: Option<AccountId>,
}

/// Whose a person is from now on, given whose she was, how each account [`Giving`]s, her shares in the order they were made,
/// and her answers ([`super::consent::counting`]). A sentinel's, or the coordination's, goes to whom it was handed over, if
/// she is still there, whoever of them did it. What the coordination entrusted comes back once that is ended, or once the
/// person agrees to it no more, to whoever held her: another coordinator, who paired her in her place, never saw her answers.
/// It then goes to whom she is entrusted next.
#[must_use]
pub fn whose(now: Whose, giving: impl Fn(AccountId) -> Giving, shares: &[Share], answers: &[(Purpose, bool)]) -> Whose {
    let agrees = answers.contains(&(Purpose::ShareNamed, true));
    let entrusted = |share: &Share| agrees && share.giving == Giving::Entrusts && share.with == now.owner;
    let held = match now.entrusted_by {
        Some(by) if !shares.iter().any(entrusted) => Whose { owner: by, entrusted_by: None },
        _ => now,
    };
    let leaves = agrees && giving(held.owner) != Giving::Shares;
    let handed = shares.iter().find(|share| leaves && share.giving != Giving::Shares && !share.is_in_vain());
    handed.map_or(held, |share| Whose {
        owner: share.with,
        entrusted_by: (share.giving == Giving::Entrusts).then_some(held.owner),
    })
}

/// Whether whoever holds a person and only hands over reads what a professional began for her: who she is and what she agrees
/// to, no interview and no call.
#[must_use]
pub fn comes_back(kind: &str) -> bool {
    [PERSON.id, CONSENT.id].contains(&kind)
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

    const SOPHIE: AccountId = AccountId(Uuid::from_u128(4));
    const MARC: AccountId = AccountId(Uuid::from_u128(5));

    /// Claire and Karim look after people, Lou is a sentinel, Sophie and Marc coordinate.
    fn giving(account: AccountId) -> Giving {
        match account {
            LOU => Giving::HandsOver,
            SOPHIE | MARC => Giving::Entrusts,
            _ => Giving::Shares,
        }
    }

    fn share(by: AccountId, with: AccountId) -> Share {
        Share { by, with, giving: giving(by), received: true }
    }

    fn left(by: AccountId, with: AccountId) -> Share {
        Share { received: false, ..share(by, with) }
    }

    fn of(owner: AccountId) -> Whose {
        Whose { owner, entrusted_by: None }
    }

    fn entrusted(owner: AccountId, by: AccountId) -> Whose {
        Whose { owner, entrusted_by: Some(by) }
    }

    #[test]
    fn a_share_gives_sight_only_while_the_person_agrees() {
        let shares = [share(CLAIRE, KARIM), share(KARIM, LOU)];
        assert_eq!(team(CLAIRE, &shares, YES), [CLAIRE, KARIM, LOU].into());
        assert_eq!(team(CLAIRE, &shares, NO), [CLAIRE].into());
        assert_eq!(team(CLAIRE, &shares, &[]), [CLAIRE].into(), "never asked is no");
        assert_eq!(team(CLAIRE, &[], YES), [CLAIRE].into());
        assert_eq!(team(KARIM, &[left(KARIM, CLAIRE)], YES), [KARIM, CLAIRE].into(), "an account may close for a week");
        assert_eq!(team(LOU, &[left(LOU, CLAIRE)], YES), [LOU].into(), "nobody would take over");
    }

    #[test]
    fn who_gives_how() {
        use Role::{Administrator, Coordinator, Professional, Sentinel, StandSession};
        for (roles, expected) in [
            (vec![Professional], Giving::Shares),
            (vec![Sentinel, Professional], Giving::Shares),
            (vec![Coordinator, Professional], Giving::Shares),
            (vec![Administrator], Giving::Shares),
            (vec![StandSession], Giving::Shares),
            (vec![Sentinel], Giving::HandsOver),
            (vec![Coordinator], Giving::Entrusts),
            (vec![Coordinator, Administrator], Giving::Entrusts),
            (vec![Sentinel, Coordinator], Giving::Entrusts),
        ] {
            assert_eq!((Giving::of(&roles), hands_over(&roles)), (expected, expected != Giving::Shares), "{roles:?}");
        }
    }

    /// What happens, whose she was, her shares in force, her answers, whose she is.
    type Case<'a> = (&'a str, Whose, &'a [Share], &'a [(Purpose, bool)], Whose);

    #[test]
    fn whose_a_person_is() {
        let cases: &[Case<'_>] = &[
            ("a professional shares and keeps", of(KARIM), &[share(KARIM, CLAIRE)], YES, of(KARIM)),
            ("the first counts", of(LOU), &[share(LOU, CLAIRE), share(LOU, KARIM)], YES, of(CLAIRE)),
            ("not without her « oui »", of(LOU), &[share(LOU, CLAIRE)], NO, of(LOU)),
            ("what a professional adds moves nothing", of(LOU), &[share(CLAIRE, KARIM)], YES, of(LOU)),
            ("a sentinel's hand-over is final", of(CLAIRE), &[], YES, of(CLAIRE)),
            ("and does not move again", of(CLAIRE), &[share(LOU, CLAIRE), share(LOU, KARIM)], YES, of(CLAIRE)),
            ("to one who left", of(LOU), &[left(LOU, CLAIRE)], YES, of(LOU)),
            ("then to somebody else", of(LOU), &[left(LOU, CLAIRE), share(LOU, KARIM)], YES, of(KARIM)),
            ("who left afterwards", of(CLAIRE), &[left(LOU, CLAIRE)], YES, of(CLAIRE)),
            ("the coordination entrusts", of(SOPHIE), &[share(SOPHIE, KARIM)], YES, entrusted(KARIM, SOPHIE)),
            ("another of them, in her place", of(SOPHIE), &[share(MARC, KARIM)], YES, entrusted(KARIM, SOPHIE)),
            ("in place of a sentinel", of(LOU), &[share(MARC, KARIM)], YES, entrusted(KARIM, LOU)),
            ("as long as it lasts", entrusted(KARIM, SOPHIE), &[share(SOPHIE, KARIM)], YES, entrusted(KARIM, SOPHIE)),
            ("whoever made it", entrusted(KARIM, SOPHIE), &[share(MARC, KARIM)], YES, entrusted(KARIM, SOPHIE)),
            ("a withdrawal takes her back", entrusted(KARIM, SOPHIE), &[share(SOPHIE, KARIM)], NO, of(SOPHIE)),
            ("to whoever signed her up", entrusted(KARIM, CLAIRE), &[share(SOPHIE, KARIM)], NO, of(CLAIRE)),
            ("not asked is no", entrusted(KARIM, SOPHIE), &[share(SOPHIE, KARIM)], &[], of(SOPHIE)),
            (
                "agreeing again, she goes there again",
                of(SOPHIE),
                &[share(SOPHIE, KARIM)],
                YES,
                entrusted(KARIM, SOPHIE),
            ),
            ("a professional's own stays hers", of(KARIM), &[share(KARIM, CLAIRE)], NO, of(KARIM)),
            ("who left afterwards", entrusted(KARIM, SOPHIE), &[left(SOPHIE, KARIM)], YES, entrusted(KARIM, SOPHIE)),
            ("ended, she comes back", entrusted(KARIM, SOPHIE), &[], YES, of(SOPHIE)),
            ("also without a « oui »", entrusted(KARIM, SOPHIE), &[share(SOPHIE, CLAIRE)], NO, of(SOPHIE)),
            ("to who held her", entrusted(KARIM, SOPHIE), &[share(MARC, CLAIRE)], YES, entrusted(CLAIRE, SOPHIE)),
            (
                "the next arrives before the end of the first",
                entrusted(KARIM, SOPHIE),
                &[share(SOPHIE, KARIM), share(MARC, CLAIRE)],
                YES,
                entrusted(KARIM, SOPHIE),
            ),
            ("the next has left", entrusted(KARIM, SOPHIE), &[left(MARC, CLAIRE)], YES, of(SOPHIE)),
            ("a nurse's share keeps nobody", entrusted(KARIM, SOPHIE), &[share(CLAIRE, KARIM)], YES, of(SOPHIE)),
            ("a sentinel's own stays", entrusted(KARIM, LOU), &[share(LOU, KARIM)], YES, of(KARIM)),
            ("hers before it was shared", of(KARIM), &[share(SOPHIE, CLAIRE)], YES, of(KARIM)),
        ];
        for (what, now, shares, answers, expected) in cases {
            assert_eq!(whose(*now, giving, shares, answers), *expected, "{what}");
            assert_eq!(whose(*expected, giving, shares, answers), *expected, "{what}: settled again, nothing moves");
        }
    }

    /// Two coordinators pair her again apart: each ends the first share and makes one of her own, and the server may receive
    /// what they wrote in any order. Neither their clocks nor the ids count: who arrived first does.
    #[test]
    fn of_two_who_pair_her_again_the_first_to_arrive_counts_and_the_former_holds_her_no_more() {
        const NADIA: AccountId = AccountId(Uuid::from_u128(0));
        for order in 0..6 {
            // Which of the four steps are of Sophie: she shares, then ends the first; Marc ends it, then shares.
            let sophie = [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]][order];
            let (mut hers, mut his) = ([Some(CLAIRE), None].into_iter(), [None, Some(NADIA)].into_iter());
            let (mut now, mut shares, mut came) = (entrusted(KARIM, SOPHIE), vec![share(SOPHIE, KARIM)], vec![]);
            for step in 0..4 {
                let (by, what) = if sophie.contains(&step) { (SOPHIE, hers.next()) } else { (MARC, his.next()) };
                match what.flatten() {
                    Some(with) => {
                        shares.push(share(by, with));
                        came.push(with);
                    }
                    None => shares.retain(|one| one.with != KARIM),
                }
                now = whose(now, giving, &shares, YES);
                let ended = !shares.iter().any(|one| one.with == KARIM);
                let holder = if !ended { KARIM } else { came.first().copied().unwrap_or(SOPHIE) };
                assert_eq!(now.owner, holder, "{order}, step {step}");
                assert_eq!(team(now.owner, &shares, YES).contains(&KARIM), !ended, "{order}, step {step}");
            }
            assert_eq!(now, entrusted(came[0], SOPHIE), "{order}");
            assert_eq!(team(now.owner, &shares, YES), [CLAIRE, NADIA].into(), "{order}: two were chosen");
        }
    }

    #[test]
    fn what_comes_back_holds_no_answer() {
        assert!(comes_back("person") && comes_back("consent"));
        assert!(
            !comes_back("tabac-call")
                && !comes_back("tabac-interview")
                && !comes_back("share")
                && !comes_back("absent")
        );
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
