//! What the pages before the notebook say of a stand that is over.

use domain::Glyph;
use domain::french::counted;
use leptos::prelude::*;

use crate::notebook::Notebook;
use crate::ui::band::{Band, Tone};

/// Nothing when nothing of a stand waits, nor where there is no notebook at all.
#[component]
pub fn StandWaits() -> impl IntoView {
    let notebook = use_context::<Notebook>()?;
    let (waiting, stuck, ended) = (notebook.stand_waiting(), notebook.stand_stuck(), notebook.stand_ended());
    let leaving = move || waiting.get().saturating_sub(stuck.get());
    let message = Memo::new(move |_| told(leaving(), ended.get() && stuck.get() == 0));
    let kept = Memo::new(move |_| told_stuck(stuck.get()));
    Some(move || {
        let messages = [(Glyph::Lock, message.get()), (Glyph::Alert, kept.get())];
        messages
            .into_iter()
            .filter_map(|(glyph, message)| message.map(|message| view! { <Band tone=Tone::Notice glyph message/> }))
            .collect_view()
    })
}

/// Of what can never leave: spoilt on the disk, or longer than the server takes.
fn told_stuck(stuck: usize) -> Option<String> {
    let (many, kept) = match stuck {
        0 => return None,
        1 => ("ne peut pas être envoyée", "Elle reste gardée ici"),
        _ => ("ne peuvent pas être envoyées", "Elles restent gardées ici"),
    };
    Some(format!(
        "{} d’un stand fermé {many}. {kept}, sans retenir les autres. N’effacez pas les données de ce navigateur, et \
         prévenez la personne qui a ouvert le stand.",
        counted(stuck, "saisie", "saisies"),
    ))
}

fn told(waiting: usize, ended: bool) -> Option<String> {
    let kept = if waiting == 1 { "Elle est gardée" } else { "Elles sont gardées" };
    match waiting {
        0 if ended => Some(
            "Le stand est fermé. Ce qui y était noté est gardé et part tout seul. Personne ne peut le relire ici."
                .to_owned(),
        ),
        0 => None,
        _ => Some(format!(
            "{} d’un stand fermé {} d’être {}. {kept} ici sans pouvoir être {}. Laissez l’application ouverte avec du réseau.",
            counted(waiting, "saisie", "saisies"),
            if waiting == 1 { "attend" } else { "attendent" },
            if waiting == 1 { "envoyée" } else { "envoyées" },
            if waiting == 1 { "relue" } else { "relues" },
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{told, told_stuck};

    #[test]
    fn what_waits_is_counted_and_never_said_to_be_sent() {
        assert_eq!(told(0, false), None);
        let many = told(12, true).expect("a sentence");
        assert!(
            many.starts_with("12\u{a0}saisies d’un stand fermé attendent d’être envoyées. Elles sont gardées"),
            "{many}"
        );
        let one = told(1, false).expect("a sentence");
        assert!(one.contains("attend d’être envoyée. Elle est gardée"), "{one}");
        assert_eq!(told_stuck(0), None);
        let stuck = told_stuck(2).expect("a sentence");
        assert!(stuck.starts_with("2\u{a0}saisies d’un stand fermé ne peuvent pas être envoyées."), "{stuck}");
        assert!(!told(0, true).expect("a sentence").contains("envoyé"), "nothing tells it here");
    }
}
