//! Looking for a person as people type: no accent, no case, any order of the words.

use domain::Glyph;
use domain::french::fold;
use leptos::prelude::*;

use super::icon::Icon;

/// What is typed is a person's data: the browser must neither remember it nor send it to a spelling service.
#[component]
pub fn SearchBox(label: &'static str, typed: RwSignal<String>) -> impl IntoView {
    view! {
        <form class="search" role="search" autocomplete="off" on:submit=move |event| event.prevent_default()>
            <Icon name=Glyph::Search/>
            <input type="search" aria-label=label placeholder=label autocomplete="off" spellcheck="false"
                enterkeyhint="search" bind:value=typed/>
        </form>
    }
}

/// Whether every word typed begins a word of the text.
pub fn matches(typed: &str, text: &str) -> bool {
    let text = fold(text);
    fold(typed).split_whitespace().all(|wanted| text.split_whitespace().any(|word| word.starts_with(wanted)))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn finds_without_accents_in_any_order() {
        let helene = "Mme\u{a0}Hélène D’Hôtel-Cœur, Saint-Sulpice";
        assert!(matches("", helene));
        assert!(matches("hel", helene));
        assert!(matches("HOTEL helene", helene));
        assert!(matches("saint sul", helene));
        assert!(matches("coeur", helene));
        assert!(!matches("helena", helene));
        assert!(!matches("elene", helene));
    }
}
