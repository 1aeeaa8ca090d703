//! The links just made: on the screen, to be copied; on paper, one strip a person, to be cut. They are shown here and
//! nowhere else, as long as the notebook is open.

use domain::Glyph;
use domain::french::counted;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use sync::protocol::access::Invitee;

use super::{for_administrators, words};
use crate::notebook::{Notebook, use_notebook};
use crate::platform::page;
use crate::route;
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;
use crate::ui::page::Page;
use crate::ui::qr::Qr;

#[component]
pub fn LinksPage() -> impl IntoView {
    for_administrators(|| Links().into_any())
}

#[component]
fn Links() -> impl IntoView {
    let notebook = use_notebook();
    let links = notebook.links();
    let count = Memo::new(move |_| links.with(|links| links.invited.len()));
    let said = RwSignal::new(String::new());
    view! {
        <Page title="Liens à remettre">
            <header class="title screen-only">
                <a class="back" href=route::ACCOUNTS><Icon name=Glyph::Back/>"Comptes"</a>
                <h1 id="title" tabindex="-1">"Liens à remettre"</h1>
                <p class="second" role="status">{move || match count.get() {
                    0 => "Aucun lien n’attend.".to_owned(),
                    count => counted(count, "lien, montré une seule fois", "liens, montrés une seule fois"),
                }}</p>
            </header>
            {move || refused(&links.with(|links| links.refused.clone()))}
            {move || if count.get() > 0 {
                view! {
                    <p class="screen-only">
                        {if count.get() == 1 { "Remettez-le" } else { "Remettez chacun" }}
                        " en main propre, à la bonne personne\u{a0}: il lui ouvre son compte. Le serveur n’en garde pas de copie. S’il se "
                        "perd, un nouveau lien se fait depuis la page du compte."
                    </p>
                    <div class="actions screen-only">
                        <button type="button" class="main-button" on:click=move |_| page::print()><Icon name=Glyph::Print/>"Imprimer"</button>
                        <Done notebook/>
                    </div>
                    <p class="said screen-only" role="status" aria-live="polite">{said}</p>
                }.into_any()
            } else {
                view! {
                    <p>"Un lien n’est montré qu’à sa création, et n’est gardé nulle part. Pour en avoir un autre, ouvrez le compte, puis «\u{a0}Nouveau lien\u{a0}»."</p>
                    <div class="actions"><a class="main-button" href=route::ACCOUNTS>"Voir les comptes"</a></div>
                }.into_any()
            }}
            {move || (count.get() > 0).then(|| {
                let territory = notebook.account().with(|account| account.as_ref().map(|account| account.territory_name.clone()));
                let territory = territory.unwrap_or_default();
                let strips = links.with(|links| links.invited.iter().map(|one| strip(notebook, one, &territory, said)).collect_view());
                view! { <article class="print letter strips">{strips}</article> }
            })}
        </Page>
    }
}

/// Those who were not made an account, and why.
fn refused(lines: &[String]) -> Option<AnyView> {
    (!lines.is_empty()).then(|| {
        let said = counted(lines.len(), "compte n’a pas été créé.", "comptes n’ont pas été créés.");
        let lines = lines.iter().map(|line| view! { <li>{line.clone()}</li> }).collect_view();
        view! {
            <div class="band notice screen-only" role="status">
                <Icon name=Glyph::Alert/>
                <div><p><b>{said}</b></p><ul class="plain">{lines}</ul></div>
            </div>
        }
        .into_any()
    })
}

/// « C’est fait »: the links are forgotten, after a question.
#[component]
fn Done(notebook: Notebook) -> impl IntoView {
    let open = RwSignal::new(false);
    let navigate = use_navigate();
    let done = move |_| {
        open.set(false);
        notebook.handed_over();
        navigate(route::ACCOUNTS, NavigateOptions { replace: true, ..NavigateOptions::default() });
    };
    view! {
        <button type="button" class="second-button" aria-haspopup="dialog" on:click=move |_| open.set(true)>
            <Icon name=Glyph::Check/>"C’est remis"
        </button>
        <Dialog open title="Ne plus montrer ces liens\u{202f}?">
            <p>"Ils disparaissent de cet écran. Ceux qui sont imprimés ou copiés servent toujours, une fois chacun."</p>
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| open.set(false)>"Les garder encore"</button>
                <button type="button" class="danger-button" on:click=done>"Ne plus les montrer"</button>
            </div>
        </Dialog>
    }
}

/// One person's: what she needs, and nothing about the others.
fn strip(notebook: Notebook, one: &Invitee, territory: &str, said: RwSignal<String>) -> AnyView {
    let address = format!("{}{}", page::origin(), route::activation(&one.link.token));
    let until = words::moment(notebook.local(one.link.expires_at));
    let name = one.name.clone();
    let copied = {
        let (address, name) = (address.clone(), name.clone());
        move |_| {
            let (address, name) = (address.clone(), name.clone());
            spawn_local(async move {
                let told = if page::copy(&address).await {
                    format!("Le lien de {name} est copié.")
                } else {
                    "Ce navigateur ne copie pas. Le lien est encore à l’écran\u{a0}: sélectionnez-le.".to_owned()
                };
                said.try_set(told);
            });
        }
    };
    view! {
        <section class="strip">
            <Qr rows=one.link.qr.clone() title=format!("QR code du lien de {name}")/>
            <div class="strip-text">
                <header><h2 class="name">{name.clone()}</h2><span><span class="wordmark">"Cardabelle"</span>", "{territory.to_owned()}</span></header>
                <p>"Votre identifiant\u{a0}: "<b>{one.login.clone()}</b></p>
                <ol>
                    <li>"Visez le carré avec l’appareil photo, ou tapez l’adresse."</li>
                    <li>"Choisissez un mot de passe d’au moins 12\u{a0}caractères, puis suivez l’écran."</li>
                    <li>"Connectez-vous avec votre identifiant et ce mot de passe."</li>
                </ol>
                <p>"Sert une seule fois, jusqu’au "<b>{until}</b>". Ne le donnez à personne."</p>
            </div>
            <p class="link">{address}</p>
            <button type="button" class="second-button screen-only" aria-label=format!("Copier le lien de {name}") on:click=copied>
                "Copier le lien"
            </button>
        </section>
    }
    .into_any()
}
