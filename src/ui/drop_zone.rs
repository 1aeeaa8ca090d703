//! Where files of hers are let go, or chosen.

use domain::Glyph;
use leptos::ev::DragEvent;
use leptos::prelude::*;

use super::icon::Icon;
use crate::platform::file::{self, Source};

/// The children say which files, and how large.
#[component]
pub fn DropZone(
    /// Id of the input that chooses.
    id: &'static str,
    glyph: Glyph,
    accept: &'static str,
    #[prop(optional)] several: bool,
    take: Callback<Vec<Source>>,
    children: Children,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        take.run(file::dropped(&event));
    };
    let dragged = move |event: DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    view! {
        <section class="drop" class:over=over on:drop=dropped on:dragover=dragged on:dragleave=move |_| over.set(false)>
            <Icon name=glyph/>
            <p>{children()}</p>
            <button type="button" class="second-button" on:click=move |_| file::choose(id)>"Choisir un fichier"</button>
            <input id=id type="file" multiple=several accept=accept hidden=true on:change=move |_| take.run(file::all_chosen(id))/>
        </section>
    }
}
