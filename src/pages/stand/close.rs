//! « Fermer le stand », asked twice: it takes a coordinator and the network to open another.

use domain::Glyph;
use leptos::prelude::*;

use crate::notebook::use_notebook;
use crate::ui::attempt::Attempt;
use crate::ui::band::TroubleBand;
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;

#[component]
pub fn CloseStand() -> impl IntoView {
    let notebook = use_notebook();
    let (asking, sure) = (RwSignal::new(false), RwSignal::new(false));
    let attempt = Attempt::new();
    let scanned = notebook.stand().with_untracked(|held| held.as_ref().is_some_and(|held| held.invitation.is_some()));
    let close = move |_| {
        sure.set(false);
        attempt.leave(notebook.close_stand());
    };
    view! {
        <TroubleBand id="close-trouble" trouble=attempt.trouble/>
        <div class="actions">
            <button type="button" class="quiet" aria-haspopup="dialog" on:click=move |_| asking.set(true)>
                <Icon name=Glyph::Lock/>"Fermer le stand"
            </button>
        </div>
        <Dialog open=asking title="Fermer le stand\u{202f}?">
            <p>
                "Plus rien ne pourra y être noté."{scanned.then_some(" Le dessin à scanner ne servira plus.")}
                " Ce qui attend est gardé et partira dès qu’il y a du réseau."
            </p>
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| asking.set(false)>"Continuer le stand"</button>
                <button type="button" class="second-button" on:click=move |_| {
                    asking.set(false);
                    sure.set(true);
                }>"Fermer"</button>
            </div>
        </Dialog>
        <Dialog open=sure title="Le stand est-il vraiment fini\u{202f}?">
            <p>"Pour en ouvrir un autre, il faudra la personne qui a ouvert celui-ci, et du réseau."</p>
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| sure.set(false)>"Non, continuer"</button>
                <button type="button" class="danger-button" on:click=close>"Oui, fermer le stand"</button>
            </div>
        </Dialog>
    }
}
