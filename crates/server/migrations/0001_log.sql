-- The log of operations, and what is derived from it.
--
-- Every table but the log of migrations carries `territory`, first in its keys: one database may one day hold several
-- CPTS, and no query may ever cross from one to another (a test reads the queries).
-- Identifiers are UUIDs as text, instants are milliseconds since 1970-01-01T00:00:00Z.
-- A published migration is never edited: expand in a new one, contract in a later one.

-- One CPTS, the tenant.
CREATE TABLE territory (
  territory TEXT PRIMARY KEY NOT NULL,
  -- « CPTS de la vallée de l’Ariège »
  name TEXT NOT NULL,
  -- Last sequence given to an operation. This row is the lock under which sequences are drawn: they commit in order
  -- and without gaps, so a device's cursor never skips an operation.
  seq INTEGER NOT NULL DEFAULT 0 CHECK (seq >= 0),
  -- Changes when the server is restored from a backup. Never 0: that is a device that has read nothing.
  epoch INTEGER NOT NULL DEFAULT 1 CHECK (epoch > 0),
  -- Operations up to this sequence are in a backup.
  backed_up_seq INTEGER NOT NULL DEFAULT 0,
  -- A demonstration: invented people, passwords printed at start.
  demo INTEGER NOT NULL DEFAULT 0 CHECK (demo IN (0, 1))
) STRICT;

-- Somebody who signs in.
CREATE TABLE account (
  territory TEXT NOT NULL REFERENCES territory (territory),
  account TEXT NOT NULL,
  -- Lower case, without surrounding spaces.
  login TEXT NOT NULL,
  name TEXT NOT NULL,
  profession TEXT NOT NULL,
  -- JSON array of `domain::people::Role`.
  roles TEXT NOT NULL CHECK (json_valid(roles)),
  -- PHC string of Argon2id.
  password_hash TEXT NOT NULL,
  disabled_at INTEGER,
  PRIMARY KEY (territory, account),
  UNIQUE (territory, login)
) STRICT, WITHOUT ROWID;

-- One account's database in one browser.
CREATE TABLE device (
  territory TEXT NOT NULL,
  device TEXT NOT NULL,
  account TEXT NOT NULL,
  -- « Tablette bleue »
  name TEXT NOT NULL,
  -- SHA-256 of the token, hexadecimal. The token itself is never kept.
  token_hash TEXT NOT NULL,
  -- Handed back after a full sign-in, so that a forgotten passphrase loses nothing. It opens nothing here: it wraps a
  -- key that never leaves the browser.
  recovery_key TEXT NOT NULL,
  enrolled_at INTEGER NOT NULL,
  -- Thirty days after the last full sign-in.
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  -- Highest `device_seq` received, so that « tout est envoyé » can be said truthfully.
  last_device_seq INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (territory, device),
  FOREIGN KEY (territory, account) REFERENCES account (territory, account),
  UNIQUE (territory, token_hash)
) STRICT, WITHOUT ROWID;

-- The log. Append-only: whatever parses is stored, applied or set aside. Erasure (RGPD) blanks the values of a body and
-- nothing else.
CREATE TABLE operation (
  territory TEXT NOT NULL,
  seq INTEGER NOT NULL,
  op_id TEXT NOT NULL,
  device TEXT NOT NULL,
  device_seq INTEGER NOT NULL,
  author TEXT NOT NULL,
  record TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- `sync::Operation` as JSON.
  body TEXT NOT NULL CHECK (json_valid(body)),
  received_at INTEGER NOT NULL,
  -- NULL: applied. Else the `sync::protocol::Quarantine` that set it aside.
  quarantine TEXT,
  -- Fields on which another value stands, JSON array; answered again when the push is replayed.
  clashes TEXT,
  PRIMARY KEY (territory, seq),
  UNIQUE (territory, op_id),
  FOREIGN KEY (territory, device) REFERENCES device (territory, device),
  FOREIGN KEY (territory, author) REFERENCES account (territory, account)
) STRICT, WITHOUT ROWID;

-- History of one record, and what of it is set aside.
CREATE INDEX operation_of_record ON operation (territory, record, seq);

-- Where the log leads: one row per record, rebuilt from the log at will.
CREATE TABLE record (
  territory TEXT NOT NULL,
  record TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- The account that created the record at the root; its children follow it, whoever adds them.
  owner TEXT NOT NULL,
  -- The record it hangs on. No foreign key: a parent may be merged, moved or erased.
  parent TEXT,
  -- Last sequence that changed it.
  seq INTEGER NOT NULL,
  -- `sync::Record` as JSON.
  state TEXT NOT NULL CHECK (json_valid(state)),
  PRIMARY KEY (territory, record),
  FOREIGN KEY (territory, owner) REFERENCES account (territory, account)
) STRICT, WITHOUT ROWID;

-- Who sees what, in part 1: the owner.
CREATE INDEX record_of_owner ON record (territory, owner, record);
CREATE INDEX record_of_parent ON record (territory, parent);

-- Two people wrote the same field without seeing each other: one item per record and field, which later operations join.
CREATE TABLE conflict (
  territory TEXT NOT NULL,
  record TEXT NOT NULL,
  field TEXT NOT NULL,
  op_id TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  settled_at INTEGER,
  PRIMARY KEY (territory, record, field, op_id),
  FOREIGN KEY (territory, record) REFERENCES record (territory, record)
) STRICT, WITHOUT ROWID;

-- Written to after a full disk, to learn whether it has room for a whole push again; emptied at once.
CREATE TABLE probe (
  territory TEXT PRIMARY KEY NOT NULL REFERENCES territory (territory),
  filler BLOB NOT NULL
) STRICT;
