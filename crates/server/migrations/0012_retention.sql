-- How long what is kept is kept. Nothing goes by itself while a duration is not confirmed.

CREATE TABLE retention (
  territory TEXT NOT NULL REFERENCES territory (territory),
  -- `domain::retention::Rule`. Without a row, the duration is the one proposed there, confirmed by nobody.
  rule TEXT NOT NULL,
  months INTEGER NOT NULL CHECK (months BETWEEN 12 AND 360),
  -- When an administrator confirmed these very months, and who. NULL: nothing goes.
  confirmed_at INTEGER,
  confirmed_by TEXT,
  PRIMARY KEY (territory, rule),
  CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL)),
  FOREIGN KEY (territory, confirmed_by) REFERENCES account (territory, account)
) STRICT, WITHOUT ROWID;

-- How far time went while a server ran, for the purge: a machine's clock that is years ahead is not believed. It never goes
-- back.
CREATE TABLE retention_clock (
  territory TEXT PRIMARY KEY NOT NULL REFERENCES territory (territory),
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- In whose name what is past its time is erased: an account that is closed, with no role and no password, and its device.
CREATE TABLE keeper (
  territory TEXT PRIMARY KEY NOT NULL REFERENCES territory (territory),
  account TEXT NOT NULL,
  device TEXT NOT NULL,
  FOREIGN KEY (territory, account) REFERENCES account (territory, account),
  FOREIGN KEY (territory, device) REFERENCES device (territory, device)
) STRICT, WITHOUT ROWID;

-- The last contact of each record, read without the log. What is set aside is a contact too, unless its author had no right
-- to write it: nobody prolongs what is not hers.
CREATE INDEX operation_received ON operation (territory, record, received_at, quarantine);
