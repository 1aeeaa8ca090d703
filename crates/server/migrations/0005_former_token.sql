-- Tokens a device held before its last full sign-in. None of them opens anything any more: they only tell whose outbox was
-- sealed with them and carried here by hand.
CREATE TABLE former_token (
  territory TEXT NOT NULL,
  -- SHA-256 of the token, hexadecimal.
  token_hash TEXT NOT NULL,
  device TEXT NOT NULL,
  PRIMARY KEY (territory, token_hash),
  FOREIGN KEY (territory, device) REFERENCES device (territory, device)
) STRICT, WITHOUT ROWID;
