-- Who comes in, and by which door.

-- Second factor: RFC 6238 (SHA-1, 30 s, 6 digits). NULL: none. An account without a password yet holds an empty
-- `password_hash`, which no password matches.
ALTER TABLE account ADD COLUMN totp_secret TEXT;
-- The last step of 30 s whose code was taken: a code read over a shoulder serves nobody a second time.
ALTER TABLE account ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;

-- Codes on paper, for the day the telephone is lost. SHA-256, hexadecimal: they have 80 random bits.
CREATE TABLE recovery_code (
  territory TEXT NOT NULL,
  account TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (territory, account, code_hash),
  FOREIGN KEY (territory, account) REFERENCES account (territory, account)
) STRICT, WITHOUT ROWID;

-- One-time links. A new link of an account spends those before it.
CREATE TABLE link (
  territory TEXT NOT NULL,
  -- SHA-256 of the token, hexadecimal.
  token_hash TEXT NOT NULL,
  account TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  spent_at INTEGER,
  -- The password stays, only the second factor is to be set up.
  keeps_password INTEGER NOT NULL CHECK (keeps_password IN (0, 1)),
  -- The second factor in waiting, until a code of it comes back. NULL: none is to be set up.
  totp_secret TEXT,
  PRIMARY KEY (territory, token_hash),
  FOREIGN KEY (territory, account) REFERENCES account (territory, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_of_account ON link (territory, account);

-- `revoked_at` now means that somebody ended the device's access: it hands over what waits, then wipes itself. A device
-- that signed out by itself only expires.
ALTER TABLE device ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN wiped_at INTEGER;
UPDATE device SET seen_at = enrolled_at;
UPDATE device SET expires_at = min(expires_at, revoked_at), revoked_at = NULL WHERE revoked_at IS NOT NULL;

-- Days a device exchanges after a full sign-in.
ALTER TABLE territory ADD COLUMN exchange_days INTEGER NOT NULL DEFAULT 30 CHECK (exchange_days BETWEEN 1 AND 365);

-- A stand: a device that writes for a day and reads nothing. Its account has the role of a stand session and no password.
CREATE TABLE stand (
  territory TEXT NOT NULL,
  device TEXT NOT NULL,
  name TEXT NOT NULL,
  -- JSON array of first names.
  volunteers TEXT NOT NULL CHECK (json_valid(volunteers)),
  -- Who opened it, and follows what it writes.
  opened_by TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  until INTEGER NOT NULL,
  closed_at INTEGER,
  PRIMARY KEY (territory, device),
  FOREIGN KEY (territory, device) REFERENCES device (territory, device),
  FOREIGN KEY (territory, opened_by) REFERENCES account (territory, account)
) STRICT, WITHOUT ROWID;

-- What a stand sealed and this server could not read: kept as it came, so that nothing is lost.
CREATE TABLE sealed_aside (
  territory TEXT NOT NULL,
  device TEXT NOT NULL,
  device_seq INTEGER NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  received_at INTEGER NOT NULL,
  PRIMARY KEY (territory, device, device_seq),
  FOREIGN KEY (territory, device) REFERENCES device (territory, device)
) STRICT, WITHOUT ROWID;
