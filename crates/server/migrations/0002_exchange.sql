-- The whole exchange: conflicts as the server finds them, and what comes into or leaves the sight of an account.

-- The conflicts an operation opened, joined or settled, as they stand after it: JSON object, field → `sync::Conflict`.
-- Devices take them in with the operation. They hold values, so an erasure blanks them.
ALTER TABLE operation ADD COLUMN conflicts TEXT CHECK (conflicts IS NULL OR json_valid(conflicts));

-- What is set aside, found without reading the log.
CREATE INDEX operation_set_aside ON operation (territory, record, device, device_seq) WHERE quarantine IS NOT NULL;

-- Since when the owner sees the record: the sequence at which it was entrusted to her, 0 for what she created. Its
-- devices receive it whole then, hence no operation older than that.
ALTER TABLE record ADD COLUMN owned_since INTEGER NOT NULL DEFAULT 0 CHECK (owned_since >= 0);

-- With the last sequence: the check of a device is read from the index alone.
DROP INDEX record_of_owner;
CREATE INDEX record_of_owner ON record (territory, owner, record, seq);

-- A record came into the sight of an account, or left it, at this sequence, drawn like that of an operation: the cursor
-- that reads the log passes it at the same time. Whether it is seen is asked of the record itself.
CREATE TABLE scope (
  territory TEXT NOT NULL,
  account TEXT NOT NULL,
  seq INTEGER NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (territory, account, seq),
  FOREIGN KEY (territory, account) REFERENCES account (territory, account),
  FOREIGN KEY (territory, record) REFERENCES record (territory, record)
) STRICT, WITHOUT ROWID;

-- Whoever once saw a record that is erased is told, so that nothing of it stays on her devices.
CREATE INDEX scope_of_record ON scope (territory, record);

-- The state of a record holds its conflicts now; this was written and never read.
DROP TABLE conflict;
