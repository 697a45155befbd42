/** What a person has waved aside, and the way to what hens were denied lately. */
export const SCHEMA_ATTENTION = `
CREATE TABLE dismissals (
  id TEXT PRIMARY KEY,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX dismissals_by_age ON dismissals (at_ms);
CREATE INDEX egress_denied_in_jobs ON egress (at_ms) WHERE verdict = 'denied' AND job_id IS NOT NULL;
`;
