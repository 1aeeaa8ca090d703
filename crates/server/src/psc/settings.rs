//! How a server is told to use Pro Santé Connect: all of it, or nothing.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use openidconnect::url::{Host, Url};
use openidconnect::{ClientId, ClientSecret, IssuerUrl, RedirectUrl};

/// Where the provider sends people back, on this server.
pub const CALLBACK: &str = "/psc/callback";
/// Where Pro Santé Connect describes itself: not the usual place of OpenID Connect.
const DISCOVERY: &str = "/.well-known/wallet-openid-configuration";
const SECRET: &str = "CARDABELLE_PSC_CLIENT_SECRET";

#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Issuer of Pro Santé Connect, such as https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet, or the whole address of
    /// its description.
    #[arg(long, env = "CARDABELLE_PSC_ISSUER", value_name = "URL")]
    psc_issuer: Option<String>,
    /// Name that Pro Santé Connect gave to this server.
    #[arg(long, env = "CARDABELLE_PSC_CLIENT_ID", value_name = "ID")]
    psc_client_id: Option<String>,
    /// File of the secret that comes with this name. It may be in CARDABELLE_PSC_CLIENT_SECRET instead; never on a command
    /// line, which everybody on the machine can read.
    #[arg(long, env = "CARDABELLE_PSC_CLIENT_SECRET_FILE", value_name = "FILE")]
    psc_client_secret_file: Option<PathBuf>,
    /// Address of Cardabelle in browsers, such as https://cardabelle.exemple.fr: declare it to Pro Santé Connect with
    /// /psc/callback behind it.
    #[arg(long, env = "CARDABELLE_PSC_REDIRECT", value_name = "URL")]
    psc_redirect: Option<String>,
}

/// What is known of the provider before it is asked.
#[derive(Clone, Debug)]
pub struct Settings {
    pub issuer: IssuerUrl,
    pub discovery: Url,
    pub client_id: ClientId,
    pub client_secret: ClientSecret,
    pub redirect: RedirectUrl,
}

impl Args {
    /// `None` when nothing of it is set. An empty value is no value: some tools that start services write them all.
    pub fn settings(self) -> Result<Option<Settings>> {
        let secret = match self.psc_client_secret_file.filter(|file| !file.as_os_str().is_empty()) {
            Some(file) => {
                let read = std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
                Some(read)
            }
            None => std::env::var(SECRET).ok(),
        };
        settings(self.psc_issuer, self.psc_client_id, secret, self.psc_redirect)
    }
}

fn settings(
    issuer: Option<String>,
    client_id: Option<String>,
    secret: Option<String>,
    redirect: Option<String>,
) -> Result<Option<Settings>> {
    let given = |value: Option<String>| value.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let values = [issuer, client_id, secret, redirect].map(given);
    if values.iter().all(Option::is_none) {
        return Ok(None);
    }
    let names = ["CARDABELLE_PSC_ISSUER", "CARDABELLE_PSC_CLIENT_ID", SECRET, "CARDABELLE_PSC_REDIRECT"];
    let [Some(issuer), Some(client_id), Some(secret), Some(redirect)] = values.clone() else {
        let missing: Vec<_> =
            names.iter().zip(&values).filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
        bail!("Pro Santé Connect is configured by half: {} missing. Set all four, or none", missing.join(", "));
    };
    let (issuer, discovery) = match issuer.split_once("/.well-known/") {
        Some((before, _)) => (before.to_owned(), issuer.clone()),
        None => (issuer.clone(), format!("{}{DISCOVERY}", issuer.trim_end_matches('/'))),
    };
    safe(names[0], &issuer)?;
    let base = safe(names[3], &redirect)?;
    ensure!(base.path() == "/", "{}: « {redirect} » must be the address of the site alone", names[3]);
    Ok(Some(Settings {
        issuer: IssuerUrl::new(issuer)?,
        discovery: Url::parse(&discovery)?,
        client_id: ClientId::new(client_id),
        client_secret: ClientSecret::new(secret),
        redirect: RedirectUrl::new(format!("{}{CALLBACK}", redirect.trim_end_matches('/')))?,
    }))
}

/// Who we are and who they are travel encrypted, but on this very machine, where tests are.
fn safe(name: &str, text: &str) -> Result<Url> {
    let url = Url::parse(text).with_context(|| format!("{name}: « {text} » is not an address"))?;
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    ensure!(
        plain && (url.scheme() == "https" || url.scheme() == "http" && local),
        "{name}: « {text} » must begin with https:// and have neither name, query nor fragment"
    );
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet";

    fn read(values: [&str; 4]) -> Result<Option<Settings>> {
        let [issuer, id, secret, redirect] = values.map(|value| Some(value.to_owned()));
        settings(issuer, id, secret, redirect)
    }

    #[test]
    fn all_or_nothing() {
        assert!(settings(None, None, None, None).unwrap().is_none());
        assert!(read(["", " ", "", ""]).unwrap().is_none());
        let half = read([ISSUER, "cardabelle", "", ""]).unwrap_err().to_string();
        assert!(half.contains("CARDABELLE_PSC_CLIENT_SECRET, CARDABELLE_PSC_REDIRECT missing"), "{half}");
        let all = read([ISSUER, "cardabelle", "s3cret\n", "https://cardabelle.exemple.fr/"]).unwrap().unwrap();
        assert_eq!(all.discovery.as_str(), format!("{ISSUER}/.well-known/wallet-openid-configuration"));
        assert_eq!(all.redirect.as_str(), "https://cardabelle.exemple.fr/psc/callback");
        assert_eq!(all.client_secret.secret(), "s3cret");
    }

    #[test]
    fn the_address_of_the_description_tells_the_issuer() {
        let named = format!("{ISSUER}/.well-known/openid-configuration");
        let all = read([&named, "cardabelle", "s", "https://cardabelle.exemple.fr"]).unwrap().unwrap();
        assert_eq!((all.issuer.as_str(), all.discovery.as_str()), (ISSUER, named.as_str()));
    }

    #[test]
    fn nothing_travels_in_clear() {
        let site = "https://cardabelle.exemple.fr";
        for (issuer, redirect) in [
            ("http://auth.exemple.fr", site),
            ("auth.exemple.fr", site),
            ("https://auth.exemple.fr?x=1", site),
            (ISSUER, "http://cardabelle.exemple.fr"),
            (ISSUER, "http://localhost.exemple.fr"),
            (ISSUER, "https://cardabelle.exemple.fr/app"),
        ] {
            assert!(read([issuer, "cardabelle", "s", redirect]).is_err(), "{issuer} {redirect}");
        }
        for local in ["http://127.0.0.1:9100", "http://localhost:9100", "http://[::1]:9100"] {
            assert!(read([local, "cardabelle", "s", local]).is_ok(), "{local}");
        }
    }
}
