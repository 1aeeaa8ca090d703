-- The secret to which devices seal an outbox that is carried by hand. It is in the database, hence in its backups: a
-- server restored elsewhere still opens what was sealed to the one that is gone.
CREATE TABLE seal (
  territory TEXT PRIMARY KEY NOT NULL REFERENCES territory (territory),
  -- Scalar of ECDH P-256, hexadecimal. The public key follows from it.
  secret TEXT NOT NULL CHECK (length(secret) = 64),
  made_at INTEGER NOT NULL
) STRICT;
