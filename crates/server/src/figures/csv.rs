//! CSV as a French spreadsheet opens it: UTF-8 with its mark, `;` between cells, a comma in numbers.

use domain::figures::Document;

use super::{Flat, flat};

/// The whole document, one table under the other. `origin`: where and when it was counted.
///
/// # Errors
/// Never in memory.
pub fn csv(document: &Document, origin: &[String]) -> Result<Vec<u8>, ::csv::Error> {
    // Excel takes a file without this mark for Windows-1252.
    let mut file = "\u{feff}".as_bytes().to_vec();
    let mut writer = ::csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(&mut file);
    writer.write_record([safe(&document.title)])?;
    for note in origin.iter().chain(&document.notes) {
        writer.write_record([safe(note)])?;
    }
    for table in &document.tables {
        writer.write_record([""])?;
        writer.write_record([safe(&table.title)])?;
        if !table.note.is_empty() {
            writer.write_record([safe(&table.note)])?;
        }
        let (head, rows) = flat(table);
        writer.write_record(head.iter().map(|text| safe(text)))?;
        for row in rows {
            writer.write_record(row.iter().map(written))?;
        }
    }
    writer.flush()?;
    drop(writer);
    Ok(file)
}

fn written(cell: &Flat) -> String {
    match cell {
        Flat::Empty => String::new(),
        Flat::Text(text) => safe(text),
        Flat::Count(count) => count.to_string(),
        Flat::Rate(tenths) => format!("{},{}", tenths / 10, tenths % 10),
    }
}

/// A text that no spreadsheet runs as a formula: somebody may have typed one as the name of a place. The apostrophe is what
/// OWASP advises (CSV injection).
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::tests::document;
    use super::*;

    #[test]
    fn a_french_spreadsheet_reads_it_and_runs_nothing() {
        let file = csv(&document(), &["CPTS d’essai".into(), "=2".into()]).expect("in memory");
        let text = std::str::from_utf8(&file).expect("UTF-8").strip_prefix('\u{feff}').expect("its mark");
        let expected = [
            "Bilan 2026",
            "CPTS d’essai",
            "'=2",
            "Une phrase\u{a0}; une autre.",
            "",
            "Résultats",
            "Lieu;Venus;Réussites;sur;%",
            "'=HYPERLINK(\"x\");-3;31;148;20,9",
            "Saverdun;1200;non affiché;;",
        ];
        let mut reader =
            ::csv::ReaderBuilder::new().delimiter(b';').flexible(true).has_headers(false).from_reader(text.as_bytes());
        let read: Vec<String> =
            reader.records().map(|record| record.expect("a line").iter().collect::<Vec<_>>().join(";")).collect();
        assert_eq!(read, expected);
        for text in ["+33", "-1", "@x", "\t=1", "=1"] {
            assert_eq!(safe(text), format!("'{text}"));
        }
        assert_eq!(safe("Saverdun = 3"), "Saverdun = 3");
    }
}
