//! « Saisies mises de côté »: what the server holds without applying it. A coordinator sees what, who and when, never a value.

use domain::french::{counted, sentence_case, uncapitalised};
use domain::people::Role;
use domain::programmes::kind;
use leptos::prelude::*;
use sync::protocol::{AppliedAgain, SetAsideItem};

use super::absent::AbsentPage;
use super::told;
use crate::notebook::{Notebook, use_notebook};
use crate::platform::page;
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::{Done, TroubleBand, Unread};
use crate::ui::live::live;
use crate::ui::page::{Below, Page};

/// Whether this account sees what is set aside for the whole territory.
pub fn coordinates(notebook: Notebook) -> bool {
    notebook
        .account()
        .with(|account| account.as_ref().is_some_and(|account| account.roles.contains(&Role::Coordinator)))
}

#[component]
pub fn SetAsidePage() -> impl IntoView {
    let notebook = use_notebook();
    live(move || if coordinates(notebook) { view! { <Items/> }.into_any() } else { AbsentPage().into_any() })
}

#[component]
fn Items() -> impl IntoView {
    let notebook = use_notebook();
    let items = RwSignal::new(None::<Vec<SetAsideItem>>);
    let said = RwSignal::new(None::<String>);
    let attempt = Attempt::new();
    let read = move || async move {
        let found = notebook.set_aside().await?;
        items.try_set(Some(found));
        Ok(())
    };
    let load = Callback::new(move |()| attempt.read(read()));
    load.run(());
    let again = move |item: SetAsideItem| {
        attempt.run(async move {
            said.try_set(None);
            let applied = notebook.apply_again(item.record, item.device).await?;
            said.try_set(Some(told_again(applied)));
            page::focus("title");
            read().await
        });
    };
    let lines = move || {
        let today = notebook.today();
        let items = items.get().unwrap_or_default();
        items
            .into_iter()
            .map(|item| {
                let one = sentence_case(kind(&item.kind).map_or("saisie", |kind| kind.one));
                let head = format!(
                    "{one}, {}",
                    counted(usize::try_from(item.count).unwrap_or(usize::MAX), "saisie", "saisies")
                );
                let by = format!(
                    "{}, {}, {}",
                    item.by.name,
                    told::moment(notebook.local(item.by.received_at), today),
                    item.by.device
                );
                let label = format!("Réessayer les saisies de {}", item.by.name);
                view! {
                    <li class="line">
                        <span class="line-text">
                            <b>{head}</b>
                            <span>{told::set_aside(item.reason)}"."</span>
                            <span class="second">{by}</span>
                        </span>
                        {(!item.reason.is_final()).then(|| view! {
                            <button type="button" class="second-button" aria-label=label disabled=attempt.busy
                                on:click=move |_| again(item.clone())>"Réessayer"</button>
                        })}
                    </li>
                }
            })
            .collect_view()
    };
    let none = move || items.with(|items| items.as_ref().is_some_and(Vec::is_empty));
    view! {
        <Page title="Saisies mises de côté">
            <Below back=(route::MORE, "Plus") title="Saisies mises de côté">
                <p class="second">"Le serveur les garde sans pouvoir les ranger. Leur contenu n’est montré qu’à leur auteur et à l’équipe de soin."</p>
            </Below>
            <TroubleBand id="aside-trouble" trouble=attempt.trouble/>
            <Done said/>
            {move || none().then(|| view! { <p>"Aucune saisie n’est mise de côté. Si cela arrive, le motif sera dit ici, et vous pourrez réessayer."</p> })}
            {move || (attempt.trouble.with(Option::is_some) && items.with(Option::is_none)).then(|| view! { <Unread again=load/> })}
            <ul class="lines wrapped" role="list">{move || lines()}</ul>
        </Page>
    }
}

/// What became of it, in words.
fn told_again(applied: AppliedAgain) -> String {
    let count = usize::try_from(applied.applied).unwrap_or(usize::MAX);
    let done = match count {
        0 => "Aucune saisie n’a pu être rangée.".to_owned(),
        1 => "Une saisie est rangée à sa place.".to_owned(),
        _ => format!("{} sont rangées à leur place.", counted(count, "saisie", "saisies")),
    };
    match applied.stopped {
        None => done,
        Some(reason) => format!("{done} La suivante reste de côté\u{a0}: {}.", uncapitalised(told::set_aside(reason))),
    }
}

#[cfg(test)]
mod tests {
    use sync::protocol::Quarantine;

    use super::*;

    #[test]
    fn the_result_of_a_second_try_is_told() {
        assert_eq!(told_again(AppliedAgain { applied: 1, stopped: None }), "Une saisie est rangée à sa place.");
        let stopped = AppliedAgain { applied: 0, stopped: Some(Quarantine::NoRight) };
        assert_eq!(
            told_again(stopped),
            "Aucune saisie n’a pu être rangée. La suivante reste de côté\u{a0}: son auteur n’a pas le droit d’écrire sur \
             cette fiche."
        );
    }
}
