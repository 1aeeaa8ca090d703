//! The lines of the list: at a key, as many as a screen holds; the others once the fingers rest.

use std::time::Duration;

use domain::annuaire::search::Query;
use leptos::html::Ul;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::browse::Browse;
use super::line;
use crate::platform::rows::Rows;

/// Lines drawn with the key itself: what a telephone shows under the box.
const AT_ONCE: usize = 5;
/// Lines drawn just after: what a large screen shows.
const SCREEN: usize = 10;
/// Lines drawn once the fingers rest, and more at each « Afficher plus ».
pub const STEP: usize = 30;
/// Lines drawn between two breaths of the page.
const SLICE: usize = 5;
/// From the lines of the key to those that follow: the frame of the key goes first.
const BREATH: Duration = Duration::from_millis(30);

/// How far the list is drawn.
#[derive(Clone, Copy)]
pub struct Drawn {
    browse: Browse,
    rows: StoredValue<Option<Rows>, LocalStorage>,
    /// Lines drawn.
    until: StoredValue<usize>,
    /// Lines wanted.
    pub limit: RwSignal<usize>,
    next: StoredValue<Option<TimeoutHandle>>,
}

impl Drawn {
    pub fn begin(browse: Browse) -> Self {
        Self {
            browse,
            rows: StoredValue::new_local(None),
            until: StoredValue::new(0),
            limit: RwSignal::new(SCREEN),
            next: StoredValue::new(None),
        }
    }

    /// Follows the answers.
    fn follow(self, list: NodeRef<Ul>) {
        let browse = self.browse;
        Effect::new(move |_| {
            let Some(list) = list.get() else { return };
            if self.rows.with_value(Option::is_none) {
                self.rows.set_value(Some(Rows::of(&list, line::PARTS)));
            }
            browse.query.track();
            browse.here.track();
            browse.cards.track();
            self.draw(0, AT_ONCE, SCREEN);
            self.until.set_value(AT_ONCE);
            if self.limit.get_untracked() != SCREEN {
                self.limit.set(SCREEN);
            }
            self.breathe();
        });
        // The card open beside the list is marked in it; the hour changes what is open.
        Effect::new(move |before: Option<()>| {
            browse.chosen.track();
            browse.now.track();
            if before.is_some() {
                let until = self.until.get_value();
                self.draw(0, until, until);
            }
        });
        Effect::new(move |_| {
            let rests = browse.resting.get() && browse.cards.with_untracked(Option::is_some);
            if self.limit.get() < STEP && rests {
                self.limit.set(STEP);
            }
            self.breathe();
        });
        on_cleanup(move || self.wait());
    }

    /// Nothing more is drawn until it is asked again.
    fn wait(self) {
        if let Some(next) = self.next.try_update_value(Option::take).flatten() {
            next.clear();
        }
    }

    /// A few lines more once the page has breathed: a key that comes meanwhile is not kept waiting.
    fn breathe(self) {
        self.wait();
        self.next.try_set_value(set_timeout_with_handle(move || self.go_on(), BREATH).ok());
    }

    fn go_on(self) {
        let (Some(until), Some(limit)) = (self.until.try_get_value(), self.limit.try_get_untracked()) else { return };
        if until < limit {
            let end = (until + SLICE).min(limit);
            self.draw(until, end, end);
            self.until.set_value(end);
            self.breathe();
        }
    }

    /// Draws these lines, and hides those that come after so many.
    fn draw(self, from: usize, to: usize, kept: usize) {
        let browse = self.browse;
        let (Some(loaded), Some(cards)) = (browse.loaded.get_untracked(), browse.cards.get_untracked()) else { return };
        let (now, start) = (browse.now.get_untracked(), untrack(|| browse.from()));
        let question = browse.query.with_untracked(Query::write);
        self.rows.update_value(|rows| {
            let Some(rows) = rows else { return };
            browse.query.with_untracked(|query| {
                for (at, rank) in cards.iter().enumerate().take(to).skip(from) {
                    if let Some(card) = loaded.directory.cards.get(*rank) {
                        rows.draw(at, line::shown(browse, &loaded, *rank, &card, now, (query, &question), start));
                    }
                }
            });
            rows.keep(kept.min(cards.len()));
        });
    }
}

pub fn list(drawn: Drawn) -> AnyView {
    let list = NodeRef::<Ul>::new();
    drawn.follow(list);
    view! { <ul class="entries" role="list" node_ref=list>{line::model()}</ul> }.into_any()
}
