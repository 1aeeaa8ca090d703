//! Identifiers of the French health system: a text becomes one only when it can be one.

mod adeli;
mod commune;
mod finess;
mod idnps;
mod luhn;
mod malformed;
mod nir;
mod phone;
mod rpps;
mod siret;

#[cfg(test)]
mod cases;

pub use adeli::Adeli;
pub use commune::CommuneCode;
pub use finess::Finess;
pub use idnps::Idnps;
pub use luhn::luhn_key;
pub use malformed::{Fault, Malformed};
pub use nir::{holds_nir, may_become_nir};
pub use phone::Phone;
pub use rpps::Rpps;
pub use siret::Siret;

/// A checked text: made by `$read`, which gives its canonical form, and travelling as that text.
macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $read:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The canonical form: the one that is kept, compared and exported.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::identifiers::Malformed;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $read(text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'_, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
use identifier;
