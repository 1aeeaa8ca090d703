//! What the list, its filters and the card share: the question asked, in the address too, and its answer.

use std::sync::Arc;
use std::time::Duration;

use chrono::{Datelike, NaiveDateTime};
use domain::annuaire::search::{Chip, Context, Filters, Found, Order, Query, Start};
use domain::id::RecordId;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::opening;
use crate::annuaire::{Annuaire, Loaded, use_annuaire};
use crate::platform::{page, watch};
use crate::route;

/// From the last key to what surrounds the list: counts, filters, why it is short.
const REST: Duration = Duration::from_millis(250);
/// From the last key to the address that says it: the address is not what she looks at.
const ADDRESS: Duration = Duration::from_millis(400);
/// « Ouvert » changes with the clock.
const MINUTE_MS: u32 = 60_000;

/// One way through the directory. Copies share it.
#[derive(Clone, Copy)]
pub struct Browse {
    pub annuaire: Annuaire,
    pub loaded: Signal<Option<Loaded>>,
    /// The address of its list.
    pub base: &'static str,
    pub query: RwSignal<Query>,
    /// Where she is, once she said so; never in the address, never kept.
    pub here: RwSignal<Option<(f64, f64)>>,
    /// The territory's clock.
    pub now: Signal<NaiveDateTime>,
    pub chosen: Memo<Option<RecordId>>,
    /// What each key shows: the cards, by rank.
    pub cards: Memo<Option<Arc<Vec<u32>>>>,
    /// The same with what is said around it, once the fingers rest.
    pub found: RwSignal<Option<Arc<Found>>>,
    /// Whether `found` answers what is asked now.
    pub resting: RwSignal<bool>,
    /// The chips in force: they do not change with the keys.
    pub filters: Memo<Filters>,
}

impl Browse {
    /// Begins with what the address asks.
    pub fn begin(base: &'static str) -> Self {
        let annuaire = use_annuaire();
        let loaded = annuaire.loaded();
        let query = RwSignal::new(Query::read(&use_location().search.get_untracked()));
        let here = RwSignal::new(None::<(f64, f64)>);
        let now = RwSignal::new(opening::now());
        let minutes = StoredValue::new_local(Some(watch::every(MINUTE_MS, move || now.set(opening::now()))));
        on_cleanup(move || minutes.set_value(None));
        let chosen = route::record_param("card");
        let cards = Memo::new(move |_| {
            let (loaded, context) = (loaded.get()?, context(now.get(), here.get()));
            Some(Arc::new(query.with(|query| loaded.index.cards(&loaded.directory, query, &context))))
        });
        let filters = Memo::new(move |_| query.with(|query| query.filters.clone()));
        let (found, resting) = (RwSignal::new(None), RwSignal::new(false));
        let now = now.into();
        let browse = Self { annuaire, loaded, base, query, here, now, chosen, cards, found, resting, filters };
        browse.follow_rest();
        browse.follow_address();
        browse
    }

    pub fn is_open(self) -> Memo<bool> {
        Memo::new(move |_| self.chosen.with(Option::is_some))
    }

    /// What surrounds the list follows the keys once they rest, and anything else at once.
    fn follow_rest(self) {
        let look = move || {
            let found = untrack(|| {
                let (loaded, context) = (self.loaded.get()?, context(self.now.get(), self.here.get()));
                Some(Arc::new(self.query.with(|query| loaded.index.find(&loaded.directory, query, &context))))
            });
            self.found.set(found);
            self.resting.set(true);
        };
        let planned = Later::default();
        Effect::new(move |before: Option<String>| {
            self.loaded.track();
            self.now.track();
            self.here.track();
            let text = self.query.with(|query| query.text.clone());
            if before.is_none_or(|before| before == text) {
                planned.never();
                look();
            } else {
                if self.resting.get_untracked() {
                    self.resting.set(false);
                }
                planned.after(REST, look);
            }
            text
        });
    }

    /// The address follows the question, replaced rather than added: « back » leads out of the search, not through its keys.
    fn follow_address(self) {
        let location = use_location();
        let navigate = use_navigate();
        let written = StoredValue::new(location.search.get_untracked());
        let planned = Later::default();
        let write = move || {
            planned.never();
            let (Some(query), Some(path)) =
                (self.query.try_with_untracked(Query::write), location.pathname.try_get_untracked())
            else {
                return;
            };
            // She may have gone elsewhere meanwhile.
            let on_page = path == self.base || path.starts_with(&format!("{}/", self.base));
            if on_page && written.try_get_value().is_some_and(|written| written != query) {
                written.try_set_value(query.clone());
                let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
                navigate(&address(&path, &query), options);
            }
        };
        Effect::new(move |before: Option<()>| {
            self.query.track();
            if before.is_some() {
                planned.after(ADDRESS, write.clone());
            }
        });
        // A link, or « back », asks something else.
        Effect::new(move |before: Option<()>| {
            let search = location.search.get();
            if before.is_some() && !planned.is_planned() && written.get_value() != search {
                let asked = Query::read(&search);
                written.set_value(search);
                if self.query.with_untracked(|query| *query != asked) {
                    self.query.set(asked);
                }
            }
        });
    }

    /// The address of a card, with the question it was found by.
    pub fn address_of(self, id: RecordId, question: &str) -> String {
        address(&format!("{}/{id}", self.base), question)
    }

    /// The address of the list, with its question.
    pub fn list_address(self) -> String {
        address(self.base, &self.query.with(Query::write))
    }

    pub fn toggle(self, chip: Chip) {
        self.query.update(|query| query.filters.toggle(chip));
    }

    /// How many cards there are with this chip too.
    pub fn count(self, chip: &Chip) -> usize {
        self.found.with(|found| {
            let counts = found.as_ref().map(|found| found.counts.as_slice()).unwrap_or_default();
            counts.iter().find(|(one, _)| one == chip).map_or(0, |(_, count)| *count)
        })
    }

    /// From where distances are shown: only when the list is in that order.
    pub fn from(self) -> Option<(f64, f64)> {
        let (loaded, context) = (self.loaded.get()?, context(self.now.get(), self.here.get()));
        self.query.with(|query| match &query.order {
            Order::Distance(start) => start.point(&loaded.directory, &context),
            _ => None,
        })
    }

    /// Asks the browser where she is; it asks her in turn.
    pub fn ask_position(self, refused: RwSignal<bool>) {
        refused.set(false);
        spawn_local(async move {
            match page::position().await {
                Some(here) => {
                    self.here.try_set(Some(here));
                    self.query.try_update(|query| query.order = Order::Distance(Start::Me));
                }
                None => drop(refused.try_set(true)),
            }
        });
    }
}

/// What the answer depends on beside the question.
fn context(now: NaiveDateTime, at: Option<(f64, f64)>) -> Context {
    Context { now, at, day_seed: u64::from(now.num_days_from_ce().unsigned_abs()) }
}

fn address(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Something to do later, unless something else is planned meanwhile, or the page is left.
#[derive(Clone, Copy)]
struct Later(StoredValue<Option<TimeoutHandle>>);

impl Default for Later {
    fn default() -> Self {
        let later = Self(StoredValue::new(None));
        on_cleanup(move || later.never());
        later
    }
}

impl Later {
    fn after(self, delay: Duration, work: impl FnOnce() + 'static) {
        self.never();
        self.0.try_set_value(set_timeout_with_handle(work, delay).ok());
    }

    fn never(self) {
        if let Some(planned) = self.0.try_update_value(Option::take).flatten() {
            planned.clear();
        }
    }

    fn is_planned(self) -> bool {
        self.0.try_with_value(Option::is_some) == Some(true)
    }
}
