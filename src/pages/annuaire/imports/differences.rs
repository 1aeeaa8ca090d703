//! What somebody declared and the last official files say otherwise: kept, until a coordinator settles it here.

use domain::Glyph;
use domain::annuaire::directory::Directory;
use domain::annuaire::entry::{Address, Kind};
use domain::annuaire::fact::{Origin, Source};
use domain::annuaire::import::{Settlement, ToSettle};
use domain::french::counted;
use domain::record::Value;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::annuaire::{Annuaire, use_annuaire};
use crate::notebook::{Notebook, Trouble};
use crate::pages::annuaire::{facts, words};
use crate::platform::page;
use crate::route;
use crate::ui::band::TroubleBand;
use crate::ui::icon::Icon;

const TITLE: &str = "differences-title";

/// Those the server last told.
#[derive(Clone, Copy)]
pub struct Open {
    notebook: Notebook,
    annuaire: Annuaire,
    list: RwSignal<Vec<ToSettle>>,
    trouble: RwSignal<Option<Trouble>>,
    said: RwSignal<&'static str>,
}

impl Open {
    pub fn load(notebook: Notebook) -> Self {
        let (list, trouble, said) = (RwSignal::new(Vec::new()), RwSignal::new(None), RwSignal::new(""));
        let open = Self { notebook, annuaire: use_annuaire(), list, trouble, said };
        open.reload();
        open
    }

    pub fn reload(self) {
        spawn_local(async move {
            // Without a network the list of imports says so already, just below.
            if let Ok(list) = self.notebook.differences().await {
                self.list.try_set(list);
            }
        });
    }

    fn settle(self, one: &ToSettle, take: bool) {
        let ToSettle { card, fact, ours, theirs, .. } = one.clone();
        let settlement = Settlement { card, fact, ours, theirs, take };
        spawn_local(async move {
            match self.notebook.settle_difference(&settlement).await {
                Ok(()) => {
                    let taken = "La valeur du fichier est prise.";
                    self.said.try_set(if take { taken } else { "Ce qui est déclaré est gardé." });
                    self.trouble.try_set(None);
                    self.list.try_update(|list| {
                        list.retain(|one| one.card != settlement.card || one.fact != settlement.fact);
                    });
                    // The button that had the focus is gone.
                    request_animation_frame(|| page::focus(TITLE));
                    if take {
                        self.annuaire.refresh().await;
                    }
                }
                Err(refused) => {
                    self.trouble.try_set(Some(refused));
                    self.reload();
                }
            }
        });
    }
}

pub fn differences(open: Open) -> AnyView {
    let loaded = open.annuaire.loaded();
    let lines = move || {
        let directory = loaded.get().map(|loaded| loaded.directory);
        open.list.get().into_iter().map(|one| line(open, one, directory.as_deref())).collect_view()
    };
    let title = move || match open.list.with(Vec::len) {
        0 => "Aucune différence à régler".to_owned(),
        count => counted(count, "différence à régler", "différences à régler"),
    };
    view! {
        <section class="to-settle" hidden=move || open.list.with(Vec::is_empty) && open.said.get().is_empty()>
            <h2 id=TITLE tabindex="-1">{move || title()}</h2>
            <p class="second">"Le fichier officiel dit autre chose que la personne. Rien n’a changé tant que vous n’avez pas répondu."</p>
            <TroubleBand id="differences-trouble" trouble=open.trouble/>
            <p role="status" aria-live="polite">{open.said}</p>
            <ul class="history" role="list">{move || lines()}</ul>
        </section>
    }
    .into_any()
}

fn line(open: Open, one: ToSettle, directory: Option<&Directory>) -> AnyView {
    let href = format!("{}/{}", route::ANNUAIRE, one.card);
    let who = words::person_name(&one.who);
    let (ours, theirs) = (said(&one.ours, directory), said(&one.theirs, directory));
    let file = match one.source.parse::<Source>() {
        Ok(source) => words::source(Origin { source, ..one.origin }, Kind::Person),
        Err(_) => "Fichier".to_owned(),
    };
    let by = words::source(one.origin, Kind::Person);
    let fact = facts::fact_label(&one.fact);
    let about = format!("{who}, {fact}");
    let (keep, take) = (one.clone(), one);
    view! {
        <li>
            <p class="who-when"><a class="name" href=href>{who}</a><span class="second">{fact}</span></p>
            <p><b>{ours}</b>" "<span class="second">{by}</span></p>
            <p><b>{theirs}</b>" "<span class="second">{file}</span></p>
            <div class="actions" role="group" aria-label=about>
                <button type="button" class="second-button" on:click=move |_| open.settle(&keep, false)>
                    <Icon name=Glyph::Check/>"Garder ce qui est déclaré"
                </button>
                <button type="button" class="second-button" on:click=move |_| open.settle(&take, true)>"Prendre la valeur du fichier"</button>
            </div>
        </li>
    }
    .into_any()
}

/// The value of a fact as a person reads it.
fn said(value: &Value, directory: Option<&Directory>) -> String {
    match value {
        Value::String(text) if text.starts_with('+') => words::dialled(text).0,
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(|one| said(one, directory)).collect::<Vec<_>>().join(", "),
        Value::Object(parts) => match (parts.get("l").or_else(|| parts.get("c")), directory) {
            (Some(Value::String(label)), _) => label.clone(),
            (_, Some(directory)) => serde_json::from_value::<Address>(value.clone())
                .map(|address| words::address_lines(&address, directory).join(", "))
                .unwrap_or_default(),
            _ => String::new(),
        },
        Value::Bool(true) => "oui".to_owned(),
        Value::Bool(false) => "non".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Null => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_by_a_person() {
        let directory = Directory::default();
        let said = |json: &str| {
            let value: Value = serde_json::from_str(json).expect("a value");
            said(&value, Some(&directory)).replace('\u{a0}', " ")
        };
        assert_eq!(said(r#""+33536490000""#), "05 36 49 00 00");
        assert_eq!(said(r#"{"c":"SA07","l":"Cabinet individuel"}"#), "Cabinet individuel");
        assert_eq!(said(r#"["a@b.mssante.fr","c@d.mssante.fr"]"#), "a@b.mssante.fr, c@d.mssante.fr");
        assert!(said(r#"{"lines":["12 RUE HAUTE"],"postal_code":"31190","town":"AUTERIVE"}"#).contains("31190"));
    }
}
