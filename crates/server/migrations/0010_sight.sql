-- Who sees what, as rows: each read and each write asks this table, and the devices of an account hold exactly that.

CREATE TABLE sight (
  territory TEXT NOT NULL,
  account TEXT NOT NULL,
  record TEXT NOT NULL,
  -- The sequence at which the record came into sight, sent whole; the log tells what comes after. 0: from its birth.
  since INTEGER NOT NULL CHECK (since >= 0),
  -- NULL: the whole of it, to read and to write. Else the `domain::people::access::Grant` that shows some fields.
  part TEXT,
  PRIMARY KEY (territory, account, record),
  FOREIGN KEY (territory, account) REFERENCES account (territory, account),
  -- A record is written at the end of what makes it.
  FOREIGN KEY (territory, record) REFERENCES record (territory, record) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX sight_of_record ON sight (territory, record);

-- Until now, whoever owned a record saw it. Nobody signs in as the owner of the cards of the directory.
INSERT INTO sight (territory, account, record, since)
SELECT territory, owner, record, owned_since FROM record WHERE kind <> 'entry';

-- The check of a device is read without the states.
CREATE INDEX record_seq ON record (territory, record, seq);

-- `record.owner` says whose a record is, no more who sees it. `record.owned_since` serves no query any more: it goes with
-- the next table that is rebuilt.
DROP INDEX record_of_owner;
CREATE INDEX record_of_owner ON record (territory, owner, record);
