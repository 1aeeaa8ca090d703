//! A QR code, drawn from the rows the server computed: a library here would be downloaded by everybody.

use std::fmt::Write;

use leptos::prelude::*;

/// Light squares around it, without which a camera does not find it (ISO/IEC 18004: four).
const QUIET: usize = 4;

/// `rows`: one text a row, `1` dark and `0` light, without the quiet zone. `title` says what it opens, for who does not see
/// it. Its size comes from where it stands; it is black on white in every theme. Nothing is drawn of no row.
#[component]
pub fn Qr(rows: Vec<String>, #[prop(into)] title: String) -> impl IntoView {
    let side = rows.len();
    (side > 0).then(|| {
        let whole = side + 2 * QUIET;
        let frame = format!("-{QUIET} -{QUIET} {whole} {whole}");
        view! {
            <svg class="qr" viewBox=frame role="img" aria-label=title shape-rendering="crispEdges">
                <path d=path(&rows)></path>
            </svg>
        }
    })
}

/// One run of dark squares after the other, in a single path.
fn path(rows: &[String]) -> String {
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        let squares = row.as_bytes();
        let mut x = 0;
        while x < squares.len() {
            let run = squares[x..].iter().take_while(|square| **square == b'1').count();
            if run > 0 {
                // Writing to a text does not fail.
                let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
            }
            x += run.max(1);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn each_run_of_dark_squares_is_one_rectangle() {
        let rows = ["1101", "0000", "0011"].map(str::to_owned);
        assert_eq!(path(&rows), "M0 0h2v1h-2zM3 0h1v1h-1zM2 2h2v1h-2z");
        assert_eq!(path(&[]), "");
    }
}
