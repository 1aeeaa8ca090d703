//! `/retour-psc#…`: back from Pro Santé Connect, with a ticket to show or the reason why there is none.

use domain::Glyph;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::protocol::access::PscRefusal;

use super::gate::{Entry, PublicLink};
use crate::notebook::{TroubleKind, use_notebook};
use crate::platform::page;
use crate::route;
use crate::ui::band::{Band, Tone};
use crate::ui::psc_door::PscButton;

/// How far the return is.
#[derive(Clone)]
enum Stage {
    Showing,
    /// The server was not reached: the same ticket may be shown again.
    Unshown(String),
    Refused(String),
}

/// Whether somebody is back: the address says it once, and the page that reads it forgets it.
#[must_use]
pub fn is_return() -> bool {
    let returned = page::path() == route::PSC_RETURN;
    if returned && page::fragment().is_empty() {
        page::replace_address("/");
        return false;
    }
    returned
}

#[component]
pub fn PscReturnPage(returning: RwSignal<bool>) -> impl IntoView {
    let notebook = use_notebook();
    let told = StoredValue::new(page::fragment());
    // It serves once: nothing is left to find in the address.
    page::replace_address(route::PSC_RETURN);
    let stage = RwSignal::new(Stage::Showing);
    let leave = move || {
        page::replace_address("/");
        returning.set(false);
    };
    let show = move || {
        stage.set(Stage::Showing);
        spawn_local(async move {
            match notebook.come_back_from_psc(told.get_value()).await {
                Ok(()) => leave(),
                Err(trouble) if matches!(trouble.kind, TroubleKind::NoNetwork | TroubleKind::ServerSilent) => {
                    stage.set(Stage::Unshown(trouble.message));
                }
                Err(trouble) => stage.set(Stage::Refused(trouble.message)),
            }
        });
    };
    match told.with_value(|told| told.strip_prefix('!').map(PscRefusal::of)) {
        Some(refusal) => stage.set(Stage::Refused(words(refusal.unwrap_or(PscRefusal::Fault)).to_owned())),
        None => show(),
    }
    Effect::new(move |before: Option<()>| {
        stage.track();
        if before.is_some() {
            page::when_no_hand_writes(|| page::focus("title"));
        }
    });
    let back = move || {
        view! { <button type="button" class="quiet" on:click=move |_| leave()>"Revenir à la connexion"</button> }
    };
    let inside = move || match stage.get() {
        Stage::Showing => view! {
            <div class="entry-card" aria-busy="true">
                <h1 id="title" tabindex="-1">"Connexion en cours…"</h1>
                <p>"Pro Santé Connect vous a répondu. Votre carnet arrive."</p>
            </div>
        }
        .into_any(),
        Stage::Unshown(message) => view! {
            <div class="entry-card">
                <h1 id="title" tabindex="-1">"Presque connecté"</h1>
                <Band tone=Tone::Error glyph=Glyph::Alert message/>
                <button type="button" class="main-button wide" on:click=move |_| show()>"Réessayer"</button>
                {back()}
            </div>
        }
        .into_any(),
        Stage::Refused(message) => view! {
            <div class="entry-card">
                <h1 id="title" tabindex="-1">"Connexion interrompue"</h1>
                <Band tone=Tone::Error glyph=Glyph::Alert message/>
                <PscButton id="psc-trouble" words="Réessayer"/>
                {back()}
            </div>
        }
        .into_any(),
    };
    view! { <Entry title="Pro Santé Connect">{move || inside()}<PublicLink/></Entry> }
}

/// What happened, that nothing is lost, what to do.
const fn words(refusal: PscRefusal) -> &'static str {
    match refusal {
        PscRefusal::Refused => {
            "L’identification avec Pro Santé Connect a été refusée ou arrêtée. Rien n’est perdu\u{a0}: vos saisies sont gardées \
             ici. Réessayez quand vous voulez."
        }
        PscRefusal::Expired => {
            "L’identification a pris trop de temps, ou elle n’a pas commencé sur cet appareil. Rien n’est perdu\u{a0}: vos \
             saisies sont gardées ici. Réessayez."
        }
        PscRefusal::Down => {
            "Pro Santé Connect ne répond pas. Rien n’est perdu\u{a0}: vos saisies sont gardées ici. Réessayez dans quelques \
             minutes."
        }
        PscRefusal::Stranger => {
            "Aucun compte ouvert de ce territoire ne porte votre numéro RPPS. Rien n’est perdu\u{a0}: vos saisies sont gardées \
             ici. Demandez à la coordination de l’ajouter à votre compte."
        }
        PscRefusal::NoReference => {
            "Votre identité Pro Santé Connect ne porte aucune activité professionnelle. Rien n’est perdu\u{a0}: vos saisies sont \
             gardées ici. Faites-la corriger dans l’Annuaire Santé, ou appelez la coordination."
        }
        PscRefusal::Fault => {
            "La réponse de Pro Santé Connect n’est pas sûre, et n’a pas été acceptée. Rien n’est perdu\u{a0}: vos saisies sont \
             gardées ici. Réessayez\u{202f}; si cela se répète, appelez la coordination."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_says_that_nothing_is_lost_and_what_to_do() {
        for refusal in PscRefusal::ALL {
            assert!(words(refusal).contains("Rien n’est perdu"), "{refusal:?}");
            assert_eq!(PscRefusal::of(refusal.code()), Some(refusal));
        }
        assert_eq!(PscRefusal::of("<script>"), None);
    }
}
