//! Who sees what: rows that every read and every write asks, settled when something changes a care team.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{AccountId, RecordId, TerritoryId};
use domain::people::access::{self, Giving, Share, Whose};
use domain::people::{CONSENT, PERSON, Purpose, Role, SHARE, consent, share};
use domain::programmes;
use domain::record::Fields;
use sqlx::{Row, SqliteConnection};
use sync::{Record, Seq, Sequenced};

use super::{Caller, Store, StoreError, account, parsed, record, scope};

/// How a record is seen: whole, or the name of a grant.
type Part = Option<String>;

impl Store {
    /// Whether the caller sees the whole of a record.
    pub async fn sees_whole(&self, caller: &Caller, record: RecordId) -> Result<bool, StoreError> {
        is_whole(&mut *self.snapshot().await?, caller.territory, caller.account, record).await
    }
}

/// A record as its reader may see it. A grant this build does not know shows nothing.
pub fn shown(record: Record, part: Option<&str>) -> Record {
    match part {
        None => record,
        Some(part) => {
            let fields = access::shown(part, &record.kind);
            record.limited(&fields)
        }
    }
}

/// An operation as its reader may see it.
pub fn told(sequenced: Sequenced, part: Option<&str>) -> Sequenced {
    match part {
        None => sequenced,
        Some(part) => {
            let fields = access::shown(part, &sequenced.operation.record_kind);
            sequenced.limited(&fields)
        }
    }
}

/// Whether an account sees a record through a grant of one of these roles.
pub async fn is_granted(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    account: AccountId,
    roles: &[Role],
    record: RecordId,
) -> Result<bool, StoreError> {
    let part: Option<Option<String>> =
        sqlx::query_scalar("SELECT part FROM sight WHERE territory = ? AND account = ? AND record = ?")
            .bind(territory.to_string())
            .bind(account.to_string())
            .bind(record.to_string())
            .fetch_optional(transaction)
            .await?;
    let grant = part.flatten().and_then(|part| access::grant(&part));
    Ok(grant.is_some_and(|grant| roles.contains(&grant.role)))
}

/// Whether a record of this kind, which an author who looks after people begins for a person, is not shown to whose she is:
/// this one only hands over.
pub async fn is_kept_from(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    owner: AccountId,
    kind: &str,
) -> Result<bool, StoreError> {
    let of_person = programmes::kind(kind).is_some_and(|kind| kind.parent == Some(PERSON.id));
    Ok(of_person
        && !access::comes_back(kind)
        && account::giving(transaction, territory, owner).await? != Giving::Shares)
}

/// Whether the person that a record hangs on agrees to a purpose.
pub async fn agrees(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    record: RecordId,
    purpose: Purpose,
) -> Result<bool, StoreError> {
    let person = root(transaction, territory, record).await?;
    Ok(answers(transaction, territory, person).await?.contains(&(purpose, true)))
}

/// Whether something of a record of this kind is shown to those who see a person through a grant. Of somebody whom nobody
/// signed up, such as a patient of one professional, only who she is and her number: not with whom she is shared.
fn is_called_back(kind: &str, signed_up: bool) -> bool {
    programmes::kind(kind).is_some_and(|known| !known.call_back.is_empty() && (kind == PERSON.id || signed_up))
}

/// Whether records of this kind sign a person up: a stand begins them under her.
fn signs_up(kind: &str) -> bool {
    programmes::kind(kind).is_some_and(|kind| kind.at_stand.is_some() && kind.parent == Some(PERSON.id))
}

/// Whether the person that a record hangs on was signed up for something.
pub async fn is_signed_up(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    record: RecordId,
) -> Result<bool, StoreError> {
    let person = root(transaction, territory, record).await?;
    Ok(record::hanging(transaction, territory, person).await?.iter().any(|(_, kind, _)| signs_up(kind)))
}

/// Whether an account sees the whole of a record, hence may write it.
pub async fn is_whole(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    account: AccountId,
    record: RecordId,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM sight WHERE territory = ? AND account = ? AND record = ? AND part IS NULL)",
    )
    .bind(territory.to_string())
    .bind(account.to_string())
    .bind(record.to_string())
    .fetch_one(transaction)
    .await?)
}

/// The roles that see every record of this kind; none for what belongs to a person, or for what this build does not know.
fn common(kind: &str) -> &'static [Role] {
    programmes::kind(kind).map_or(&[], |kind| kind.common)
}

/// Whether the records of this kind belong to the territory, and tell nothing of a person.
pub fn is_common(kind: &str) -> bool {
    !common(kind).is_empty()
}

/// Gives sight of a record that begins, of this kind and at this sequence: to its owner, to those who see what it hangs on,
/// as they see it, or to whoever its kind is common to. Answers those who see a part of it: the log does not tell them that
/// it is one, the record is to be sent to them.
pub async fn begin(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    (record, kind, seq): (RecordId, &str, Seq),
    owner: AccountId,
    parent: Option<RecordId>,
) -> Result<Vec<AccountId>, StoreError> {
    let Some(parent) = parent else {
        if !is_common(kind) {
            begin_alone(transaction, territory, record, owner).await?;
            return Ok(Vec::new());
        }
        for account in holders(&accounts(transaction, territory).await?, common(kind)) {
            put(transaction, territory, account, record, 0, None).await?;
        }
        return Ok(Vec::new());
    };
    sqlx::query(
        "INSERT INTO sight (territory, account, record, since) SELECT territory, account, ?, since FROM sight
         WHERE territory = ? AND record = ? AND part IS NULL",
    )
    .bind(record.to_string())
    .bind(territory.to_string())
    .bind(parent.to_string())
    .execute(&mut *transaction)
    .await?;
    let mut told = Vec::new();
    if is_called_back(kind, signs_up(kind) || is_signed_up(transaction, territory, parent).await?) {
        for (account, part) in of(transaction, territory, parent).await? {
            if let Some(part) = part {
                put(transaction, territory, account, record, seq, Some(&part)).await?;
                told.push(account);
            }
        }
    }
    Ok(told)
}

/// Gives the whole of a record to one account, from its birth.
pub async fn begin_alone(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    record: RecordId,
    account: AccountId,
) -> Result<(), StoreError> {
    put(transaction, territory, account, record, 0, None).await
}

/// Whether an account sees something of a record, or once did: a share may have ended before its devices told.
pub async fn ever(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    account: AccountId,
    record: RecordId,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM sight WHERE territory = ? AND account = ? AND record = ?
         UNION ALL SELECT 1 FROM scope WHERE territory = ? AND account = ? AND record = ?)",
    )
    .bind(territory.to_string())
    .bind(account.to_string())
    .bind(record.to_string())
    .bind(territory.to_string())
    .bind(account.to_string())
    .bind(record.to_string())
    .fetch_one(transaction)
    .await?)
}

/// Everybody who sees a record, and how.
pub async fn of(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    record: RecordId,
) -> Result<BTreeMap<AccountId, Part>, StoreError> {
    sqlx::query("SELECT account, part FROM sight WHERE territory = ? AND record = ?")
        .bind(territory.to_string())
        .bind(record.to_string())
        .fetch_all(transaction)
        .await?
        .iter()
        .map(|row| Ok((parsed(row.get("account"))?, row.get("part"))))
        .collect()
}

/// Takes a record, which is erased, out of the sight of everybody but its owner. Answers who saw it.
pub async fn leave_to(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    record: RecordId,
    owner: AccountId,
) -> Result<BTreeSet<AccountId>, StoreError> {
    let seen = of(transaction, territory, record).await?;
    for account in seen.keys().filter(|account| **account != owner) {
        remove(transaction, territory, *account, record).await?;
    }
    Ok(seen.into_keys().collect())
}

/// The record at the root of what this one hangs on.
pub async fn root(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    mut id: RecordId,
) -> Result<RecordId, StoreError> {
    let mut passed = BTreeSet::from([id]);
    while let Some(above) = record::parent_of(transaction, territory, id).await?.filter(|above| passed.insert(*above)) {
        id = above;
    }
    Ok(id)
}

/// Settles the sight of all the records that were made of the persons of these roots.
pub async fn settle_all(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    roots: &BTreeSet<RecordId>,
    mut seq: Seq,
) -> Result<Seq, StoreError> {
    let mut all = BTreeSet::new();
    for root in roots {
        all.extend(record::same(transaction, territory, *root).await?);
    }
    for root in all {
        seq = settle(transaction, territory, root, seq).await?;
    }
    Ok(seq)
}

/// Gives a root and all that hangs on it to those who must see it now, and takes it from the others. Each record of which
/// something changes draws a sequence of its own after `seq`, so that a device receives as many of them at a time as it
/// can. Answers the last one. Reads the database: what a batch holds must be written before.
pub async fn settle(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    root: RecordId,
    mut seq: Seq,
) -> Result<Seq, StoreError> {
    let Some(owned) = record::find(transaction, territory, root).await? else { return Ok(seq) };
    let accounts = accounts(transaction, territory).await?;
    let (shares, answers) = decided(transaction, territory, root, &accounts).await?;
    let giving = |account: AccountId| accounts.get(&account).map_or(Giving::Shares, Holder::giving);
    let is_common = is_common(&owned.record.kind);
    let now = Whose { owner: owned.owner, entrusted_by: record::entrusted_by(transaction, territory, root).await? };
    let whose = access::whose(now, giving, &shares, &answers);
    let owner = whose.owner;
    if whose != now {
        record::entrust(transaction, territory, root, whose.entrusted_by).await?;
    }
    let team =
        if is_common { holders(&accounts, common(&owned.record.kind)) } else { access::team(owner, &shares, &answers) };
    let mut grants: BTreeMap<AccountId, &str> = BTreeMap::new();
    let is_person = owned.record.kind == PERSON.id && !owned.record.is_erased();
    for grant in access::granted(&answers).filter(|_| is_person) {
        for (account, _) in accounts.iter().filter(|(_, holder)| holder.roles.contains(&grant.role)) {
            grants.entry(*account).or_insert(grant.id);
        }
    }
    let only_hands_over = !is_common && giving(owner) != Giving::Shares;
    let tree = tree(transaction, territory, &owned).await?;
    let signed_up = tree.iter().any(|(_, kind, _)| signs_up(kind));
    for (id, kind, whose) in tree {
        if whose != owner {
            record::give(transaction, territory, id, owner).await?;
        }
        let mut team = team.clone();
        // Were it to whose she is: the coordination reads no interview and no call of a professional.
        if only_hands_over && !access::comes_back(&kind) {
            let by = record::author(transaction, territory, id).await?.and_then(|by| accounts.get(&by));
            if by.is_some_and(|by| access::may_follow(&by.roles)) {
                team.remove(&owner);
            }
        }
        let mut wanted: BTreeMap<AccountId, Part> = team.into_iter().map(|account| (account, None)).collect();
        if is_called_back(&kind, signed_up) {
            for (account, grant) in &grants {
                wanted.entry(*account).or_insert_with(|| Some((*grant).to_owned()));
            }
        }
        let now = of(transaction, territory, id).await?;
        let differs = |account: &&AccountId| now.get(*account) != wanted.get(*account);
        let changed: BTreeSet<AccountId> = now.keys().chain(wanted.keys()).filter(differs).copied().collect();
        seq += Seq::from(!changed.is_empty());
        for account in changed {
            match wanted.get(&account) {
                Some(part) => put(transaction, territory, account, id, seq, part.as_deref()).await?,
                None => remove(transaction, territory, account, id).await?,
            }
            scope::note(transaction, territory, account, seq, id).await?;
        }
    }
    Ok(seq)
}

/// What the records that hang on a root say of who sees it: its shares in the order they were made, and the answers that
/// count.
async fn decided(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    root: RecordId,
    accounts: &BTreeMap<AccountId, Holder>,
) -> Result<(Vec<Share>, Vec<(Purpose, bool)>), StoreError> {
    let mut shares = Vec::new();
    for child in record::deciding(transaction, territory, root).await?.iter().filter(|child| child.kind == SHARE.id) {
        let by = child.origin.as_ref().map(|origin| origin.author);
        if let (Some(by), Some(with)) = (by, share::with(&read(child))) {
            let giving = accounts.get(&by).map_or(Giving::Shares, Holder::giving);
            let received = accounts.get(&with).is_some_and(|holder| holder.open && access::may_follow(&holder.roles));
            shares.push((made_at(child), Share { by, with, giving, received }));
        }
    }
    shares.sort_by_key(|(at, _)| *at);
    let answers = answers(transaction, territory, root).await?;
    Ok((shares.into_iter().map(|(_, share)| share).collect(), answers))
}

/// The answers of a person that count, under whichever of her records they were noted, as the pages read them.
async fn answers(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    root: RecordId,
) -> Result<Vec<(Purpose, bool)>, StoreError> {
    let mut consents = Vec::new();
    for one in record::same(transaction, territory, root).await? {
        let deciding = record::deciding(transaction, territory, one).await?.into_iter();
        consents.extend(deciding.filter(|child| child.kind == CONSENT.id).map(|child| (child.id, read(&child))));
    }
    Ok(consent::counting(consents.iter().map(|(id, fields)| (*id, fields))))
}

/// When the server learnt of a share: the clock of a device may be wrong.
fn made_at(share: &Record) -> Seq {
    let decisive = [share::ACCOUNT, share::IN_FORCE];
    decisive.iter().filter_map(|name| share.fields.get(*name)).map(|field| field.seq).max().unwrap_or_default()
}

/// What a share or a consent says. Two people answered differently: it is a « non » until one of them settles it.
fn read(record: &Record) -> Fields {
    let mut fields: Fields = record.fields.iter().map(|(name, field)| (name.clone(), field.value.clone())).collect();
    for name in [consent::ANSWER, share::IN_FORCE] {
        if record.open(name).is_some() {
            fields.insert(name.into(), "no".into());
        }
    }
    fields
}

/// Whether what a record says changes who sees what it hangs on.
pub fn decides(record: &Record) -> bool {
    let purpose = || record.fields.get(consent::PURPOSE).and_then(|field| Purpose::of(field.value.as_str()?));
    record.kind == SHARE.id
        || signs_up(&record.kind)
        || (record.kind == CONSENT.id && purpose().is_some_and(|purpose| access::PURPOSES.contains(&purpose)))
}

/// Gives a new account what is common to its roles, and what they see of everybody who consented to it. It has no device
/// yet: nothing is to be told.
pub async fn welcome(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    account: AccountId,
    roles: &[Role],
) -> Result<(), StoreError> {
    for kind in programmes::kinds().filter(|kind| kind.common.iter().any(|role| roles.contains(role))) {
        for root in record::of_kind(transaction, territory, kind.id).await? {
            let Some(owned) = record::find(transaction, territory, root).await? else { continue };
            for (id, ..) in tree(transaction, territory, &owned).await? {
                put(transaction, territory, account, id, 0, None).await?;
            }
        }
    }
    for grant in access::GRANTS.iter().filter(|grant| roles.contains(&grant.role)) {
        let mut roots = BTreeSet::new();
        for parent in record::consents(transaction, territory).await?.iter().filter_map(record::parent) {
            if !roots.contains(&parent) {
                roots.extend(record::same(transaction, territory, parent).await?);
            }
        }
        for root in roots {
            let answers = answers(transaction, territory, root).await?;
            let agreed = access::granted(&answers).any(|it| it.id == grant.id);
            let known = record::find(transaction, territory, root).await?;
            let here = |owned: &record::Owned| agreed && owned.record.kind == PERSON.id && !owned.record.is_erased();
            let Some(owned) = known.filter(here) else { continue };
            let tree = tree(transaction, territory, &owned).await?;
            let signed_up = tree.iter().any(|(_, kind, _)| signs_up(kind));
            for (id, kind, _) in tree {
                if is_called_back(&kind, signed_up) {
                    put(transaction, territory, account, id, 0, Some(grant.id)).await?;
                }
            }
        }
    }
    Ok(())
}

/// A root and all that hangs on it, with the kind of each and whose it is.
async fn tree(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    root: &record::Owned,
) -> Result<Vec<(RecordId, String, AccountId)>, StoreError> {
    let mut tree = vec![(root.record.id, root.record.kind.clone(), root.owner)];
    let mut read = 0;
    while let Some(above) = tree.get(read).map(|(id, ..)| *id) {
        for child in record::hanging(transaction, territory, above).await? {
            if !tree.iter().any(|(known, ..)| *known == child.0) {
                tree.push(child);
            }
        }
        read += 1;
    }
    Ok(tree)
}

/// Somebody who has an account.
struct Holder {
    roles: Vec<Role>,
    /// Nobody closed the account.
    open: bool,
}

impl Holder {
    fn giving(&self) -> Giving {
        Giving::of(&self.roles)
    }
}

/// Those who have one of these roles.
fn holders(accounts: &BTreeMap<AccountId, Holder>, roles: &[Role]) -> BTreeSet<AccountId> {
    let has = |holder: &Holder| holder.roles.iter().any(|role| roles.contains(role));
    accounts.iter().filter(|(_, holder)| has(holder)).map(|(account, _)| *account).collect()
}

/// Everybody.
async fn accounts(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
) -> Result<BTreeMap<AccountId, Holder>, StoreError> {
    sqlx::query("SELECT account, roles, disabled_at FROM account WHERE territory = ?")
        .bind(territory.to_string())
        .fetch_all(transaction)
        .await?
        .iter()
        .map(|row| {
            let roles = serde_json::from_str(row.get("roles")).map_err(|_| StoreError::Corrupt("roles"))?;
            let open = row.get::<Option<i64>, _>("disabled_at").is_none();
            Ok((parsed(row.get("account"))?, Holder { roles, open }))
        })
        .collect()
}

async fn put(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    account: AccountId,
    record: RecordId,
    since: Seq,
    part: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sight (territory, account, record, since, part) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (territory, account, record) DO UPDATE SET since = excluded.since, part = excluded.part",
    )
    .bind(territory.to_string())
    .bind(account.to_string())
    .bind(record.to_string())
    .bind(since.cast_signed())
    .bind(part)
    .execute(transaction)
    .await?;
    Ok(())
}

async fn remove(
    transaction: &mut SqliteConnection,
    territory: TerritoryId,
    account: AccountId,
    record: RecordId,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sight WHERE territory = ? AND account = ? AND record = ?")
        .bind(territory.to_string())
        .bind(account.to_string())
        .bind(record.to_string())
        .execute(transaction)
        .await?;
    Ok(())
}
