//! Opening a stand from a notebook: it is then locked, and this browser writes for the people who hold the stand.

use chrono::Timelike;
use domain::Glyph;
use domain::Timestamp;
use domain::people::Role;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::afar::Afar;
use super::venues::Venues;
use crate::notebook::{Notebook, use_notebook};
use crate::pages::absent::AbsentPage;
use crate::platform::page;
use crate::route;
use crate::ui::attempt::{Attempt, Submit};
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::entry_field::EntryField;
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::page::{Below, Page};

const DAY_MINUTES: u32 = 24 * 60;

/// Who may open a stand; the server decides, the interface follows.
pub fn opens(notebook: Notebook) -> bool {
    notebook.account().with(|account| {
        let roles = account.iter().flat_map(|account| &account.roles);
        roles.into_iter().any(|role| matches!(role, Role::Coordinator | Role::Professional))
    })
}

#[component]
pub fn OpenStandPage() -> impl IntoView {
    let notebook = use_notebook();
    live(move || if opens(notebook) { view! { <Opening/> }.into_any() } else { AbsentPage().into_any() })
}

#[component]
fn Opening() -> impl IntoView {
    let notebook = use_notebook();
    let (name, venue) = (RwSignal::new(String::new()), RwSignal::new(None));
    let volunteers = RwSignal::new(String::new());
    let until = RwSignal::new(usual_end(now_minutes(notebook)));
    let tried = RwSignal::new(false);
    let attempt = Attempt::new();
    let nameless = Signal::derive(move || {
        (tried.get() && name.with(|name| name.trim().is_empty()))
            .then(|| "Il manque le nom du stand. Un lieu suffit, comme un marché.".to_owned())
    });
    let endless = Memo::new(move |_| tried.get() && until.with(|until| minutes(until).is_none()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let place = name.with_untracked(|name| name.trim().to_owned());
        let end = until.with_untracked(|until| minutes(until));
        let Some(end) = end.filter(|_| !place.is_empty()) else {
            page::focus(if place.is_empty() { "stand-name" } else { "stand-until" });
            return;
        };
        let left = minutes_until(now_minutes(notebook), end);
        let end = Timestamp(notebook.now().0 + i64::from(left) * 60_000);
        let names = volunteers.with_untracked(|typed| first_names(typed));
        attempt.leave(notebook.open_stand(place, names, end, venue.get_untracked()));
    };
    view! {
        <Page title="Ouvrir un stand">
            <Below back=(route::MORE, "Plus") title="Ouvrir un stand"/>
            <Band tone=Tone::Notice glyph=Glyph::Lock
                message="Votre carnet sera verrouillé. Rien n’y est perdu, votre phrase de passe le rouvrira. Le stand, lui, note sans pouvoir rien relire."/>
            <TroubleBand id="stand-trouble" trouble=attempt.trouble/>
            <form class="stand-form" autocomplete="off" on:submit=submit aria-busy=attempt.aria_busy() novalidate=true>
                <Venues chosen=venue name/>
                <EntryField id="stand-name" label="Nom du stand" value=name autocomplete="off" described_by="stand-trouble"
                    hint="Par exemple\u{a0}: Marché de Saverdun" error=nameless/>
                <EntryField id="stand-volunteers" label="Prénoms de ceux qui le tiennent" value=volunteers autocomplete="off"
                    hint="Séparés par des virgules. Ils ne restent pas sur cet appareil."/>
                <div class="field">
                    <label for="stand-until">"Jusqu’à quelle heure\u{202f}?"</label>
                    <p class="hint" id="stand-until-hint">"Au plus tard dans 24\u{a0}heures. Ensuite, plus rien ne s’y note."</p>
                    <input id="stand-until" type="time" autocomplete="off" bind:value=until
                        aria-invalid=move || endless.get().then_some("true")
                        aria-describedby=move || if endless.get() { "stand-until-hint stand-until-error" } else { "stand-until-hint" }/>
                    {move || endless.get().then(|| view! {
                        <p class="field-error" id="stand-until-error"><Icon name=Glyph::Alert/>"Il manque l’heure de fin."</p>
                    })}
                </div>
                <div class="actions">
                    <Submit busy=attempt.busy words="Verrouiller mon carnet et ouvrir le stand" waiting="Ouverture…" class="main-button"/>
                    <a class="quiet" href=route::MORE>"Annuler"</a>
                </div>
            </form>
            <Afar/>
        </Page>
    }
}

/// Minutes since midnight, on the wall.
fn now_minutes(notebook: Notebook) -> u32 {
    let now = notebook.local(notebook.now());
    now.hour() * 60 + now.minute()
}

/// Minutes since midnight of « 18:05 », as a field of that kind gives it.
fn minutes(text: &str) -> Option<u32> {
    // Some browsers add the seconds.
    let mut parts = text.split(':').map(str::parse);
    let (hour, minute): (u32, u32) = (parts.next()?.ok()?, parts.next()?.ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// At six in the evening; four hours from now when it is late for that.
fn usual_end(now: u32) -> String {
    let hour = if now < 17 * 60 { 18 } else { (now / 60 + 4) % 24 };
    format!("{hour:02}:00")
}

/// Minutes to the next time it is that hour; never a whole day.
fn minutes_until(now: u32, end: u32) -> u32 {
    match (end + DAY_MINUTES - now) % DAY_MINUTES {
        0 => DAY_MINUTES - 1,
        minutes => minutes,
    }
}

/// « Inès, Marc » as it is typed.
fn first_names(typed: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in typed.split([',', ';', '\n']).map(str::trim).filter(|name| !name.is_empty()) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> u32 {
        minutes(text).expect("an hour")
    }

    #[test]
    fn the_end_is_the_next_time_it_is_that_hour() {
        assert_eq!(minutes_until(at("09:30"), at("18:00")), 510);
        assert_eq!(minutes_until(at("22:00"), at("02:00")), 240);
        assert_eq!(minutes_until(at("18:00"), at("18:00")), 1_439);
        assert_eq!(usual_end(at("09:30")), "18:00");
        assert_eq!(usual_end(at("21:40")), "01:00");
        assert_eq!(at("18:05:00"), 1_085);
        assert_eq!([minutes(""), minutes("24:00"), minutes("é1:00"), minutes("12")], [None; 4]);
    }

    #[test]
    fn first_names_are_taken_as_they_are_typed() {
        assert_eq!(first_names(" Inès, Marc ;Inès,, Jo\nZoé "), ["Inès", "Marc", "Jo", "Zoé"]);
        assert!(first_names("  ").is_empty());
    }
}
