-- The last contact of somebody of whom a part is no more: what was erased because its own time was over told of it, and what
-- is left of her is kept from that day all the same.
CREATE TABLE contact (
  territory TEXT NOT NULL REFERENCES territory (territory),
  person TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (territory, person),
  FOREIGN KEY (territory, person) REFERENCES record (territory, record)
) STRICT, WITHOUT ROWID;
