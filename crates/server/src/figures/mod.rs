//! The figures of a programme as files: for a spreadsheet, with real numbers.

mod csv;
mod xlsx;

use domain::figures::{Cell, HIDDEN, Table};

pub use csv::csv;
pub use xlsx::xlsx;

/// One cell of a file.
#[derive(Clone, Debug, PartialEq)]
enum Flat {
    Empty,
    Text(String),
    Count(i64),
    /// In tenths of a percent.
    Rate(u32),
}

/// A table without what means nothing on paper (identifiers), each part as three columns: how many, out of how many, the
/// rate.
fn flat(table: &Table) -> (Vec<String>, Vec<Vec<Flat>>) {
    let column = |at: usize| table.rows.iter().filter_map(move |row| row.get(at));
    let is_part = |at| column(at).any(|cell| matches!(cell, Cell::Part { .. } | Cell::Hidden));
    let is_told =
        |at| column(at).next().is_none() || column(at).any(|cell| !matches!(cell, Cell::Record(_) | Cell::Account(_)));
    let kept: Vec<(usize, bool)> =
        (0..table.head.len()).filter(|at| is_told(*at)).map(|at| (at, is_part(at))).collect();
    let mut head = Vec::new();
    for (at, part) in &kept {
        head.push(table.head[*at].clone());
        if *part {
            head.extend(["sur".to_owned(), "%".to_owned()]);
        }
    }
    let line = |row: &Vec<Cell>| {
        let mut line = Vec::with_capacity(head.len());
        for (at, part) in &kept {
            let [first, of, rate] = three(row.get(*at));
            line.push(first);
            if *part {
                line.extend([of, rate]);
            }
        }
        line
    };
    let rows = table.rows.iter().map(line).collect();
    (head, rows)
}

fn three(cell: Option<&Cell>) -> [Flat; 3] {
    let alone = |first| [first, Flat::Empty, Flat::Empty];
    match cell {
        None | Some(Cell::Record(_) | Cell::Account(_)) => alone(Flat::Empty),
        Some(Cell::Text(text)) => alone(Flat::Text(text.clone())),
        Some(Cell::Count(count)) => alone(Flat::Count(*count)),
        Some(Cell::Hidden) => alone(Flat::Text(HIDDEN.to_owned())),
        Some(part @ Cell::Part { count, of }) => {
            let rate = part.tenths().map_or(Flat::Empty, Flat::Rate);
            [Flat::Count(i64::from(*count)), Flat::Count(i64::from(*of)), rate]
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use domain::figures::Document;
    use domain::id::AccountId;
    use uuid::Uuid;

    use super::*;

    /// A document with every kind of cell, and a text that a spreadsheet would run.
    pub fn document() -> Document {
        let text = |text: &str| Cell::Text(text.into());
        Document {
            title: "Bilan 2026".into(),
            notes: vec!["Une phrase\u{a0}; une autre.".into()],
            choices: Vec::new(),
            tables: vec![Table {
                id: "results".into(),
                title: "Résultats".into(),
                note: String::new(),
                head: ["Qui", "Lieu", "Venus", "Réussites"].map(str::to_owned).into(),
                rows: vec![
                    vec![
                        Cell::Account(AccountId(Uuid::nil())),
                        text("=HYPERLINK(\"x\")"),
                        Cell::Count(-3),
                        Cell::Part { count: 31, of: 148 },
                    ],
                    vec![Cell::Account(AccountId(Uuid::nil())), text("Saverdun"), Cell::Count(1200), Cell::Hidden],
                ],
            }],
        }
    }

    #[test]
    fn a_part_is_three_columns_and_an_identifier_none() {
        let (head, rows) = flat(&document().tables[0]);
        assert_eq!(head, ["Lieu", "Venus", "Réussites", "sur", "%"]);
        assert_eq!(rows[0][1..], [Flat::Count(-3), Flat::Count(31), Flat::Count(148), Flat::Rate(209)]);
        assert_eq!(rows[1][2..], [Flat::Text(HIDDEN.into()), Flat::Empty, Flat::Empty]);
        assert!(rows.iter().all(|row| row.len() == head.len()));
    }
}
