//! What happened, in one bold sentence; that nothing is lost; what to do.

use domain::Glyph;
use leptos::prelude::*;

use super::icon::Icon;
use crate::notebook::Trouble;

/// Ground of a band. Two bands at most on a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Notice,
    Error,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Notice => "band notice",
            Self::Error => "band error",
        }
    }
}

/// A message whose first sentence is set in bold; buttons go in the children.
#[component]
pub fn Band(
    tone: Tone,
    glyph: Glyph,
    #[prop(into)] message: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let (first, rest) = first_sentence(&message);
    // An error interrupts what is being read; the others wait for their turn.
    let role = if tone == Tone::Error { "alert" } else { "status" };
    view! {
        <div class=tone.class() role=role>
            <Icon name=glyph/>
            <p><b>{first.to_owned()}</b>" "{rest.to_owned()}</p>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}

/// The last failure of what the person asked for, under `id` so that fields can be tied to it.
#[component]
pub fn TroubleBand(id: &'static str, #[prop(into)] trouble: Signal<Option<Trouble>>) -> impl IntoView {
    view! {
        <div id=id>
            {move || trouble.get().map(|trouble| {
                view! { <Band tone=Tone::Error glyph=Glyph::Alert message=trouble.message/> }
            })}
        </div>
    }
}

/// What was just done, in words.
#[component]
pub fn Done(said: RwSignal<Option<String>>) -> impl IntoView {
    view! {
        <div role="status">
            {move || said.get().map(|said| view! { <p class="band good"><Icon name=Glyph::Check/><span>{said}</span></p> })}
        </div>
    }
}

/// A list that the server alone tells could not be read; `again` reads it.
#[component]
pub fn Unread(again: Callback<()>) -> impl IntoView {
    view! {
        <Band tone=Tone::Notice glyph=Glyph::Clock message="Cette liste se lit avec le réseau. Rien n’est perdu. Réessayez quand il sera là.">
            <button type="button" class="second-button" on:click=move |_| again.run(())>"Relire la liste"</button>
        </Band>
    }
}

/// Cuts after the first sentence. A French full stop is followed by a space; an abbreviation such as « M. » too, hence
/// the two letters at least before it.
fn first_sentence(message: &str) -> (&str, &str) {
    message
        .match_indices(". ")
        .find(|(at, _)| message[..*at].chars().rev().take_while(|letter| letter.is_alphanumeric()).count() >= 2)
        .map_or((message, ""), |(at, _)| (&message[..=at], &message[at + 2..]))
}

#[cfg(test)]
mod tests {
    use super::first_sentence;

    #[test]
    fn the_first_sentence_stands_apart() {
        assert_eq!(
            first_sentence("Le réseau est coupé. Rien n’est perdu."),
            ("Le réseau est coupé.", "Rien n’est perdu.")
        );
        assert_eq!(
            first_sentence("Deux poids pour M. Delpech. Choisissez."),
            ("Deux poids pour M. Delpech.", "Choisissez.")
        );
        assert_eq!(first_sentence("Une seule phrase."), ("Une seule phrase.", ""));
    }
}
