//! The imports that were done, newest first: who, when, how many; people to inform; taking one back.

use domain::Glyph;
use domain::annuaire::import::{Listed, Register, Undone};
use domain::french::{counted, full_day};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

use crate::annuaire::use_annuaire;
use crate::notebook::{Notebook, Trouble};
use crate::pages::told;
use crate::platform::page;
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::{TroubleBand, Unread};
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;

/// The list as the server last told it.
#[derive(Clone, Copy)]
pub struct Lists {
    notebook: Notebook,
    imports: RwSignal<Option<Vec<Listed>>>,
    trouble: RwSignal<Option<Trouble>>,
}

impl Lists {
    pub fn load(notebook: Notebook) -> Self {
        let lists = Self { notebook, imports: RwSignal::new(None), trouble: RwSignal::new(None) };
        lists.reload();
        lists
    }

    pub fn reload(self) {
        spawn_local(async move {
            match self.notebook.imports().await {
                Ok(imports) => {
                    self.imports.try_set(Some(imports));
                    self.trouble.try_set(None);
                }
                Err(refused) => drop(self.trouble.try_set(Some(refused))),
            }
        });
    }
}

/// `undone`: an import was taken back.
pub fn listed(notebook: Notebook, lists: Lists, undone: impl Fn() + Copy + Send + 'static) -> AnyView {
    let said = RwSignal::new(None::<String>);
    let undoing = RwSignal::new(None::<Uuid>);
    let open = RwSignal::new(false);
    let ask = move |import: Uuid| {
        undoing.set(Some(import));
        open.set(true);
    };
    let lines = move || {
        let imports = lists.imports.get().unwrap_or_default();
        imports.into_iter().map(|one| line(lists, notebook, one, ask)).collect_view()
    };
    view! {
        <h2 id="imports-title" tabindex="-1">"Imports faits"</h2>
        <TroubleBand id="imports-trouble" trouble=lists.trouble/>
        {move || (lists.trouble.with(Option::is_some) && lists.imports.with(Option::is_none)).then(|| view! {
            <Unread again=Callback::new(move |()| lists.reload())/>
        })}
        <p role="status" aria-live="polite">{said}</p>
        {move || lists.imports.with(|imports| imports.as_ref().is_some_and(Vec::is_empty)).then(|| view! {
            <p class="second">"Aucun import pour l’instant."</p>
        })}
        <ul class="history imports" role="list">{move || lines()}</ul>
        <Undo lists undoing open said undone/>
    }
    .into_any()
}

fn line(lists: Lists, notebook: Notebook, one: Listed, ask: impl Fn(Uuid) + Copy + Send + 'static) -> AnyView {
    let today = notebook.today();
    let register = match one.kind {
        Register::Rpps => "Annuaire Santé (RPPS)",
        Register::Finess => "FINESS",
    };
    let counts = one.counts;
    let mut said = vec![counted(counts.new, "nouvelle", "nouvelles"), counted(counts.changed, "changée", "changées")];
    if counts.gone > 0 {
        said.push(counted(counts.gone, "n’apparaît plus", "n’apparaissent plus"));
    }
    let when = told::moment(notebook.local(one.at), today);
    let who = one.by.clone().unwrap_or_else(|| "Depuis le serveur".to_owned());
    let undone = one.undone_at.map(|at| format!("Annulé {}", told::moment(notebook.local(at), today)));
    let inform = inform(lists, &one);
    let id = one.id;
    view! {
        <li>
            <p class="who-when"><b>{format!("{register}, fichier du {}", full_day(one.on.0))}</b><span class="second">{format!("{who}, {when}")}</span></p>
            <p>{said.join(", ")}</p>
            <p class="second">{one.file.clone()}</p>
            {undone.clone().map(|undone| view! { <p><span class="tag">{undone}</span></p> })}
            {inform}
            {undone.is_none().then(|| view! {
                <button type="button" class="quiet" aria-haspopup="dialog" on:click=move |_| ask(id)>
                    <Icon name=Glyph::Undo/>"Annuler cet import"
                </button>
            })}
        </li>
    }
    .into_any()
}

/// The people who are in the directory without having asked, and until when to tell them.
fn inform(lists: Lists, one: &Listed) -> Option<AnyView> {
    if one.to_inform.is_empty() || one.informed_at.is_some() {
        return None;
    }
    let people = one
        .to_inform
        .iter()
        .map(|person| {
            let href = format!("{}/{}", route::ANNUAIRE, person.card);
            view! { <li><a href=href>{crate::pages::annuaire::words::person_name(&person.who)}</a></li> }
        })
        .collect_view();
    let said = counted(one.to_inform.len(), "personne à informer", "personnes à informer");
    let id = one.id;
    let informed = move |_| {
        spawn_local(async move {
            match lists.notebook.informed(id).await {
                Ok(()) => lists.reload(),
                Err(refused) => drop(lists.trouble.try_set(Some(refused))),
            }
        });
    };
    Some(
        view! {
            <details class="plan-part">
                <summary>{format!("{said} avant le {}", full_day(one.inform_until.0))}</summary>
                <p>"Dites-leur qu’elles sont dans l’annuaire, d’où viennent ces informations, et comment s’y opposer."</p>
                <ul class="plain people">{people}</ul>
                <button type="button" class="second-button" on:click=informed><Icon name=Glyph::Check/>"Elles sont informées"</button>
            </details>
        }
        .into_any(),
    )
}

#[component]
fn Undo(
    lists: Lists,
    undoing: RwSignal<Option<Uuid>>,
    open: RwSignal<bool>,
    said: RwSignal<Option<String>>,
    undone: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let annuaire = use_annuaire();
    let attempt = Attempt::new();
    let undo = move |_| {
        let Some(import) = undoing.get_untracked() else { return };
        attempt.run(async move {
            let taken = lists.notebook.undo_import(import).await?;
            open.try_set(false);
            said.try_set(Some(told_undone(&taken)));
            lists.reload();
            undone();
            annuaire.refresh().await;
            page::focus("imports-title");
            Ok(())
        });
    };
    view! {
        <Dialog open title="Annuler cet import\u{202f}?">
            <p>"Les fiches qu’il a créées disparaissent, celles qu’il a changées redeviennent comme avant."</p>
            <p>"Ce que quelqu’un a écrit depuis reste, et vous sera dit."</p>
            <TroubleBand id="undo-trouble" trouble=attempt.trouble/>
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| open.set(false)>"Garder l’import"</button>
                <button type="button" class="danger-button" on:click=undo>"Annuler l’import"</button>
            </div>
        </Dialog>
    }
}

fn told_undone(undone: &Undone) -> String {
    let mut said = vec![
        counted(undone.deleted, "fiche retirée", "fiches retirées"),
        counted(undone.set_back, "fiche remise comme avant", "fiches remises comme avant"),
    ];
    if !undone.left.is_empty() {
        said.push(counted(
            undone.left.len(),
            "fiche changée depuis, et laissée",
            "fiches changées depuis, et laissées",
        ));
    }
    format!("L’import est annulé\u{a0}: {}.", said.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_back_is_counted() {
        let undone = Undone { set_back: 1, deleted: 12, left: Vec::new() };
        assert_eq!(
            told_undone(&undone),
            "L’import est annulé\u{a0}: 12\u{a0}fiches retirées, 1\u{a0}fiche remise comme avant."
        );
    }
}
