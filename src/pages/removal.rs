//! Deleting a record: what will happen is said before, and undoing is offered right after.

use domain::Glyph;
use domain::french::{counted, join, uncapitalised};
use domain::id::RecordId;
use domain::order::sort_by_key;
use domain::programmes::kind;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::Shown;

use super::told;
use crate::notebook::{Notebook, Trouble, use_notebook};
use crate::platform::page;
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::TroubleBand;
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;

/// « Supprimer la fiche », « Supprimer le repérage ».
#[component]
pub fn Remove(record: RecordId) -> impl IntoView {
    let notebook = use_notebook();
    let asking = RwSignal::new(false);
    let attempt = Attempt::new();
    let shown = notebook.record(record);
    let the = move || {
        shown.with(|shown| shown.as_ref().and_then(|shown| kind(&shown.kind)).map_or("la fiche", |kind| kind.the))
    };
    let hanging = notebook.hanging(record);
    let with_it = move || {
        let words = hanging.with(|hanging| counted_kinds(hanging.iter().map(|shown| shown.kind.as_str())));
        (!words.is_empty()).then(|| view! { <p>{format!("Ce qui en dépend disparaît aussi\u{a0}: {words}.")}</p> })
    };
    let remove = move |_| {
        attempt.run(async move {
            notebook.discard(record).await?;
            asking.try_set(false);
            request_animation_frame(|| page::focus("title"));
            Ok(())
        });
    };
    view! {
        <button type="button" class="danger-button" aria-haspopup="dialog" on:click=move |_| asking.set(true)>
            {move || format!("Supprimer {}", the())}
        </button>
        <Dialog open=asking title=Signal::derive(move || format!("Supprimer {}\u{202f}?", the()))>
            <p>"Cette fiche disparaît des listes, des comptes et de la journée, pour toutes les personnes qui la voient."</p>
            {move || with_it()}
            <p>"Rien n’est effacé\u{a0}: vous pourrez la remettre, tout de suite ou plus tard."</p>
            <TroubleBand id="remove-trouble" trouble=attempt.trouble/>
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| asking.set(false)>"Garder"</button>
                <button type="button" class="danger-button" on:click=remove>"Supprimer"</button>
            </div>
        </Dialog>
    }
}

/// Instead of a deleted record: that it is, and the way back.
#[component]
pub fn Removed(record: RecordId) -> impl IntoView {
    let notebook = use_notebook();
    let shown = notebook.record(record);
    let trouble = RwSignal::new(None::<Trouble>);
    let itself = Memo::new(move |_| shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.deleted)));
    let back = move |_| {
        restore(notebook, record, trouble);
    };
    let what = move || {
        let today = notebook.today();
        shown.get().map(|shown| {
            let owner = told::owner(notebook, &shown);
            format!("{owner}, {}", uncapitalised(&told::what(&shown, today, &|at| notebook.local(at))))
        })
    };
    view! {
        <header class="title">
            <h1 id="title" tabindex="-1">"Cette fiche est supprimée"</h1>
            <p class="second">{move || what()}</p>
        </header>
        <TroubleBand id="restore-trouble" trouble/>
        {move || if itself.get() {
            view! {
                <p>"Elle n’est plus dans les listes ni dans les comptes. Rien n’est effacé. Remettez-la si c’était une erreur."</p>
                <div class="actions">
                    <button type="button" class="main-button" on:click=back><Icon name=Glyph::Undo/>"Remettre la fiche"</button>
                    <a class="second-button" href=route::history(record)>"Voir l’historique"</a>
                    <a class="quiet" href=route::TODAY>"Voir ma journée"</a>
                </div>
            }.into_any()
        } else {
            view! {
                <p>"La fiche de la personne est supprimée, et celle-ci avec elle. Rien n’est effacé. Remettez d’abord la fiche de la personne."</p>
                <div class="actions"><a class="main-button" href=route::DELETED>"Voir les fiches supprimées"</a></div>
            }.into_any()
        }}
    }
}

/// Brings it back, and gives the keyboard to what takes its place.
pub fn restore(notebook: Notebook, record: RecordId, trouble: RwSignal<Option<Trouble>>) {
    trouble.set(None);
    spawn_local(async move {
        match notebook.restore(record).await {
            Ok(()) => request_animation_frame(|| page::focus("title")),
            Err(refused) => {
                trouble.try_set(Some(refused));
            }
        }
    });
}

/// « 2 repérages et 5 accords »
pub fn counted_kinds<'a>(kinds: impl Iterator<Item = &'a str>) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for of in kinds {
        match counts.iter_mut().find(|(known, _)| *known == of) {
            Some((_, count)) => *count += 1,
            None => counts.push((of, 1)),
        }
    }
    sort_by_key(&mut counts, |(kind, _)| *kind);
    let words: Vec<String> = counts
        .into_iter()
        .map(|(of, count)| {
            let one = kind(of).map_or("saisie", |kind| kind.one);
            counted(count, one, &format!("{one}s"))
        })
        .collect();
    join(&words)
}

/// Whether a record may be deleted: what was never consented is taken back without a trace instead, and what others rest on
/// is kept.
pub fn may_remove(shown: &Shown) -> bool {
    !shown.held && !shown.deleted && kind(&shown.kind).is_none_or(|kind| !kind.kept)
}

#[cfg(test)]
mod tests {
    use domain::programmes::PROGRAMMES;

    use super::super::reading::fixture::person;
    use super::*;

    #[test]
    fn what_is_kept_or_gone_is_not_offered_to_be_deleted() {
        let of = |kind: &str, held, deleted| {
            let shown = Shown { kind: kind.into(), held, deleted, ..(*person(1, "Odette", "Salvan")).clone() };
            may_remove(&shown)
        };
        assert!(of("person", false, false) && of("of-tomorrow", false, false));
        assert!(!of("person", true, false) && !of("person", false, true));
        let kinds = || PROGRAMMES.iter().flat_map(|programme| programme.records);
        assert!(kinds().any(|kind| kind.kept) && kinds().all(|kind| of(kind.id, false, false) != kind.kept));
    }

    #[test]
    fn what_goes_with_it_is_counted_by_kind() {
        assert_eq!(counted_kinds(["person", "consent", "consent"].into_iter()), "2\u{a0}accords et 1\u{a0}personne");
        assert_eq!(counted_kinds([].into_iter()), "");
    }
}
