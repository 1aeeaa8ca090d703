//! « Partager »: choosing a colleague, saying what she will see, asking the person, then sharing.

use domain::Glyph;
use domain::french::uncapitalised;
use domain::id::RecordId;
use domain::people::{GivenBy, Purpose, SHARE};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use sync::protocol::access::Colleague;

use super::absent::AbsentRecord;
use super::consents::Giver;
use super::reading::{may_write, person_of};
use super::team::Team;
use crate::notebook::use_notebook;
use crate::platform::page;
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::icon::Icon;
use crate::ui::line::{ActionLine, LineText};
use crate::ui::page::{Page, focus_at_turn};
use crate::ui::search_box::{SearchBox, matches};

const NO_ANSWER: &str = "Sa réponse manque. Rien n’est partagé. Posez-lui la question, puis notez ce qu’elle répond.";

#[component]
pub fn SharePage() -> impl IntoView {
    let notebook = use_notebook();
    let id = route::record_param("id");
    let account = notebook.account();
    let known = Memo::new(move |_| {
        let shown = notebook.record(id.get()?).get()?;
        let may = account.with(|account| may_write(account.as_ref(), &SHARE));
        (may && !shown.deleted && !shown.held && !notebook.in_part(shown.id).get()).then_some(shown.id)
    });
    view! {
        <Page title="Partager">
            {move || match known.get() {
                Some(id) => view! { <Sharing id/> }.into_any(),
                None => AbsentRecord().into_any(),
            }}
        </Page>
    }
}

#[component]
fn Sharing(id: RecordId) -> impl IntoView {
    let notebook = use_notebook();
    let team = Team::of(notebook, id);
    let chosen = RwSignal::new(None::<Colleague>);
    let name = notebook.record(id).get_untracked().map_or_else(String::new, |shown| person_of(&shown).name());
    let title = if notebook.hands_over() { "Remettre à un professionnel" } else { "Partager" };
    focus_at_turn(Memo::new(move |_| chosen.with(Option::is_some)), ["title", "title"]);
    view! {
        <header class="title">
            <a class="back" href=route::person(id)><Icon name=Glyph::Back/>{name.clone()}</a>
            <h1 id="title" tabindex="-1">{title}</h1>
        </header>
        {move || match chosen.get() {
            None => view! { <Choose team chosen/> }.into_any(),
            Some(colleague) => view! { <Confirm id team colleague name=name.clone() chosen/> }.into_any(),
        }}
    }
}

/// Everybody who may follow her and does not yet.
#[component]
fn Choose(team: Team, chosen: RwSignal<Option<Colleague>>) -> impl IntoView {
    let notebook = use_notebook();
    let typed = RwSignal::new(String::new());
    let others = Memo::new(move |_| {
        let mut others = team.colleagues.get()?;
        team.members.with(|team| others.retain(|one| !team.iter().any(|member| member.id == one.id)));
        Some(others)
    });
    let found = move || {
        let mut found = others.get().unwrap_or_default();
        typed.with(|typed| found.retain(|one| matches(typed, &format!("{} {}", one.name, one.profession))));
        found
    };
    let lines = move || {
        let line = |colleague: Colleague| {
            let text = LineText { name: colleague.name.clone(), second: colleague.profession.clone(), tag: None };
            view! { <ActionLine text action=move || chosen.set(Some(colleague.clone()))/> }
        };
        found().into_iter().map(line).collect_view()
    };
    let nobody = Memo::new(move |_| others.with(|others| others.as_ref().is_some_and(Vec::is_empty)));
    view! {
        {move || team.reading.trouble.get().map(|trouble| view! {
            <Band tone=Tone::Notice glyph=Glyph::Clock message=trouble.message>
                <button type="button" class="second-button" on:click=move |_| team.read(notebook)>"Réessayer"</button>
            </Band>
        })}
        {move || match (others.with(Option::is_some), nobody.get()) {
            (true, true) => view! {
                <p>"Tous les professionnels du territoire qui ont un compte la suivent déjà. L’administration peut en inviter d’autres."</p>
            }.into_any(),
            (true, false) => view! {
                <p>"Choisissez un professionnel du territoire. Vous confirmerez ensuite."</p>
                <SearchBox label="Chercher un nom ou une profession" typed/>
                <ul class="lines" role="list">{move || lines()}</ul>
                <p role="status">{move || found().is_empty().then_some(
                    "Personne ne répond à ces mots. Votre recherche est gardée. Essayez un autre nom, ou une profession."
                )}</p>
            }.into_any(),
            (false, _) => ().into_any(),
        }}
    }
}

/// What will be seen, her answer, and the button that does it.
#[component]
fn Confirm(
    id: RecordId,
    team: Team,
    colleague: Colleague,
    name: String,
    chosen: RwSignal<Option<Colleague>>,
) -> impl IntoView {
    let notebook = use_notebook();
    let navigate = use_navigate();
    let over = notebook.hands_over();
    let agreed = team.agreed.get_untracked();
    let answer = RwSignal::new(agreed.then_some(true));
    let giver = RwSignal::new(GivenBy::Person);
    let error = RwSignal::new(None::<&'static str>);
    let attempt = Attempt::new();
    let with = colleague.clone();
    let profession = match colleague.profession.as_str() {
        "" => String::new(),
        profession => format!(", {},", uncapitalised(profession)),
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(yes) = answer.get_untracked() else {
            error.set(Some(NO_ANSWER));
            page::focus("agreed-yes");
            return;
        };
        let (navigate, with) = (navigate.clone(), with.clone());
        attempt.leave(async move {
            if !agreed {
                notebook.consent(id, Purpose::ShareNamed, yes, giver.get_untracked()).await?;
            }
            if yes {
                notebook.share(id, &with).await?;
            }
            navigate(&route::person(id), NavigateOptions { replace: true, ..NavigateOptions::default() });
            Ok(())
        });
    };
    let radio = move |yes: bool, id: &'static str, label: &'static str| {
        view! {
            <label class="answer">
                <input type="radio" id=id name="agreed" autocomplete="off" aria-describedby="agreed-error"
                    prop:checked=move || answer.get() == Some(yes)
                    on:change=move |_| {
                        error.set(None);
                        answer.set(Some(yes));
                    }/>
                <span>{label}</span>
            </label>
        }
    };
    let button = {
        let name = colleague.name.clone();
        move || match (answer.get(), over) {
            (Some(false), _) => "Noter sa réponse sans partager".to_owned(),
            (_, true) => format!("Remettre à {name}"),
            (_, false) => format!("Partager avec {name}"),
        }
    };
    view! {
        <form autocomplete="off" class="stack" on:submit=submit>
            <p class="lead">
                <b class="name">{colleague.name.clone()}</b>
                {profession}{format!(" verra tout ce qui est noté pour {name} (sa fiche, ses accords, ce qui a été fait) et pourra y écrire.")}
            </p>
            {over.then(|| view! { <p>"Finissez d’abord ce que vous notez\u{a0}: vous ne verrez plus cette personne. Rien n’est perdu, la suite sera entre ses mains."</p> })}
            {if agreed {
                view! { <p class="second">"Son accord au partage est déjà noté."</p> }.into_any()
            } else {
                view! {
                    <fieldset class="choice">
                        <legend class="q-text">{Purpose::ShareNamed.question()}</legend>
                        <div class="answers">{radio(true, "agreed-yes", "Oui")}{radio(false, "agreed-no", "Non")}</div>
                        <p class="field-error" id="agreed-error">{move || error.get()}</p>
                    </fieldset>
                    <Giver id="agreed-by" giver/>
                }.into_any()
            }}
            <TroubleBand id="share-trouble" trouble=attempt.trouble/>
            <div class="actions">
                <button type="submit" class="main-button" aria-busy=attempt.aria_busy()>{button}</button>
                <button type="button" class="second-button" on:click=move |_| chosen.set(None)>"Choisir un autre professionnel"</button>
                <a class="quiet" href=route::person(id)>"Ne rien partager"</a>
            </div>
        </form>
    }
}
