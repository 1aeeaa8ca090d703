//! « Journal »: who did what. Whole for an administrator, by random numbers; of one record for those who follow it.

use domain::Glyph;
use domain::Timestamp;
use domain::french::{sentence_case, uncapitalised};
use domain::id::RecordId;
use domain::programmes::kind;
use leptos::prelude::*;
use sync::protocol::audit::{AuditEntry, Before, Event};

use super::absent::{AbsentPage, AbsentRecord};
use super::accounts::administers;
use super::told;
use crate::notebook::use_notebook;
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::icon::Icon;
use crate::ui::live::live;
use crate::ui::page::{Below, Page};

/// An exchange comes every minute: beyond, what was done waited for the network.
const LATE_MS: i64 = 10 * 60_000;

/// What the administration reads of the whole territory.
#[component]
pub fn JournalPage() -> impl IntoView {
    let notebook = use_notebook();
    live(move || {
        if !administers(notebook) {
            return AbsentPage().into_any();
        }
        view! {
            <Page title="Journal">
                <Below back=(route::MORE, "Plus") title="Journal">
                    <p class="second">"Qui s’est connecté, qui a consulté, qui a écrit, ce qui a été refusé. Les fiches n’y ont pas de nom. Rien ne s’y efface avant un an."</p>
                </Below>
                <Lines record=None/>
            </Page>
        }
        .into_any()
    })
}

/// What those who follow a record read of it.
#[component]
pub fn ReadersPage() -> impl IntoView {
    let record = route::record_param("record");
    let notebook = use_notebook();
    let known = Memo::new(move |_| record.get().filter(|id| notebook.record(*id).with(Option::is_some)));
    view! {
        <Page title="Qui a consulté">
            {move || match known.get() {
                Some(record) => view! {
                    <header class="title">
                        <a class="back" href=route::history(record)><Icon name=Glyph::Back/>"Revenir à l’historique"</a>
                        <h1 id="title" tabindex="-1">"Qui a consulté, qui a écrit"</h1>
                    </header>
                    <Lines record=Some(record)/>
                }
                .into_any(),
                None => AbsentRecord().into_any(),
            }}
        </Page>
    }
}

#[component]
fn Lines(record: Option<RecordId>) -> impl IntoView {
    let notebook = use_notebook();
    let today = notebook.today();
    let entries = RwSignal::new(None::<Vec<AuditEntry>>);
    let next = RwSignal::new(Some(Before::NEWEST));
    let attempt = Attempt::new();
    let Attempt { busy, trouble } = attempt;
    let more = move || {
        let Some(before) = next.get_untracked() else { return };
        attempt.read(async move {
            let page = notebook.audit(record, before).await?;
            entries.try_update(|entries| entries.get_or_insert_default().extend(page.entries));
            next.try_set(page.next);
            Ok(())
        });
    };
    more();
    let lines = move || {
        let entries = entries.get().unwrap_or_default();
        entries
            .iter()
            .map(|entry| {
                let moment = |at| told::moment(notebook.local(at), today);
                let when = when(entry, &moment);
                let device = entry.device.as_ref().map(|device| format!(", {device}"));
                let number = entry.record.filter(|_| record.is_none()).map(|id| format!(", fiche {id}"));
                view! {
                    <li class="line"><span class="line-text">
                        <b>{who(entry)}</b>
                        <span>{what(entry)}</span>
                        <span class="second">{when}{device}{number}</span>
                    </span></li>
                }
            })
            .collect_view()
    };
    let unread = move || entries.with(Option::is_none);
    view! {
        <TroubleBand id="journal-trouble" trouble/>
        <div role="status">{move || (unread() && busy.get()).then(|| view! { <p>"Lecture du journal…"</p> })}</div>
        {move || (unread() && trouble.with(Option::is_some)).then(|| view! {
            <Band tone=Tone::Notice glyph=Glyph::Clock message="Le journal se lit avec le réseau. Rien n’est perdu. Réessayez quand il sera là.">
                <button type="button" class="second-button" on:click=move |_| more()>"Relire le journal"</button>
            </Band>
        })}
        <ul class="lines plain" role="list">{move || lines()}</ul>
        {move || (!unread() && next.with(Option::is_some)).then(|| view! {
            <div class="actions"><button type="button" class="second-button" disabled=busy on:click=move |_| more()>"Afficher la suite"</button></div>
        })}
    }
}

/// When it was done; and when the server learnt it, if the network was long to come.
fn when(entry: &AuditEntry, moment: &dyn Fn(Timestamp) -> String) -> String {
    let (done, learnt) = (moment(entry.told_at.unwrap_or(entry.at)), moment(entry.at));
    match entry.told_at {
        Some(told) if entry.at.0 - told.0 > LATE_MS => format!("{done}, reçu {learnt}"),
        _ => done,
    }
}

/// « Claire Vidal, infirmière »
fn who(entry: &AuditEntry) -> String {
    match (&entry.name, &entry.profession) {
        (Some(name), Some(profession)) if !profession.is_empty() => format!("{name}, {}", uncapitalised(profession)),
        (Some(name), _) => name.clone(),
        (None, _) => "Personne que le serveur connaisse".to_owned(),
    }
}

fn what(entry: &AuditEntry) -> String {
    let detail = entry.detail.as_deref();
    match (entry.event, detail) {
        (Event::SignedIn, _) => "Connexion complète".to_owned(),
        (Event::Refused, Some("wrong-password")) => "Connexion refusée\u{a0}: mot de passe".to_owned(),
        (Event::Refused, Some("wrong-code")) => "Connexion refusée\u{a0}: code".to_owned(),
        (Event::Refused, _) => "Demande refusée".to_owned(),
        (Event::Opened, Some("history")) => "A lu l’historique".to_owned(),
        (Event::Opened, _) => "A consulté".to_owned(),
        (Event::Printed, _) => "A imprimé".to_owned(),
        (Event::Changed, Some("territory")) => "A changé les réglages du territoire".to_owned(),
        (Event::Changed, detail) => {
            let one = detail.and_then(kind).map_or("saisie", |kind| kind.one);
            format!("{}\u{a0}: a écrit", sentence_case(one))
        }
        (Event::Shared, _) => "Partage commencé ou terminé".to_owned(),
        (Event::Erased, Some("retention")) => "Effacé\u{a0}: sa durée de conservation était passée".to_owned(),
        (Event::Erased, _) => "A effacé une fiche pour de bon".to_owned(),
        (Event::Exported, Some("figures")) => "A emporté des chiffres dans un fichier".to_owned(),
        (Event::Exported, _) => "A emporté le dossier dans un fichier".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_who_did_what() {
        let mut entry = AuditEntry {
            at: Timestamp(0),
            told_at: None,
            event: Event::Refused,
            name: None,
            profession: None,
            device: None,
            record: None,
            detail: Some("wrong-password".into()),
        };
        assert_eq!(who(&entry), "Personne que le serveur connaisse");
        assert_eq!(what(&entry), "Connexion refusée\u{a0}: mot de passe");
        entry.detail = Some("/api/accounts".into());
        assert_eq!(what(&entry), "Demande refusée");
        (entry.event, entry.detail) = (Event::Changed, Some("person".into()));
        (entry.name, entry.profession) = (Some("Claire Vidal".into()), Some("Infirmière".into()));
        assert_eq!(who(&entry), "Claire Vidal, infirmière");
        assert!(what(&entry).ends_with("\u{a0}: a écrit"));
        (entry.event, entry.detail) = (Event::Opened, Some("history".into()));
        assert_eq!(what(&entry), "A lu l’historique");
        entry.detail = None;
        assert_eq!(what(&entry), "A consulté");
    }

    #[test]
    fn a_line_says_when_it_was_done_and_when_the_network_came() {
        let entry = |told_at: Option<i64>| AuditEntry {
            at: Timestamp(3_600_000),
            told_at: told_at.map(Timestamp),
            event: Event::Opened,
            name: None,
            profession: None,
            device: None,
            record: None,
            detail: None,
        };
        let told = |told_at| when(&entry(told_at), &|at| (at.0 / 60_000).to_string());
        assert_eq!(told(None), "60");
        assert_eq!(told(Some(3_540_000)), "59");
        assert_eq!(told(Some(60_000)), "1, reçu 60");
    }
}
