-- Who did what, append-only. What changed a record is in the log of operations already, with its author and its device: it
-- is read from there, and not written twice.

CREATE TABLE audit (
  territory TEXT NOT NULL REFERENCES territory (territory),
  -- Grows by one with each entry of the territory.
  entry INTEGER NOT NULL,
  at INTEGER NOT NULL,
  -- `sync::protocol::audit::Event`.
  event TEXT NOT NULL,
  -- NULL: nobody the server knows. No foreign key: an entry outlives what it names.
  account TEXT,
  device TEXT,
  record TEXT,
  -- A closed code (a route, a reason): never a name, never a value.
  detail TEXT,
  PRIMARY KEY (territory, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_of_record ON audit (territory, record, entry) WHERE record IS NOT NULL;
-- The trigger below asks for the newest.
CREATE INDEX audit_at ON audit (territory, at);

-- Nobody corrects the past, were it the server itself.
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only');
END;

-- Twelve months are kept, counted back from the newest entry: the clock of a statement could be set to any day.
CREATE TRIGGER audit_is_kept_a_year BEFORE DELETE ON audit
WHEN OLD.at > (SELECT max(at) FROM audit WHERE territory = OLD.territory) - 365 * 86400000
BEGIN
  SELECT RAISE(ABORT, 'the audit is kept for a year');
END;

-- An entry cannot take the place of another.
CREATE TRIGGER audit_is_never_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE territory = NEW.territory AND entry = NEW.entry)
BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only');
END;
