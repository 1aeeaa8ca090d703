-- The directory of the territory. Its cards are records of the log like the others (kind `entry`), one field per fact.

-- What makes the directory of a territory, one row.
CREATE TABLE annuaire (
  territory TEXT PRIMARY KEY NOT NULL REFERENCES territory (territory),
  -- Whose the cards are: an account that nobody signs in as, so that no device pulls them through the log.
  account TEXT NOT NULL,
  device TEXT NOT NULL,
  -- `domain::annuaire::lists::Lists` as JSON; NULL: those this build carries.
  lists TEXT CHECK (lists IS NULL OR json_valid(lists)),
  -- Grows with what changes the published file and is not a card: communes, lists, imports.
  revision INTEGER NOT NULL DEFAULT 0 CHECK (revision >= 0),
  FOREIGN KEY (territory, account) REFERENCES account (territory, account),
  FOREIGN KEY (territory, device) REFERENCES device (territory, device)
) STRICT, WITHOUT ROWID;

-- The communes of the territory: an import keeps who works there.
CREATE TABLE commune (
  territory TEXT NOT NULL REFERENCES territory (territory),
  -- INSEE code.
  insee TEXT NOT NULL CHECK (length(insee) = 5),
  name TEXT NOT NULL,
  -- JSON array.
  postal_codes TEXT NOT NULL CHECK (json_valid(postal_codes)),
  -- `YYYY-MM-DD`; until then its people are imported and shown as « bientôt ».
  joins_on TEXT,
  -- Degrees, where the territory gave them.
  latitude REAL,
  longitude REAL,
  PRIMARY KEY (territory, insee),
  CHECK ((latitude IS NULL) = (longitude IS NULL))
) STRICT, WITHOUT ROWID;

-- An official file that was applied: one unit, which can be taken back.
CREATE TABLE import (
  territory TEXT NOT NULL REFERENCES territory (territory),
  import TEXT NOT NULL,
  -- `domain::annuaire::import::Register`.
  register TEXT NOT NULL,
  -- Its name, as the list of imports shows it, and its day, `YYYY-MM-DD`.
  file TEXT NOT NULL,
  file_on TEXT NOT NULL,
  -- `domain::annuaire::import::Scope`.
  scope TEXT NOT NULL,
  applied_at INTEGER NOT NULL,
  -- Who asked for it; NULL: the command line of the server.
  account TEXT,
  -- `domain::annuaire::import::Counts` as JSON.
  counts TEXT NOT NULL CHECK (json_valid(counts)),
  undone_at INTEGER,
  -- When somebody said that the people it brought in were told.
  informed_at INTEGER,
  PRIMARY KEY (territory, import),
  FOREIGN KEY (territory, account) REFERENCES account (territory, account)
) STRICT, WITHOUT ROWID;

-- What an import did to one card.
CREATE TABLE import_card (
  territory TEXT NOT NULL,
  import TEXT NOT NULL,
  record TEXT NOT NULL,
  -- The operation that did it: a field it wrote that no other wrote since is still the import's.
  op_id TEXT NOT NULL,
  created INTEGER NOT NULL CHECK (created IN (0, 1)),
  -- The fields it changed, as they were: JSON object. An erasure removes the row.
  former TEXT NOT NULL CHECK (json_valid(former)),
  PRIMARY KEY (territory, import, record),
  FOREIGN KEY (territory, import) REFERENCES import (territory, import)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_card_of_record ON import_card (territory, record);

-- The last official file in which a card was, so that an unchanged card grows no older and costs no operation.
CREATE TABLE seen (
  territory TEXT NOT NULL,
  record TEXT NOT NULL,
  -- `rpps:2026-12-01`
  source TEXT NOT NULL,
  PRIMARY KEY (territory, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_in ON seen (territory, source);

-- Who objected to being in the directory, by official identifier and nothing else: an import leaves them out.
CREATE TABLE suppression (
  territory TEXT NOT NULL REFERENCES territory (territory),
  -- `rpps:99700000013`
  identifier TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (territory, identifier)
) STRICT, WITHOUT ROWID;

-- What was signalled of a card (records of kind `entry-report`) and has been dealt with.
CREATE TABLE settled (
  territory TEXT NOT NULL,
  record TEXT NOT NULL,
  settled_at INTEGER NOT NULL,
  account TEXT NOT NULL,
  PRIMARY KEY (territory, record),
  FOREIGN KEY (territory, account) REFERENCES account (territory, account)
) STRICT, WITHOUT ROWID;

-- The cards, and what was signalled of them; its last column says whether any of them changed.
CREATE INDEX record_of_kind ON record (territory, kind, seq);
