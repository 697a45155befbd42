/** Who may come in, and what was done. */
export const SCHEMA_ACCESS = `
-- Tokens and logins. The secret itself is nowhere: it is found by its SHA-256.
CREATE TABLE credentials (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,                  -- token or login
  name TEXT NOT NULL,
  scope TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE,
  parent TEXT,                         -- what a login came from; it goes with it
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER,                  -- null: until it is revoked
  used_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX credentials_by_name ON credentials (name) WHERE kind = 'token';
CREATE INDEX credentials_by_parent ON credentials (parent) WHERE parent IS NOT NULL;
CREATE INDEX credentials_by_age ON credentials (kind, created_ms, id);

-- Each row's hash is taken of the one before and of the row itself.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  body TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
-- The last row that made way: what the oldest that is kept is chained to.
CREATE TABLE audit_base (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
`;
