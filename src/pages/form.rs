//! One record being filled, finished or corrected. The form comes from the registry, in the version it was begun with.

use domain::Glyph;
use domain::form::Form;
use domain::id::RecordId;
use domain::programme::RecordKind;
use domain::programmes;
use leptos::prelude::*;
use sync::Shown;

use super::absent::AbsentRecord;
use super::reading::finished_at;
use super::removal::Removed;
use super::stand;
use crate::notebook::use_notebook;
use crate::route;
use crate::ui::band::{Band, Tone};
use crate::ui::form::{FormView, Sheet};
use crate::ui::live::live;
use crate::ui::page::Page;

#[component]
pub fn FormPage() -> impl IntoView {
    let record = route::record_param("record");
    live(move || match record.get() {
        Some(record) => view! { <Opened record/> }.into_any(),
        None => view! { <Page title="Saisie"><AbsentRecord/></Page> }.into_any(),
    })
}

/// What can be done with the record an address names.
#[derive(Clone, Copy)]
enum Opening {
    Form(&'static RecordKind, &'static Form),
    /// Written by a newer version of the application.
    Newer,
}

/// Descriptions are static: two are the same when their names are.
impl PartialEq for Opening {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Form(kind, form), Self::Form(other, other_form)) => {
                kind.id == other.id && form.version == other_form.version
            }
            (Self::Newer, Self::Newer) => true,
            _ => false,
        }
    }
}

fn opening(shown: &Shown) -> Opening {
    let kind = programmes::kind(&shown.kind);
    let form = kind.and_then(|kind| kind.form_of(&shown.form_version).map(|form| (kind, form)));
    form.map_or(Opening::Newer, |(kind, form)| Opening::Form(kind, form))
}

#[component]
fn Opened(record: RecordId) -> impl IntoView {
    let notebook = use_notebook();
    let shown = notebook.record(record);
    // Once open it stays open: a record that is erased under her hands says so by itself.
    let put_away = notebook.is_put_away(record);
    let opened = Memo::new(move |before: Option<&Option<Opening>>| {
        before.copied().flatten().or_else(|| shown.with(|shown| shown.as_deref().map(opening)))
    });
    // A deleted record is not written in: it is brought back first.
    let closed = Memo::new(move |before: Option<&bool>| match before {
        Some(false) if opened.with(Option::is_some) => false,
        _ => put_away.get(),
    });
    live(move || match (opened.get(), shown.get_untracked()) {
        (Some(_), _) if closed.get() => view! { <Page title="Fiche supprimée"><Removed record/></Page> }.into_any(),
        (Some(Opening::Form(kind, form)), Some(first)) => {
            // Not followed: what changes meanwhile must not draw the form anew under her hands.
            let opening = untrack(|| stand::opening(notebook, &first));
            let onward = opening.filter(|_| finished_at(&first).is_some()).map(|href| (href, "Ouvrir ce stand"));
            view! { <FormView sheet=Sheet::open(notebook, &first, kind, form) onward/> }.into_any()
        }
        (Some(_), _) => view! { <Newer/> }.into_any(),
        (None, _) => view! { <Page title="Saisie"><AbsentRecord/></Page> }.into_any(),
    })
}

/// A form this build does not know: read-only, and nothing is lost.
#[component]
pub(super) fn Newer() -> impl IntoView {
    let notebook = use_notebook();
    let ready = notebook.update_ready();
    view! {
        <Page title="Saisie">
            <header class="title"><h1 id="title" tabindex="-1">"Saisie à lire avec une version plus récente"</h1></header>
            <Band
                tone=Tone::Notice
                glyph=Glyph::Alert
                message="Cette saisie vient d’une version plus récente de l’application. Rien n’est perdu, elle est gardée telle \
                         quelle. Mettez à jour l’application pour l’ouvrir."
            />
            <div class="actions">
                {move || ready.get().then(|| view! {
                    <button type="button" class="main-button" on:click=move |_| notebook.apply_update()>
                        "Mettre à jour maintenant"
                    </button>
                })}
                <a class="second-button" href=route::TODAY>"Voir ma journée"</a>
            </div>
        </Page>
    }
}
