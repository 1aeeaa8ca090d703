//! A server on a port of its own, two nurses, and what they send.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use domain::Timestamp;
use domain::id::{AccountId, DeviceId, OpId, RecordId};
use domain::people::Role;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::HeaderMap;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use server::psc::Psc;
use server::store::{NewAccount, Store};
use server::totp;
use sync::protocol::access::{Invitation, Link, SecondFactor, UseLink, Welcome};
use sync::protocol::{ApplyAgain, Problem, Pulled, Push, Pushed, SignIn, SignedIn};
use sync::{Edit, Operation, OperationKind, Sequenced};
use tempfile::TempDir;
use uuid::Uuid;

pub const CLAIRE_RPPS: &str = "99700000005";
pub const PASSWORD: &str = "quatre mots tirés au sort";

/// A running server; its data go with it.
pub struct World {
    pub address: SocketAddr,
    pub folder: TempDir,
}

/// An answer, read whole.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    #[track_caller]
    pub fn read<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, 200, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    #[track_caller]
    pub fn refused(&self, status: u16) -> Problem {
        assert_eq!(self.status, status, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Fills a folder with a territory, `claire` and `karim` (professionals), `coordo` (coordinator) and `admin`. It is a
/// demonstration: a password is enough, to be served with `--demo`.
pub async fn prepare(folder: &Path) -> Store {
    fill(folder, true).await
}

async fn fill(folder: &Path, demo: bool) -> Store {
    let store = Store::open(folder).await.unwrap();
    let password_hash = server::secret::hash_password(PASSWORD).await.unwrap();
    let account = |login: &str, role| NewAccount {
        login: login.into(),
        name: login.into(),
        profession: "Infirmière".into(),
        roles: vec![role],
        rpps: None,
        password_hash: password_hash.clone(),
    };
    let accounts = [
        account("claire", Role::Professional),
        account("karim", Role::Professional),
        account("coordo", Role::Coordinator),
        account("admin", Role::Administrator),
    ];
    store.create_territory("CPTS d’essai", demo, &accounts).await.unwrap();
    store
}

impl World {
    pub async fn start() -> Self {
        Self::start_behind(None).await
    }

    pub async fn start_behind(proxy: Option<IpAddr>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = prepare(folder.path()).await;
        Self::serve(folder, store, proxy, None).await
    }

    /// Where Pro Santé Connect is configured, and `claire` has an RPPS.
    pub async fn with_psc(psc: Arc<Psc>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = prepare(folder.path()).await;
        let territory = store.territory().await.unwrap().unwrap().id;
        let claire = store.account_by_login(territory, "claire").await.unwrap().unwrap().id;
        assert!(store.set_rpps(territory, claire, Some(&CLAIRE_RPPS.parse().unwrap())).await.unwrap());
        Self::serve(folder, store, None, Some(psc)).await
    }

    /// A territory that is no demonstration: whoever signs in has a second factor, which nobody has yet.
    pub async fn real() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = fill(folder.path(), false).await;
        Self::serve(folder, store, None, None).await
    }

    async fn serve(folder: TempDir, store: Store, proxy: Option<IpAddr>, psc: Option<Arc<Psc>>) -> Self {
        let territory = store.territory().await.unwrap().unwrap();
        let router = server::http::router(store, territory, proxy, psc);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { address, folder }
    }

    /// What somebody types at the door.
    pub async fn knock(&self, login: &str, password: &str, code: Option<&str>) -> Reply {
        self.post("/api/sign-in", &[], typed(login, password, code)).await
    }

    /// Sets up the second factor of somebody who has a password.
    pub async fn second_factor(&self, login: &str) -> Phone {
        let link: Link = self.post("/api/link/mine", &[], typed(login, PASSWORD, None)).await.read();
        let invitation = self.open_link(&link.token).await.read::<Invitation>();
        let mut phone = Phone::new(&invitation.second_factor.unwrap());
        let welcome: Welcome = self.use_link(&link.token, PASSWORD, Some(&phone.code())).await.read();
        phone.paper = welcome.recovery_codes;
        phone
    }

    /// Signs in where a second factor is asked.
    pub async fn sign_in_with(&self, login: &str, phone: &mut Phone) -> Device {
        Device::new(self.address, self.knock(login, PASSWORD, Some(&phone.code())).await.read())
    }

    pub async fn open_link(&self, token: &str) -> Reply {
        self.post("/api/link", &[], json!({ "token": token }).to_string()).await
    }

    pub async fn use_link(&self, token: &str, password: &str, code: Option<&str>) -> Reply {
        let body = UseLink { token: token.into(), password: password.into(), code: code.map(str::to_owned) };
        self.post("/api/link/use", &[], serde_json::to_vec(&body).unwrap()).await
    }

    /// The database, for what no route shows.
    pub async fn database(&self) -> sqlx::SqlitePool {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.folder.path().join(server::store::FILE));
        sqlx::SqlitePool::connect_with(options).await.unwrap()
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        send(self.address, "GET", path, headers, Vec::new()).await.unwrap()
    }

    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Reply {
        send(self.address, "POST", path, headers, body.into()).await.unwrap()
    }

    pub async fn try_sign_in(&self, login: &str, password: &str, device_id: Option<DeviceId>) -> Reply {
        self.sign_in_again(login, password, device_id, None).await
    }

    /// From a browser that already holds a database of this account.
    pub async fn sign_in_again(
        &self,
        login: &str,
        password: &str,
        device_id: Option<DeviceId>,
        account: Option<AccountId>,
    ) -> Reply {
        let (login, password) = (login.into(), password.into());
        let body = SignIn {
            login,
            password,
            code: None,
            device_id,
            account,
            others: Vec::new(),
            device_name: "Tablette".into(),
        };
        self.post("/api/sign-in", &[], serde_json::to_vec(&body).unwrap()).await
    }

    /// What an administrator types; answers what it prints.
    pub fn hand_over(&self, from: &str, to: &str) -> std::process::Output {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cardabelle"));
        command.args(["user", "hand-over", "--from", from, "--to", to, "--data"]).arg(self.folder.path());
        command.output().unwrap()
    }

    /// One more account, which opens with [`PASSWORD`].
    pub async fn add(&self, login: &str, role: Role) {
        let password_hash: String = sqlx::query_scalar("SELECT password_hash FROM account WHERE login = 'claire'")
            .fetch_one(&self.database().await)
            .await
            .unwrap();
        let (login, name, roles) = (login.into(), login.into(), vec![role]);
        let new = NewAccount { login, name, profession: String::new(), roles, rpps: None, password_hash };
        let store = Store::open(self.folder.path()).await.unwrap();
        let territory = store.territory().await.unwrap().unwrap().id;
        store.add_account(territory, &new).await.unwrap().unwrap();
    }

    pub async fn sign_in(&self, login: &str) -> Device {
        Device::new(self.address, self.try_sign_in(login, PASSWORD, None).await.read())
    }
}

/// The body of a sign-in on a new browser.
pub fn typed(login: &str, password: &str, code: Option<&str>) -> Vec<u8> {
    let (login, password, code) = (login.into(), password.into(), code.map(str::to_owned));
    let device_name = "Tablette".into();
    let body = SignIn { login, password, code, device_id: None, account: None, others: Vec::new(), device_name };
    serde_json::to_vec(&body).unwrap()
}

/// A telephone that shows codes, and the codes on paper beside it.
pub struct Phone {
    pub secret: String,
    pub paper: Vec<String>,
    /// The step of the last code shown.
    pub last: i64,
}

impl Phone {
    pub fn new(set_up: &SecondFactor) -> Self {
        Self { secret: set_up.secret.clone(), paper: Vec::new(), last: 0 }
    }

    /// A code that the server takes and has not been shown yet: three in thirty seconds, it waits for the fourth. It stays
    /// good for some seconds, however slow the machine.
    pub fn code(&mut self) -> String {
        let here = loop {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
            let now = i64::try_from(now).unwrap();
            let here = totp::step(Timestamp(now));
            if self.last <= here && totp::step(Timestamp(now + 5000)) == here {
                break here;
            }
            std::thread::sleep(std::time::Duration::from_millis(200));
        };
        self.last = (self.last + 1).max(here - 1);
        totp::code(&self.secret, self.last).unwrap()
    }
}

/// One request on its own connection; an error when the connection breaks.
pub async fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Result<Reply, Box<dyn std::error::Error + Send + Sync>> {
    let stream = tokio::net::TcpStream::connect(address).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (parts, body) = sender.send_request(request.body(Full::new(Bytes::from(body)))?).await?.into_parts();
    Ok(Reply { status: parts.status, headers: parts.headers, body: body.collect().await?.to_bytes() })
}

/// An enrolled browser, which numbers what it writes.
pub struct Device {
    pub address: SocketAddr,
    pub signed_in: SignedIn,
    pub id: DeviceId,
    next: u64,
}

impl Device {
    pub fn new(address: SocketAddr, signed_in: SignedIn) -> Self {
        Self { address, id: signed_in.device_id, signed_in, next: 1 }
    }

    pub fn write(&mut self, kind: OperationKind, record: RecordId, record_kind: &str, fields: Value) -> Operation {
        let version = domain::programmes::kind(record_kind).map_or("1", |kind| kind.form().version);
        let Value::Object(fields) = fields else { panic!("fields are an object") };
        let device_seq = self.next;
        self.next += 1;
        Operation {
            op_id: OpId(Uuid::now_v7()),
            device_id: self.id,
            device_seq,
            record_id: record,
            record_kind: record_kind.into(),
            form_version: version.into(),
            kind,
            fields: fields.into_iter().map(|(name, value)| (name, Edit::new(value, None))).collect(),
            reason: None,
            device_time: Timestamp(1_700_000_000_000),
        }
    }

    pub fn create_person(&mut self) -> Operation {
        self.write(OperationKind::Create, new_record(), "person", json!({ "started_at": 1 }))
    }

    pub fn set(&mut self, person: RecordId, fields: Value) -> Operation {
        self.write(OperationKind::Set, person, "person", fields)
    }

    pub async fn send(&self, method: &str, path: &str, body: Vec<u8>) -> Reply {
        self.try_send(method, path, body).await.unwrap()
    }

    pub async fn try_send(
        &self,
        method: &str,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Reply, Box<dyn std::error::Error + Send + Sync>> {
        let authorization = format!("Bearer {}", self.signed_in.token);
        send(self.address, method, path, &[("authorization", &authorization)], body).await
    }

    pub async fn push(&self, operations: &[Operation]) -> Pushed {
        self.try_push(operations).await.read()
    }

    pub async fn try_push(&self, operations: &[Operation]) -> Reply {
        let push = Push { operations: operations.to_vec() };
        self.send("POST", "/api/push", serde_json::to_vec(&push).unwrap()).await
    }

    /// Reads the whole log from the start.
    pub async fn read_log(&self) -> Vec<Sequenced> {
        let (mut since, mut log) = (0, Vec::new());
        loop {
            let page = self.pull(since).await;
            log.extend(page.operations);
            since = page.since;
            if !page.more {
                return log;
            }
        }
    }

    pub async fn history(&self, record: RecordId) -> Reply {
        self.send("GET", &format!("/api/history?record={record}"), vec![]).await
    }

    pub async fn apply_again(&self, record: RecordId, device: DeviceId) -> Reply {
        let body = serde_json::to_vec(&ApplyAgain { record, device }).unwrap();
        self.send("POST", "/api/set-aside/apply", body).await
    }

    pub async fn pull(&self, since: u64) -> Pulled {
        self.send("GET", &format!("/api/pull?epoch=1&since={since}"), Vec::new()).await.read()
    }
}

pub fn new_record() -> RecordId {
    RecordId(Uuid::new_v4())
}
