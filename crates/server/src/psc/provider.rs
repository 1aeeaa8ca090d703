//! The provider itself: where to send a person, and who she is once she is back.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::identifiers::Rpps;
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKeySet,
    CoreProviderMetadata,
};
use openidconnect::reqwest::Client;
use openidconnect::url::Url;
use openidconnect::{
    AccessTokenHash, AuthenticationContextClass, AuthorizationCode, ClaimsVerificationError, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RequestTokenError, Scope, TokenResponse, UserInfoClaims, UserInfoError, http,
};
use sync::protocol::access::PscRefusal;

use super::Settings;
use super::fetch::{NoAnswer, client, fetch};
use super::identity::Claims;

/// The only level of Pro Santé Connect: a card and its code, or its equal on a telephone.
const LEVEL: &str = "eidas1";
/// How long a description of the provider serves. Its keys are asked anew each time: a withdrawn one serves no more.
const FRESH: Duration = Duration::from_secs(60 * 60);

/// Why nobody is identified.
pub type Failure = PscRefusal;

type Party =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

#[derive(Debug)]
pub struct Provider {
    settings: Settings,
    http: Client,
    described: Mutex<Option<(Instant, CoreProviderMetadata)>>,
}

/// A way to the provider, and what tells on the return that it was ours.
#[derive(Debug)]
pub struct Way {
    pub url: Url,
    pub state: String,
    pub nonce: Nonce,
    pub verifier: PkceCodeVerifier,
}

impl Provider {
    pub(super) fn new(settings: Settings) -> anyhow::Result<Self> {
        Ok(Self { settings, http: client()?, described: Mutex::default() })
    }

    /// Where to send somebody.
    pub async fn way(&self) -> Result<Way, Failure> {
        let party = self.party(self.described().await?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = party
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("scope_all".into()))
            .add_auth_context_value(AuthenticationContextClass::new(LEVEL.into()))
            // On a tablet that is shared, the provider's own session may still be somebody else's.
            .add_prompt(CoreAuthPrompt::Login)
            .set_pkce_challenge(challenge)
            .url();
        Ok(Way { url, state: state.into_secret(), nonce, verifier })
    }

    /// Who came back with this code: every word of the provider is checked before the next one is asked.
    pub async fn identify(&self, code: String, nonce: &Nonce, verifier: PkceCodeVerifier) -> Result<Rpps, Failure> {
        let described = self.described().await?;
        let keys = self.json::<CoreJsonWebKeySet>(described.jwks_uri().url()).await?;
        let party = self.party(described.set_jwks(keys));
        let http = self.http.clone();
        let ask = move |request| fetch(http.clone(), request);

        let exchange = party.exchange_code(AuthorizationCode::new(code)).map_err(|_| fault("no token endpoint"))?;
        let tokens = exchange.set_pkce_verifier(verifier).request_async(&ask).await.map_err(|error| match error {
            RequestTokenError::Request(error) => unanswered(&error),
            RequestTokenError::ServerResponse(said) if *said.error() == CoreErrorResponseType::InvalidGrant => {
                Failure::Expired
            }
            _ => fault("the code is refused"),
        })?;
        let token = tokens.id_token().ok_or_else(|| fault("no identity token"))?;
        let verifier = party.id_token_verifier();
        let claims = token.claims(&verifier, nonce).map_err(|error| match error {
            ClaimsVerificationError::Expired(_) => Failure::Expired,
            ClaimsVerificationError::InvalidNonce(_) => fault("wrong nonce"),
            ClaimsVerificationError::SignatureVerification(_) => fault("wrong signature"),
            _ => fault("wrong identity token"),
        })?;
        if claims.auth_context_ref().map(|level| level.as_str()) != Some(LEVEL) {
            return Err(fault("the level is not the one that was asked"));
        }
        if let Some(expected) = claims.access_token_hash() {
            let made = token.signing_alg().ok().zip(token.signing_key(&verifier).ok());
            let made = made.and_then(|(alg, key)| AccessTokenHash::from_token(tokens.access_token(), alg, key).ok());
            if made.as_ref() != Some(expected) {
                return Err(fault("wrong access token"));
            }
        }

        let told = party
            .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
            .map_err(|_| fault("no user information endpoint"))?
            .request_async(&ask)
            .await;
        let told: UserInfoClaims<Claims, CoreGenderClaim> = told.map_err(|error| match error {
            UserInfoError::Request(error) => unanswered(&error),
            _ => fault("wrong user information"),
        })?;
        told.additional_claims().rpps()
    }

    fn party(&self, described: CoreProviderMetadata) -> Party {
        let Settings { client_id, client_secret, redirect, .. } = self.settings.clone();
        CoreClient::from_provider_metadata(described, client_id, Some(client_secret)).set_redirect_uri(redirect)
    }

    /// What the provider says of itself, asked when it is first needed.
    async fn described(&self) -> Result<CoreProviderMetadata, Failure> {
        let lock = || self.described.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = lock().as_ref().filter(|(since, _)| since.elapsed() < FRESH).map(|(_, described)| described.clone());
        if let Some(described) = kept {
            return Ok(described);
        }
        let described = self.json::<CoreProviderMetadata>(&self.settings.discovery).await?;
        if *described.issuer() != self.settings.issuer {
            return Err(fault("the description is that of another issuer"));
        }
        *lock() = Some((Instant::now(), described.clone()));
        Ok(described)
    }

    async fn json<T: serde::de::DeserializeOwned>(&self, url: &Url) -> Result<T, Failure> {
        let request: HttpRequest = http::Request::get(url.as_str())
            .header(http::header::ACCEPT, "application/json")
            .body(Vec::new())
            .map_err(|_| fault("wrong address"))?;
        let answer = fetch(self.http.clone(), request).await.map_err(|error| unanswered(&error))?;
        if !answer.status().is_success() {
            tracing::warn!(status = answer.status().as_u16(), "Pro Santé Connect describes itself elsewhere");
            return Err(Failure::Down);
        }
        serde_json::from_slice(answer.body()).map_err(|_| fault("a description that cannot be read"))
    }
}

/// Said once, here, with words of our own: those of the provider may name somebody.
fn fault(why: &'static str) -> Failure {
    tracing::warn!(why, "Pro Santé Connect: what came back is refused");
    Failure::Fault
}

fn unanswered(error: &NoAnswer) -> Failure {
    tracing::warn!(%error, "Pro Santé Connect does not answer");
    Failure::Down
}
