//! XLSX: one sheet, headings, numbers that a spreadsheet adds, rates that it shows as percentages.

use domain::figures::Document;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::{Flat, flat};

/// Characters across.
const WIDTHS: [f64; 2] = [34.0, 14.0];

/// The whole document, one table under the other. `origin`: where and when it was counted.
///
/// # Errors
/// More lines or longer texts than the format takes.
pub fn xlsx(document: &Document, origin: &[String]) -> Result<Vec<u8>, XlsxError> {
    let (title, heading) = (Format::new().set_bold().set_font_size(14), Format::new().set_bold());
    let rate = Format::new().set_num_format("0.0%");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Chiffres")?;
    sheet.set_column_width(0, WIDTHS[0])?;
    sheet.set_column_range_width(1, 30, WIDTHS[1])?;
    let mut row = 0;
    sheet.write_string_with_format(row, 0, &document.title, &title)?;
    for note in origin.iter().chain(&document.notes) {
        row += 1;
        sheet.write_string(row, 0, note)?;
    }
    for table in &document.tables {
        row += 2;
        sheet.write_string_with_format(row, 0, &table.title, &heading)?;
        if !table.note.is_empty() {
            row += 1;
            sheet.write_string(row, 0, &table.note)?;
        }
        let (head, rows) = flat(table);
        row += 1;
        for (column, text) in (0..).zip(&head) {
            sheet.write_string_with_format(row, column, text, &heading)?;
        }
        for cells in &rows {
            row += 1;
            for (column, cell) in (0..).zip(cells) {
                write(sheet, row, column, cell, &rate)?;
            }
        }
    }
    workbook.save_to_buffer()
}

/// A text is written as a text, whatever it begins with: it is never a formula.
fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &Flat, rate: &Format) -> Result<(), XlsxError> {
    match cell {
        Flat::Empty => {}
        Flat::Text(text) => drop(sheet.write_string(row, column, text)?),
        Flat::Count(count) => drop(sheet.write_number(row, column, *count as f64)?),
        Flat::Rate(tenths) => drop(sheet.write_number_with_format(row, column, f64::from(*tenths) / 1000.0, rate)?),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::super::tests::document;
    use super::*;

    #[test]
    fn numbers_are_numbers_and_texts_are_texts() {
        let file = xlsx(&document(), &["CPTS d’essai".into()]).expect("in memory");
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).expect("a workbook");
        assert_eq!(book.sheet_names(), ["Chiffres"]);
        let sheet = book.worksheet_range("Chiffres").expect("the sheet");
        let cell = |row, column| sheet.get_value((row, column)).cloned().unwrap_or(Data::Empty);
        assert_eq!(cell(0, 0), Data::String("Bilan 2026".into()));
        assert_eq!(cell(1, 0), Data::String("CPTS d’essai".into()));
        assert_eq!(cell(4, 0), Data::String("Résultats".into()));
        assert_eq!(cell(5, 4), Data::String("%".into()));
        assert_eq!(cell(6, 0), Data::String("=HYPERLINK(\"x\")".into()), "never a formula");
        assert_eq!([cell(6, 1), cell(6, 2), cell(6, 3)], [-3.0, 31.0, 148.0].map(Data::Float));
        assert_eq!(cell(6, 4), Data::Float(0.209));
        assert_eq!(cell(7, 2), Data::String("non affiché".into()));
        assert!(book.worksheet_formula("Chiffres").expect("read").is_empty());
    }
}
