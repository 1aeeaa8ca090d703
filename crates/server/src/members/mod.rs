//! Those an administrator invites: what is accepted of them, singly or from a spreadsheet.

mod columns;
mod csv;
mod login;
mod sheet;
mod xlsx;

use domain::french::NBSP;
use domain::identifiers::holds_nir;
use domain::people::Role;
use sync::protocol::access::NewMember;

pub use login::{login, login_of};
pub use sheet::{MAX_BYTES, MAX_MEMBERS, Unreadable, read};

/// Characters of a name or of a profession, at most.
const MAX_TEXT: usize = 100;
/// How a spreadsheet takes a text for a formula: it comes out of here one day, in another spreadsheet.
const FORMULA: [char; 4] = ['=', '+', '-', '@'];

/// Whoever may be invited, as she is kept; or why not, in French. The login is not looked at.
pub fn checked(member: &NewMember) -> Result<NewMember, String> {
    let name = text("nom", &member.name)?;
    if !name.chars().any(char::is_alphabetic) {
        return Err("Il manque le nom. Écrivez-le, ou retirez la ligne.".into());
    }
    let profession = text("profession", &member.profession)?;
    if profession.is_empty() {
        return Err(format!("Il manque la profession de {name}. Écrivez-la, comme «{NBSP}Infirmière{NBSP}»."));
    }
    let mut roles = member.roles.clone();
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() || !roles.iter().all(|role| role.needs_second_factor()) {
        return Err(format!("Il manque le rôle de {name}. {}", roles_known()));
    }
    Ok(NewMember { name, login: member.login.clone(), profession, roles, rpps: member.rpps.clone() })
}

/// A text of one line, single-spaced; or why it cannot be kept.
fn text(what: &str, text: &str) -> Result<String, String> {
    let kept = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.trim().contains(['\n', '\r']) {
        return Err(format!(
            "Un retour à la ligne dans la case «{NBSP}{what}{NBSP}», ou un guillemet qui n’est pas fermé."
        ));
    }
    if kept.chars().count() > MAX_TEXT {
        return Err(format!("La case «{NBSP}{what}{NBSP}» dépasse {MAX_TEXT}{NBSP}caractères. Raccourcissez-la."));
    }
    if kept.starts_with(FORMULA) || kept.chars().any(char::is_control) {
        return Err(format!("La case «{NBSP}{what}{NBSP}» contient une formule. Remplacez-la par un simple texte."));
    }
    if holds_nir(&kept) {
        return Err("Un numéro de sécurité sociale est écrit sur cette ligne. Retirez-le du fichier.".into());
    }
    Ok(kept)
}

fn roles_known() -> String {
    let labels: Vec<&str> =
        Role::ALL.iter().filter(|role| role.needs_second_factor()).map(|role| role.label()).collect();
    format!("Écrivez{NBSP}: {}.", labels.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, profession: &str, roles: &[Role]) -> NewMember {
        let (login, rpps) = (String::new(), "99700000005".parse().ok());
        NewMember { name: name.into(), login, profession: profession.into(), roles: roles.to_vec(), rpps }
    }

    #[test]
    fn a_member_is_kept_tidy() {
        let (role, other) = (Role::Professional, Role::Coordinator);
        let kept = checked(&member("  Claire \t Vidal ", "Infirmière", &[other, role, other])).unwrap();
        assert_eq!(kept, member("Claire Vidal", "Infirmière", &[role, other]));
    }

    #[test]
    fn what_would_harm_is_refused_with_its_reason() {
        let long = "x".repeat(101);
        for (name, profession, role, reason) in [
            ("", "Infirmière", Role::Professional, "Il manque le nom"),
            ("12 34", "Infirmière", Role::Professional, "Il manque le nom"),
            ("Claire", " ", Role::Professional, "la profession de Claire"),
            (
                "Claire",
                "Infirmière",
                Role::Public,
                "Écrivez\u{a0}: sentinelle, professionnel, coordination, administration.",
            ),
            ("Claire", "Infirmière", Role::StandSession, "le rôle"),
            ("=HYPERLINK(\"x\")", "Infirmière", Role::Professional, "formule"),
            ("@SUM(A1)", "Infirmière", Role::Professional, "formule"),
            ("+33", "Infirmière", Role::Professional, "formule"),
            ("Claire", "-1+1", Role::Professional, "formule"),
            ("Claire\u{7}", "Infirmière", Role::Professional, "formule"),
            (&long, "Infirmière", Role::Professional, "100\u{a0}caractères"),
            ("Claire\nVidal", "Infirmière", Role::Professional, "guillemet"),
            ("Claire 2 42 03 31 555 022 72", "Infirmière", Role::Professional, "sécurité sociale"),
        ] {
            let refused = checked(&member(name, profession, &[role])).unwrap_err();
            assert!(refused.contains(reason), "{name} {profession} {role:?}: {refused}");
        }
    }
}
