-- What somebody declared of a card and an official file says otherwise: proposed to the coordination, never written alone.
CREATE TABLE difference (
  territory TEXT NOT NULL,
  record TEXT NOT NULL,
  -- `sites/R1/phone`
  fact TEXT NOT NULL,
  -- What the file says, JSON. An erasure removes the row.
  theirs TEXT NOT NULL CHECK (json_valid(theirs)),
  -- `rpps:2026-12-01`
  source TEXT NOT NULL,
  -- The import that found it.
  import TEXT NOT NULL,
  -- When somebody chose to keep what was declared, and who: as long as the file says the same, nobody is asked again.
  -- NULL: to be settled.
  kept_at INTEGER,
  account TEXT,
  PRIMARY KEY (territory, record, fact),
  FOREIGN KEY (territory, import) REFERENCES import (territory, import),
  FOREIGN KEY (territory, account) REFERENCES account (territory, account)
) STRICT, WITHOUT ROWID;
