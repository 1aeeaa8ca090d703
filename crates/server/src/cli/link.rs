//! How a one-time link is handed over: printed once, for its holder alone.

use anyhow::{Result, ensure};
use domain::french::{NBSP, full_day};
use sync::protocol::access::Link;

#[derive(Debug, clap::Args)]
pub struct Address {
    /// Adresse de Cardabelle dans les navigateurs, au début des liens.
    #[arg(long, env = "CARDABELLE_ADDRESS", default_value = "http://127.0.0.1:8080", value_parser = address)]
    address: String,
}

impl Address {
    /// Prints the link of an account.
    pub fn print(&self, login: &str, link: &Link) {
        println!(
            "Lien de {login}, à lui remettre en main propre{NBSP}: il sert une seule fois, avant le {}.",
            day(link)
        );
        println!("{}/activer#{}", self.address, link.token);
    }
}

fn day(link: &Link) -> String {
    full_day(link.expires_at.local(0).date())
}

fn address(text: &str) -> Result<String> {
    let known = text.starts_with("https://") || text.starts_with("http://");
    let plain = known && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '#');
    ensure!(plain, "« {text} » n’est pas une adresse comme https://cardabelle.exemple.fr");
    Ok(text.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_that_of_a_site() {
        assert_eq!(address("https://cardabelle.exemple.fr/").unwrap(), "https://cardabelle.exemple.fr");
        for wrong in ["cardabelle.exemple.fr", "javascript:1", "https://a b", "https://a#b", ""] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
