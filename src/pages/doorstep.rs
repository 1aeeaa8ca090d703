//! What this browser says before anything of it is opened, and knows without a key: how much waits, what is gone.

use domain::Glyph;
use domain::french::counted;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::notebook::{Farewell, use_notebook};
use crate::ui::band::{Band, Tone};

/// A notebook that was wiped here, until it is read or somebody signs in.
#[component]
pub fn FarewellBand() -> impl IntoView {
    let notebook = use_notebook();
    let farewell = RwSignal::new(notebook.farewell());
    let read = move |_| {
        notebook.read_farewell();
        farewell.set(None);
    };
    view! {
        {move || farewell.get().map(|farewell: Farewell| view! {
            <Band tone=Tone::Notice glyph=Glyph::Lock message=farewell.told()>
                <button type="button" class="quiet" on:click=read>"J’ai lu"</button>
            </Band>
        })}
    }
}

/// How many notebooks this browser holds and what waits in them. No name: nothing says whose, before one opens.
#[component]
pub fn WaitingHere() -> impl IntoView {
    let notebook = use_notebook();
    let told = RwSignal::new(String::new());
    spawn_local(async move {
        let (notebooks, waiting) = notebook.waiting_here().await;
        told.try_set(words(notebooks, waiting));
    });
    view! { {move || (!told.with(String::is_empty)).then(|| view! { <p class="second" id="waiting-here">{told.get()}</p> })} }
}

fn words(notebooks: usize, waiting: usize) -> String {
    let mut words = Vec::new();
    if notebooks > 1 {
        words.push(format!(
            "{notebooks}\u{a0}carnets sont gardés sur cet appareil\u{a0}: la phrase de passe dit lequel ouvrir."
        ));
    }
    if waiting > 0 {
        let waits = counted(waiting, "saisie attend d’être envoyée", "saisies attendent d’être envoyées");
        let when = if notebooks > 1 { "à l’ouverture de leur carnet" } else { "à l’ouverture" };
        words.push(format!("{waits}\u{a0}: l’envoi se fera {when}, avec du réseau."));
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn one_notebook_with_nothing_to_send_has_nothing_to_tell() {
        assert_eq!(words(1, 0), "");
        assert_eq!(
            words(1, 1),
            "1\u{a0}saisie attend d’être envoyée\u{a0}: l’envoi se fera à l’ouverture, avec du réseau."
        );
        let two = words(2, 3);
        assert!(two.starts_with("2\u{a0}carnets") && two.contains("3\u{a0}saisies attendent"), "{two}");
    }
}
