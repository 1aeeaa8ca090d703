//! What is asked, and how an address says it: `q=kin%C3%A9+auterive&d=1&tri=hasard`.

use super::filters::{Chip, Facet, Filters};

/// What is typed, what is ticked, and the order asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// As typed.
    pub text: String,
    pub filters: Filters,
    pub order: Order,
}

/// The order of cards that answer equally well what is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Alphabetical, for a professional who looks for somebody.
    #[default]
    Name,
    /// Nearest site first.
    Distance(Start),
    /// By a chance drawn anew each day, the same for everybody: when a person is oriented, nobody comes first twice.
    Neutral,
}

/// Where a distance is measured from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// Where the device is. Known to the page only: the address never says it.
    Me,
    /// INSEE code.
    Commune(String),
}

const TEXT: &str = "q";
const ORDER: &str = "tri";
const NEUTRAL: &str = "hasard";
const ME: &str = "moi";
/// What the address says for a chip without a code.
const SET: &str = "1";

impl Query {
    /// Reads the query of an address, with or without its `?`. What this build does not know is left out.
    #[must_use]
    pub fn read(address: &str) -> Self {
        let mut query = Self::default();
        for pair in address.trim_start_matches('?').split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            match key {
                TEXT => query.text = decode(value),
                ORDER => query.order = order(&decode(value)),
                _ => {
                    if let Some(facet) = Facet::ALL.into_iter().find(|facet| facet.key() == key) {
                        value.split(',').filter_map(|code| chip(facet, code)).for_each(|chip| query.filters.add(chip));
                    }
                }
            }
        }
        query
    }

    /// The query of the address, without its `?`; empty when nothing is asked.
    #[must_use]
    pub fn write(&self) -> String {
        let mut address = String::new();
        if !self.text.is_empty() {
            address.push_str("q=");
            encode(&self.text, &mut address);
        }
        let mut last = None;
        for chip in self.filters.chips() {
            if last == Some(chip.facet) {
                address.push(',');
            } else {
                begin(&mut address, chip.facet.key());
            }
            last = Some(chip.facet);
            encode(if chip.code.is_empty() { SET } else { &chip.code }, &mut address);
        }
        let order = match &self.order {
            Order::Name => return address,
            Order::Neutral => NEUTRAL,
            Order::Distance(Start::Me) => ME,
            Order::Distance(Start::Commune(insee)) => insee,
        };
        begin(&mut address, ORDER);
        encode(order, &mut address);
        address
    }
}

fn begin(address: &mut String, key: &str) {
    if !address.is_empty() {
        address.push('&');
    }
    address.push_str(key);
    address.push('=');
}

fn order(text: &str) -> Order {
    match text {
        NEUTRAL => Order::Neutral,
        ME => Order::Distance(Start::Me),
        insee if is_insee(insee) => Order::Distance(Start::Commune(insee.to_owned())),
        _ => Order::Name,
    }
}

fn is_insee(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn chip(facet: Facet, value: &str) -> Option<Chip> {
    let code = decode(value);
    let (may, must) = facet.without_code();
    match code.as_str() {
        "" => None,
        SET if may => Some(Chip::new(facet, "")),
        _ if must => None,
        _ => Some(Chip { facet, code }),
    }
}

/// Everything but the letters, digits and signs that mean nothing in an address is written `%C3`.
fn encode(text: &str, address: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            address.push(char::from(byte));
        } else {
            address.push('%');
            address.push(char::from(HEX[usize::from(byte >> 4)]));
            address.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// A `%` that begins nothing is itself: an address typed by hand still says what it can.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut at = 0;
    while at < bytes.len() {
        let escaped = if bytes[at] == b'%' { digit(at + 1).zip(digit(at + 2)) } else { None };
        match escaped {
            Some((high, low)) => {
                decoded.push((high * 16 + low) as u8);
                at += 3;
            }
            None => {
                decoded.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_it_shortly() {
        let mut query = Query { text: "kiné d’Auterive".into(), order: Order::Neutral, ..Query::default() };
        for (facet, code) in
            [(Facet::Visits, ""), (Facet::Profession, "70"), (Facet::Profession, "60"), (Facet::Open, "")]
        {
            query.filters.toggle(Chip::new(facet, code));
        }
        query.filters.toggle(Chip::engaged("tobacco", Some(2026)));
        assert_eq!(query.write(), "q=kin%C3%A9%20d%E2%80%99Auterive&p=60,70&d=1&o=1&m=tobacco.2026&tri=hasard");
        assert_eq!(Query::read(&query.write()), query);
        assert_eq!(Query::default().write(), "");
    }

    #[test]
    fn an_address_from_elsewhere_says_what_it_can() {
        let query = Query::read("?q=kin%C3%A9+100%25+%+%zz&p=70&p=60&utm=x&o=0&n=1&tri=nulle-part");
        assert_eq!(query.text, "kiné 100% % %zz");
        let chips: Vec<&str> = query.filters.chips().iter().map(|chip| chip.code.as_str()).collect();
        assert_eq!((chips, query.order), (vec!["60", "70", ""], Order::Name));
        assert_eq!(Query::read("tri=2A004").order, Order::Distance(Start::Commune("2A004".into())));
    }

    #[test]
    fn no_two_filters_have_one_name_in_the_address() {
        let mut keys: Vec<&str> = Facet::ALL.into_iter().map(Facet::key).chain([TEXT, ORDER]).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), Facet::ALL.len() + 2);
    }
}
