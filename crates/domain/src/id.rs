//! Typed identifiers. All are random or time-ordered UUIDs that say nothing about anybody.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// One record: a person, a screening, a consent…
    RecordId
);
id!(
    /// One operation of the log, UUIDv7.
    OpId
);
id!(
    /// One account's database in one browser.
    DeviceId
);
id!(
    /// One account of a territory.
    AccountId
);
id!(
    /// One CPTS, the tenant.
    TerritoryId
);
