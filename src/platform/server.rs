//! The server, over HTTPS.

use domain::annuaire::import::{Differences, Imported, Imports, Reports, Settlement, Submission, Undone};
use domain::figures::Document;
use domain::id::{AccountId, DeviceId, RecordId};
use gloo_net::http::{Request, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::protocol::access::{
    Accounts, Colleagues, Devices, Doors, Invitation, Invited, Link, Name, Neighbours, NewLink, NewMembers, NewStand,
    OpenLink, PscBegin, PscFinish, PscGo, Sheet, StandOpened, StandPush, StandPushed, Stands, UseLink, Visit, Visited,
    Welcome,
};
use sync::protocol::audit::{Audit, Before};
use sync::protocol::territory::{Asked, Panel};
use sync::protocol::{
    AppliedAgain, ApplyAgain, Brought, Frame, History, Problem, Pulled, Push, Pushed, SealKey, Sealed, SetAside,
    SignIn, SignedIn,
};
use sync::{Cursor, FirstPull};
use uuid::Uuid;
use web_sys::RequestCache;

use super::clock;
use super::http::{Reply, send, send_file};
use super::json;

/// The status of an answer without body: what the caller holds is the newest.
const NOT_MODIFIED: u16 = 304;

/// Why there is no answer to use. None of these is a reason to lose anything.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// No network, or nobody at the other end, or the line was cut.
    Unreachable,
    /// Something answered that is not our server: captive portal, not our JSON.
    Silent,
    /// Our server says no, and why.
    Problem { status: u16, problem: Problem },
}

pub async fn sign_in(request: &SignIn) -> Result<SignedIn, Failure> {
    post("/api/sign-in", None, request).await
}

/// This device exchanges no more until its next full sign-in.
pub async fn sign_out(token: &str) -> Result<(), Failure> {
    done(Request::post("/api/sign-out"), token).await
}

/// The ways to a full sign-in that the server has open.
pub async fn doors() -> Result<Doors, Failure> {
    fetch("/api/doors", None).await
}

/// The address at which Pro Santé Connect asks who comes.
pub async fn leave_for_psc(begin: &PscBegin) -> Result<PscGo, Failure> {
    post("/api/psc/begin", None, begin).await
}

/// Somebody is back from there.
pub async fn come_back_from_psc(finish: &PscFinish) -> Result<SignedIn, Failure> {
    post("/api/psc/finish", None, finish).await
}

/// Whom a one-time link is for.
pub async fn open_link(link: &OpenLink) -> Result<Invitation, Failure> {
    post("/api/link", None, link).await
}

/// Spends a one-time link.
pub async fn use_link(link: &UseLink) -> Result<Welcome, Failure> {
    post("/api/link/use", None, link).await
}

/// A link for who knows her password and has no second factor yet.
pub async fn link_of_mine(request: &SignIn) -> Result<Link, Failure> {
    post("/api/link/mine", None, request).await
}

/// The caller's own devices.
pub async fn devices(token: &str) -> Result<Devices, Failure> {
    fetch("/api/devices", Some(token)).await
}

/// Gives a device another name.
pub async fn rename_device(token: &str, device: DeviceId, name: &Name) -> Result<(), Failure> {
    tell(&format!("/api/devices/{device}/name"), token, name).await
}

/// Whose the other notebooks of this browser are.
pub async fn neighbours(token: &str, devices: &Neighbours) -> Result<Neighbours, Failure> {
    post("/api/devices/neighbours", Some(token), devices).await
}

/// With whom a person may be shared.
pub async fn colleagues(token: &str) -> Result<Colleagues, Failure> {
    fetch("/api/colleagues", Some(token)).await
}

/// A device whose access has ended holds nothing any more.
pub async fn wiped(token: &str) -> Result<(), Failure> {
    done(Request::post("/api/wiped"), token).await
}

pub async fn push(token: &str, push: &Push) -> Result<Pushed, Failure> {
    post("/api/push", Some(token), push).await
}

/// What happened since; with `check`, what the caller must hold afterwards too.
pub async fn pull(token: &str, cursor: Cursor, check: bool) -> Result<Pulled, Failure> {
    let mut url = format!("/api/pull?epoch={}&since={}", cursor.epoch, cursor.since);
    if check {
        url.push_str("&check=true");
    }
    fetch(&url, Some(token)).await
}

/// The key to which an outbox is sealed before it leaves by other means.
pub async fn seal_key() -> Result<SealKey, Failure> {
    fetch("/api/seal-key", None).await
}

/// Hands over an outbox that left a device by other means.
pub async fn bring(token: &str, sealed: &Sealed) -> Result<Brought, Failure> {
    post("/api/sealed", Some(token), sealed).await
}

/// Opens a stand session: a device that only writes.
pub async fn open_stand(token: &str, stand: &NewStand) -> Result<StandOpened, Failure> {
    post("/api/stands", Some(token), stand).await
}

/// The stands the caller looks after.
pub async fn stands(token: &str) -> Result<Stands, Failure> {
    fetch("/api/stands", Some(token)).await
}

/// Closes a stand from afar.
pub async fn close_stand(token: &str, device: DeviceId) -> Result<(), Failure> {
    done(Request::post(&format!("/api/stands/{device}/closed")), token).await
}

/// Opens a stand session for somebody who scanned the code of a stand.
pub async fn visit(visit: &Visit) -> Result<Visited, Failure> {
    post("/api/visit", None, visit).await
}

/// Hands over what a stand sealed; the sealed token inside says whose it is.
pub async fn push_stand(push: &StandPush) -> Result<StandPushed, Failure> {
    post("/api/stand/push", None, push).await
}

/// What was ever written of one record.
pub async fn history(token: &str, record: RecordId) -> Result<History, Failure> {
    fetch(&format!("/api/history?record={record}"), Some(token)).await
}

/// Who did what: in the territory, or on one record.
pub async fn audit(token: &str, record: Option<RecordId>, before: Before) -> Result<Audit, Failure> {
    let Before { entry, seq } = before;
    let record = record.map(|record| format!("&record={record}")).unwrap_or_default();
    fetch(&format!("/api/audit?entry={entry}&seq={seq}{record}"), Some(token)).await
}

/// A page whose words the server writes.
pub async fn panel(token: &str, url: &str) -> Result<Panel, Failure> {
    fetch(url, Some(token)).await
}

/// Changes a setting of the territory; answers the page of all of them.
pub async fn set_territory(token: &str, asked: &Asked) -> Result<Panel, Failure> {
    post("/api/territory", Some(token), asked).await
}

/// A copy of all that is kept of one person: `html` or `json`, in the hours of this offset.
pub async fn dossier(token: &str, person: RecordId, shape: &str, offset: i32) -> Result<String, Failure> {
    let bytes =
        ask(Request::get(&format!("/api/people/{person}/dossier?as={shape}&offset={offset}")), Some(token), None);
    String::from_utf8(bytes.await?).map_err(|_| Failure::Silent)
}

/// What a programme counts over everybody; `of`: the record it is asked about.
pub async fn figures(token: &str, programme: &str, id: &str, of: Option<RecordId>) -> Result<Document, Failure> {
    fetch(&figures_url(programme, id, of), Some(token)).await
}

/// The same as a file: `id` ends with its extension.
pub async fn figures_file(token: &str, programme: &str, id: &str, of: Option<RecordId>) -> Result<Vec<u8>, Failure> {
    ask(Request::get(&figures_url(programme, id, of)), Some(token), None).await
}

/// The days are those of this device's clock.
fn figures_url(programme: &str, id: &str, of: Option<RecordId>) -> String {
    let of = of.map(|of| format!("&of={of}")).unwrap_or_default();
    format!("/api/figures/{programme}/{id}?offset={}{of}", clock::offset_minutes(clock::now()))
}

/// What the territory's server holds without applying it.
pub async fn set_aside(token: &str) -> Result<SetAside, Failure> {
    fetch("/api/set-aside", Some(token)).await
}

/// Judges again what a device wrote on a record.
pub async fn apply_again(token: &str, what: &ApplyAgain) -> Result<AppliedAgain, Failure> {
    post("/api/set-aside/apply", Some(token), what).await
}

/// The accounts of the territory and their devices, for an administrator.
pub async fn accounts(token: &str) -> Result<Accounts, Failure> {
    fetch("/api/accounts", Some(token)).await
}

/// Makes an account and a link for each.
pub async fn invite(token: &str, members: &NewMembers) -> Result<Invited, Failure> {
    post("/api/accounts", Some(token), members).await
}

/// What a spreadsheet of members holds; nothing is made.
pub async fn read_sheet(token: &str, file: Vec<u8>) -> Result<Sheet, Failure> {
    let reply = accepted(send_file(Request::post("/api/accounts/sheet"), token, file).await?).await?;
    read(&reply.whole().await?)
}

/// A new link of an account, in place of the former ones.
pub async fn new_link(token: &str, account: AccountId, how: NewLink) -> Result<Link, Failure> {
    post(&format!("/api/accounts/{account}/link"), Some(token), &how).await
}

/// Closes an account, or opens it again.
pub async fn set_disabled(token: &str, account: AccountId, disabled: bool) -> Result<(), Failure> {
    turn(token, &format!("/api/accounts/{account}/disabled"), disabled).await
}

/// Ends a device's access, or gives it back.
pub async fn set_revoked(token: &str, device: DeviceId, revoked: bool) -> Result<(), Failure> {
    turn(token, &format!("/api/devices/{device}/revoked"), revoked).await
}

/// Sets what an address names, or takes it off.
async fn turn(token: &str, url: &str, on: bool) -> Result<(), Failure> {
    done(if on { Request::post(url) } else { Request::delete(url) }, token).await
}

/// Why a device begins again, told to the server's log: a difference was found, or the browser erased the notebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Check,
    Evicted,
}

/// A first pull, from where it stands.
pub async fn snapshot(token: &str, first: FirstPull, why: Option<Why>) -> Result<Frames, Failure> {
    let mut url = format!("/api/snapshot?epoch={}&at={}", first.epoch, first.at);
    if let Some(after) = first.after {
        url.push_str(&format!("&after={after}"));
    }
    url.push_str(match why {
        Some(Why::Check) => "&why=check",
        Some(Why::Evicted) => "&why=evicted",
        None => "",
    });
    accepted(send(Request::get(&url), Some(token), None).await?).await.map(Frames)
}

/// Frames on their way, one a line.
pub struct Frames(Reply);

impl Frames {
    /// The next frame; `None` at the end of what the server sent.
    pub async fn next(&mut self) -> Result<Option<Frame>, Failure> {
        match self.0.line().await? {
            Some(line) => json::read(&line).ok_or(Failure::Silent).map(Some),
            None => Ok(None),
        }
    }
}

/// What the cards of a file would change in the directory, or have just changed.
pub async fn import(token: &str, submission: &Submission) -> Result<Imported, Failure> {
    post("/api/annuaire/imports", Some(token), submission).await
}

/// The imports of the territory, newest first.
pub async fn imports(token: &str) -> Result<Imports, Failure> {
    fetch("/api/annuaire/imports", Some(token)).await
}

/// Sets back what an import changed.
pub async fn undo_import(token: &str, import: Uuid) -> Result<Undone, Failure> {
    post(&format!("/api/annuaire/imports/{import}/undo"), Some(token), &()).await
}

/// The people an import brought in were told.
pub async fn informed(token: &str, import: Uuid) -> Result<(), Failure> {
    done(Request::post(&format!("/api/annuaire/imports/{import}/informed")), token).await
}

/// What was declared and the last files say otherwise.
pub async fn differences(token: &str) -> Result<Differences, Failure> {
    fetch("/api/annuaire/differences", Some(token)).await
}

/// One of them is settled.
pub async fn settle_difference(token: &str, settlement: &Settlement) -> Result<(), Failure> {
    tell("/api/annuaire/differences", token, settlement).await
}

/// An error somebody signalled is settled, or is not after all.
pub async fn settle_report(token: &str, report: RecordId, settled: bool) -> Result<(), Failure> {
    turn(token, &format!("/api/annuaire/reports/{report}/settled"), settled).await
}

/// What is answered without a body.
async fn done(request: RequestBuilder, token: &str) -> Result<(), Failure> {
    ask(request, Some(token), None).await.map(drop)
}

/// As [`done`], with something to say.
async fn tell(url: &str, token: &str, body: &impl Serialize) -> Result<(), Failure> {
    ask(Request::post(url), Some(token), Some(written(body)?)).await.map(drop)
}

/// The errors people signalled on cards.
pub async fn reports(token: &str) -> Result<Reports, Failure> {
    fetch("/api/annuaire/reports", Some(token)).await
}

/// A whole file the server publishes.
pub struct Published {
    /// By which the server knows later that we hold this very file.
    pub mark: String,
    pub bytes: Vec<u8>,
}

/// The members' directory; `None`: the one of this mark is still the newest.
pub async fn annuaire(token: &str, mark: Option<&str>) -> Result<Option<Published>, Failure> {
    published("/api/annuaire", Some(token), mark).await
}

/// The directory for everybody; nobody is signed in.
pub async fn public_annuaire(mark: Option<&str>) -> Result<Option<Published>, Failure> {
    published("/api/public/annuaire", None, mark).await
}

async fn published(url: &str, token: Option<&str>, mark: Option<&str>) -> Result<Option<Published>, Failure> {
    // The browser's own cache would keep the members' file in clear: we keep it ourselves.
    let mut request = Request::get(url).cache(RequestCache::NoStore);
    if let Some(mark) = mark {
        request = request.header("If-None-Match", mark);
    }
    let reply = send(request, token, None).await?;
    if reply.status() == NOT_MODIFIED {
        return Ok(None);
    }
    let reply = accepted(reply).await?;
    let mark = reply.header("etag").unwrap_or_default();
    Ok(Some(Published { mark, bytes: reply.whole().await? }))
}

async fn fetch<T: DeserializeOwned>(url: &str, token: Option<&str>) -> Result<T, Failure> {
    read(&ask(Request::get(url), token, None).await?)
}

async fn post<T: DeserializeOwned>(url: &str, token: Option<&str>, body: &impl Serialize) -> Result<T, Failure> {
    read(&ask(Request::post(url), token, Some(written(body)?)).await?)
}

/// Asks, and waits for the whole answer: the same code whatever is asked, for it is downloaded.
async fn ask(request: RequestBuilder, token: Option<&str>, body: Option<String>) -> Result<Vec<u8>, Failure> {
    accepted(send(request, token, body).await?).await?.whole().await
}

fn written(body: &impl Serialize) -> Result<String, Failure> {
    json::write(body).ok_or(Failure::Silent)
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    json::read(body).ok_or(Failure::Silent)
}

/// The reply, unless it is a refusal: what the server says of it then, if it is ours.
async fn accepted(reply: Reply) -> Result<Reply, Failure> {
    if reply.ok() {
        return Ok(reply);
    }
    let status = reply.status();
    let problem = read(&reply.whole().await?)?;
    Err(Failure::Problem { status, problem })
}

/// The words to draw a passphrase from, one per line; precached with the application.
pub async fn passphrase_words() -> Result<Vec<String>, Failure> {
    let request = Request::get("/passphrase-words.txt").send().await.map_err(|_| Failure::Unreachable)?;
    if !request.ok() {
        return Err(Failure::Silent);
    }
    let text = request.text().await.map_err(|_| Failure::Silent)?;
    Ok(text.lines().map(str::to_owned).filter(|word| !word.is_empty()).collect())
}
