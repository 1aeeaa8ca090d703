-- What devices tell of consultations, with or without a network: a line of the audit each, and no record.

-- When it was done, by the clock of the device, never after `at`: it may have waited for days. NULL: the server saw it.
ALTER TABLE audit ADD COLUMN told_at INTEGER;
-- The operation that told it, so that one sent twice is written once. NULL: the server saw it.
ALTER TABLE audit ADD COLUMN op TEXT;
CREATE UNIQUE INDEX audit_told ON audit (territory, op) WHERE op IS NOT NULL;

-- Nor can it take the place of another that the same operation told.
CREATE TRIGGER audit_is_told_once BEFORE INSERT ON audit
WHEN NEW.op IS NOT NULL AND EXISTS (SELECT 1 FROM audit WHERE territory = NEW.territory AND op = NEW.op)
BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only');
END;
