//! What of a national file concerns a territory.

use std::collections::{BTreeMap, BTreeSet};

use crate::annuaire::directory::Commune;

/// The part of France to keep of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// INSEE codes, 5 characters.
    pub communes: BTreeSet<String>,
    /// The commune of today by the code of one that was merged into it.
    pub former: BTreeMap<String, String>,
    pub postal_codes: BTreeSet<String>,
    /// Codes of TRE_G15. `None`: all of them.
    pub professions: Option<BTreeSet<String>>,
}

/// Communes cut into arrondissements with codes of their own: first and last arrondissement, the commune (INSEE).
const ARRONDISSEMENTS: [(&str, &str, &str); 3] =
    [("75101", "75120", "75056"), ("69381", "69389", "69123"), ("13201", "13216", "13055")];

impl Area {
    #[must_use]
    pub fn of(communes: &[Commune]) -> Self {
        Self {
            communes: communes.iter().map(|commune| commune.insee.clone()).collect(),
            former: communes.iter().flat_map(former).collect(),
            postal_codes: communes.iter().flat_map(|commune| commune.postal_codes.iter().cloned()).collect(),
            professions: None,
        }
    }

    /// The commune of the territory a code of a file stands for: itself, the commune of an arrondissement, or the one it was
    /// merged into.
    #[must_use]
    pub fn commune(&self, code: &str) -> Option<&str> {
        let found = |code: &str| self.communes.get(code).map(String::as_str);
        let today = || self.former.get(code).map(String::as_str);
        found(code).or_else(|| found(whole_commune(code)?)).or_else(today)
    }

    /// Whether a code is that of a whole commune of which the territory has arrondissements only.
    #[must_use]
    pub fn is_cut(&self, code: &str) -> bool {
        let inside = |first: &str, last: &str| self.communes.iter().any(|one| (first..=last).contains(&one.as_str()));
        let cut = ARRONDISSEMENTS.iter().find(|(.., whole)| *whole == code);
        cut.is_some_and(|(first, last, _)| !self.communes.contains(code) && inside(first, last))
    }

    #[must_use]
    pub fn holds_postal_code(&self, code: &str) -> bool {
        self.postal_codes.contains(code)
    }

    #[must_use]
    pub fn holds_profession(&self, code: &str) -> bool {
        self.professions.as_ref().is_none_or(|professions| professions.contains(code))
    }
}

fn former(commune: &Commune) -> impl Iterator<Item = (String, String)> {
    commune.former.iter().map(|code| (code.clone(), commune.insee.clone()))
}

/// The commune of an arrondissement.
fn whole_commune(code: &str) -> Option<&'static str> {
    if code.len() != 5 {
        return None;
    }
    ARRONDISSEMENTS.iter().find(|(first, last, _)| (*first..=*last).contains(&code)).map(|(.., whole)| *whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commune(insee: &str, postal_codes: &[&str]) -> Commune {
        let postal_codes = postal_codes.iter().map(|code| (*code).to_owned()).collect();
        Commune { insee: insee.into(), postal_codes, ..Commune::default() }
    }

    #[test]
    fn an_arrondissement_is_in_its_commune_unless_the_territory_names_it() {
        let paris = Area::of(&[commune("75056", &["75015"]), commune("31033", &["31190"])]);
        assert_eq!(paris.commune("75115"), Some("75056"));
        assert_eq!(paris.commune("75056"), Some("75056"));
        assert_eq!(paris.commune("31033"), Some("31033"));
        for elsewhere in ["75100", "75121", "69381", "13201", "7511", "31032", ""] {
            assert_eq!(paris.commune(elsewhere), None, "{elsewhere}");
        }
        let fifteenth = Area::of(&[commune("75115", &["75015"])]);
        assert_eq!(fifteenth.commune("75115"), Some("75115"));
        assert_eq!(fifteenth.commune("75116"), None);
        assert_eq!(Area::of(&[commune("69123", &[])]).commune("69389"), Some("69123"));
        assert_eq!(Area::of(&[commune("13055", &[])]).commune("13216"), Some("13055"));
    }

    #[test]
    fn a_code_of_before_a_merger_is_the_commune_of_today() {
        let former = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        let merged = Commune { former: former(&["09296", "09334"]), ..commune("09334", &["09310"]) };
        let other = Commune { former: former(&["31500"]), ..commune("31033", &["31190"]) };
        let area = Area::of(&[merged, other]);
        assert_eq!(area.commune("09296"), Some("09334"));
        assert_eq!(area.commune("09334"), Some("09334"), "its own code, that of its chef-lieu");
        assert_eq!(area.commune("31500"), Some("31033"), "of the other département");
        assert_eq!(area.commune("31501"), None);
    }

    #[test]
    fn arrondissements_are_those_of_the_identifiers() {
        for code in (1_001..96_000).map(|code| format!("{code:05}")) {
            let Ok(commune) = code.parse::<crate::identifiers::CommuneCode>() else { continue };
            let whole = commune.whole();
            assert_eq!(whole_commune(&code), Some(whole.as_str()).filter(|whole| *whole != code));
        }
    }

    #[test]
    fn the_code_of_a_whole_commune_says_nothing_of_its_arrondissements() {
        let fifteenth = Area::of(&[commune("75115", &["75015"])]);
        assert!(fifteenth.is_cut("75056"));
        assert!(!fifteenth.is_cut("69123"));
        assert!(!Area::of(&[commune("75056", &[]), commune("75115", &[])]).is_cut("75056"));
    }
}
