//! Why the list is empty or short, and one touch to widen it.

use domain::annuaire::search::{Query, Wider, Without};
use domain::french::{counted, join};
use leptos::prelude::*;

use super::browse::Browse;
use super::chips;
use crate::annuaire::Loaded;

pub fn wider(browse: Browse) -> AnyView {
    let content = move || {
        // Nothing is said of an answer that is no more what is asked.
        if !browse.resting.get() {
            return ().into_any();
        }
        let (Some(loaded), Some(found)) = (browse.loaded.get(), browse.found.get()) else { return ().into_any() };
        let nobody = found.cards.is_empty();
        let offer = found.wider.clone().map(|wider| {
            let words = said(&wider, nobody, &loaded);
            let see = move |_| browse.query.set(wider.query.clone());
            view! {
                <p>{words}</p>
                <button type="button" class="second-button" on:click=see>"Voir"</button>
            }
        });
        let none = nobody.then(
            || view! { <p class="none"><b>"Aucune fiche ne répond à cette recherche."</b>" Elle est gardée."</p> },
        );
        let start_again = (nobody && found.wider.is_none()).then(|| view! {
            <p>"Essayez un autre mot, ou retirez un filtre."</p>
            <button type="button" class="second-button" on:click=move |_| browse.query.set(Query::default())>"Tout effacer"</button>
        });
        view! { {none}<div class="wider">{offer}{start_again}</div> }.into_any()
    };
    (move || content()).into_any()
}

fn said(wider: &Wider, nobody: bool, loaded: &Loaded) -> String {
    let more = if nobody {
        counted(wider.more, "fiche", "fiches")
    } else {
        counted(wider.more, "fiche de plus", "fiches de plus")
    };
    match &wider.without {
        Without::Chips(chips) => {
            let labels: Vec<String> = chips.iter().map(|chip| quoted(&chips::label(chip, loaded))).collect();
            match chips.len() {
                1 => format!("Sans le filtre {}\u{a0}: {more}.", join(&labels)),
                2 | 3 => format!("Sans les filtres {}\u{a0}: {more}.", join(&labels)),
                _ => format!("Sans les filtres\u{a0}: {more}."),
            }
        }
        Without::Everything => format!("Sans filtre ni mot\u{a0}: {more}."),
        Without::Words(words) => format!("Sans {}\u{a0}: {more}.", quoted_words(words)),
        Without::UnknownWords(words) => {
            let without = if words.len() == 1 { "Sans ce mot" } else { "Sans ces mots" };
            format!("L’annuaire ne connaît pas {}. {without}\u{a0}: {more}.", quoted_words(words))
        }
    }
}

fn quoted_words(words: &[String]) -> String {
    join(&words.iter().map(|word| quoted(word)).collect::<Vec<_>>())
}

fn quoted(text: &str) -> String {
    format!("«\u{a0}{text}\u{a0}»")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::annuaire::directory::Directory;
    use domain::annuaire::search::{Chip, Facet, Index};

    use super::*;

    #[test]
    fn what_keeps_cards_out_is_named() {
        let directory = Directory::default();
        let loaded = Loaded { index: Arc::new(Index::new(&directory)), directory: Arc::new(directory) };
        let wider = |without| Wider { without, more: 4, query: Query::default() };
        let chip = wider(Without::Chips(vec![Chip::new(Facet::Visits, "")]));
        assert_eq!(
            said(&chip, false, &loaded),
            "Sans le filtre «\u{a0}À domicile\u{a0}»\u{a0}: 4\u{a0}fiches de plus."
        );
        let word = wider(Without::UnknownWords(vec!["xylo".into()]));
        assert_eq!(
            said(&word, true, &loaded),
            "L’annuaire ne connaît pas «\u{a0}xylo\u{a0}». Sans ce mot\u{a0}: 4\u{a0}fiches."
        );
    }
}
