//! « Territoire » and « Fiches bientôt effacées »: pages whose words the server writes, drawn part by part.

use domain::Glyph;
use domain::french::NBSP;
use leptos::prelude::*;
use sync::protocol::territory::{Act, Asked, Line, Panel, Part};

use super::absent::AbsentPage;
use super::accounts::administers;
use super::reading::person_of;
use crate::notebook::{LEAVING, Notebook, SETTINGS, use_notebook};
use crate::platform::page;
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::{TroubleBand, Unread};
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;
use crate::ui::page::{Below, Page};

#[component]
pub fn TerritoryPage() -> impl IntoView {
    let notebook = use_notebook();
    let may = Memo::new(move |_| administers(notebook));
    move || if may.get() { whole(notebook, "Territoire", SETTINGS) } else { AbsentPage().into_any() }
}

#[component]
pub fn LeavingPage() -> impl IntoView {
    whole(use_notebook(), "Fiches bientôt effacées", LEAVING)
}

/// A page on the screen.
#[derive(Clone, Copy)]
struct Drawn {
    notebook: Notebook,
    panel: RwSignal<Panel>,
    attempt: Attempt,
    /// The part where something was last asked: what came of it is told there.
    place: RwSignal<usize>,
    /// What is asked for again before it is done.
    sure: RwSignal<Act>,
    open: RwSignal<bool>,
}

impl Drawn {
    fn ask(self, asked: Asked) {
        self.attempt.run(async move {
            self.panel.try_set(self.notebook.set_territory(asked).await?);
            if let Some(place) = self.place.try_get_untracked() {
                // What was touched is drawn anew.
                page::when_no_hand_writes(move || page::focus(&format!("part-{place}")));
            }
            Ok(())
        });
    }

    fn touch(self, place: usize, act: Act) {
        self.place.set(place);
        if act.sure.is_some() {
            self.sure.set(act);
            self.open.set(true);
        } else {
            self.ask(act.asked);
        }
    }
}

fn whole(notebook: Notebook, title: &'static str, url: &'static str) -> AnyView {
    let drawn = Drawn {
        notebook,
        panel: RwSignal::new(Panel::default()),
        attempt: Attempt::new(),
        place: RwSignal::new(0),
        sure: RwSignal::new(Act::default()),
        open: RwSignal::new(false),
    };
    let Drawn { panel, attempt, sure, open, .. } = drawn;
    let read = RwSignal::new(false);
    let load = Callback::new(move |()| {
        attempt.read(async move {
            panel.try_set(notebook.panel(url).await?);
            read.try_set(true);
            Ok(())
        });
    });
    load.run(());
    let question = Signal::derive(move || sure.with(|act| act.sure.clone()).unwrap_or_default());
    view! {
        <Page title=title>
            <Below back=(route::MORE, "Plus") title=title><p class="second">{move || panel.with(|panel| panel.second.clone())}</p></Below>
            {move || (!read.get()).then(|| view! { <TroubleBand id="panel-trouble" trouble=attempt.trouble/> })}
            {move || (!read.get() && attempt.trouble.with(Option::is_some)).then(|| view! { <Unread again=load/> })}
            {move || (read.get() && panel.with(|panel| panel.parts.is_empty())).then(|| view! { <p>"Aucune fiche ne sera effacée bientôt. Si cela change, elle sera dite ici."</p> })}
            {move || {
                let Panel { said, parts, .. } = panel.get();
                let last = drawn.place.get_untracked();
                parts.into_iter().enumerate().map(|(place, part)| {
                    let said = if place == last { said.clone() } else { String::new() };
                    section(drawn, place, part, said)
                }).collect_view()
            }}
            <Dialog open title=Signal::derive(move || question.get().title)>
                <p>{move || question.get().text}</p>
                <div class="actions">
                    <button type="button" class="main-button" on:click=move |_| open.set(false)>{move || question.get().keep}</button>
                    <button type="button" class="danger-button" on:click=move |_| {
                        open.set(false);
                        drawn.ask(sure.get_untracked().asked);
                    }>{move || sure.get().label}</button>
                </div>
            </Dialog>
        </Page>
    }
    .into_any()
}

fn section(drawn: Drawn, place: usize, part: Part, said: String) -> AnyView {
    let Part { title, texts, lines, acts } = part;
    let trouble = drawn.attempt.trouble;
    view! {
        {(!title.is_empty()).then(|| view! { <h2 id=format!("part-{place}") tabindex="-1">{title}</h2> })}
        <div role="status">
            {(!said.is_empty()).then(|| view! { <div class="band good"><Icon name=Glyph::Check/><p>{said}</p></div> })}
        </div>
        {move || (drawn.place.get() == place).then(|| view! { <TroubleBand id="act-trouble" trouble/> })}
        {texts.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
        <ul class="lines wrapped" role="list">{lines.into_iter().map(|one| line(drawn, place, one)).collect_view()}</ul>
        {acts.into_iter().enumerate().map(|(rank, one)| act(drawn, place, format!("act-{place}-{rank}"), one)).collect_view()}
    }
    .into_any()
}

fn line(drawn: Drawn, place: usize, line: Line) -> AnyView {
    let Line { text, record, act } = line;
    let name = record.map(|record| {
        let known = drawn.notebook.record(record);
        let name = move || {
            known.with(|shown| {
                shown
                    .as_ref()
                    .map_or_else(|| "Fiche qui n’est pas sur cet appareil".to_owned(), |shown| person_of(shown).name())
            })
        };
        view! { <a href=route::person(record)><b class="name">{name}</b></a> }
    });
    let action = act.map(|act| {
        let label = act.label.clone();
        // « Retirer » on the button, « Retirer Auterive » to who hears it.
        let short = label.split(' ').next().unwrap_or_default().to_owned();
        view! {
            <button type="button" class="second-button" aria-label=label disabled=drawn.attempt.busy
                on:click=move |_| drawn.touch(place, act.clone())>{short}</button>
        }
    });
    view! { <li class="line"><span class="line-text">{name}<span>{text}</span></span>{action}</li> }.into_any()
}

fn act(drawn: Drawn, place: usize, id: String, act: Act) -> AnyView {
    let (label, busy) = (act.label.clone(), drawn.attempt.busy);
    if act.field.is_empty() {
        return view! {
            <div class="actions">
                <button type="button" class="second-button" disabled=busy on:click=move |_| drawn.touch(place, act.clone())>{label}</button>
            </div>
        }
        .into_any();
    }
    let value = RwSignal::new(act.asked.value.clone());
    let field = act.field.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut act = act.clone();
        act.asked.value = value.get_untracked().replace(NBSP, " ");
        drawn.touch(place, act);
    };
    view! {
        <form class="member" autocomplete="off" novalidate=true on:submit=submit>
            <div class="field">
                <label for=id.clone()>{field}</label>
                <input id=id type="text" autocomplete="off" spellcheck="false" bind:value=value/>
            </div>
            <div class="actions"><button type="submit" class="second-button" disabled=busy>{label}</button></div>
        </form>
    }
    .into_any()
}
