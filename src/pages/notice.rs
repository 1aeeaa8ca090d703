//! « Vos données » and « Accessibilité », for everybody: inside the notebook, and beside it without an account. The whole
//! papers are in `docs/conformite`.

use leptos::prelude::*;

use crate::route;
use crate::ui::page::{Below, Page, arrive};

/// A page of plain sentences: each question somebody may have, and its answer.
pub struct Notice {
    title: &'static str,
    answers: &'static [(&'static str, &'static str)],
}

pub static DATA: Notice = Notice {
    title: "Vos données",
    answers: &[
        (
            "Qui en répond",
            "La communauté professionnelle territoriale de santé (CPTS) qui utilise ce service. Pour toute question ou demande, \
             écrivez à la coordination de votre CPTS. Elle vous donne aussi la notice complète.",
        ),
        (
            "Si un professionnel vous a posé des questions",
            "Sans votre accord, rien de nominatif ne quitte son appareil. Avec votre accord sont gardés votre nom, votre date \
             de naissance, votre commune, votre téléphone si vous le donnez, ce que vous dites de votre entourage et de votre \
             médecin traitant, et vos réponses. Ce dossier s’ouvre pour la personne qui l’a commencé, ou pour le collègue à qui il est confié ensuite, et, si vous l’acceptez, pour les professionnels qui vous sont nommés. Si vous acceptez d’être rappelé(e), la coordination lit votre nom, votre commune, votre téléphone ou votre e-mail et, si vous participez à un défi, sa date, le lieu de votre inscription et qui vous suit. Vous pouvez retirer votre accord\u{a0}: aucune nouvelle réponse n’est alors envoyée.",
        ),
        (
            "Si vous êtes dans l’annuaire",
            "Vos informations professionnelles viennent de fichiers officiels publiés, et chacune dit sa source. \
             Vous pouvez vous y opposer auprès de la coordination. Votre fiche est alors effacée, et seul votre numéro officiel, \
             s’il est connu, est gardé, pour qu’aucun import ne vous fasse revenir.",
        ),
        (
            "Vos droits",
            "Lire vos données, les faire corriger ou effacer, vous opposer\u{a0}: demandez-le au professionnel qui vous suit ou à \
             la coordination de votre CPTS, qui doit vous répondre en un mois. Un professionnel qui vous suit peut vous remettre une copie de votre dossier, ou l’effacer. Si la réponse ne vient pas, vous pouvez saisir la CNIL (cnil.fr).",
        ),
        (
            "Combien de temps",
            "Votre CPTS fixe les durées et vous les dit. Une fois qu’elle les a confirmées, votre dossier est effacé à leur terme. Le plus souvent, une réponse nouvelle les fait repartir.",
        ),
        (
            "Sur cet appareil",
            "Aucun cookie, aucune mesure de visite, aucun appel à un autre site. Une copie de l’annuaire public reste dans ce \
             navigateur, pour s’ouvrir sans réseau. Votre position, si vous la donnez, ne le quitte pas.",
        ),
    ],
};

pub static ACCESS: Notice = Notice {
    title: "Accessibilité",
    answers: &[
        (
            "Où en est Cardabelle",
            "Cardabelle vise le RGAA\u{a0}4.1, niveau double\u{a0}A. Aucun audit n’a encore été fait\u{a0}: aucun taux ne peut être donné. \
             Au sens du RGAA, un service sans audit est non conforme.",
        ),
        (
            "Ce qui est vérifié",
            "Pendant les essais, un outil automatique (axe) examine les écrans en trois tailles, et l’on s’assure que rien ne \
             déborde à 320\u{a0}pixels de large. Les contrastes des couleurs sont calculés. Un repérage entier est fait au clavier.",
        ),
        (
            "Ce qui ne l’est pas encore",
            "La lecture par un lecteur d’écran, la commande vocale, les loupes, les feuilles imprimées, et l’essai par des \
             personnes handicapées. Un outil automatique ne voit qu’une partie des obstacles.",
        ),
        (
            "Si quelque chose vous bloque",
            "Écrivez à la coordination de votre CPTS\u{a0}: elle vous donne l’information autrement et transmet l’obstacle. \
             Sans réponse satisfaisante, vous pouvez saisir le Défenseur des droits (defenseurdesdroits.fr).",
        ),
    ],
};

/// Inside the open notebook.
pub fn inside(notice: &'static Notice) -> AnyView {
    view! {
        <Page title=notice.title>
            <Below back=(route::MORE, "Plus") title=notice.title/>
            {answers(notice)}
        </Page>
    }
    .into_any()
}

/// Beside the notebook, in the frame of the public page.
pub fn outside(notice: &'static Notice) -> AnyView {
    arrive(notice.title, "title");
    view! {
        <div class="page">
            <main id="main" class="main" tabindex="-1">
                <Below back=(route::PUBLIC, "Annuaire") title=notice.title/>
                {answers(notice)}
            </main>
        </div>
    }
    .into_any()
}

fn answers(notice: &'static Notice) -> AnyView {
    notice
        .answers
        .iter()
        .map(|(question, answer)| view! { <h2>{*question}</h2><p>{*answer}</p> })
        .collect_view()
        .into_any()
}

/// The way to both for who is not in a notebook.
#[component]
pub fn NoticeLinks() -> impl IntoView {
    view! {
        <footer class="list-foot">
            <a class="quiet" href=route::PUBLIC_DATA>{DATA.title}</a>
            <a class="quiet" href=route::PUBLIC_ACCESS>{ACCESS.title}</a>
        </footer>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentences_are_set_in_french() {
        let texts: Vec<&str> =
            [&DATA, &ACCESS].into_iter().flat_map(|notice| notice.answers.iter().flat_map(|(q, a)| [*q, *a])).collect();
        assert!(texts.len() > 12, "the pages hold something");
        for text in texts {
            for fault in ["'", "\"", "  ", " :", " ;", " ?", " !", "..."] {
                assert!(!text.contains(fault), "{fault:?} in {text}");
            }
        }
    }
}
