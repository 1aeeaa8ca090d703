//! An answer after which nothing may be kept: asked once more, then what was written is forgotten.

use domain::people::{GivenBy, Purpose};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::sheet::{Sheet, use_sheet};
use crate::notebook::Trouble;
use crate::ui::dialog::Dialog;
use crate::ui::typeset::typeset;

#[component]
pub fn BarDialog() -> impl IntoView {
    let sheet = use_sheet();
    let open = RwSignal::new(false);
    let bar = Memo::new(move |_| {
        sheet
            .barring
            .get()
            .and_then(|question| question.bar)
            .map(|bar| (bar.title, if sheet.is_alone() { bar.alone } else { bar.text }))
    });
    Effect::new(move |_| {
        if sheet.barring.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() && sheet.barring.with_untracked(Option::is_some) {
            sheet.barring.set(None);
        }
    });
    let title = Signal::derive(move || bar.get().map(|(title, _)| typeset(title)).unwrap_or_default());
    let forget = move |_| {
        let Some(bar) = sheet.barring.get_untracked().and_then(|question| question.bar) else { return };
        open.set(false);
        spawn_local(async move {
            match forget(sheet).await {
                Ok(()) => {
                    sheet.barred.try_set(Some(bar));
                    sheet.erased.try_set(true);
                }
                Err(trouble) => drop(sheet.failed.try_set(Some(trouble))),
            }
        });
    };
    view! {
        <Dialog open title>
            {move || bar.get().map(|(_, text)| view! { <p>{typeset(text)}</p> })}
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| open.set(false)>"Revenir à la question"</button>
                <button type="button" class="danger-button" on:click=forget>"Ne rien garder"</button>
            </div>
        </Dialog>
    }
}

/// What nobody agreed to goes without a trace. What she had agreed to before is taken back: this record, and outside a
/// notebook, where she was met for it alone, her consent to be kept.
async fn forget(sheet: Sheet) -> Result<(), Trouble> {
    let notebook = sheet.notebook;
    notebook.flushed().await?;
    if sheet.held() && sheet.is_of_person() {
        return notebook.discard(sheet.person).await;
    }
    notebook.discard(sheet.record).await?;
    if sheet.outside.is_some() && sheet.is_of_person() {
        notebook.consent(sheet.person, Purpose::Record, false, GivenBy::Person).await?;
    }
    Ok(())
}
