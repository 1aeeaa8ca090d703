-- What the telephone of somebody who scanned a code sent, in bytes: anybody may photograph that code, and the disk is not his
-- to fill. 0 for any other stand.
ALTER TABLE stand ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;
