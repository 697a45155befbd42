/** Egress logs, and the revision of a hen's manifest. */
export const SCHEMA_V2 = `
ALTER TABLE hens ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;   -- of its manifest
ALTER TABLE hens ADD COLUMN egress_seq INTEGER NOT NULL DEFAULT 0; -- the newest of its egress log, kept or not

CREATE TABLE egress (
  hen_id TEXT NOT NULL REFERENCES hens (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  job_id TEXT,                         -- in whose name; the job may be gone
  body TEXT NOT NULL,
  PRIMARY KEY (hen_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX egress_by_verdict ON egress (hen_id, verdict, seq);
CREATE INDEX egress_by_job ON egress (hen_id, job_id, seq) WHERE job_id IS NOT NULL;
CREATE INDEX egress_by_age ON egress (at_ms);
`;
