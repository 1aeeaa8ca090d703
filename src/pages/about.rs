//! « À propos »: what this is, whose texts it uses, what it does not do.

use domain::form::Form;
use domain::programmes::kinds;
use leptos::prelude::*;

use crate::route;
use crate::ui::line::{LineText, LinkLine};

#[component]
pub fn About() -> impl IntoView {
    let credits = credited()
        .into_iter()
        .map(|form| view! { <div><dt>{form.title}", version "{form.version}</dt><dd>{form.credit}</dd></div> })
        .collect_view();
    view! {
        <h2>"À propos"</h2>
        <p>
            "Cardabelle, version "{env!("CARGO_PKG_VERSION")}
            ", est le carnet de terrain des communautés professionnelles territoriales de santé. "
            "C’est un logiciel libre, sous licence AGPL-3.0-or-later, fourni sans garantie."
        </p>
        <p>
            "Cardabelle applique les règles publiées de chaque outil et montre pourquoi. "
            "Il ne pose pas de diagnostic et ne propose pas de dose. En urgence, appelez le\u{a0}15."
        </p>
        <h3>"Textes et outils cités"</h3>
        <dl class="facts">{credits}</dl>
        <ul class="lines plain" role="list">
            {notice(route::DATA, "Vos données", "Ce qui est gardé, et vos droits")}
            {notice(route::ACCESS, "Accessibilité", "Ce qui est vérifié, et ce qui ne l’est pas")}
        </ul>
    }
}

fn notice(href: &'static str, name: &'static str, second: &'static str) -> AnyView {
    let text = LineText { name: name.to_owned(), second: second.to_owned(), tag: None };
    view! { <LinkLine href=href.to_owned() text/> }.into_any()
}

/// Every form of the registry whose words come from elsewhere.
fn credited() -> Vec<&'static Form> {
    kinds().flat_map(|kind| kind.forms.iter().copied()).filter(|form| form.credit != OURS).collect()
}

/// What a form of our own says of its source.
const OURS: &str = "Cardabelle";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_forms_are_not_credited() {
        assert!(credited().iter().all(|form| form.credit.len() > OURS.len()));
        assert!(!credited().is_empty());
    }
}
