//! One thing to settle: the values side by side, who wrote each, where and when, and the verbs that settle it.

use std::sync::Arc;

use domain::Glyph;
use domain::form::{field_label, is_measure, which_to_keep};
use domain::french::{Gender, NBSP, sentence_case, short_day, time, uncapitalised, word};
use domain::id::RecordId;
use domain::programmes::kind;
use domain::record::Value;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::{Conflict, DELETED, Rival, Shown, Signature};

use super::past_values::PastValues;
use super::reading::{form_of, may_write};
use super::to_check::{Done, Place};
use super::told;
use crate::notebook::{Notebook, Trouble, use_notebook};
use crate::platform::page;
use crate::route;
use crate::ui::band::TroubleBand;
use crate::ui::icon::Icon;
use crate::ui::typeset::typeset;

/// What she may decide.
#[derive(Clone)]
enum Verdict {
    Keep { value: Value, told: String, reason: String },
    Restore,
    LeaveDeleted,
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    notebook: Notebook,
    record: RecordId,
    field: StoredValue<String>,
    done: RwSignal<Vec<Done>>,
    stays: RwSignal<Option<Place>>,
    settled: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    trouble: RwSignal<Option<Trouble>>,
    main: bool,
}

#[component]
pub fn Dispute(
    record: RecordId,
    field: String,
    done: RwSignal<Vec<Done>>,
    stays: RwSignal<Option<Place>>,
    /// It was opened by itself: its heading is the page's.
    main: bool,
) -> impl IntoView {
    let notebook = use_notebook();
    let desk = Desk {
        notebook,
        record,
        field: StoredValue::new(field),
        done,
        stays,
        settled: RwSignal::new(None),
        busy: RwSignal::new(false),
        trouble: RwSignal::new(None),
        main,
    };
    let shown = notebook.record(record);
    // Drawn anew only when the values change: what else happens to the record must not move the buttons.
    let item = Memo::new(move |_| {
        shown.with(|shown| desk.field.with_value(|field| shown.as_ref()?.conflicts.get(field).cloned()))
    });
    move || match (desk.settled.get(), item.get(), shown.get_untracked()) {
        (Some(words), ..) => desk.settled_view(Some(words)),
        (None, Some(item), Some(shown)) if desk.field.with_value(|field| field == DELETED) => {
            desk.deletion(&shown, &item)
        }
        (None, Some(item), Some(shown)) => desk.values(&shown, &item),
        (None, ..) => desk.settled_view(None),
    }
}

impl Desk {
    fn heading(self, text: String) -> AnyView {
        if self.main {
            view! {
                <a class="back" href=route::TO_CHECK><Icon name=Glyph::Back/>"À vérifier"</a>
                <h1 id="title" tabindex="-1">{text}</h1>
            }
            .into_any()
        } else {
            view! { <h2 class="as-title" id="detail" tabindex="-1">{text}</h2> }.into_any()
        }
    }

    fn values(self, shown: &Arc<Shown>, item: &Conflict) -> AnyView {
        let form = form_of(shown);
        let field = self.field.get_value();
        let person = told::owner(self.notebook, shown);
        let today = self.notebook.today();
        let what = told::what(shown, today, &|at| self.notebook.local(at));
        let names = |id| self.notebook.record(id).get().map(|shown| crate::ui::called::name(self.notebook, &shown));
        let tell = |value: &Value| told::value(form, &field, value, &names, &|at| self.notebook.local(at));
        let count = word(item.values.len(), Gender::Feminine);
        let authors: std::collections::BTreeSet<_> = item.values.iter().map(|rival| rival.by.author).collect();
        let several = authors.len() > 1;
        let label = form.and_then(|form| form.question(&field)).filter(|question| question.which.is_none());
        let asked = label.map(|question| view! { <p class="q-text">{typeset(&question.label.on(today))}</p> });
        let may = self.may(shown);
        let measure = is_measure(form, &field);
        let cards = item
            .values
            .iter()
            .map(|rival| {
                let told = tell(&rival.value);
                let reason = format!("Choisi entre {count} valeurs");
                let verdict = Verdict::Keep { value: rival.value.clone(), told: told.clone(), reason };
                let button = may.then(|| {
                    let words = told::keep_words(&told);
                    view! {
                        <button type="button" class="second-button" disabled=self.busy
                            on:click=move |_| self.settle(verdict.clone())>{words}</button>
                    }
                });
                view! { <li class="value-box">{figure(&told, measure)}{self.signed(rival)}{button}</li> }
            })
            .collect_view();
        let both = may.then(|| {
            let standing = shown.fields.get(&field).map_or(Value::Null, |field| field.value.clone());
            let told = tell(&standing);
            let words = if item.values.len() == 2 { "Les deux sont justes" } else { "Toutes sont justes" };
            let verdict = Verdict::Keep { value: standing, told, reason: words.to_owned() };
            view! {
                <button type="button" class="second-button" disabled=self.busy on:click=move |_| self.settle(verdict.clone())>
                    {words}
                </button>
            }
        });
        let said = if several {
            format!(
                "{} personnes ont répondu sans se voir pour ",
                sentence_case(&word(authors.len(), Gender::Feminine))
            )
        } else {
            format!("{} réponses ont été notées sur des appareils différents pour ", sentence_case(&count))
        };
        let rest = format!(
            " ({what}). Rien n’est perdu\u{a0}: les {count} valeurs restent dans l’historique.",
            what = uncapitalised(&what)
        );
        let rivals: Vec<(String, Value)> =
            item.values.iter().map(|rival| (rival.by.name.clone(), rival.value.clone())).collect();
        view! {
            {self.heading(which_to_keep(form, &field))}
            <p class="lead">{said}<b class="name">{person}</b>{rest}</p>
            {asked}
            <TroubleBand id="settle-trouble" trouble=self.trouble/>
            <ul class="two-values" role="list">{cards}</ul>
            {(!may).then(|| view! { <p>"Votre rôle ne permet pas de choisir. Une personne qui suit ce dossier le fera."</p> })}
            <PastValues record=self.record field rivals/>
            <div class="actions settle">
                {both}
                <a class="quiet" href=route::history(self.record)>"Voir l’historique"</a>
                <a class="quiet later" href=route::TODAY>"Plus tard"</a>
            </div>
        }
        .into_any()
    }

    /// A record that was deleted by one and modified by another.
    fn deletion(self, shown: &Arc<Shown>, item: &Conflict) -> AnyView {
        let person = told::owner(self.notebook, shown);
        let today = self.notebook.today();
        let what = told::what(shown, today, &|at| self.notebook.local(at));
        let cards = item
            .values
            .iter()
            .map(|rival| {
                let words = if rival.value == true { "Supprimée" } else { "Modifiée" };
                view! { <li class="value-box"><p class="figure text"><b>{words}</b></p>{self.signed(rival)}</li> }
            })
            .collect_view();
        let verdicts = self.may(shown).then(|| {
            view! {
                <button type="button" class="main-button" disabled=self.busy on:click=move |_| self.settle(Verdict::Restore)>
                    "Garder la fiche"
                </button>
                <button type="button" class="second-button" disabled=self.busy
                    on:click=move |_| self.settle(Verdict::LeaveDeleted)>
                    "Laisser supprimée"
                </button>
            }
        });
        let rest =
            format!(" ({}), sans se voir. Rien n’est perdu\u{a0}: ce qui a été noté est gardé.", uncapitalised(&what));
        view! {
            {self.heading("Supprimée et modifiée".to_owned())}
            <p class="lead">"Une personne a supprimé cette fiche, une autre l’a modifiée\u{a0}: "<b class="name">{person}</b>{rest}</p>
            <TroubleBand id="settle-trouble" trouble=self.trouble/>
            <ul class="two-values" role="list">{cards}</ul>
            <div class="actions settle">
                {verdicts}
                <a class="quiet" href=route::history(self.record)>"Voir l’historique"</a>
                <a class="quiet later" href=route::TODAY>"Plus tard"</a>
            </div>
        }
        .into_any()
    }

    /// What was decided, by her now or by somebody before.
    fn settled_view(self, words: Option<String>) -> AnyView {
        let title = if words.is_some() { "C’est réglé" } else { "C’est déjà réglé" };
        let words =
            words.unwrap_or_else(|| "Il n’y a plus rien à choisir ici. Les réponses restent dans l’historique.".into());
        view! {
            {self.heading(title.to_owned())}
            <div class="band good" role="status">
                <Icon name=Glyph::Check/>
                <p>{words}</p>
            </div>
            <p>"Pour revenir dessus, ouvrez l’historique et reprenez une autre valeur."</p>
            <div class="actions">
                <a class="main-button" href=route::TO_CHECK>"Voir ce qui reste"</a>
                <a class="second-button" href=route::history(self.record)>"Voir l’historique"</a>
            </div>
        }
        .into_any()
    }

    /// Who wrote it, when, on which device, and when it was sent.
    fn signed(self, rival: &Rival) -> AnyView {
        let Signature { name, profession, device, at, received_at, .. } = &rival.by;
        let today = self.notebook.today();
        let (at, sent) = (self.notebook.local(*at), self.notebook.local(*received_at));
        let sent = if sent.date() == at.date() {
            format!("envoyé à {}", time(sent))
        } else {
            format!("envoyé le {} à {}", short_day(sent.date(), today), time(sent))
        };
        view! {
            <p class="signed">
                <span><b class="name">{name.clone()}</b>{format!(", {}", uncapitalised(profession))}</span>
                <span>{told::moment(at, today)}</span>
                <span class="second">{format!("{device}, {sent}")}</span>
            </p>
        }
        .into_any()
    }

    fn may(self, shown: &Shown) -> bool {
        kind(&shown.kind)
            .is_some_and(|kind| self.notebook.account().with_untracked(|account| may_write(account.as_ref(), kind)))
    }

    fn settle(self, verdict: Verdict) {
        if self.busy.get_untracked() {
            return;
        }
        let shown = self.notebook.record(self.record).get_untracked();
        let Some(shown) = shown else { return };
        self.busy.set(true);
        self.trouble.set(None);
        let field = self.field.get_value();
        let name = untrack(|| told::owner(self.notebook, &shown));
        let over = shown.conflicts.get(&field).map(|item| item.values.iter().map(|rival| rival.op_id).collect());
        spawn_local(async move {
            let (saved, what, words) = match verdict {
                Verdict::Keep { value, told, reason } => {
                    let saved =
                        self.notebook.keep_value(self.record, &field, value, over.unwrap_or_default(), reason).await;
                    let label = typeset(field_label(form_of(&shown), &field));
                    let told = format!("«{NBSP}{told}{NBSP}»");
                    let words = format!("Gardé\u{a0}: {told}. Les autres valeurs restent dans l’historique.");
                    (saved, format!("{label}, {told}"), words)
                }
                Verdict::Restore => {
                    let words = "La fiche est gardée, avec ce qui a été modifié.".to_owned();
                    (self.notebook.restore(self.record).await, "fiche gardée".to_owned(), words)
                }
                Verdict::LeaveDeleted => {
                    let words = "La fiche reste supprimée. Elle peut revenir depuis «\u{a0}Fiches supprimées\u{a0}»."
                        .to_owned();
                    (self.notebook.discard(self.record).await, "fiche laissée supprimée".to_owned(), words)
                }
            };
            self.busy.try_set(false);
            match saved {
                Ok(()) => {
                    self.stays.try_set(Some((self.record, field)));
                    self.settled.try_set(Some(words));
                    self.done.try_update(|done| done.push(Done { record: self.record, name, what }));
                    let id = if self.main { "title" } else { "detail" };
                    request_animation_frame(move || page::focus(id));
                }
                Err(refused) => {
                    self.trouble.try_set(Some(refused));
                }
            }
        });
    }
}

/// The value, as large as it is short.
fn figure(told: &str, measure: bool) -> AnyView {
    let (number, unit) = if measure { told.rsplit_once(NBSP).unwrap_or((told, "")) } else { (told, "") };
    let class = if measure { "figure" } else { "figure text" };
    let unit = (!unit.is_empty()).then(|| format!("{NBSP}{unit}"));
    view! { <p class=class><b>{number.to_owned()}</b>{unit}</p> }.into_any()
}
