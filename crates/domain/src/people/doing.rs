//! Who does what is planned for a person: who calls her, who is counted as following her. Pure: the server counts by it, and
//! every device tells by it what its own account has to do.

use crate::id::AccountId;

/// Those who are named for it, as far as they may follow people today; when none is left, whose she is. A share or a pair
/// outlives an account that was closed: what it would have done is done by whoever holds her now. Nobody: neither is known.
#[must_use]
pub fn who_does(
    named: &[AccountId],
    owner: Option<AccountId>,
    may_follow: impl Fn(AccountId) -> bool,
) -> Vec<AccountId> {
    let there: Vec<AccountId> = named.iter().copied().filter(|account| may_follow(*account)).collect();
    if there.is_empty() { owner.into_iter().collect() } else { there }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const CLAIRE: AccountId = AccountId(Uuid::from_u128(1));
    const KARIM: AccountId = AccountId(Uuid::from_u128(2));
    const MARC: AccountId = AccountId(Uuid::from_u128(3));

    #[test]
    fn who_is_named_does_it_as_long_as_she_may_else_whose_she_is() {
        type Case<'c> = (&'c str, &'c [AccountId], Option<AccountId>, &'c [AccountId]);
        let nobody: &[AccountId] = &[];
        let cases: [Case<'_>; 7] = [
            ("nobody is named: whose she is", &[], Some(MARC), &[MARC]),
            ("the pair, and not whose she is", &[CLAIRE], Some(MARC), &[CLAIRE]),
            ("the pair, whoever holds her elsewhere", &[CLAIRE], None, &[CLAIRE]),
            ("the pair has left: whose she is", &[KARIM], Some(MARC), &[MARC]),
            ("one of two has left", &[KARIM, CLAIRE], Some(MARC), &[CLAIRE]),
            ("the pair has left, and whose she is is not known here", &[KARIM], None, nobody),
            ("nobody at all", &[], None, nobody),
        ];
        for (what, named, owner, expected) in cases {
            assert_eq!(who_does(named, owner, |account| account != KARIM), expected, "{what}");
        }
    }
}
