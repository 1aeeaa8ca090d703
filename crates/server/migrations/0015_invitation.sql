-- A stand may be held for a record of the territory, such as a day on a market, and let those who pass sign themselves up.

-- The record it is held for. NULL: none. No foreign key: a database restored from a backup may know the stand again before
-- the record.
ALTER TABLE stand ADD COLUMN venue TEXT;
-- The stand whose code somebody scanned: this one is hers, on her own telephone. NULL: a stand that somebody opened. No
-- foreign key, for the same reason.
ALTER TABLE stand ADD COLUMN invited_by TEXT;
-- The one person she signs up there: herself.
ALTER TABLE stand ADD COLUMN began TEXT;
CREATE INDEX stand_invited_by ON stand (territory, invited_by) WHERE invited_by IS NOT NULL;

-- What a stand shows for others to scan. It opens stand sessions of their own, and reads nothing.
CREATE TABLE invitation (
  territory TEXT NOT NULL,
  -- SHA-256 of the token, hexadecimal.
  token_hash TEXT NOT NULL,
  device TEXT NOT NULL,
  -- The end of the stand, or of the day it was opened.
  until INTEGER NOT NULL,
  PRIMARY KEY (territory, token_hash),
  FOREIGN KEY (territory, device) REFERENCES stand (territory, device)
) STRICT, WITHOUT ROWID;
