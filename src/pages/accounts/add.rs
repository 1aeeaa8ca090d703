//! Adding one person: who she is and what she may do; her link comes next.

use domain::Glyph;
use domain::people::Role;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use sync::protocol::access::NewMember;

use super::{for_administrators, words};
use crate::notebook::use_notebook;
use crate::platform::page;
use crate::route;
use crate::ui::attempt::{Attempt, Submit};
use crate::ui::band::{Band, Tone};
use crate::ui::icon::Icon;
use crate::ui::page::{Below, Page};

const NAME: &str = "member-name";
const PROFESSION: &str = "member-profession";
const ROLES: &str = "member-roles";

#[component]
pub fn AddPage() -> impl IntoView {
    for_administrators(|| Add().into_any())
}

/// What is missing: the field and what to do.
type Missing = (&'static str, &'static str);

fn missing(name: &str, profession: &str, roles: &[Role]) -> Vec<Missing> {
    let checks = [
        (NAME, "Écrivez son prénom et son nom.", name.trim().is_empty()),
        (PROFESSION, "Écrivez sa profession ou sa fonction.", profession.trim().is_empty()),
        (ROLES, "Choisissez au moins un rôle.", roles.is_empty()),
    ];
    checks.into_iter().filter(|(_, _, missing)| *missing).map(|(field, what, _)| (field, what)).collect()
}

#[component]
fn Add() -> impl IntoView {
    let notebook = use_notebook();
    let navigate = use_navigate();
    let (name, profession) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let roles = RwSignal::new(Vec::<Role>::new());
    // Nothing is reproached before she is done; then each answer takes its reproach away.
    let tried = RwSignal::new(false);
    let lacks = Memo::new(move |_| {
        if !tried.get() {
            return Vec::new();
        }
        name.with(|name| profession.with(|profession| roles.with(|roles| missing(name, profession, roles))))
    });
    let attempt = Attempt::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if let Some(first) = lacks.with_untracked(|lacks| lacks.first().map(|(field, _)| *field)) {
            request_animation_frame(move || page::focus(first));
            return;
        }
        let text = |signal: RwSignal<String>| signal.with_untracked(|text| text.trim().to_owned());
        let member = NewMember {
            name: text(name),
            login: String::new(),
            profession: text(profession),
            roles: roles.get_untracked(),
            rpps: None,
        };
        let navigate = navigate.clone();
        attempt.leave(async move {
            notebook.invite(vec![member]).await?;
            // Replaced, so that « back » from the link does not make a second account.
            navigate(route::LINKS, NavigateOptions { replace: true, ..NavigateOptions::default() });
            Ok(())
        });
    };
    let error = move |field: &'static str| {
        move || {
            let what = lacks.with(|lacks| lacks.iter().find(|(one, _)| *one == field).map(|(_, what)| *what));
            what.map(
                |what| view! { <p class="field-error" id=format!("{field}-error")><Icon name=Glyph::Alert/>{what}</p> },
            )
        }
    };
    let wrong = move |field: &'static str| move || lacks.with(|lacks| lacks.iter().any(|(one, _)| *one == field));
    let described = move |field: &'static str| move || wrong(field)().then(|| format!("{field}-error"));
    let checks = words::ROLES
        .into_iter()
        .map(|(role, what)| {
            let id = format!("role-{}", role.label());
            let (hint, hinted) = (format!("{id}-hint"), format!("{id}-hint"));
            view! {
                <div class="role">
                    <label class="answer">
                        <input type="checkbox" aria-describedby=hinted prop:checked=move || roles.with(|roles| roles.contains(&role))
                            on:change=move |_| roles.update(|roles| toggle(roles, role))/>
                        <span>{domain::french::sentence_case(role.label())}</span>
                    </label>
                    <p class="hint" id=hint>{what}</p>
                </div>
            }
        })
        .collect_view();
    view! {
        <Page title="Ajouter une personne">
            <Below back=(route::ACCOUNTS, "Comptes") title="Ajouter une personne">
                <p class="second">"Vous recevrez un lien à lui remettre. Elle choisira elle-même son mot de passe."</p>
            </Below>
            <form class="member" autocomplete="off" novalidate=true on:submit=submit aria-busy=attempt.aria_busy()>
                {move || (lacks.with(Vec::len) > 1).then(|| {
                    let links = lacks.get().into_iter().map(|(field, what)| view! {
                        <li><a href=format!("#{field}") on:click=move |event| {
                            event.prevent_default();
                            page::focus(field);
                        }>{what}</a></li>
                    }).collect_view();
                    view! {
                        <div class="error-summary" role="alert">
                            <h2>"Il manque des réponses. Rien n’est perdu."</h2>
                            <ul>{links}</ul>
                        </div>
                    }
                })}
                <div class="field">
                    <label for=NAME>"Prénom et nom"</label>
                    <input id=NAME type="text" autocomplete="off" autocapitalize="words" spellcheck="false" bind:value=name
                        aria-invalid=move || wrong(NAME)().then_some("true") aria-describedby=described(NAME)/>
                    {error(NAME)}
                </div>
                <div class="field">
                    <label for=PROFESSION>"Profession ou fonction"</label>
                    <input id=PROFESSION type="text" autocomplete="off" spellcheck="false" bind:value=profession
                        aria-invalid=move || wrong(PROFESSION)().then_some("true") aria-describedby=described(PROFESSION)/>
                    {error(PROFESSION)}
                </div>
                <fieldset class="choice" id=ROLES tabindex="-1" aria-describedby=described(ROLES)>
                    <legend>"Rôle"</legend>
                    <p class="hint">"Plusieurs sont possibles."</p>
                    {error(ROLES)}
                    <div class="roles">{checks}</div>
                </fieldset>
                {move || attempt.trouble.get().map(|trouble| view! {
                    <Band tone=Tone::Error glyph=Glyph::Alert message=words::unsure(&trouble)/>
                })}
                <div class="actions">
                    <Submit busy=attempt.busy words="Créer le compte" class="main-button"/>
                    <a class="quiet" href=route::ACCOUNTS>"Annuler"</a>
                </div>
            </form>
        </Page>
    }
}

/// The roles in the order of the page, whatever the order they are touched in.
fn toggle(roles: &mut Vec<Role>, role: Role) {
    let kept = |one: &Role| if *one == role { !roles.contains(one) } else { roles.contains(one) };
    *roles = words::ROLES.into_iter().map(|(one, _)| one).filter(kept).collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_in_the_order_of_the_page() {
        let fields = |missing: Vec<Missing>| missing.into_iter().map(|(field, _)| field).collect::<Vec<_>>();
        assert_eq!(fields(missing(" ", "", &[])), [NAME, PROFESSION, ROLES]);
        assert_eq!(fields(missing("Claire Vidal", "Infirmière", &[Role::Professional])), Vec::<&str>::new());
    }

    #[test]
    fn a_role_touched_twice_is_taken_off() {
        let mut roles = Vec::new();
        toggle(&mut roles, Role::Coordinator);
        toggle(&mut roles, Role::Professional);
        assert_eq!(roles, [Role::Professional, Role::Coordinator]);
        toggle(&mut roles, Role::Coordinator);
        assert_eq!(roles, [Role::Professional]);
    }
}
