-- The coordination entrusts a person for a time: once that is ended she goes back to whoever held her.

-- Of a person whose owner holds her as long as a share of the coordination is in force, whose she is after it. NULL: she is
-- her owner's for good. No foreign key: a database restored from a backup may know the person before that account.
ALTER TABLE record ADD COLUMN entrusted_by TEXT;
