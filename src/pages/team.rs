//! « Équipe de soins »: who follows a person, sharing her with a colleague, and ending it.

use domain::Glyph;
use domain::french::uncapitalised;
use domain::id::RecordId;
use domain::people::{CONSENT, Purpose, SHARE};
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::protocol::access::Colleague;

use super::reading::{consents_of, may_write};
use crate::notebook::{Departure, Member, Notebook, use_notebook};
use crate::platform::page;
use crate::route;
use crate::ui::attempt::Attempt;
use crate::ui::band::TroubleBand;
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;
use crate::ui::live::live;

/// How long a share just made offers to be undone.
const UNDO_MS: i64 = 10_000;

/// The care team of one person, as her page follows it.
#[derive(Clone, Copy)]
pub struct Team {
    pub members: Memo<Vec<Member>>,
    /// She agrees to be shared.
    pub agreed: Memo<bool>,
    /// Everybody she may be shared with. Without them, the shares still say whom they name.
    pub colleagues: RwSignal<Option<Vec<Colleague>>>,
    /// How their reading goes.
    pub reading: Attempt,
}

impl Team {
    /// Call in a component: it follows the records, and reads once the names of the colleagues.
    pub fn of(notebook: Notebook, person: RecordId) -> Self {
        let (colleagues, reading) = (RwSignal::new(None::<Vec<Colleague>>), Attempt::new());
        let consents = notebook.children(person, CONSENT.id);
        let team = Self {
            colleagues,
            reading,
            members: Memo::new(move |_| colleagues.with(|known| notebook.team(person, known.as_deref()))),
            agreed: Memo::new(move |_| {
                consents.with(|all| consents_of(person, all)).contains(&(Purpose::ShareNamed, true))
            }),
        };
        team.read(notebook);
        team
    }

    /// Reads the names of the colleagues.
    pub fn read(self, notebook: Notebook) {
        self.reading.read(async move {
            let known = notebook.colleagues().await?;
            self.colleagues.try_set(Some(known));
            Ok(())
        });
    }

    fn shared(self) -> bool {
        self.members.with(|members| members.len() > 1)
    }

    /// With somebody who may receive her.
    fn handed(self) -> bool {
        self.members.with(|members| members.iter().filter(|member| !member.closed).count() > 1)
    }
}

/// « Karim Benali, infirmier »
fn signed(name: &str, profession: &str) -> String {
    if profession.is_empty() { name.to_owned() } else { format!("{name}, {}", uncapitalised(profession)) }
}

/// Who follows her, and what may be done about it.
#[component]
pub fn CareTeam(id: RecordId, team: Team) -> impl IntoView {
    let notebook = use_notebook();
    let (account, record) = (notebook.account(), notebook.record(id));
    let over = notebook.hands_over();
    let ending = RwSignal::new(false);
    let chosen = RwSignal::new(None::<Member>);
    let writes = Memo::new(move |_| {
        account.with(|account| may_write(account.as_ref(), &SHARE))
            && record.with(|shown| shown.as_ref().is_some_and(|shown| !shown.held))
    });
    let lines = move || {
        let (agreed, writes) = (team.agreed.get(), writes.get());
        let members = team.members.get().into_iter();
        members.map(|member| line(member, agreed, writes, over, chosen, ending)).collect_view()
    };
    view! {
        <h2 id="equipe" tabindex="-1">"Équipe de soins"</h2>
        {move || (!team.shared()).then(|| view! {
            <p class="second">
                {if over {
                    "Cette personne n’est visible que de vous. Remettez-la à un professionnel, qui prendra la suite."
                } else {
                    "Personne d’autre ne la suit ici. Partagez-la avec un collègue, qui lira ce qui est noté et pourra écrire, même sans réseau."
                }}
            </p>
        })}
        {move || (team.shared() && !team.agreed.get()).then(|| view! {
            <p class="second">"Son accord au partage n’est plus donné\u{a0}: ces partages sont arrêtés. Ils reprendront si elle accepte à nouveau."</p>
        })}
        <ul class="lines wrapped" role="list">{move || lines()}</ul>
        {move || (writes.get() && !(over && team.handed())).then(|| view! {
            <div class="actions">
                <a class="second-button" href=route::share(id)>
                    <Icon name=Glyph::Share/>{if over { "Remettre à un professionnel" } else { "Partager" }}
                </a>
            </div>
        })}
        <EndShare chosen open=ending/>
    }
}

/// `over`: whoever holds this notebook only hands over.
fn line(
    member: Member,
    agreed: bool,
    writes: bool,
    over: bool,
    chosen: RwSignal<Option<Member>>,
    open: RwSignal<bool>,
) -> AnyView {
    let shared = !member.shares.is_empty();
    let name = if member.name.is_empty() { "Un professionnel du territoire".to_owned() } else { member.name.clone() };
    let mut second =
        if member.name.is_empty() { "Son nom arrivera avec le réseau".to_owned() } else { member.profession.clone() };
    if member.me {
        second.push_str(", vous");
    }
    let closed = (over && member.closed).then(|| view! {
        <span class="second">"Son compte est fermé\u{a0}: cette personne reste avec vous. Remettez-la à quelqu’un d’autre."</span>
    });
    let waiting = member.waiting.then(|| view! { <span class="second">"Partira au retour du réseau"</span> });
    let tag = (shared && !agreed).then(|| view! { <span class="tag">"arrêté"</span> });
    let end = (shared && writes && !member.me && !(over && agreed && !member.closed)).then(|| {
        let label = format!("Mettre fin au partage avec {name}");
        let end = move |_| {
            chosen.set(Some(member.clone()));
            open.set(true);
        };
        view! {
            <button type="button" class="danger-button" aria-haspopup="dialog" aria-label=label on:click=end>"Mettre fin au partage"</button>
        }
    });
    view! {
        <li class="line">
            <span class="line-text"><b class="name">{name}</b><span>{second}</span>{waiting}{closed}</span>
            {tag}
            {end}
        </li>
    }
    .into_any()
}

/// « Mettre fin au partage ? »: what it does is said before.
#[component]
fn EndShare(chosen: RwSignal<Option<Member>>, open: RwSignal<bool>) -> impl IntoView {
    let notebook = use_notebook();
    let attempt = Attempt::new();
    let name = move || chosen.with(|chosen| chosen.as_ref().map_or_else(String::new, |member| member.name.clone()));
    let end = move |_| {
        let Some(member) = chosen.get_untracked() else { return };
        attempt.run(async move {
            notebook.end_shares(member.shares).await?;
            open.try_set(false);
            page::focus("equipe");
            Ok(())
        });
    };
    view! {
        <Dialog open title="Mettre fin au partage\u{202f}?">
            <p><b class="name">{move || name()}</b>" ne recevra plus rien de cette personne, et sa fiche quittera ses appareils."</p>
            <p>"Ce qui est déjà écrit reste ici, avec son nom. Vous pourrez la partager à nouveau."</p>
            <TroubleBand id="end-share-trouble" trouble=attempt.trouble/>
            <div class="actions">
                <button type="button" class="main-button" on:click=move |_| open.set(false)>"Continuer le partage"</button>
                <button type="button" class="danger-button" on:click=end>"Mettre fin au partage"</button>
            </div>
        </Dialog>
    }
}

/// « Partagé avec Karim Benali, infirmier », and « Annuler » for a while; that a person is handed over, until it has left.
#[component]
pub fn JustShared(team: Team) -> impl IntoView {
    let notebook = use_notebook();
    let over = notebook.hands_over();
    let now = RwSignal::new(notebook.now().0);
    let attempt = Attempt::new();
    let fresh = Memo::new(move |_| {
        let now = now.get();
        let members = team.members.get().into_iter();
        let fresh = |member: &Member| {
            let age = now - member.since.0;
            !member.me && !member.shares.is_empty() && ((over && member.waiting) || (0..UNDO_MS).contains(&age))
        };
        members.filter(fresh).max_by_key(|member| member.since)
    });
    Effect::new(move |_| {
        let Some(left) = fresh.with(|fresh| fresh.as_ref().map(|member| UNDO_MS - (notebook.now().0 - member.since.0)))
        else {
            return;
        };
        spawn_local(async move {
            page::sleep(u32::try_from(left.clamp(0, UNDO_MS)).unwrap_or_default() + 50).await;
            now.try_set(notebook.now().0);
        });
    });
    live(move || {
        let member = fresh.get()?;
        let who = signed(&member.name, &member.profession);
        let (what, then) = match (over, member.waiting) {
            (true, _) => (format!("Remise à {who}."), " Elle quittera votre carnet dès l’envoi. Rien n’est perdu."),
            (false, true) => (format!("Partagé avec {who}."), " La fiche partira au retour du réseau."),
            (false, false) => (format!("Partagé avec {who}."), " La fiche lui parvient."),
        };
        let undo = move |_| {
            let shares = member.shares.clone();
            attempt.run(async move {
                let done = notebook.end_shares(shares).await;
                page::focus("title");
                done
            });
        };
        Some(view! {
            <div class="band good" role="status">
                <Icon name=Glyph::Check/>
                <p><b>{what}</b>{then}</p>
                // What was offered to the server cannot be held back: a hand-over is confirmed before, not undone after.
                {(!over).then(|| view! {
                    <button type="button" class="second-button" on:click=undo><Icon name=Glyph::Undo/>"Annuler"</button>
                })}
            </div>
            <TroubleBand id="undo-trouble" trouble=attempt.trouble/>
        })
    })
}

/// Instead of somebody who left this notebook while she was looked at.
#[component]
pub fn Departed(gone: Departure) -> impl IntoView {
    let notebook = use_notebook();
    let person = gone.person;
    on_cleanup(move || notebook.read_departures(vec![person]));
    let title = match &gone.to {
        Some(name) => format!("Cette personne est remise à {name}"),
        None => "Cette personne n’est plus partagée avec vous".to_owned(),
    };
    view! {
        <header class="title"><h1 id="title" tabindex="-1">{title}</h1></header>
        <p role="status">{gone.words().1}</p>
        <div class="actions">
            <a class="main-button" href=route::PEOPLE>"Voir les personnes"</a>
            {gone.any_unsent().then(|| view! { <a class="second-button" href=route::WAITING>"Voir ce qui est mis de côté"</a> })}
        </div>
    }
}
