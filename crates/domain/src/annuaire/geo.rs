//! Where things are: distances as the crow flies, and the link that opens the device's map.

use super::entry::Address;
use crate::french::{NBSP, decimal};

/// Mean radius of the Earth in metres (IUGG).
const RADIUS: f64 = 6_371_008.8;

/// Metres between two points given by latitude and longitude in degrees: the haversine formula, which stays exact for
/// the short distances of a territory. Right to a metre for 2,000 km; farther it only grows.
#[must_use]
pub fn distance(from: (f64, f64), to: (f64, f64)) -> f64 {
    let north = sine((to.0 - from.0) / 2.0);
    let turn = (to.1 - from.1).abs();
    let east = sine(turn.min(360.0 - turn) / 2.0);
    let cosine = |latitude: f64| sine(90.0 - latitude.abs());
    let square = north * north + cosine(from.0) * cosine(to.0) * east * east;
    // The beginning of the arc sine of the root of this square.
    2.0 * RADIUS * square.sqrt() * (1.0 + square * (1.0 / 6.0 + square * (3.0 / 40.0 + square * 15.0 / 336.0)))
}

/// Of an angle within a right one, by its series. The standard library's, good for any angle, weighs 9 kB in the download.
fn sine(degrees: f64) -> f64 {
    let angle = degrees.to_radians();
    let (mut term, mut sum) = (angle, angle);
    for rank in 1..8 {
        let even = f64::from(2 * rank);
        term *= -angle * angle / (even * (even + 1.0));
        sum += term;
    }
    sum
}

/// « 400 m », « 2,3 km », « 12 km »: as exact as the way there matters. Nothing is nearer than « 50 m ».
#[must_use]
pub fn distance_words(metres: f64) -> String {
    let rounded = |unit: f64| (metres / unit).round() as i64;
    match (rounded(50.0) * 50, rounded(100.0)) {
        (fifties @ ..1_000, _) => format!("{}{NBSP}m", fifties.max(50)),
        (_, tenths @ ..100) => format!("{}{NBSP}km", decimal(tenths, 1)),
        _ => format!("{}{NBSP}km", decimal(rounded(1_000.0), 0)),
    }
}

/// The link of the itinerary (RFC 5870, with the `q` that Android's maps read): the point when it is known, and what an
/// envelope would say. `None`: there is nothing to look for.
#[must_use]
pub fn geo_uri(address: &Address) -> Option<String> {
    let sought = percent_encoded(&address_line(address));
    match address.at {
        Some((lat, lon)) => {
            let point = format!("{},{}", degrees(lat), degrees(lon));
            Some(if sought.is_empty() { format!("geo:{point}?q={point}") } else { format!("geo:{point}?q={sought}") })
        }
        None => (!sought.is_empty()).then(|| format!("geo:0,0?q={sought}")),
    }
}

/// « 12 Rue de la République, 31190 Auterive »
#[must_use]
pub fn address_line(address: &Address) -> String {
    let town = format!("{} {}", address.postal_code, address.town);
    let parts = address.lines.iter().map(String::as_str).chain([town.as_str()]);
    let parts: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// Decimal degrees to five places, one metre. By hand: the standard text of a float weighs in the download.
pub(super) fn degrees(value: f64) -> String {
    let units = (value * 100_000.0).round() as i64;
    let sign = if units < 0 { "-" } else { "" };
    format!("{sign}{}.{:05}", units.unsigned_abs() / 100_000, units.unsigned_abs() % 100_000)
}

/// RFC 3986: everything but letters, digits and `-._~`.
fn percent_encoded(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.push('%');
            encoded.push(HEX[usize::from(byte >> 4)].into());
            encoded.push(HEX[usize::from(byte & 15)].into());
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn distances_are_those_of_the_sphere() {
        // Degrees of a great circle, whatever the direction.
        let degree = RADIUS * std::f64::consts::PI / 180.0;
        for (from, to, degrees) in [
            ((0.0, 0.0), (1.0, 0.0), 1.0),
            ((0.0, 1.0), (0.0, 0.0), 1.0),
            ((-2.0, 3.0), (16.0, 3.0), 18.0),
            ((0.0, 179.5), (0.0, -179.5), 1.0),
            ((89.0, 0.0), (89.0, 180.0), 2.0),
            ((60.0, 5.0), (60.0, 5.0), 0.0),
        ] {
            let metres = distance(from, to);
            assert!((metres - degrees * degree).abs() < 1.0, "{from:?} {to:?}: {metres}");
        }
        // Angle between the two unit vectors, computed apart: 48.8566 N 2.3522 E to 45.7640 N 4.8357 E.
        assert!((distance((48.8566, 2.3522), (45.764, 4.8357)) - 391_499.5).abs() < 0.1);
        let far: Vec<f64> = [20.0, 40.0, 60.0, 80.0].map(|north| distance((0.0, 0.0), (north, 0.0))).to_vec();
        assert!(far.is_sorted());
    }

    proptest! {
        #[test]
        fn the_series_is_the_sine(degrees in -90.0..=90.0_f64) {
            prop_assert!((sine(degrees) - degrees.to_radians().sin()).abs() < 1e-11);
        }
    }

    #[test]
    fn distances_are_told_as_people_do() {
        let told = |metres| distance_words(metres).replace('\u{a0}', " ");
        for (metres, words) in [
            (0.0, "50 m"),
            (412.0, "400 m"),
            (974.9, "950 m"),
            (975.0, "1,0 km"),
            (2_340.0, "2,3 km"),
            (9_940.0, "9,9 km"),
            (9_960.0, "10 km"),
            (12_400.0, "12 km"),
        ] {
            assert_eq!(told(metres), words, "{metres}");
        }
    }

    #[test]
    fn the_map_is_given_the_point_and_the_address() {
        let mut address = Address {
            lines: vec!["12 rue de l’Église".into()],
            postal_code: "31190".into(),
            town: "Auterive".into(),
            ..Address::default()
        };
        let sought = "12%20rue%20de%20l%E2%80%99%C3%89glise%2C%2031190%20Auterive";
        assert_eq!(geo_uri(&address), Some(format!("geo:0,0?q={sought}")));
        address.at = Some((43.351, -1.475_004));
        assert_eq!(geo_uri(&address), Some(format!("geo:43.35100,-1.47500?q={sought}")));
        let point = Address { at: Some((-0.000_01, 0.0)), ..Address::default() };
        assert_eq!(geo_uri(&point).as_deref(), Some("geo:-0.00001,0.00000?q=-0.00001,0.00000"));
        assert_eq!(geo_uri(&Address::default()), None);
    }
}
