-- Pro Santé Connect finds an account by the RPPS of its holder: 11 digits. NULL: it signs in with a password.
ALTER TABLE account ADD COLUMN rpps TEXT;
-- One person, one account: two of the same number would be chosen from by chance. Any number of accounts have none.
CREATE UNIQUE INDEX account_rpps ON account (territory, rpps);
