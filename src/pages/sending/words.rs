//! The words of the panel: what is, that nothing is lost, what to do. Nothing is promised that was not seen.

use domain::french::{counted, decimal};
use sync::Aside;
use sync::protocol::{AppliedAgain, Quarantine};

use crate::notebook::{Checked, Exchange, Link, Neighbour, Standing};

pub const EXPIRED: &str =
    "La connexion de cet appareil a expiré. Vos saisies sont gardées ici. Connectez-vous à nouveau pour les envoyer.";

/// The three sentences of the state.
pub fn told(weather: &Exchange) -> String {
    let count = weather.waiting.count;
    let kept = if count == 1 { "Elle est gardée" } else { "Elles sont gardées" };
    match (weather.link, count) {
        (Link::Online, _) if weather.all_sent => {
            "Tout est envoyé. Vos saisies restent aussi sur cet appareil. Vous pouvez le ranger.".into()
        }
        (Link::Online, _) if weather.first_pull.is_some() => {
            "Vos fiches arrivent du serveur. Vos saisies sont gardées ici. Vous pouvez déjà travailler.".into()
        }
        (Link::Online, 0) if weather.waiting.held > 0 => {
            "Une fiche attend l’accord de la personne. Elle est gardée ici et ne part pas. Demandez l’accord, ou jetez la fiche.".into()
        }
        (Link::Online, 0) if weather.waiting.set_aside == 1 => {
            "Une saisie n’a pas pu être rangée. Elle est mise de côté, rien n’est effacé. Lisez plus bas ce qu’il faut faire.".into()
        }
        (Link::Online, 0) if weather.waiting.set_aside > 1 => format!(
            "{} n’ont pas pu être rangées. Elles sont mises de côté, rien n’est effacé. Lisez plus bas ce qu’il faut faire.",
            counted(weather.waiting.set_aside, "saisie", "saisies")
        ),
        (Link::Online, 0) if weather.unreadable > 0 => {
            "Une saisie de cet appareil n’a pas pu partir. Elle est gardée à part. Lisez plus bas ce qu’il faut faire.".into()
        }
        (Link::Online, 0) if weather.checked.is_some_and(|checked| !checked.agrees) => {
            "La vérification avec le serveur est à refaire. Vos saisies sont gardées ici. Vous pouvez travailler.".into()
        }
        (Link::Online, 0) => "Le serveur n’a pas encore tout confirmé. Vos saisies sont gardées ici. Gardez l’application ouverte un instant.".into(),
        (Link::Online, _) => format!("{}. {kept} sur cet appareil. Gardez l’application ouverte un instant.", entries(count)),
        // Said in its own words; those of an expired sign-in stand in a band, with what to touch.
        (Link::Refused, _) => weather.said.clone().unwrap_or_else(|| {
            "Le serveur ne prend rien en ce moment. Vos saisies sont gardées ici. Nous réessayons tout seuls, vous pouvez travailler.".into()
        }),
        (Link::ServerSilent, _) => {
            "Le serveur ne répond pas. Vos saisies sont gardées ici. Nous réessayons tout seuls, vous pouvez travailler.".into()
        }
        (_, 0) => "Hors connexion, rien en attente. Vos saisies sont gardées ici. Continuez, l’envoi se fera tout seul.".into(),
        (_, _) => format!("{}. {kept} sur cet appareil. Au retour du réseau, gardez l’application ouverte un instant.", entries(count)),
    }
}

pub fn entries(count: usize) -> String {
    counted(count, "saisie en attente", "saisies en attente")
}

/// « 1 200 fiches reçues sur 5 000 »
pub fn progress(read: u64, total: u64, online: bool) -> String {
    let read = counted(usize::try_from(read).unwrap_or(usize::MAX), "fiche reçue", "fiches reçues");
    let total = decimal(i64::try_from(total).unwrap_or(i64::MAX), 0);
    format!("{read} sur {total}{}", if online { "" } else { ", la suite viendra avec le réseau" })
}

/// What waits in another notebook of this browser.
pub fn beside(neighbour: &Neighbour) -> String {
    let entries = counted(neighbour.waiting, "saisie", "saisies");
    let (wait, whose) = (if neighbour.waiting == 1 { "attend" } else { "attendent" }, neighbour.name.as_deref());
    match whose {
        Some(name) => format!("{entries} de {name} {wait} l’ouverture de son carnet sur cet appareil."),
        None => format!("{entries} {wait} l’ouverture d’un autre carnet de cet appareil."),
    }
}

pub fn oldest(on: &str) -> String {
    format!("La plus ancienne attend depuis {on}.")
}

pub fn last(on: Option<&str>) -> String {
    on.map_or_else(
        || "Aucun échange avec le serveur depuis l’ouverture.".to_owned(),
        |on| format!("Dernier échange réussi\u{a0}: {on}."),
    )
}

/// What the last comparison with the server said.
pub fn checked(checked: &Checked, reading: bool, on: &str) -> String {
    match (checked.agrees, reading) {
        (true, _) if checked.mended => {
            format!("Vérification\u{a0}: la différence trouvée avec le serveur est réparée, {on}.")
        }
        (true, _) => format!("Vérification\u{a0}: aucune différence avec le serveur, {on}."),
        (false, true) => format!(
            "Vérification\u{a0}: une différence avec le serveur a été trouvée, {on}. Rien n’est perdu. Vos fiches sont relues."
        ),
        (false, false) => format!(
            "Vérification\u{a0}: une différence avec le serveur a été trouvée, {on}. Rien n’est perdu. Vos fiches ont été \
             relues, et la vérification sera refaite."
        ),
    }
}

pub fn standing(standing: Standing, count: usize) -> String {
    match standing {
        Standing::Going => entries(count),
        Standing::Held => "gardée ici, en attente d’accord".into(),
        Standing::Aside(_) => counted(count, "saisie mise de côté", "saisies mises de côté"),
    }
}

/// Why entries are set aside, and what to do.
pub fn reason(aside: Aside) -> &'static str {
    match aside {
        Aside::Unreadable => {
            "Illisible pour le serveur, donc gardé ici. Exportez les saisies en attente et prévenez la coordination."
        }
        Aside::TooBig => {
            "Trop long pour partir, donc gardé ici. Raccourcissez le texte\u{202f}: la nouvelle version partira."
        }
        Aside::Quarantined(Quarantine::NoRight) => {
            "Vous ne pouvez plus écrire sur cette fiche. Le serveur garde tout à part. Prévenez la coordination."
        }
        Aside::Quarantined(Quarantine::UnknownRecord) => {
            "Le serveur n’a pas la fiche dont cela dépend. Il garde tout à part. Prévenez la coordination."
        }
        Aside::Quarantined(Quarantine::UnknownKind | Quarantine::UnknownForm) => {
            "Le serveur ne connaît pas encore ce questionnaire. Il garde tout à part. Réessayez quand il sera à jour."
        }
        Aside::Quarantined(Quarantine::InvalidValue) => {
            "Une valeur n’est pas possible. Le serveur garde tout à part. Relisez la fiche et prévenez la coordination."
        }
        Aside::Quarantined(Quarantine::Behind) => {
            "Suit une saisie de la même fiche mise de côté. Sera repris avec elle."
        }
        Aside::Quarantined(Quarantine::Revoked) => {
            "L’accès de cet appareil a pris fin avant l’envoi. Le serveur garde tout à part. Prévenez la coordination."
        }
        Aside::Quarantined(Quarantine::Settled) => {
            "Cette réponse était déjà arrêtée et ne change plus. La vôtre est gardée à part. La fiche dit où noter autre chose."
        }
        Aside::Quarantined(Quarantine::Other) => {
            "Le serveur garde tout à part, pour une raison que cette version ne connaît pas. Mettez l’application à jour."
        }
        Aside::Quarantined(Quarantine::Kept) => {
            "Cette fiche ne se supprime pas, d’autres en dépendent. Votre demande est gardée à part. Corrigez ce qui est faux."
        }
    }
}

/// Whether the server may judge them otherwise now. What is behind another follows it.
pub fn may_be_tried_again(aside: Aside) -> bool {
    matches!(aside, Aside::Quarantined(reason) if reason != Quarantine::Behind && !reason.is_final())
}

/// Whether nothing more will come of them: they are at the server, and leave this device once they are read.
pub fn is_over(aside: Aside) -> bool {
    matches!(aside, Aside::Quarantined(reason) if reason.is_final())
}

/// What became of another try.
pub fn applied(applied: &AppliedAgain) -> String {
    let count = usize::try_from(applied.applied).unwrap_or(usize::MAX);
    let done = (count > 0).then(|| counted(count, "saisie est rangée", "saisies sont rangées"));
    let still = applied.stopped.map(|why| reason(Aside::Quarantined(why)).to_owned());
    match (done, still) {
        (Some(done), None) => format!("{done}. Vous n’avez rien à faire."),
        (Some(done), Some(still)) => format!("{done}. La suite reste de côté. {still}"),
        (None, Some(still)) => format!("Rien n’a changé. {still}"),
        (None, None) => "Le serveur n’a plus rien de côté pour cette fiche. Rien n’est perdu.".to_owned(),
    }
}

pub fn erased(count: u64) -> String {
    let (one, many) =
        ("saisie qui n’était pas confirmée est partie", "saisies qui n’étaient pas confirmées sont parties");
    let count = counted(usize::try_from(count).unwrap_or(usize::MAX), one, many);
    format!("Une fiche a été effacée à la demande de la personne. {count} avec elle. Vous n’avez rien à faire.")
}

pub fn unreadable(count: usize) -> String {
    let what = counted(
        count,
        "saisie de cet appareil ne peut plus être lue",
        "saisies de cet appareil ne peuvent plus être lues",
    );
    format!(
        "{what}. Le reste du carnet est intact, et rien n’est effacé. Prévenez la coordination avant de changer d’appareil."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weather(link: Link, count: usize, all_sent: bool) -> Exchange {
        let waiting = sync::Waiting { count, ..sync::Waiting::default() };
        Exchange { link, waiting, all_sent, ..Exchange::unknown() }
    }

    #[test]
    fn all_sent_is_said_only_when_it_is() {
        assert!(told(&weather(Link::Online, 0, true)).starts_with("Tout est envoyé."));
        for link in [Link::Online, Link::Offline, Link::ServerSilent, Link::Refused, Link::Expired] {
            for count in [0, 1, 3] {
                assert!(!told(&weather(link, count, false)).contains("Tout est envoyé"));
            }
        }
        assert!(told(&weather(Link::Offline, 1, false)).starts_with("1\u{a0}saisie en attente. Elle est gardée"));
    }

    #[test]
    fn the_server_is_heard_in_its_own_words() {
        let full = "Le serveur n’a plus de place. Vos saisies sont gardées ici. Prévenez la coordination.";
        let told = told(&Exchange { said: Some(full.to_owned()), ..weather(Link::Refused, 2, false) });
        assert_eq!(told, full);
    }

    #[test]
    fn what_waits_beside_is_told_with_its_name_once_it_is_known() {
        let told = |name: Option<&str>, waiting| beside(&Neighbour { name: name.map(str::to_owned), waiting });
        let karim = "3\u{a0}saisies de Karim Benali attendent l’ouverture de son carnet sur cet appareil.";
        assert_eq!(told(Some("Karim Benali"), 3), karim);
        assert_eq!(told(None, 1), "1\u{a0}saisie attend l’ouverture d’un autre carnet de cet appareil.");
    }

    #[test]
    fn the_progress_is_counted_in_french() {
        assert_eq!(progress(1200, 5000, true), "1\u{202f}200\u{a0}fiches reçues sur 5\u{202f}000");
        assert_eq!(progress(1, 2, false), "1\u{a0}fiche reçue sur 2, la suite viendra avec le réseau");
    }

    #[test]
    fn every_reason_says_what_to_do_and_none_uses_the_words_of_the_trade() {
        let quarantines = [
            Quarantine::NoRight,
            Quarantine::UnknownRecord,
            Quarantine::UnknownKind,
            Quarantine::UnknownForm,
            Quarantine::InvalidValue,
            Quarantine::Behind,
            Quarantine::Revoked,
            Quarantine::Settled,
            Quarantine::Kept,
            Quarantine::Other,
        ];
        let asides = quarantines.map(Aside::Quarantined).into_iter().chain([Aside::Unreadable, Aside::TooBig]);
        for aside in asides {
            let words = reason(aside);
            assert!(words.matches(['.', '\u{202f}']).count() >= 2, "{words}");
            for jargon in ["quarantaine", "sync", "conflit", "rejet"] {
                assert!(!words.contains(jargon), "{words}");
            }
        }
    }

    #[test]
    fn what_will_never_be_applied_is_not_tried_again() {
        let cases = [
            (Quarantine::NoRight, true, false),
            (Quarantine::Behind, false, false),
            (Quarantine::Settled, false, true),
            (Quarantine::Kept, false, true),
        ];
        for (reason, again, over) in cases {
            assert_eq!(may_be_tried_again(Aside::Quarantined(reason)), again, "{reason:?}");
            assert_eq!(is_over(Aside::Quarantined(reason)), over, "{reason:?}");
        }
    }

    #[test]
    fn another_try_is_told_as_far_as_it_went() {
        let told = |count, stopped| applied(&AppliedAgain { applied: count, stopped });
        assert_eq!(told(2, None), "2\u{a0}saisies sont rangées. Vous n’avez rien à faire.");
        assert!(told(1, Some(Quarantine::InvalidValue)).contains("La suite reste de côté. Une valeur"));
        assert!(told(0, Some(Quarantine::NoRight)).starts_with("Rien n’a changé."));
    }

    #[test]
    fn a_difference_is_never_told_as_none() {
        let told = |agrees, mended, reading| {
            checked(&Checked { at: domain::Timestamp(0), agrees, mended }, reading, "aujourd’hui")
        };
        assert!(told(true, false, false).contains("aucune différence"));
        assert!(told(true, true, false).contains("réparée"));
        assert!(!told(false, false, true).contains("aucune"));
        assert!(!told(false, false, false).contains("aucune"));
    }
}
