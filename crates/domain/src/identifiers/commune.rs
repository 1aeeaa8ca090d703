//! The INSEE code of a commune, which is not its postal code.

use super::{Fault, Malformed, identifier};

const WHAT: &str = "code de commune";
const SHAPE: &str = "a deux chiffres de département (2A ou 2B en Corse), puis trois chiffres";

identifier!(
    /// Code officiel géographique: 5 characters, `2A` and `2B` kept. Codes of countries (99…) are not communes.
    CommuneCode,
    |text: &str| {
        let code = text.trim().to_ascii_uppercase();
        let place = code.get(..2).filter(|place| {
            let number = place.parse().unwrap_or(0_u8);
            matches!(*place, "2A" | "2B") || (matches!(number, 1..=19 | 21..=95 | 97 | 98) && !place.starts_with('+'))
        });
        let rest = code.get(2..).filter(|rest| rest.len() == 3 && rest.bytes().all(|byte| byte.is_ascii_digit()));
        if place.and(rest).is_some() { Ok(code) } else { Err(Malformed { what: WHAT, fault: Fault::Shape(SHAPE) }) }
    }
);

impl CommuneCode {
    /// The whole commune of an arrondissement: Paris, Lyon and Marseille have a code of their own, and one for each part.
    #[must_use]
    pub fn whole(&self) -> Self {
        let whole = match self.0.parse() {
            Ok(75_101..=75_120_u32) => "75056",
            Ok(69_381..=69_389) => "69123",
            Ok(13_201..=13_216) => "13055",
            _ => &self.0,
        };
        Self(whole.to_owned())
    }
}
