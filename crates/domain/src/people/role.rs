//! What an account may be. A person may hold several roles.

use serde::{Deserialize, Serialize};

/// One role of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Fills a screening and hands it over; sees no history and no other record.
    Sentinel,
    /// Screens, interviews and follows the people in their care.
    Professional,
    /// Counts, calls, directory, stands; no answers.
    Coordinator,
    /// Accounts, devices and settings; no health record.
    Administrator,
    /// A device opened for one day; writes only.
    StandSession,
    /// No account: the public part of the directory.
    Public,
}

impl Role {
    pub const ALL: &[Self] =
        &[Self::Sentinel, Self::Professional, Self::Coordinator, Self::Administrator, Self::StandSession, Self::Public];

    /// The French word of the trade.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Sentinel => "sentinelle",
            Self::Professional => "professionnel",
            Self::Coordinator => "coordination",
            Self::Administrator => "administration",
            Self::StandSession => "session de stand",
            Self::Public => "public",
        }
    }

    /// Whether whoever signs in with it shows a second factor: every role that has a password.
    #[must_use]
    pub const fn needs_second_factor(self) -> bool {
        !matches!(self, Self::Public | Self::StandSession)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_a_password_has_a_second_factor() {
        let without: Vec<_> = Role::ALL.iter().filter(|role| !role.needs_second_factor()).collect();
        assert_eq!(without, [&Role::StandSession, &Role::Public]);
    }

    #[test]
    fn travels_in_kebab_case() {
        let written: Vec<String> =
            Role::ALL.iter().map(|role| serde_json::to_string(role).expect("a unit variant")).collect();
        assert_eq!(
            written.join(" "),
            r#""sentinel" "professional" "coordinator" "administrator" "stand-session" "public""#
        );
    }
}
