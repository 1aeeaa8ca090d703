//! Hostile input becomes operations, or the position of the first that is none.

use std::fmt;

use domain::id::DeviceId;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use sync::Operation;
use sync::protocol::MAX_OPERATIONS;

use crate::http::problem::{Answer, Refusal};

/// Bytes of one text, at most.
const MAX_TEXT: usize = 20 * 1024;
/// Fields of one operation, at most: no form has as many questions.
const MAX_FIELDS: usize = 400;
/// Lists within lists of one value, at most.
const MAX_DEPTH: usize = 8;

/// Reads a push. `whole` is false when the body was longer than allowed and `bytes` is only its beginning.
pub fn parse(bytes: &[u8], whole: bool, device: DeviceId) -> Answer<Vec<Operation>> {
    let mut raw: Vec<&RawValue> = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = Envelope(&mut raw).deserialize(&mut reader).and_then(|found| reader.end().map(|()| found));
    let mut operations = Vec::with_capacity(raw.len());
    for (position, raw) in raw.iter().enumerate() {
        let operation = operation(raw, device).filter(|_| position < MAX_OPERATIONS);
        operations.push(operation.ok_or(Refusal::bad_operation(position))?);
    }
    // What comes first is what the device sets aside first: an operation above, else the one where reading stopped.
    match read {
        Ok(true) if whole => Ok(operations),
        _ => Err(Refusal::bad_operation(operations.len())),
    }
}

/// One operation of this device, within the limits.
pub fn operation(raw: &RawValue, device: DeviceId) -> Option<Operation> {
    // `serde_json` itself refuses more than 128 levels, before the stack is in danger.
    fitting(serde_json::from_str(raw.get()).ok()?, device)
}

/// An operation that was read, if it is of this device and within the limits.
pub fn fitting(operation: Operation, device: DeviceId) -> Option<Operation> {
    let fits = operation.device_id == device
        // 0 marks an operation that waits for a consent: it must never have left its device.
        && operation.device_seq > 0
        && i64::try_from(operation.device_seq).is_ok()
        && operation.record_kind.len() <= 100
        && operation.form_version.len() <= 100
        && operation.reason.as_ref().is_none_or(|reason| reason.len() <= MAX_TEXT)
        && operation.fields.len() <= MAX_FIELDS
        && operation.fields.iter().all(|(name, edit)| name.len() <= 100 && is_reasonable(&edit.value, 0));
    fits.then_some(operation)
}

fn is_reasonable(value: &Value, depth: usize) -> bool {
    depth <= MAX_DEPTH
        && match value {
            Value::String(text) => text.len() <= MAX_TEXT,
            Value::Array(values) => values.iter().all(|value| is_reasonable(value, depth + 1)),
            Value::Object(values) => {
                values.iter().all(|(name, value)| name.len() <= MAX_TEXT && is_reasonable(value, depth + 1))
            }
            _ => true,
        }
}

/// `{"operations": […]}`, each operation left as text. Those read before a fault stay read: their count is its position.
struct Envelope<'a, 'de>(&'a mut Vec<&'de RawValue>);

impl<'de> DeserializeSeed<'de> for Envelope<'_, 'de> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<bool, D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Envelope<'_, 'de> {
    /// Whether there was a list of operations.
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a push")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut found = false;
        while let Some(name) = map.next_key::<&str>()? {
            if name == "operations" && !found {
                found = true;
                map.next_value_seed(List(self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

struct List<'a, 'de>(&'a mut Vec<&'de RawValue>);

impl<'de> DeserializeSeed<'de> for List<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of operations")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(raw) = list.next_element()? {
            self.0.push(raw);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICE: &str = "00000000-0000-0000-0000-00000000000d";

    fn good(seq: u64) -> String {
        let id = format!("00000000-0000-0000-0000-{seq:012}");
        format!(
            r#"{{"op_id":"{id}","device_id":"{DEVICE}","device_seq":{seq},"record_id":"{id}","record_kind":"person",
            "form_version":"1","kind":"set","fields":{{"a":{{"value":"b","base":null}}}},"device_time":1}}"#
        )
    }

    fn push(operations: &[String]) -> String {
        format!(r#"{{"operations":[{}]}}"#, operations.join(","))
    }

    /// Count of the operations read, or position of the fault.
    fn check(body: &str) -> Result<usize, Refusal> {
        parse(body.as_bytes(), true, DEVICE.parse().unwrap()).map(|operations| operations.len())
    }

    #[test]
    fn the_first_fault_is_named() {
        let bad = |position| Err(Refusal::bad_operation(position));
        assert_eq!(check(&push(&[])), Ok(0));
        assert_eq!(check(&push(&[good(1), good(2)])), Ok(2));
        for body in ["", "[]", "{}", "null", "{", r#"{"operations":3}"#, "\u{0}"] {
            assert_eq!(check(body), bad(0), "{body}");
        }
        for wrong in [
            "3".to_owned(),
            "{}".to_owned(),
            good(0),
            good(2).replace("\"set\"", "\"destroy\""),
            good(2).replace(DEVICE, "00000000-0000-0000-0000-00000000000e"),
            good(2).replace("\"b\"", &format!("\"{}\"", "x".repeat(MAX_TEXT + 1))),
            good(2).replace("\"b\"", &format!("{}{}", "[".repeat(10), "]".repeat(10))),
            good(2).replace("\"b\"", &format!("{}{}", "[".repeat(10_000), "]".repeat(10_000))),
            good(2).replace("\"device_seq\":2", "\"device_seq\":18446744073709551615"),
            good(2).replace("\"device_seq\":2", "\"device_seq\":\"2\""),
        ] {
            assert_eq!(check(&push(&[good(1), wrong.clone(), good(3)])), bad(1), "{wrong:.300}");
        }
    }

    #[test]
    fn a_body_cut_short_is_refused_where_it_stops() {
        let body = push(&[good(1), good(2), good(3)]);
        let second = body.find("\"device_seq\":2").unwrap();
        assert_eq!(check(&body[..second]), Err(Refusal::bad_operation(1)));
        assert_eq!(check(&format!("{body} trailing")), Err(Refusal::bad_operation(3)));
        let cut = parse(body.as_bytes(), false, DEVICE.parse().unwrap());
        assert_eq!(cut, Err(Refusal::bad_operation(3)));
    }

    #[test]
    fn two_hundred_and_no_more() {
        let many: Vec<String> = (1..=201).map(good).collect();
        assert_eq!(check(&push(&many[..200])), Ok(200));
        assert_eq!(check(&push(&many)), Err(Refusal::bad_operation(200)));
    }

    #[test]
    fn a_mad_clock_is_accepted() {
        for time in [i64::MIN, i64::MAX] {
            let body = push(&[good(1).replace("\"device_time\":1", &format!("\"device_time\":{time}"))]);
            assert_eq!(check(&body), Ok(1));
        }
    }
}
