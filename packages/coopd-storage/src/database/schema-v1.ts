/**
 * The first schema. A wire object's unchanging part is JSON (`body`); what changes or is searched for is a column, so a
 * claim rewrites a few dozen bytes and not a prompt of 256 KiB. Instants are integers, milliseconds since 1970.
 *
 * Two states exist only here: a hen or job in state DAMAGED has had its body moved to `quarantine`. It keeps its place, so
 * that a new hen of the same name does not inherit what is left, and is absent from every read.
 */
export const SCHEMA_V1 = `
CREATE TABLE farm (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  queued INTEGER NOT NULL DEFAULT 0 CHECK (queued >= 0),
  running INTEGER NOT NULL DEFAULT 0 CHECK (running >= 0),
  claims INTEGER NOT NULL DEFAULT 0,   -- counts up with every claim: the clock of fairness
  last_uid INTEGER NOT NULL DEFAULT -1 -- where the ring of uids goes on
) STRICT;
INSERT INTO farm (id) VALUES (1);

CREATE TABLE hens (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  lease_id TEXT,                       -- null while its owner has it
  slots INTEGER NOT NULL,              -- jobs that may run at once
  retention_ms INTEGER NOT NULL,       -- how long episodes are kept; 0 is for ever
  jobs_keep_ms INTEGER NOT NULL,       -- how long ended jobs are kept; 0 is for ever
  queued INTEGER NOT NULL DEFAULT 0 CHECK (queued >= 0),
  running INTEGER NOT NULL DEFAULT 0 CHECK (running >= 0),
  held INTEGER NOT NULL DEFAULT 0,     -- 1 while nothing may be claimed, as it is being put to sleep
  ready INTEGER NOT NULL DEFAULT 0,    -- 1 when a claim would find a job here
  last_claim INTEGER NOT NULL DEFAULT 0,
  uid INTEGER UNIQUE,
  updated_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX hens_by_state ON hens (state, id);
CREATE INDEX hens_ready ON hens (last_claim, id) WHERE ready = 1;

CREATE TABLE hen_bodies (
  hen_id TEXT PRIMARY KEY REFERENCES hens (id) ON DELETE CASCADE,
  body TEXT NOT NULL,
  manifest_text TEXT NOT NULL
) STRICT;
-- Sums over ended jobs; a hen without one has no row.
CREATE TABLE hen_usage (
  hen_id TEXT PRIMARY KEY REFERENCES hens (id) ON DELETE CASCADE,
  done INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  turns INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cache_tokens INTEGER NOT NULL
) STRICT;
CREATE TABLE hen_attachments (
  hen_id TEXT NOT NULL REFERENCES hens (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (hen_id, name)
) STRICT;

-- The ends of leases; what a lease is stands in its hen.
CREATE TABLE hen_leases (
  hen_id TEXT PRIMARY KEY REFERENCES hens (id) ON DELETE CASCADE,
  expires_ms INTEGER,                  -- null: only a release ends it
  is_over INTEGER NOT NULL DEFAULT 0   -- 1 while it only waits for its last job to end
) STRICT, WITHOUT ROWID;
CREATE INDEX hen_leases_by_end ON hen_leases (expires_ms) WHERE is_over = 0 AND expires_ms IS NOT NULL;

CREATE TABLE jobs (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  hen_id TEXT NOT NULL REFERENCES hens (id) ON DELETE CASCADE,
  status TEXT NOT NULL,
  lease_id TEXT,
  epoch INTEGER NOT NULL DEFAULT 0,
  last_seq INTEGER NOT NULL DEFAULT 0, -- of its journal
  turns INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cache_tokens INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  started_ms INTEGER,
  ended_ms INTEGER,
  error_code TEXT
) STRICT;
CREATE INDEX jobs_by_hen ON jobs (hen_id, status, id);
CREATE INDEX jobs_by_status ON jobs (status, id);
CREATE INDEX jobs_waiting ON jobs (hen_id, lease_id, id) WHERE status = 'QUEUED';

-- Cancels of RUNNING jobs that their runners have yet to carry out.
CREATE TABLE job_cancels (
  job_no INTEGER PRIMARY KEY REFERENCES jobs (no) ON DELETE CASCADE,
  at_ms INTEGER NOT NULL
) STRICT;

-- Jobs that a call of another job handed on; the child's row may be gone, its call's never runs again.
CREATE TABLE job_children (
  parent_no INTEGER NOT NULL REFERENCES jobs (no) ON DELETE CASCADE,
  call_key TEXT NOT NULL,              -- <turn>:<call id>
  child_id TEXT NOT NULL UNIQUE,
  PRIMARY KEY (parent_no, call_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_texts (
  job_no INTEGER PRIMARY KEY REFERENCES jobs (no) ON DELETE CASCADE,
  body TEXT NOT NULL,
  result TEXT,
  error TEXT
) STRICT;

CREATE TABLE journal (
  no INTEGER PRIMARY KEY,
  job_no INTEGER NOT NULL REFERENCES jobs (no) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX journal_by_job ON journal (job_no, seq);

CREATE TABLE episodes (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  hen_id TEXT NOT NULL REFERENCES hens (id) ON DELETE CASCADE,
  at_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX episodes_by_hen ON episodes (hen_id, id);
CREATE INDEX episodes_by_age ON episodes (hen_id, at_ms);

CREATE TABLE tasks (
  id TEXT PRIMARY KEY,
  status TEXT NOT NULL,
  claimed_by TEXT,
  updated_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX tasks_by_status ON tasks (status, id);

CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What requests with an Idempotency-Key made; rows go in the order of their number, a day after they came.
CREATE TABLE idempotency_keys (
  no INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  request TEXT NOT NULL,               -- SHA-256 of what was asked
  made TEXT NOT NULL,                  -- id of the hen, job or task
  at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE quarantine (
  no INTEGER PRIMARY KEY,
  source TEXT NOT NULL,                -- the table it came from
  key TEXT NOT NULL,
  hen_id TEXT,                         -- whose it was; deleted with that hen
  reason TEXT NOT NULL,
  raw TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX quarantine_by_hen ON quarantine (hen_id);
`;
