//! A device whose access has ended: what it wrote is handed over, then nothing of the notebook stays here. What the server
//! could never read keeps the notebook from being wiped: it stays, and may be exported.

use std::collections::BTreeSet;
use std::rc::Rc;

use domain::french::counted;
use domain::id::OpId;
use domain::order::sort_by_key;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use sync::protocol::{MAX_BYTES, MAX_OPERATIONS, Push, Quarantine};
use sync::{Aside, Operation, Phase, Store};

use super::exchange::Halt;
use super::state::Session;
use super::{Gate, Link, Notebook};
use crate::platform::server::{self, Failure};
use crate::platform::{idb, json, page, storage};

/// Name, in `localStorage`, of what is told once the notebook is gone: two counts.
const FAREWELL: &str = "cardabelle-farewell";
/// What was reading the notebook when it closed has ended by then.
const SETTLED_MS: u32 = 500;

const NOT_WRITTEN: &str = "L’accès de cet appareil a pris fin. Vos dernières frappes ne sont encore qu’à l’écran. Libérez \
    de la place sans fermer cette page\u{202f}: elles partiront ensuite.";
const CLOSED: &str = "L’accès de cet appareil a pris fin, et le serveur n’en prend plus rien. Vos saisies sont gardées ici. \
    Exportez-les plus bas, et confiez le fichier à la coordination.";

/// What became of the entries of a notebook that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Farewell {
    /// Entries that waited, and that the server holds now.
    pub received: usize,
    /// Entries that waited for a person's consent: they never leave a device without it, and went with the notebook.
    pub held: usize,
}

/// What was handed over so far.
#[derive(Default)]
struct Handed {
    /// Entries that waited.
    waited: BTreeSet<OpId>,
    received: BTreeSet<OpId>,
    /// The server cannot read them, today or ever.
    unread: BTreeSet<OpId>,
    /// Those of them that somebody wrote: what the device told of itself keeps no notebook.
    stays: usize,
    /// Of the server, once it answered.
    epoch: Option<u64>,
}

impl Notebook {
    /// What is to be told of a notebook that was wiped here, until the next sign-in.
    #[must_use]
    pub fn farewell(self) -> Option<Farewell> {
        json::read(storage::get(FAREWELL)?.as_bytes())
    }

    /// It was read.
    pub fn read_farewell(self) {
        storage::forget(FAREWELL);
    }

    /// Hands everything over, then wipes this device. The session is closed when it is done.
    pub(super) async fn retire(self, session: &Rc<Session>) -> Result<(), Halt> {
        // The other tabs write what they have, and close; none opens meanwhile.
        session.closing.set(true);
        self.say_locked(session.device, None);
        let retired = self.try_retire(session).await;
        session.closing.set(false);
        retired
    }

    async fn try_retire(self, session: &Rc<Session>) -> Result<(), Halt> {
        let mut handed = Handed::default();
        let held = loop {
            if !self.is_open(session) {
                return Ok(());
            }
            if !self.flush().await {
                return Err(Halt::Link(Link::Refused, Some(NOT_WRITTEN.to_owned())));
            }
            let held = handed.look(session).await?;
            let mut rest = session.replica.export().await?;
            if handed.epoch.is_some_and(|epoch| epoch != held.epoch) {
                // The server was restored: what it acknowledged since its backup is not there any more.
                rest.extend(session.store().kept().await?.into_iter().map(|(_, operation)| operation));
            }
            rest.retain(|operation| !handed.knows(operation.op_id));
            // Even of nothing, one answer is awaited: it says whether the server was restored.
            if rest.is_empty() && handed.epoch.is_some() && session.typed.pending.borrow().is_empty() {
                break held.count;
            }
            sort_by_key(&mut rest, |operation| operation.device_seq);
            match self.hand_in(session, rest, &mut handed).await {
                // It said already that it holds nothing any more, and was cut before it did so.
                Err(Halt::Revoked) if handed.waited.is_empty() => break held.count,
                Err(Halt::Revoked) => return Err(Halt::Link(Link::Refused, Some(CLOSED.to_owned()))),
                done => done?,
            }
        };
        let stays = handed.stays + session.store().unreadable().await?;
        if stays > 0 {
            return Err(Halt::Link(Link::Refused, Some(stay(stays))));
        }
        if !self.is_open(session) || !session.typed.pending.borrow().is_empty() {
            // Something was typed meanwhile: the next round takes it.
            session.exchange.again.set(true);
            return Ok(());
        }
        // Nothing is awaited between this look and the end of the session: nothing more can be written.
        self.forget_session();
        self.gate.set(Gate::Starting);
        if let Err(failure) = server::wiped(&session.token).await
            && !matches!(Halt::from(failure), Halt::Revoked)
        {
            // Everything is there still: told and done at the next opening.
            self.gate.set(Gate::Locked);
            return Ok(());
        }
        let farewell = Farewell { received: handed.waited.intersection(&handed.received).count(), held };
        self.wipe(session, farewell).await;
        Ok(())
    }

    async fn wipe(self, session: &Rc<Session>, farewell: Farewell) {
        page::sleep(SETTLED_MS).await;
        session.store().close();
        let inner = self.inner();
        // If the disk refuses, the notebook is found again at the next opening, which ends here too.
        let _ = idb::delete(&idb::IdbStore::name(session.device)).await;
        let _ = inner.devices.forget(session.device).await;
        inner.enrolled.borrow_mut().retain(|one| one.device_id != session.device);
        if let Some(text) = json::write(&farewell) {
            storage::set(FAREWELL, &text);
        }
        // Where she was is gone too.
        page::replace_address("/");
        self.gate.set(if self.enrolled() { Gate::Locked } else { Gate::SignIn });
    }

    /// Sends these operations, in order. One the server cannot read does not keep the others.
    async fn hand_in(self, session: &Rc<Session>, all: Vec<Operation>, handed: &mut Handed) -> Result<(), Halt> {
        // Last in, first out: the halves of a push that is too long stay in order.
        let mut batches = vec![Push { operations: all }];
        while let Some(mut push) = batches.pop() {
            if too_long(&push) {
                match push.operations.len() {
                    1 => handed.unread(&push.operations[0]),
                    count => {
                        let later = push.operations.split_off(count / 2);
                        batches.extend([Push { operations: later }, push]);
                    }
                }
                continue;
            }
            match server::push(&session.token, &push).await {
                Ok(reply) => {
                    handed.epoch = Some(reply.epoch);
                    handed.received.extend(reply.fates.iter().map(|(op_id, _)| *op_id));
                    session.replica.pushed(session.account.id, &reply).await?;
                }
                Err(Failure::Problem { status: 400, problem })
                    if problem.position.is_some_and(|position| position < push.operations.len()) =>
                {
                    let unread = push.operations.remove(problem.position.unwrap_or_default());
                    handed.unread(&unread);
                    session.replica.set_aside(unread.op_id).await?;
                    batches.push(push);
                }
                Err(failure) => return Err(failure.into()),
            }
            self.count_soon();
        }
        Ok(())
    }
}

/// What waits for a consent, and where the log was read.
struct Held {
    count: usize,
    epoch: u64,
}

impl Handed {
    fn knows(&self, op: OpId) -> bool {
        self.received.contains(&op) || self.unread.contains(&op)
    }

    fn unread(&mut self, operation: &Operation) {
        self.unread.insert(operation.op_id);
        self.stays += usize::from(!operation.is_trace());
    }

    /// Looks at what waits, what was handed over before the application was closed included.
    async fn look(&mut self, session: &Session) -> Result<Held, Halt> {
        let mut count = 0;
        for queued in session.store().outbox().await?.iter().filter(|queued| !queued.operation.is_trace()) {
            let op_id = queued.operation.op_id;
            match queued.phase {
                Phase::Held(_) => count += 1,
                Phase::Open | Phase::Offered => drop(self.waited.insert(op_id)),
                Phase::SetAside(Aside::Quarantined(Quarantine::Revoked)) => drop(self.waited.insert(op_id)),
                Phase::SetAside(_) => {}
            }
        }
        // Before a first pull nothing was ever acknowledged.
        let epoch = session.store().cursor().await?.epoch;
        Ok(Held { count, epoch })
    }
}

fn too_long(push: &Push) -> bool {
    push.operations.len() > MAX_OPERATIONS || json::write(push).is_none_or(|text| text.len() > MAX_BYTES)
}

fn stay(count: usize) -> String {
    let (one, many) =
        ("saisie que le serveur ne sait pas lire reste ici", "saisies que le serveur ne sait pas lire restent ici");
    let them = if count == 1 { "la" } else { "les" };
    format!(
        "L’accès de cet appareil a pris fin, et ce qui pouvait partir est parti. {}\u{a0}: rien n’est effacé. Exportez-{them} \
         plus bas et prévenez la coordination.",
        counted(count, one, many)
    )
}

impl Farewell {
    /// What happened, what became of the entries, what to do.
    #[must_use]
    pub fn told(self) -> String {
        let received = match self.received {
            0 => "Rien n’attendait d’être envoyé.".to_owned(),
            1 => "La saisie qui attendait est au serveur\u{a0}: la coordination la relira.".to_owned(),
            count => {
                format!("Les {count}\u{a0}saisies qui attendaient sont au serveur\u{a0}: la coordination les relira.")
            }
        };
        let held = match self.held {
            0 => String::new(),
            count => {
                let one = "saisie gardée sans l’accord de la personne a été effacée";
                let many = "saisies gardées sans l’accord de la personne ont été effacées";
                format!(" {} avec lui.", counted(count, one, many))
            }
        };
        format!(
            "Un carnet de cet appareil a été fermé à distance, et n’est plus ici. {received}{held} Si c’était le vôtre, \
             connectez-vous pour le retrouver, ou appelez la coordination."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_farewell_counts_what_arrived_and_what_went_with_the_notebook() {
        let told = Farewell { received: 0, held: 0 }.told();
        assert!(told.contains("Rien n’attendait d’être envoyé.") && !told.contains("accord"), "{told}");
        let told = Farewell { received: 3, held: 2 }.told();
        assert!(told.contains("Les 3\u{a0}saisies qui attendaient sont au serveur"), "{told}");
        assert!(
            told.contains("2\u{a0}saisies gardées sans l’accord de la personne ont été effacées avec lui"),
            "{told}"
        );
    }

    #[test]
    fn what_stays_is_counted_and_may_be_exported() {
        let told = stay(1);
        assert!(
            told.contains("1\u{a0}saisie que le serveur ne sait pas lire reste ici") && told.contains("Exportez"),
            "{told}"
        );
    }
}
