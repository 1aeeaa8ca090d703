//! Random bytes and identifiers, from the browser's cryptographic generator.

use std::cell::Cell;

use domain::id::{OpId, RecordId};
use uuid::{Builder, Uuid};

/// `N` random bytes.
///
/// # Panics
/// In a browser without a random generator, which none of those that run WebAssembly is.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let crypto = super::js::window().crypto().expect("every page has a generator");
    crypto.get_random_values_with_u8_array(&mut bytes).expect("fewer bytes than the generator's limit");
    bytes
}

/// An index below `len`, without bias worth naming for the short lists it serves.
#[must_use]
pub fn below(len: usize) -> usize {
    let drawn = u64::from_le_bytes(bytes());
    usize::try_from(drawn % len.max(1) as u64).expect("smaller than a usize")
}

/// A new record.
#[must_use]
pub fn record_id() -> RecordId {
    RecordId(time_ordered())
}

/// A new operation.
#[must_use]
pub fn op_id() -> OpId {
    OpId(time_ordered())
}

/// A UUID that only says it is random.
#[must_use]
pub fn random_id() -> Uuid {
    Builder::from_random_bytes(bytes()).into_uuid()
}

thread_local! {
    /// Last millisecond and rank used, so that two ids of this page never go backwards, even if the clock does.
    static LAST: Cell<(u64, u16)> = const { Cell::new((0, 0)) };
}

fn time_ordered() -> Uuid {
    let now = u64::try_from(super::clock::now().0).unwrap_or_default();
    let mut random: [u8; 10] = bytes();
    let (last, rank) = LAST.get();
    let (ms, rank) = if now > last {
        (now, 0)
    } else if rank < 0x0fff {
        (last, rank + 1)
    } else {
        (last + 1, 0)
    };
    LAST.set((ms, rank));
    random[..2].copy_from_slice(&rank.to_be_bytes());
    Builder::from_unix_timestamp_millis(ms, &random).into_uuid()
}

/// Lower-case hexadecimal.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes of a hexadecimal text, `None` if it is not one.
#[must_use]
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}
