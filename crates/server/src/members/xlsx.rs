//! A spreadsheet as Excel keeps it: a ZIP of XML. Whatever it claims to be, what it unfolds into is measured first.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use zip::ZipArchive;

use super::sheet::{MAX_MEMBERS, Row, Unreadable};

/// Bytes of all its parts, at most: a sheet of a thousand lines has some hundred thousand.
const MAX_INFLATED: u64 = 24 * 1024 * 1024;
/// Parts, at most.
const MAX_PARTS: usize = 1000;
/// Columns looked at.
const MAX_COLUMNS: u32 = 100;
/// Characters kept of a cell: one more than any text may have is enough to refuse it.
const MAX_CELL: usize = 200;

/// How an XLSX begins.
pub fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
}

/// The lines of the first sheet that are not empty. A formula is read as its last result.
pub fn rows(bytes: &[u8]) -> Result<Vec<Row>, Unreadable> {
    measure(bytes)?;
    let unreadable = |_| Unreadable::NotASheet;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let first = book.sheet_names().into_iter().next().ok_or(Unreadable::NotASheet)?;
    // Cell by cell: a sheet whose two cells are far apart would fill the memory as a table.
    let mut cells = book.worksheet_cells_reader(&first).map_err(unreadable)?;
    let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let text = text(cell.get_value());
        if column < MAX_COLUMNS && !text.is_empty() {
            rows.entry(row).or_default().insert(column, text);
        }
        // Some lines of titles come above the members.
        if rows.len() > MAX_MEMBERS + 50 {
            return Err(Unreadable::TooLarge);
        }
    }
    let row = |(row, mut cells): (u32, BTreeMap<u32, String>)| {
        let width = cells.last_key_value().map_or(0, |(column, _)| column + 1);
        (u64::from(row) + 1, (0..width).map(|column| cells.remove(&column).unwrap_or_default()).collect())
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Unfolds every part without keeping it, as far as the bound: what a ZIP says of its sizes may lie.
fn measure(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::NotASheet)?;
    if archive.len() > MAX_PARTS {
        return Err(Unreadable::TooLarge);
    }
    let mut left = MAX_INFLATED;
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(|_| Unreadable::NotASheet)?;
        let read = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|_| Unreadable::NotASheet)?;
        left = left.checked_sub(read).ok_or(Unreadable::TooLarge)?;
    }
    Ok(())
}

fn text(value: &DataRef<'_>) -> String {
    let text = match value {
        DataRef::String(text) => text.as_str(),
        DataRef::SharedString(text) => text,
        // A number typed as a number, such as an RPPS.
        DataRef::Float(number) => return number.to_string(),
        DataRef::Int(number) => return number.to_string(),
        _ => "",
    };
    text.chars().take(MAX_CELL).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// The parts of a workbook whose only sheet and whose texts are given.
    fn book(sheet: &str, texts: &str, more: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
        let parts = [
            (
                "[Content_Types].xml",
                format!(
                    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/></Types>"#
                ),
            ),
            (
                "_rels/.rels",
                format!(
                    r#"<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>"#
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    r#"<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
                ),
            ),
            ("xl/sharedStrings.xml", format!(r#"<sst xmlns="{main}">{texts}</sst>"#)),
            (
                "xl/worksheets/sheet1.xml",
                format!(r#"<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>"#),
            ),
        ];
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let parts = parts.iter().map(|(name, text)| (*name, text.as_bytes()));
        for (name, bytes) in parts.chain(more.iter().map(|(name, bytes)| (*name, bytes.as_slice()))) {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    const HEAD: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Nom</t></is></c></row>"#;

    #[test]
    fn a_plain_book_is_read() {
        let read = rows(&book(HEAD, "", &[])).unwrap();
        assert_eq!(read, [(1, vec!["Nom".to_owned()])]);
    }

    /// Megabytes of spaces in some kilobytes, in a part that nothing asks for; then very many parts.
    #[test]
    fn a_bomb_is_not_unfolded() {
        let room = usize::try_from(MAX_INFLATED).unwrap();
        let bomb = book(HEAD, "", &[("xl/media/image1.png", vec![b' '; room])]);
        assert!(bomb.len() < room / 500, "{}", bomb.len());
        assert_eq!(rows(&bomb), Err(Unreadable::TooLarge));
        let parts: Vec<(String, Vec<u8>)> = (0..MAX_PARTS).map(|part| (format!("p{part}"), vec![])).collect();
        let parts: Vec<(&str, Vec<u8>)> = parts.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
        assert_eq!(rows(&book(HEAD, "", &parts)), Err(Unreadable::TooLarge));
    }

    /// As a table, two cells far apart would take 17 thousand million places.
    #[test]
    fn a_cell_at_the_end_of_the_world_takes_no_room() {
        let far = r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c><c r="B1048576"><v>99700000021</v></c></row>"#;
        let read = rows(&book(&format!("{HEAD}{far}"), "", &[])).unwrap();
        assert_eq!(read[1], (1_048_576, vec![String::new(), "99700000021".to_owned()]));
    }

    /// One long text named by very many cells weighs little in the file, and would weigh terabytes in memory.
    #[test]
    fn a_text_named_a_thousand_times_is_cut() {
        let texts = format!("<si><t>{}</t></si>", "x".repeat(1 << 20));
        let cells: String =
            (2..900).map(|row| format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"#)).collect();
        let read = rows(&book(&format!("{HEAD}{cells}"), &texts, &[])).unwrap();
        assert!(read.len() == 899 && read[1].1[0].len() == MAX_CELL);
        let cells: String =
            (2..9000).map(|row| format!(r#"<row r="{row}"><c r="A{row}"><v>0</v></c></row>"#)).collect();
        assert_eq!(rows(&book(&cells, "", &[])), Err(Unreadable::TooLarge));
    }

    #[test]
    fn what_is_not_a_book_is_refused() {
        // Names that stand for other names, and so on, are not unfolded.
        let laughs = r#"<!DOCTYPE a [<!ENTITY b "&c;&c;"><!ENTITY c "ha">]><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>"#;
        assert!(!format!("{:?}", rows(&book(laughs, "", &[]))).contains("ha"));
        let whole = book(HEAD, "", &[]);
        for cut in [10, whole.len() / 2, whole.len() - 10] {
            assert_eq!(rows(&whole[..cut]), Err(Unreadable::NotASheet), "{cut}");
        }
        assert_eq!(rows(&book("<row><c r=\"\"/></row", "", &[])), Err(Unreadable::NotASheet));
    }
}
