//! `/activer#…`: a one-time link makes an account ready. A password, the second factor, and the codes on paper. Before the
//! lock and beside it: nothing of a notebook is opened here.

use domain::Glyph;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::protocol::access::{Invitation, SecondFactor, Welcome};

use super::gate::{Entry, Insecure, PublicLink};
use crate::notebook::{Trouble, TroubleKind, open_link, use_link};
use crate::platform::{page, watch, worker};
use crate::route;
use crate::ui::attempt::{Attempt, Submit};
use crate::ui::band::{Band, Tone, TroubleBand};
use crate::ui::code_step::CODE;
use crate::ui::entry_field::EntryField;
use crate::ui::entry_field::wanted;
use crate::ui::icon::Icon;
use crate::ui::qr::Qr;

const TROUBLE: &str = "activation-trouble";
/// Characters of a password, at least.
const SHORTEST: usize = 12;

/// How far the link is.
#[derive(Clone)]
enum Stage {
    Looking,
    /// The server cannot be reached: the link is as good as before.
    Unknown(Trouble),
    Spent(String),
    Ready(Invitation),
    Done(Welcome),
}

#[component]
pub fn ActivationPage() -> impl IntoView {
    page::set_theme(&page::theme());
    if !page::is_secure() {
        return Insecure().into_any();
    }
    spawn_local(worker::register(|| {}));
    // Another link opened in this tab changes nothing but what follows the `#`.
    watch::on_fragment(page::reload).forever();
    let token = StoredValue::new(page::fragment());
    let stage = RwSignal::new(Stage::Looking);
    let look = move || {
        stage.set(Stage::Looking);
        spawn_local(async move {
            stage.set(match open_link(&token.get_value()).await {
                Ok(invitation) => Stage::Ready(invitation),
                Err(trouble) if trouble.kind == TroubleKind::LinkSpent => Stage::Spent(trouble.message),
                Err(trouble) => Stage::Unknown(trouble),
            });
        });
    };
    look();
    let inside = move || {
        match stage.get() {
        Stage::Looking => {
            view! { <div class="entry-card" aria-busy="true"><h1 id="title" tabindex="-1">"Lecture du lien…"</h1></div> }.into_any()
        }
        Stage::Unknown(trouble) => view! {
            <div class="entry-card">
                <h1 id="title" tabindex="-1">"Lien à relire"</h1>
                <Band tone=Tone::Error glyph=Glyph::Alert message=trouble.message/>
                <button type="button" class="main-button wide" on:click=move |_| look()>"Relire le lien"</button>
            </div>
        }
        .into_any(),
        Stage::Spent(message) => view! { <Spent message/> }.into_any(),
        Stage::Ready(invitation) => view! { <Set invitation token stage/> }.into_any(),
        Stage::Done(welcome) => view! { <Done welcome/> }.into_any(),
    }
    };
    // Each stage is another page to who listens to it.
    Effect::new(move |before: Option<()>| {
        stage.track();
        if before.is_some() {
            page::when_no_hand_writes(|| page::focus("title"));
        }
    });
    view! { <Entry title="Activer mon compte">{move || inside()}<PublicLink/></Entry> }.into_any()
}

/// Whatever is wrong with the link is told alike; whom to ask is what matters.
#[component]
fn Spent(message: String) -> impl IntoView {
    view! {
        <div class="entry-card">
            <h1 id="title" tabindex="-1">"Ce lien ne sert plus"</h1>
            <Band tone=Tone::Notice glyph=Glyph::Clock message/>
            <p>"La personne qui gère les comptes de votre territoire peut en faire un autre à tout moment."</p>
            <p>"Si vous avez déjà choisi votre mot de passe, connectez-vous."</p>
            <a class="main-button wide" href="/" rel="external">"Se connecter"</a>
        </div>
    }
}

#[component]
fn Set(invitation: Invitation, token: StoredValue<String>, stage: RwSignal<Stage>) -> impl IntoView {
    let Invitation { name, login, territory_name, keeps_password, second_factor } = invitation;
    let has_factor = second_factor.is_some();
    let password = RwSignal::new(String::new());
    let again = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let attempt = Attempt::new();
    let short = move || !keeps_password && password.with(|typed| typed.chars().count() < SHORTEST);
    let differs = move || !keeps_password && password.get() != again.get();
    let lacks = move || has_factor && code.with(|code| code.trim().is_empty());

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let wrong = untrack(|| {
            let empty = password.with(|typed| typed.is_empty());
            let wrong = [("new-password", empty || short()), ("again", differs()), (CODE, lacks())];
            wrong.into_iter().find_map(|(id, wrong)| wrong.then_some(id))
        });
        if let Some(wrong) = wrong {
            page::focus(wrong);
            return;
        }
        attempt.leave(async move {
            let digits = has_factor.then(|| code.get_untracked().split_whitespace().collect());
            match use_link(&token.get_value(), password.get_untracked(), digits).await {
                Ok(welcome) => {
                    // It serves no more: nothing is left to find in the address.
                    page::replace_address(route::ACTIVATION);
                    stage.set(Stage::Done(welcome));
                }
                Err(refused) if refused.kind == TroubleKind::LinkSpent => stage.set(Stage::Spent(refused.message)),
                Err(refused) => {
                    page::focus(if has_factor { CODE } else { "new-password" });
                    return Err(refused);
                }
            }
            Ok(())
        });
    };
    let field = move || {
        if keeps_password {
            view! {
                <EntryField id="new-password" label="Votre mot de passe" value=password autocomplete="current-password"
                    secret=true described_by=TROUBLE hint="Celui que vous avez déjà."
                    error=wanted(tried, password, "Il manque le mot de passe.")/>
            }
            .into_any()
        } else {
            let short = Signal::derive(move || {
                (tried.get() && short()).then(|| "Ce mot de passe est trop court. Ajoutez un ou deux mots.".to_owned())
            });
            let differs = Signal::derive(move || {
                (tried.get() && differs())
                    .then(|| "Les deux mots de passe ne sont pas pareils. Tapez-le à nouveau.".to_owned())
            });
            view! {
                <EntryField id="new-password" label="Nouveau mot de passe" value=password autocomplete="new-password"
                    secret=true described_by=TROUBLE hint="Douze caractères au moins\u{202f}; plusieurs mots valent mieux qu’un seul."
                    error=short/>
                <EntryField id="again" label="Le même, une seconde fois" value=again autocomplete="new-password" secret=true
                    error=differs/>
            }
            .into_any()
        }
    };
    let missing = Signal::derive(move || (tried.get() && lacks()).then(|| "Il manque le code.".to_owned()));
    view! {
        <form class="entry-card" on:submit=submit aria-busy=attempt.aria_busy() novalidate=true autocomplete="off">
            <h1 id="title" tabindex="-1">{if keeps_password { "Votre code de connexion" } else { "Activer votre compte" }}</h1>
            <p>{welcome_words(keeps_password, has_factor)}</p>
            <dl class="facts">
                <div><dt>"Nom"</dt><dd>{name}</dd></div>
                <div><dt>"Identifiant"</dt><dd><b>{login}</b></dd></div>
                <div><dt>"Territoire"</dt><dd>{territory_name}</dd></div>
            </dl>
            {field()}
            {second_factor.map(|factor| view! { <Factor factor/> })}
            {has_factor.then(|| view! {
                <EntryField id=CODE label="Code à six chiffres" value=code autocomplete="one-time-code" digits=true
                    described_by=TROUBLE hint="Celui que l’application affiche maintenant." error=missing/>
            })}
            <TroubleBand id=TROUBLE trouble=attempt.trouble/>
            <Submit busy=attempt.busy words="Activer mon compte"/>
        </form>
    }
}

/// What there is to do, in one sentence or two.
const fn welcome_words(keeps_password: bool, has_factor: bool) -> &'static str {
    match (keeps_password, has_factor) {
        (true, _) => {
            "Votre compte ouvre des dossiers de santé\u{a0}: il lui faut un code en plus du mot de passe. Cela se règle une fois, ici."
        }
        (false, true) => {
            "Choisissez un mot de passe, puis réglez le code qui vous sera demandé à chaque nouvelle connexion."
        }
        (false, false) => "Choisissez un mot de passe. Il vous sera demandé à chaque nouvelle connexion.",
    }
}

/// The secret, to be read by the camera of a telephone, opened on this very one, or typed.
#[component]
fn Factor(factor: SecondFactor) -> impl IntoView {
    let SecondFactor { secret, url, qr } = factor;
    let copied = RwSignal::new("");
    let told = grouped(&secret);
    let copy = move |_| {
        let secret = secret.clone();
        spawn_local(async move {
            let done = page::copy(&secret).await;
            copied.set(if done { "La clé est copiée." } else { "Ce navigateur ne copie pas\u{a0}: tapez la clé." });
        });
    };
    view! {
        <h2>"Le code de votre téléphone"</h2>
        <ol class="steps">
            <li>"Sur votre téléphone, installez une application de codes si vous n’en avez pas\u{a0}: FreeOTP, Aegis ou Google\u{a0}Authenticator, par exemple."</li>
            <li>
                "Dans cette application, ajoutez un compte et visez ce dessin."
                <Qr rows=qr title="Dessin à lire avec l’application de codes"/>
                <a class="quiet screen-only" href=url>"L’application est sur cet appareil"</a>
                <details>
                    <summary>"Sans appareil photo"</summary>
                    <p>"Tapez cette clé dans l’application, sans vous soucier des espaces."</p>
                    <p class="passphrase">{told}</p>
                    <div class="actions">
                        <button type="button" class="second-button" on:click=copy>"Copier la clé"</button>
                    </div>
                    <p role="status">{copied}</p>
                </details>
            </li>
            <li>"Recopiez ci-dessous le code à six chiffres qu’elle affiche."</li>
        </ol>
    }
}

/// By four, as a person reads them out.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The codes on paper, shown once.
#[component]
fn Done(welcome: Welcome) -> impl IntoView {
    let Welcome { login, recovery_codes } = welcome;
    let noted = RwSignal::new(false);
    let tried = RwSignal::new(false);
    let missing = move || tried.get() && !noted.get();
    let leave = move |_| {
        tried.set(true);
        if noted.get_untracked() {
            page::go("/");
        } else {
            page::focus("codes-noted");
        }
    };
    if recovery_codes.is_empty() {
        return view! {
            <div class="entry-card">
                <h1 id="title" tabindex="-1">"Votre compte est prêt"</h1>
                <p>"Votre identifiant est "<b>{login}</b>". Connectez-vous sur chaque appareil que vous utilisez."</p>
                <a class="main-button wide" href="/" rel="external">"Se connecter"</a>
            </div>
        }
        .into_any();
    }
    let copied = RwSignal::new("");
    let text = recovery_codes.join("\n");
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            let done = page::copy(&text).await;
            copied.set(if done {
                "Les codes sont copiés."
            } else {
                "Ce navigateur ne copie pas\u{a0}: imprimez-les ou notez-les."
            });
        });
    };
    let codes = recovery_codes.into_iter().map(|code| view! { <li>{code}</li> }).collect_view();
    view! {
        <div class="entry-card recovery">
            <h1 id="title" tabindex="-1"><span class="screen-only">"Vos codes de secours"</span><span class="print-only">"Codes de secours Cardabelle"</span></h1>
            <Band tone=Tone::Notice glyph=Glyph::Check message="Votre compte est prêt. Il reste à garder ces codes, qui ne seront plus montrés."/>
            <p>"Le jour où vous n’avez pas votre téléphone, l’un d’eux remplace le code à six chiffres. Chacun sert une fois."</p>
            <ul class="codes" role="list">{codes}</ul>
            <p class="print-only">"Identifiant\u{a0}: "{login}". Rayez un code quand il a servi. Gardez cette feuille loin de l’appareil."</p>
            <div class="actions">
                <button type="button" class="second-button" on:click=move |_| page::print()><Icon name=Glyph::Print/>"Imprimer"</button>
                <button type="button" class="second-button" on:click=copy>"Copier"</button>
            </div>
            <p role="status" class="screen-only">{copied}</p>
            <label class="check screen-only">
                <input id="codes-noted" type="checkbox" bind:checked=noted
                    aria-invalid=move || missing().then_some("true")
                    aria-describedby=move || missing().then_some("codes-noted-error")/>
                <span>"Je les ai notés, et ils ne sont pas avec l’appareil"</span>
            </label>
            {move || missing().then(|| view! {
                <p class="field-error" id="codes-noted-error"><Icon name=Glyph::Alert/>"Notez ou imprimez les codes, puis cochez la case."</p>
            })}
            <div class="screen-only">
                <p class="second">"À la connexion, attendez que votre téléphone montre un autre code\u{a0}: celui-ci a servi."</p>
                <button type="button" class="main-button wide" on:click=leave>"Se connecter"</button>
            </div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn a_secret_is_read_by_four() {
        assert_eq!(grouped("JBSWY3DPEHPK3PXP"), "JBSW Y3DP EHPK 3PXP");
        assert_eq!(grouped("JBSWY"), "JBSW Y");
        assert_eq!(grouped(""), "");
    }
}
