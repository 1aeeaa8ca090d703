//! A question that stops everything else: only to leave, to erase, to sign, or to call for help.

use std::sync::atomic::{AtomicUsize, Ordering};

use leptos::html;
use leptos::prelude::*;

/// A native modal dialog: the browser keeps the focus inside, closes it on Escape and gives the focus back.
/// The children end with an `.actions` row, the safe action first.
#[component]
pub fn Dialog(open: RwSignal<bool>, #[prop(into)] title: Signal<String>, children: Children) -> impl IntoView {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let heading = format!("dialog-{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let labelled = heading.clone();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let wanted = open.get();
        let Some(dialog) = node.get() else { return };
        if wanted && !dialog.open() {
            // Refused only when the element has left the page; then there is nothing to show either.
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby=heading on:close=move |_| open.set(false)>
            <h2 id=labelled>{title}</h2>
            {children()}
        </dialog>
    }
}
