//! A spreadsheet as text: `;`, `,` or a tab between the cells, in UTF-8, UTF-16 or Windows-1252.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::columns::Columns;
use super::sheet::{Row, Unreadable};

/// The lines of a file, by the separator that gives the most columns that are known.
pub fn rows(bytes: &[u8]) -> Result<Vec<Row>, Unreadable> {
    // One character ends a line, as the count of lines wants it.
    let text = decoded(bytes)?.replace("\r\n", "\n").replace('\r', "\n");
    let read = [b';', b'\t', b','].map(|separator| split(&text, separator));
    let known = |rows: &Vec<Row>| Columns::find(rows).map_or(0, |(_, columns)| columns.count());
    let [semicolon, tab, comma] = read.map(|rows| (known(&rows), rows));
    let best = [tab, comma].into_iter().fold(semicolon, |best, one| if one.0 > best.0 { one } else { best });
    Ok(best.1)
}

fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(&bytes[mark..]).0,
        None => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
        },
    };
    if text.contains('\0') { Err(Unreadable::NotASheet) } else { Ok(text) }
}

fn split(text: &str, separator: u8) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let read = reader.records().filter_map(Result::ok);
    read.map(|record| {
        let line = record.position().map_or(0, csv::Position::line);
        (line, record.iter().map(str::to_owned).collect())
    })
    .collect()
}
