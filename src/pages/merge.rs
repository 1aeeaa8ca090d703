//! « C’est la même personne que… »: two records side by side, one is kept, nothing moves, and it can be undone.

use domain::Glyph;
use domain::french::full_day;
use domain::id::RecordId;
use domain::people::PERSON;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use sync::Shown;

use super::absent::AbsentRecord;
use super::chooser::PersonChooser;
use super::reading::{person_of, started_at};
use super::removal::counted_kinds;
use super::told;
use crate::notebook::{Notebook, Trouble, use_notebook};
use crate::platform::page;
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::TroubleBand;
use crate::ui::icon::Icon;
use crate::ui::page::{Page, focus_at_turn};

#[component]
pub fn MergePage() -> impl IntoView {
    let notebook = use_notebook();
    let id = route::record_param("id");
    let known = Memo::new(move |_| {
        let id = id.get()?;
        let shown = notebook.record(id).get()?;
        let merged = notebook.merged_into(id).get().is_some();
        (shown.kind == PERSON.id && !shown.deleted && !shown.held && !merged).then_some(id)
    });
    view! {
        <Page title="Réunir deux fiches">
            {move || match known.get() {
                Some(id) => view! { <Merging id/> }.into_any(),
                None => AbsentRecord().into_any(),
            }}
        </Page>
    }
}

#[component]
fn Merging(id: RecordId) -> impl IntoView {
    let notebook = use_notebook();
    let chosen = RwSignal::new(None::<RecordId>);
    let name = notebook.record(id).get_untracked().map_or_else(String::new, |shown| person_of(&shown).name());
    focus_at_turn(Memo::new(move |_| chosen.get().is_some()), ["title", "title"]);
    view! {
        <header class="title">
            <a class="back" href=route::person(id)><Icon name=Glyph::Back/>{name.clone()}</a>
            <h1 id="title" tabindex="-1">
                {move || if chosen.get().is_some() { "Est-ce bien la même personne\u{202f}?" } else { "C’est la même personne que…" }}
            </h1>
        </header>
        {move || match chosen.get() {
            None => view! {
                <p>"Choisissez l’autre fiche de "{name.clone()}". Vous les comparerez avant de les réunir."</p>
                <PersonChooser except=id chosen/>
            }.into_any(),
            Some(other) => view! { <SideBySide pair=[id, other] chosen/> }.into_any(),
        }}
    }
}

#[component]
fn SideBySide(pair: [RecordId; 2], chosen: RwSignal<Option<RecordId>>) -> impl IntoView {
    let notebook = use_notebook();
    let navigate = use_navigate();
    // The rank of the record that is kept: the one she came from.
    let kept = RwSignal::new(0_usize);
    let attempt = Attempt::new();
    let [one, other] = pair.map(|id| notebook.record(id).get_untracked());
    let (Some(one), Some(other)) = (one, other) else { return AbsentRecord().into_any() };
    let cards = [card(notebook, &one, &other, 0, kept), card(notebook, &other, &one, 1, kept)];
    let merge = move |_| {
        let navigate = navigate.clone();
        let rank = kept.get_untracked();
        let (keep, merged) = (pair[rank], pair[1 - rank]);
        attempt.leave(async move {
            notebook.merge(merged, Some(keep)).await?;
            navigate(&route::person(keep), NavigateOptions { replace: true, ..NavigateOptions::default() });
            Ok(())
        });
    };
    view! {
        <TroubleBand id="merge-trouble" trouble=attempt.trouble/>
        <fieldset class="choice">
            <legend>"Quelle fiche garder\u{202f}?"</legend>
            <div class="two-values">{cards}</div>
        </fieldset>
        <p>"Les saisies des deux fiches seront réunies sous celle que vous gardez. Rien n’est déplacé ni effacé\u{a0}: vous pourrez défaire."</p>
        <div class="actions">
            <button type="button" class="main-button" disabled=attempt.busy on:click=merge>"Réunir les deux fiches"</button>
            <button type="button" class="second-button" on:click=move |_| chosen.set(None)>"Choisir une autre fiche"</button>
            <a class="quiet" href=route::person(pair[0])>"Ce sont deux personnes"</a>
        </div>
    }
    .into_any()
}

/// One of the two records: every answer, those that differ said so in words.
fn card(notebook: Notebook, shown: &Shown, other: &Shown, rank: usize, kept: RwSignal<usize>) -> AnyView {
    let form = super::reading::form_of(shown);
    let lines = form.map(|form| {
        let read = |shown: &Shown, field: &str| {
            let value = shown.fields.get(field).map(|field| field.value.clone()).unwrap_or_default();
            told::value(Some(form), field, &value, &|_| None, &|at| notebook.local(at))
        };
        form.questions()
            .filter(|(_, question)| !matches!(question.kind, domain::form::Kind::Consent(_)))
            .map(|(_, question)| {
                let here = read(shown, question.id);
                let differs = read(other, question.id) != here;
                let mark = differs.then(|| view! { " "<span class="tag stale">"différent"</span> });
                view! { <div><dt>{crate::ui::typeset::typeset(question.label.text)}</dt><dd>{here}{mark}</dd></div> }
            })
            .collect_view()
    });
    let hanging = notebook.hanging(shown.id).get_untracked();
    let hanging = counted_kinds(hanging.iter().map(|shown| shown.kind.as_str()));
    let begun = full_day(notebook.local(started_at(shown)).date());
    let second =
        if hanging.is_empty() { format!("Notée le {begun}") } else { format!("Notée le {begun}, avec {hanging}") };
    view! {
        <div class="value-box">
            <label class="answer">
                <input type="radio" name="kept" prop:checked=move || kept.get() == rank on:change=move |_| kept.set(rank)/>
                <span class="name">{person_of(shown).name()}</span>
            </label>
            <p class="second">{second}</p>
            <dl class="facts">{lines}</dl>
        </div>
    }
    .into_any()
}

/// On the page of a person: with whom she was merged, and the way back.
#[component]
pub fn Merged(id: RecordId) -> impl IntoView {
    let notebook = use_notebook();
    let (into, here) = (notebook.merged_into(id), notebook.merged_here(id));
    let trouble = RwSignal::new(None::<Trouble>);
    let undo = move |merged: RecordId| {
        trouble.set(None);
        spawn_local(async move {
            match notebook.merge(merged, None).await {
                Ok(()) => request_animation_frame(|| page::focus("title")),
                Err(refused) => {
                    trouble.try_set(Some(refused));
                }
            }
        });
    };
    view! {
        {move || into.get().and_then(|kept| notebook.record(kept).get()).map(|kept| view! {
            <div class="band notice" role="status">
                <Icon name=Glyph::People/>
                <p><b>"Fusionnée avec "{person_of(&kept).name()}"."</b>" Son suivi est sur l’autre fiche. Rien n’est effacé."</p>
                <div class="actions">
                    <a class="second-button" href=route::person(kept.id)>"Ouvrir l’autre fiche"</a>
                    <button type="button" class="second-button" on:click=move |_| undo(id)><Icon name=Glyph::Undo/>"Défaire"</button>
                </div>
            </div>
        })}
        {move || here.get().into_iter().map(|merged| {
            let other = merged.id;
            let begun = full_day(notebook.local(started_at(&merged)).date());
            let label = format!("Défaire la fusion avec la fiche du {begun}");
            view! {
                <div class="follow-next">
                    <Icon name=Glyph::People/>
                    <span>"Fusionnée avec "<b>{person_of(&merged).name()}</b>{format!(", fiche du {begun}")}</span>
                    <button type="button" class="quiet" aria-label=label on:click=move |_| undo(other)>"Défaire"</button>
                </div>
            }
        }).collect_view()}
        <TroubleBand id="unmerge-trouble" trouble/>
    }
}
