//! The sheet of a draw: what anybody needs to find the same order again, and nobody’s name but the witness’s.

use domain::french::{NBSP, counted};
use domain::programmes::tabac::draw::Pair;
use leptos::prelude::*;

use crate::notebook::Notebook;

/// What is written of a draw.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// « Tirage n° 2 de l’édition 2026 »
    pub title: String,
    /// The lists of the same edition frozen before, a sentence each.
    pub before: Vec<String>,
    pub frozen_on: String,
    /// Hexadecimal.
    pub digest: String,
    pub prizes: usize,
    pub witness: String,
    pub seed: String,
}

/// How a pair is told on this device.
pub type Names<'n> = &'n dyn Fn(&Pair) -> String;

/// By eight, to be read aloud and compared.
pub fn groups(digest: &str) -> String {
    let letters: Vec<char> = digest.chars().collect();
    letters.chunks(8).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Pairs in their order from this rank on; with `names`, they won.
pub fn ranks(pairs: &[Pair], from: usize, names: Option<Names<'_>>) -> AnyView {
    let line = |(rank, pair): (usize, &Pair)| {
        let name = names.map(|names| view! { <b class="name">{names(pair)}</b> });
        let won = names.is_some();
        view! {
            <li class:won=won><span class="rank">{rank + from}</span>{name}<span class="pair">{pair.id.clone()}</span></li>
        }
    };
    let lines = pairs.iter().enumerate().map(line).collect_view();
    view! { <ol class="draw-order" role="list">{lines}</ol> }.into_any()
}

/// On paper; `order` once the seed is said. Whoever holds it reads letters: the names are told on the screen.
pub fn view(notebook: Notebook, drawn: &Drawn, pairs: &[Pair], order: Option<&[Pair]>) -> AnyView {
    let territory = notebook.account().with(|account| account.as_ref().map(|account| account.territory_name.clone()));
    let ids = pairs.iter().map(|pair| view! { <li>{pair.id.clone()}</li> }).collect_view();
    let said = |what: &'static str, text: &str| {
        if text.is_empty() {
            view! { <p>{what}</p><p class="dotted"></p> }.into_any()
        } else {
            view! { <p>{what}" "<b>{text.to_owned()}</b></p> }.into_any()
        }
    };
    let order = order.map(|order| {
        let won = winning(drawn.prizes.min(order.len()));
        view! { <section><h2>"Ordre du tirage"</h2><p>{won}</p>{ranks(order, 1, None)}</section> }
    });
    view! {
        <article class="print letter print-only">
            <header><span class="wordmark">"Cardabelle"</span><span>"Tirage au sort des binômes"</span></header>
            <h1>{drawn.title.clone()}</h1>
            <p><b>{territory}</b></p>
            <p>{format!(
                "Liste arrêtée le {}{NBSP}: {}, {}.",
                drawn.frozen_on,
                counted(pairs.len(), "binôme", "binômes"),
                counted(drawn.prizes, "lot", "lots"),
            )}</p>
            {drawn.before.iter().map(|words| view! { <p>{words.clone()}</p> }).collect_view()}
            <section><h2>"Liste"</h2><ul class="pair-list">{ids}</ul></section>
            <section>
                <h2>"Empreinte SHA-256 de la liste"</h2>
                <p class="digest">{groups(&drawn.digest)}</p>
                <p class="second">"Calculée sur les codes ci-dessus, dans l’ordre de l’alphabet, un par ligne, un retour à la ligne après chacun."</p>
            </section>
            <section>{said("Témoin\u{a0}:", &drawn.witness)}{said("Graine dite par le témoin\u{a0}:", &drawn.seed)}</section>
            {order}
            <footer>
                <span>"Pour vérifier\u{a0}: SHA-256 de la graine, d’un retour à la ligne, puis du code\u{a0}; l’ordre est celui de ces empreintes, de la plus petite à la plus grande."</span>
            </footer>
        </article>
    }
    .into_any()
}

/// Which ranks win.
fn winning(won: usize) -> String {
    match won {
        0 => String::new(),
        1 => "Le lot va au rang\u{a0}1.".to_owned(),
        _ => format!("Les lots vont aux rangs 1 à {won}."),
    }
}

#[cfg(test)]
mod tests {
    use super::{groups, winning};

    #[test]
    fn the_sheet_tells_the_ranks_that_win() {
        assert_eq!([0, 1, 3].map(winning), ["", "Le lot va au rang\u{a0}1.", "Les lots vont aux rangs 1 à 3."]);
    }

    #[test]
    fn a_digest_is_read_by_eight() {
        assert_eq!(groups("0123456789abcdef01"), "01234567 89abcdef 01");
        assert_eq!(groups(""), "");
    }
}
