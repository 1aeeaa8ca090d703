//! The communes of France by name: what an administrator types is checked against them.

use domain::annuaire::directory::Commune;
use domain::french::fold;

/// One line per commune: code, name, département, postal codes, population, codes of the communes merged into it
/// (`cargo xtask communes`).
const COMMUNES: &str = include_str!("../../data/communes.tsv");

/// A commune of France.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub insee: &'static str,
    pub name: &'static str,
    pub departement: &'static str,
    /// Separated by spaces.
    postal_codes: &'static str,
    /// Separated by spaces.
    former: &'static str,
}

impl Found {
    /// As a commune of a territory.
    pub fn commune(&self) -> Commune {
        let codes = |codes: &str| codes.split_whitespace().map(str::to_owned).collect();
        let (postal_codes, former) = (codes(self.postal_codes), codes(self.former));
        Commune { insee: self.insee.into(), name: self.name.into(), postal_codes, former, ..Commune::default() }
    }
}

/// The commune of this INSEE code.
pub fn by_code(insee: &str) -> Option<Found> {
    all().find(|found| found.insee == insee)
}

/// Gives communes the codes of those that were merged into them.
pub fn with_former(communes: &mut [Commune]) {
    for found in all().filter(|found| !found.former.is_empty()) {
        for commune in communes.iter_mut().filter(|commune| commune.insee == found.insee) {
            commune.former = found.former.split_whitespace().map(str::to_owned).collect();
        }
    }
}

/// The communes of this name, whatever its accents and hyphens; a département narrows them.
pub fn by_name(name: &str, departement: Option<&str>) -> Vec<Found> {
    let name = fold(name);
    let same = |found: &Found| fold(found.name) == name && departement.is_none_or(|one| one == found.departement);
    all().filter(same).collect()
}

/// The communes that share this postal code: a postal code alone decides of none.
pub fn by_postal_code(code: &str) -> Vec<Found> {
    all().filter(|found| found.postal_codes.split_whitespace().any(|one| one == code)).collect()
}

fn all() -> impl Iterator<Item = Found> {
    COMMUNES.lines().filter_map(|line| {
        let mut cells = line.split('\t');
        Some(Found {
            insee: cells.next()?,
            name: cells.next()?,
            departement: cells.next()?,
            postal_codes: cells.next()?,
            former: cells.nth(1)?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_commune_can_be_read() {
        assert_eq!(all().count(), COMMUNES.lines().count());
        assert!(all().count() > 34_000);
        assert!(all().all(|found| found.insee.len() == 5 && !found.name.is_empty()));
        let auterive = by_code("31033").unwrap();
        assert_eq!((auterive.name, auterive.departement), ("Auterive", "31"));
        assert_eq!(auterive.commune().postal_codes, ["31190"]);
        assert_eq!(by_code("75101"), None, "an arrondissement is not a commune");
        let former = by_code("01033").unwrap().commune().former;
        assert!(former.contains(&"01018".to_owned()) && former.contains(&"01458".to_owned()), "{former:?}");
        assert_eq!(by_code("01018"), None, "merged into Valserhône");
        let mut communes =
            [by_code("31033").unwrap().commune(), Commune { insee: "01033".into(), ..Commune::default() }];
        with_former(&mut communes);
        assert_eq!((communes[0].former.len(), &communes[1].former), (0, &former));
    }

    #[test]
    fn a_name_may_be_that_of_several() {
        let codes = |found: Vec<Found>| found.iter().map(|one| one.insee).collect::<Vec<_>>();
        assert_eq!(codes(by_name("lagardelle sur leze", None)), ["31263"]);
        assert!(by_name("Le Vernet", None).len() > 2);
        assert_eq!(codes(by_name("Le Vernet", Some("09"))), ["09331"]);
        assert!(codes(by_postal_code("31190")).contains(&"31345"));
        assert!(by_name("Nulle-Part", None).is_empty());
    }
}
