//! Entries carried by other means than the network: a file that the server alone can open.

use domain::Glyph;
use domain::french::counted;
use leptos::prelude::*;
use sync::protocol::Brought;

use crate::notebook::{Exported, use_notebook};
use crate::platform::file;
use crate::ui::attempt::Attempt;
use crate::ui::band::TroubleBand;
use crate::ui::icon::Icon;

const FILE: &str = "bring-file";

#[component]
pub fn Carry() -> impl IntoView {
    let notebook = use_notebook();
    let weather = notebook.weather();
    let told = RwSignal::new(String::new());
    let attempt = Attempt::new();
    let anything = Memo::new(move |_| weather.with(|weather| weather.waiting.count + weather.waiting.set_aside > 0));
    let export = move |_| {
        attempt.run(async move {
            told.try_set(String::new());
            let exported = notebook.export().await?;
            told.try_set(carried(&exported));
            Ok(())
        });
    };
    let bring = move |_| {
        attempt.run(async move {
            told.try_set(String::new());
            let brought = notebook.bring(FILE).await?;
            told.try_set(arrived(brought));
            Ok(())
        });
    };
    view! {
        <h3>"Sans réseau"</h3>
        <p class="second">
            "Les saisies en attente peuvent voyager dans un fichier, que seul le serveur sait ouvrir. "
            "N’importe quel collègue peut l’y apporter."
        </p>
        <div class="actions">
            {move || anything.get().then(|| view! {
                <button type="button" class="second-button" on:click=export>
                    <Icon name=Glyph::Download/>"Exporter les saisies en attente"
                </button>
            })}
            <button type="button" class="second-button" on:click=move |_| file::choose(FILE)>
                <Icon name=Glyph::Share/>"Apporter un fichier de saisies"
            </button>
            <input id=FILE type="file" accept="application/json,.json" hidden=true on:change=bring/>
        </div>
        <p role="status" aria-live="polite">{move || if attempt.busy.get() { "Un instant…".to_owned() } else { told.get() }}</p>
        <TroubleBand id="carry-trouble" trouble=attempt.trouble/>
    }
}

/// A download is only proposed: the browser does not say whether it was kept.
fn carried(exported: &Exported) -> String {
    let Exported { name, count, held } = exported;
    let what = counted(*count, "saisie est", "saisies sont");
    let left = match held {
        0 => String::new(),
        1 => " Une saisie attend un accord et n’y est pas.".to_owned(),
        _ => format!(" {held}\u{a0}saisies attendent un accord et n’y sont pas."),
    };
    format!(
        "{what} dans le fichier «\u{a0}{name}\u{a0}», proposé au téléchargement. Elles restent ici, en attente, jusqu’à la \
         réponse du serveur. Apportez-le depuis un appareil connecté.{left}"
    )
}

fn arrived(brought: Brought) -> String {
    let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let mut words = vec![match brought.received {
        0 => "Aucune nouvelle saisie n’est arrivée".to_owned(),
        received => counted(count(received), "saisie est arrivée au serveur", "saisies sont arrivées au serveur"),
    }];
    if brought.known > 0 {
        words.push(counted(count(brought.known), "y était déjà", "y étaient déjà"));
    }
    if brought.set_aside > 0 {
        words.push(counted(count(brought.set_aside), "est mise de côté, à revoir", "sont mises de côté, à revoir"));
    }
    format!("{}.", words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_is_not_told_as_an_arrival() {
        let exported = Exported { name: "cardabelle-saisies-2026-11-22.json".into(), count: 3, held: 2 };
        let words = carried(&exported);
        assert!(words.starts_with("3\u{a0}saisies sont dans le fichier"), "{words}");
        assert!(words.contains("proposé au téléchargement") && words.contains("2\u{a0}saisies attendent un accord"));
        assert!(!words.contains("envoyé") && !words.contains("arrivé"));
    }

    #[test]
    fn what_arrived_is_counted_apart_from_what_was_there_and_what_was_set_aside() {
        let words = arrived(Brought { received: 2, known: 1, set_aside: 1 });
        assert_eq!(
            words,
            "2\u{a0}saisies sont arrivées au serveur, 1\u{a0}y était déjà, 1\u{a0}est mise de côté, à revoir."
        );
        let words = arrived(Brought { received: 0, known: 3, set_aside: 0 });
        assert_eq!(words, "Aucune nouvelle saisie n’est arrivée, 3\u{a0}y étaient déjà.");
    }
}
