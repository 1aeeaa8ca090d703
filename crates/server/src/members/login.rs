//! Logins made of names, and those that are typed.

use domain::french::{NBSP, fold};

use crate::store::normal_login;

use super::FORMULA;

/// Characters of a login, at most.
const MAX: usize = 60;

/// The login somebody typed, or why it cannot be one.
pub fn login(typed: &str) -> Result<String, String> {
    let login = normal_login(typed);
    let known = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_' | '@' | '+');
    if login.starts_with(FORMULA) || !login.chars().all(known) || login.chars().count() > MAX {
        return Err(format!(
            "Un identifiant n’a que des lettres, des chiffres et des points, {MAX} au plus. Changez-le, ou laissez la case vide{NBSP}: il sera fait avec le nom."
        ));
    }
    Ok(login)
}

/// « Marie-Hélène D’Hôtel » is `marie-helene.dhotel`: what a keyboard without accents types.
pub fn login_of(name: &str) -> String {
    let words = name.split_whitespace().map(|word| {
        let parts = word.split(['-', '\u{2010}', '\u{2011}']).map(|part| {
            let folded = fold(part);
            folded.chars().filter(char::is_ascii_alphanumeric).collect::<String>()
        });
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
    });
    let mut login = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(".");
    // A figure may come behind, to tell namesakes apart.
    login.truncate(MAX - 4);
    if login.is_empty() { "membre".into() } else { login }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_typed_on_any_keyboard() {
        for (name, made) in [
            ("Claire Vidal", "claire.vidal"),
            ("Marie-Hélène D’Hôtel", "marie-helene.dhotel"),
            ("Jean de La Tour", "jean.de.la.tour"),
            ("Cœur Ægidius", "coeur.aegidius"),
            ("Dr. Zoé  N’Guyen", "dr.zoe.nguyen"),
            ("李", "membre"),
            ("-", "membre"),
        ] {
            assert_eq!(login_of(name), made);
            assert_eq!(login(made).as_deref(), Ok(made));
        }
        assert_eq!(login_of(&"x".repeat(200)).len(), MAX - 4);
    }

    #[test]
    fn a_typed_login_is_plain() {
        assert_eq!(login(" Claire@Exemple.fr ").as_deref(), Ok("claire@exemple.fr"));
        for wrong in ["claire vidal", "=claire", "@claire", "<b>", "claire;", "a\u{0}b", &"x".repeat(61)] {
            assert!(login(wrong).is_err(), "{wrong}");
        }
    }
}
