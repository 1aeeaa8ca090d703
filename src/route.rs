//! Addresses. They carry random ids only: an address ends up in the browser's history, in clear.

use domain::id::{AccountId, RecordId};
use domain::programmes::PROGRAMMES;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::hooks::{use_navigate, use_params_map};
use leptos_router::path;

use crate::notebook::use_notebook;
use crate::pages::{
    absent, accounts, annuaire, deleted, devices, form, history, journal, list, merge, more, move_record, new_person,
    notice, opening_ways, people, person, programme, record, rights, set_aside, share, stand, start, territory,
    to_check, today,
};
use crate::platform::page;
use crate::ui::shell::Shell;

pub const TODAY: &str = "/aujourdhui";
pub const PEOPLE: &str = "/personnes";
pub const NEW_PERSON: &str = "/personnes/nouvelle";
pub const MORE: &str = "/plus";
/// Where the waiting entries are told one by one.
pub const WAITING: &str = "/plus#envois";

/// What two people wrote without seeing each other.
pub const TO_CHECK: &str = "/a-verifier";
pub const DELETED: &str = "/plus/fiches-supprimees";
/// Who enters and with which devices, for an administrator; the list, then one account beside it.
pub const ACCOUNTS: &str = "/plus/comptes";
pub const ADD_ACCOUNT: &str = "/plus/comptes/ajouter";
pub const ACCOUNT_SHEET: &str = "/plus/comptes/feuille";
/// The links just made, to be handed over: they are in memory, never in an address.
pub const LINKS: &str = "/plus/comptes/liens";
/// What opens this notebook.
pub const OPENING: &str = "/plus/ouverture";
/// What the server holds without applying it, for a coordinator.
pub const SET_ASIDE: &str = "/plus/mises-de-cote";
/// Who did what in the territory, for an administrator.
pub const JOURNAL: &str = "/plus/journal";
/// The settings of the territory, for an administrator.
pub const TERRITORY: &str = "/plus/territoire";
/// Whom this account will see no more, for who follows people.
pub const LEAVING: &str = "/plus/conservation";
/// This browser lent to a stand.
pub const OPEN_STAND: &str = "/plus/stand";

/// Who and what is there, in the territory; the list, then one card beside it.
pub const ANNUAIRE: &str = "/annuaire";
pub const ANNUAIRE_PRINT: &str = "/annuaire/imprimer";
/// Imports and reports, for a coordinator.
pub const IMPORTS: &str = "/plus/annuaire";
/// The directory for everybody: no account, nothing of a notebook.
pub const PUBLIC: &str = "/public";
pub const PUBLIC_PRINT: &str = "/public/imprimer";
/// What everybody is told of their data and of access, beside the notebook, then inside it.
pub const PUBLIC_DATA: &str = "/public/vos-donnees";
pub const PUBLIC_ACCESS: &str = "/public/accessibilite";
pub const DATA: &str = "/plus/vos-donnees";
pub const ACCESS: &str = "/plus/accessibilite";

/// The devices of this account.
pub const DEVICES: &str = "/plus/appareils";

/// Where a one-time link leads: it opens before the lock, and beside it. Its token follows `#`, which reaches no server and
/// no log.
pub const ACTIVATION: &str = "/activer";

/// Where the code of a stand leads: as a one-time link, it opens before the lock, and beside it.
pub const VISIT: &str = "/inscription";

/// Where Pro Santé Connect sends back: as a one-time link, it opens before the lock.
pub const PSC_RETURN: &str = "/retour-psc";

/// The address of a one-time link.
pub fn activation(token: &str) -> String {
    format!("{ACTIVATION}#{token}")
}

/// Whether this address is the public page's: it opens before the lock, and beside it.
pub fn is_public(path: &str) -> bool {
    path == PUBLIC || path.starts_with("/public/")
}

/// One thing to settle.
pub fn dispute(record: RecordId, field: &str) -> String {
    format!("{TO_CHECK}/{record}/{field}")
}

/// What was ever written of a record.
pub fn history(id: RecordId) -> String {
    format!("/fiche/{id}/historique")
}

/// A copy of all that is kept of a person, or its end.
pub fn rights(id: RecordId) -> String {
    format!("{PEOPLE}/{id}/droits")
}

/// Who read a record and who wrote in it.
pub fn readers(id: RecordId) -> String {
    format!("/fiche/{id}/consultations")
}

/// Choosing the person a record should hang on.
pub fn move_record(id: RecordId) -> String {
    format!("/fiche/{id}/rattacher")
}

/// Choosing the other record of the same person.
pub fn merge(id: RecordId) -> String {
    format!("{PEOPLE}/{id}/fusionner")
}

/// Sharing a person with a colleague.
pub fn share(id: RecordId) -> String {
    format!("{PEOPLE}/{id}/partager")
}

/// One account of the territory.
pub fn account(id: AccountId) -> String {
    format!("{ACCOUNTS}/{id}")
}

/// The page of one person.
pub fn person(id: RecordId) -> String {
    format!("{PEOPLE}/{id}")
}

/// A card of the directory.
pub fn card(id: RecordId) -> String {
    format!("{ANNUAIRE}/{id}")
}

/// The form of one record.
pub fn entry(id: RecordId) -> String {
    format!("/saisie/{id}")
}

/// The result of one record.
pub fn sheet(id: RecordId) -> String {
    format!("/fiche/{id}")
}

/// Choosing the person, then starting a record of this kind.
pub fn start(kind: &str) -> String {
    format!("/nouveau/{kind}")
}

/// The same, where one of its links is known already: to what begins from the page of that record.
pub fn start_for(kind: &str, question: &str, record: RecordId) -> String {
    format!("/nouveau/{kind}?{question}={record}")
}

/// The list of this identifier.
pub fn list(id: &str) -> String {
    format!("/liste/{id}")
}

/// What there is to do in a programme, its lists.
pub fn programme(id: &str) -> String {
    format!("/programme/{id}")
}

/// A view of a programme, about a record if it is about one.
pub fn view(programme: &str, view: &str, record: Option<RecordId>) -> String {
    let record = record.map(|record| format!("/{record}")).unwrap_or_default();
    format!("/programme/{programme}/{view}{record}")
}

/// Where the records of a kind are listed; the day, when no list shows them.
pub fn list_of(kind: &str) -> String {
    let mut lists = PROGRAMMES.iter().flat_map(|programme| programme.lists);
    lists.find(|one| one.kind == kind).map_or_else(|| TODAY.to_owned(), |one| list(one.id))
}

/// Whether this address is a form being filled: nothing may interrupt it.
pub fn is_entry(path: &str) -> bool {
    path.starts_with("/saisie/")
}

/// The record an address names, `None` when it is not an id.
pub fn record_param(name: &'static str) -> Memo<Option<RecordId>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get(name)).and_then(|text| text.parse().ok()))
}

/// The pages are drawn again, after a lock or a pause, or by somebody else: the form she was in comes back at its question,
/// and the address of a record that is not hers leads to her own day.
fn settle_address() {
    let notebook = use_notebook();
    let here = page::path();
    let foreign = ["/saisie/", "/fiche/", "/personnes/", "/a-verifier/"].iter().any(|before| {
        let record = here.strip_prefix(before).and_then(|rest| rest.split('/').next()?.parse().ok());
        record.is_some_and(|record| !notebook.holds(record))
    });
    if notebook.changed_hands() || foreign {
        page::replace_address("/");
    } else if let Some(place) = notebook.last_place()
        && place.split_once('#').is_some_and(|(path, _)| path == here)
    {
        // Only what tells a question: an address that carries a search keeps it.
        page::replace_address(&place);
    }
}

/// A page as the router takes it: all of one type, so that the code which matches an address is downloaded once.
const fn page_of<V: IntoView>(page: fn() -> V) -> fn() -> V {
    page
}

#[component]
pub fn Routed() -> impl IntoView {
    settle_address();
    view! {
        <Router>
            <Shell>
                <FlatRoutes fallback=page_of(absent::AbsentPage)>
                    <Route path=path!("/") view=page_of(Landing)/>
                    <Route path=path!("/aujourdhui") view=page_of(today::TodayPage)/>
                    <Route path=path!("/personnes") view=page_of(people::PeoplePage)/>
                    <Route path=path!("/personnes/nouvelle") view=page_of(new_person::NewPersonPage)/>
                    <Route path=path!("/personnes/:id") view=page_of(person::PersonPage)/>
                    <Route path=path!("/personnes/:id/droits") view=page_of(rights::RightsPage)/>
                    <Route path=path!("/personnes/:id/fusionner") view=page_of(merge::MergePage)/>
                    <Route path=path!("/personnes/:id/partager") view=page_of(share::SharePage)/>
                    <Route path=path!("/liste/:list") view=page_of(list::ListPage)/>
                    <Route path=path!("/programme/:programme/:view?/:record?") view=page_of(programme::ProgrammePage)/>
                    <Route path=path!("/nouveau/:kind") view=page_of(start::StartPage)/>
                    <Route path=path!("/saisie/:record") view=page_of(form::FormPage)/>
                    <Route path=path!("/fiche/:record") view=page_of(record::RecordPage)/>
                    <Route path=path!("/fiche/:record/historique") view=page_of(history::HistoryPage)/>
                    <Route path=path!("/fiche/:record/consultations") view=page_of(journal::ReadersPage)/>
                    <Route path=path!("/fiche/:record/rattacher") view=page_of(move_record::MoveRecordPage)/>
                    <Route path=path!("/a-verifier/:record?/:field?") view=page_of(to_check::ToCheckPage)/>
                    <Route path=path!("/annuaire/imprimer") view=page_of(annuaire::PrintPage)/>
                    <Route path=path!("/annuaire/:card?") view=page_of(annuaire::AnnuairePage)/>
                    <Route path=path!("/plus") view=page_of(more::MorePage)/>
                    <Route path=path!("/plus/annuaire") view=page_of(annuaire::ImportsPage)/>
                    <Route path=path!("/plus/appareils") view=page_of(devices::DevicesPage)/>
                    <Route path=path!("/plus/comptes/ajouter") view=page_of(accounts::AddPage)/>
                    <Route path=path!("/plus/comptes/feuille") view=page_of(accounts::SheetPage)/>
                    <Route path=path!("/plus/comptes/liens") view=page_of(accounts::LinksPage)/>
                    <Route path=path!("/plus/comptes/:account?") view=page_of(accounts::AccountsPage)/>
                    <Route path=path!("/plus/journal") view=page_of(journal::JournalPage)/>
                    <Route path=path!("/plus/fiches-supprimees") view=page_of(deleted::DeletedPage)/>
                    <Route path=path!("/plus/ouverture") view=page_of(opening_ways::OpeningWaysPage)/>
                    <Route path=path!("/plus/mises-de-cote") view=page_of(set_aside::SetAsidePage)/>
                    <Route path=path!("/plus/territoire") view=page_of(territory::TerritoryPage)/>
                    <Route path=path!("/plus/conservation") view=page_of(territory::LeavingPage)/>
                    <Route path=path!("/plus/stand") view=page_of(stand::OpenStandPage)/>
                    <Route path=path!("/plus/vos-donnees") view=page_of(|| notice::inside(&notice::DATA))/>
                    <Route path=path!("/plus/accessibilite") view=page_of(|| notice::inside(&notice::ACCESS))/>
                </FlatRoutes>
            </Shell>
        </Router>
    }
}

/// The public page, with a light frame of its own.
#[component]
pub fn PublicRouted() -> impl IntoView {
    view! {
        <Router>
            <annuaire::PublicShell>
                <FlatRoutes fallback=page_of(annuaire::PublicAbsent)>
                    <Route path=path!("/public/imprimer") view=page_of(annuaire::PublicPrintPage)/>
                    <Route path=path!("/public/vos-donnees") view=page_of(|| notice::outside(&notice::DATA))/>
                    <Route path=path!("/public/accessibilite") view=page_of(|| notice::outside(&notice::ACCESS))/>
                    <Route path=path!("/public/:card?") view=page_of(annuaire::PublicPage)/>
                </FlatRoutes>
            </annuaire::PublicShell>
        </Router>
    }
}

/// `/`: back to the form she was in when the browser was closed or killed, else to the day.
#[component]
fn Landing() -> impl IntoView {
    let notebook = use_notebook();
    let navigate = use_navigate();
    leptos::task::spawn_local(async move {
        let place = notebook.place().await.filter(|place| is_entry(place));
        let to = place.unwrap_or_else(|| TODAY.to_owned());
        navigate(&to, NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
    view! { <main id="main" class="main" tabindex="-1" aria-busy="true"></main> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_forms_are_entries() {
        assert!(is_entry("/saisie/0197#q-weight"));
        assert!(!is_entry("/fiche/0197"));
        assert!(!is_entry("/aujourdhui"));
    }

    #[test]
    fn the_public_page_is_told_from_what_only_begins_like_it() {
        assert!(is_public("/public") && is_public("/public/0197"));
        assert!(!is_public("/publications") && !is_public("/annuaire") && !is_public("/"));
    }
}
