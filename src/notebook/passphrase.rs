//! The passphrase that wraps the data key: four words drawn from a list, or her own.

use super::{Notebook, Trouble, TroubleKind};
use crate::platform::{random, server, text};

const WORDS: usize = 4;
const MIN_CHARS: usize = 12;

/// As typed on any keyboard: case, accents, hyphens and doubled spaces do not matter.
pub(super) fn normalise(passphrase: &str) -> String {
    let plain: String = text::decompose(passphrase)
        .chars()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .flat_map(char::to_lowercase)
        .map(|c| if matches!(c, '-' | '\u{2010}'..='\u{2015}') { ' ' } else { c })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The normal form of a new passphrase, if it is long enough to wrap a key.
pub(super) fn strong(passphrase: &str) -> Result<String, Trouble> {
    let normal = normalise(passphrase);
    if normal.chars().count() < MIN_CHARS { Err(TroubleKind::WeakPassphrase.into()) } else { Ok(normal) }
}

impl Notebook {
    /// Four words drawn from the 2048 of the list: 44 bits, times the rounds of the derivation.
    ///
    /// # Errors
    /// The list could not be read.
    pub async fn propose_passphrase(self) -> Result<String, Trouble> {
        let words = server::passphrase_words().await?;
        if words.len() < 2048 {
            // Something else than our list was served: a short list would make weak passphrases.
            return Err(TroubleKind::ServerSilent.into());
        }
        Ok((0..WORDS).map(|_| words[random::below(words.len())].as_str()).collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn every_keyboard_gives_the_same_passphrase() {
        for typed in
            ["Éclair-bateau  Fenêtre lune", "eclair bateau fenetre lune ", "ECLAIR\u{a0}BATEAU\nFENE\u{302}TRE‑LUNE"]
        {
            assert_eq!(normalise(typed), "eclair bateau fenetre lune");
        }
        assert_ne!(normalise("eclair bateau"), normalise("eclairbateau"));
    }

    #[wasm_bindgen_test]
    fn a_short_code_never_wraps_a_key() {
        assert!(strong("123456").is_err());
        assert!(strong("a           b").is_err(), "doubled spaces do not count");
        assert!(strong("douze lettres").is_ok());
    }
}
