//! One section a screen: large questions, what comes next, everything under the thumb. Filled standing, with one hand.

use domain::Glyph;
use domain::form::{Kind, Section};
use domain::french::uncapitalised;
use domain::people::Purpose;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::alerts::{Refused, Unsaved};
use super::header::{Saved, name};
use super::question::QuestionView;
use super::sheet::{Sheet, use_sheet};
use super::{agreed, finish::FinishDialog};
use crate::platform::page;
use crate::ui::emergency::EmergencyButton;
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::thistle::{Thistle, Weather};

/// What receives the focus at each step.
const HEADING: &str = "step";

/// `finish` ends the form; `finishing` is the question asked before, when answers are missing.
#[component]
pub fn Steps(finish: Callback<()>, finishing: RwSignal<bool>) -> impl IntoView {
    let sheet = use_sheet();
    let section = Memo::new(move |_| sheet.step().map(Step));
    // The first title is the person's: the others are read when one comes to them.
    Effect::new(move |before: Option<Option<Step>>| {
        let now = section.get();
        if before.is_some_and(|before| before != now) {
            request_animation_frame(|| page::scroll_to_top(HEADING));
        }
        now
    });
    // The head says it already.
    let alone = sheet.form.sections.len() == 1;
    let step = move || {
        section.get().map(|Step(section)| {
            view! {
                <section class="step" aria-labelledby=HEADING>
                    <h2 id=HEADING tabindex="-1" class:visually-hidden=alone>{section.title}</h2>
                    <For each=move || sheet.visible(section) key=|question| question.id let:question>
                        <QuestionView section question/>
                    </For>
                </section>
            }
        })
    };
    view! {
        <StepsHead/>
        <main id="main" class="sheet by-steps" tabindex="-1">
            <Unsaved/>
            <Refused/>
            <form autocomplete="off" on:submit=|event| event.prevent_default()>{live(step)}</form>
            <FinishDialog asking=finishing/>
        </main>
        <StepsFoot finish/>
    }
}

/// A section is static: two are the same when their names are.
#[derive(Clone, Copy)]
struct Step(&'static Section);

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Sheet {
    /// The sections that ask something, in order.
    fn steps(self) -> Vec<&'static Section> {
        self.asked.with(|asked| {
            let asks = |section: &&Section| asked.iter().any(|one| one.section == section.id);
            self.form.sections.iter().filter(asks).collect()
        })
    }

    /// The one that is drawn: the current question's, the first while nothing is current.
    fn step(self) -> Option<&'static Section> {
        let steps = self.steps();
        let current = self.current.get();
        let holds = |section: &&&Section| section.questions.iter().any(|question| Some(question.id) == current);
        steps.iter().find(holds).or(steps.first()).copied()
    }

    /// Goes so many steps further; `false`: there is none there.
    fn walk(self, by: isize) -> bool {
        let (steps, here) = untrack(|| (self.steps(), self.step()));
        let rank = here.and_then(|here| steps.iter().position(|step| step.id == here.id));
        let to = rank.and_then(|rank| rank.checked_add_signed(by)).and_then(|rank| steps.get(rank));
        let Some(to) = to else { return false };
        let first = self.asked.with_untracked(|asked| {
            let mut there = asked.iter().filter(|one| one.section == to.id);
            let missing = there.clone().find(|one| one.missing());
            missing.or_else(|| there.next()).map(|one| one.question.id)
        });
        self.notebook.settle();
        self.pointing.set_value(false);
        self.current.set(first);
        request_animation_frame(|| page::focus(HEADING));
        true
    }

    /// What was typed on this step and is not kept.
    fn refused_here(self) -> Option<&'static str> {
        let section = untrack(|| self.step())?;
        let refused = self.refused.read_untracked();
        section.questions.iter().map(|question| question.id).find(|id| refused.contains_key(id))
    }
}

/// The state first, then who it is and what she agreed to.
#[component]
fn StepsHead() -> impl IntoView {
    let sheet = use_sheet();
    let facts = move || {
        let questions = sheet.form.questions().map(|(_, question)| question);
        let told = questions.filter_map(|question| match question.kind {
            Kind::OfParent("phone" | "commune") => sheet.kept(question).1.read_back(&sheet.value_of(question)?),
            _ => None,
        });
        told.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
    };
    let consents = move || {
        let consents = sheet.consents.get();
        let told = sheet.form.questions().filter_map(|(_, question)| {
            let Kind::Consent(purposes) = question.kind else { return None };
            let word = short(*purposes.iter().find(|purpose| **purpose != Purpose::Record).or(purposes.first())?);
            Some(match agreed(&consents, purposes)? {
                true => view! { <li><Icon name=Glyph::Check/>{word.to_owned()}</li> },
                false => view! { <li><Icon name=Glyph::Cross/>{format!("Pas de {}", word.to_lowercase())}</li> },
            })
        });
        told.collect_view()
    };
    let waits = Memo::new(move |_| sheet.is_of_person() && sheet.held_now());
    let before = if sheet.is_alone() { "Rien ne part avant votre accord" } else { "Rien ne part avant son accord" };
    view! {
        <header class="form-head steps-head">
            {if sheet.is_alone() { view! { <NotSent/> }.into_any() } else { view! { <Saved/> }.into_any() }}
            <EmergencyButton/>
            <div class="who">
                {name(sheet)}
                <p>{move || facts()}</p>
                <ul class="agreed" role="list">
                    {move || consents()}
                    {move || waits.get().then(|| view! { <li><Icon name=Glyph::Lock/>{before}</li> })}
                </ul>
            </div>
        </header>
    }
}

/// In place of the state of a device: whoever is alone with her telephone sends it all at the end, and keeps none of it.
#[component]
fn NotSent() -> impl IntoView {
    let place = use_sheet().place;
    view! {
        <div class="saved">
            <Thistle weather=Weather::Closed/>
            <p>
                <b>"Pas encore envoyé"</b><span>"Vous relirez tout avant d’envoyer."</span>
                {place.map(|place| view! { <span>{move || place.get()}</span> })}
            </p>
        </div>
    }
}

/// A purpose in one word.
const fn short(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Record => "Dossier",
        Purpose::InformGp => "Courrier au médecin",
        Purpose::CallBack => "Rappel",
        Purpose::ShareNamed => "Partage",
        Purpose::Statistics => "Statistiques",
        Purpose::Draw => "Tirage",
    }
}

/// Where one is, what comes next, back and forward.
#[component]
fn StepsFoot(finish: Callback<()>) -> impl IntoView {
    let sheet = use_sheet();
    let navigate = StoredValue::new_local(use_navigate());
    // The rank of this step, how many there are, what comes next.
    let place = Memo::new(move |_| {
        let steps = sheet.steps();
        let here = sheet.step().and_then(|here| steps.iter().position(|step| step.id == here.id)).unwrap_or_default();
        let next = steps.get(here + 1).map(|next| next.when.map_or_else(|| uncapitalised(next.title), str::to_owned));
        (here, steps.len(), next)
    });
    let last = Memo::new(move |_| place.with(|(_, _, next)| next.is_none()));
    let back = move |_| {
        if sheet.walk(-1) {
            return;
        }
        match sheet.outside {
            Some(outside) => outside.leave.run(()),
            None => navigate.with_value(|navigate| navigate(&sheet.back(), Default::default())),
        }
    };
    let forward = move |_| match sheet.refused_here() {
        // What is not kept is told before it is out of sight.
        Some(question) => sheet.go_to(question),
        None if last.get_untracked() => finish.run(()),
        None => drop(sheet.walk(1)),
    };
    let bar = move || {
        let (here, all, next) = place.get();
        (all > 1).then(|| {
            let squares = (0..all)
                .map(|rank| view! { <li class:full={rank < here} class:now={rank == here}></li> })
                .collect_view();
            let next = next.map(|next| format!(", ensuite {next}"));
            view! {
                <ol class="steps-bar" aria-hidden="true">{squares}</ol>
                <p role="status"><b>{format!("{} sur {all}", here + 1)}</b>{next}</p>
            }
        })
    };
    view! {
        <footer class="form-foot steps-foot">
            <div class="steps-place">{move || bar()}</div>
            <button type="button" class="second-button" aria-label="Revenir" on:click=back><Icon name=Glyph::Back/></button>
            <button type="button" class="main-button" on:click=forward>
                {move || if last.get() && sheet.is_alone() {
                    view! { "Relire"<Icon name=Glyph::Forward/> }.into_any()
                } else if last.get() {
                    view! { "Enregistrer"<Icon name=Glyph::Check/> }.into_any()
                } else {
                    view! { "Suivant"<Icon name=Glyph::Forward/> }.into_any()
                }}
            </button>
        </footer>
    }
}
