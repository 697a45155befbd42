/**
 * Spending: what model calls cost, and those under way. Money is in millionths of a US dollar. Days are numbers since
 * 1970, in UTC.
 *
 * What was used before costs were counted stands in day 0 without a model: its price is unknown, and its day too.
 */
export const SCHEMA_SPEND = `
ALTER TABLE jobs ADD COLUMN cache_write_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN usd_micros INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN unpriced_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN uncertain_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN uncertain_usd_micros INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN handed_tokens INTEGER NOT NULL DEFAULT 0;  -- of jobs that it handed on, and theirs
ALTER TABLE jobs ADD COLUMN handed_usd_micros INTEGER NOT NULL DEFAULT 0;
UPDATE jobs SET unpriced_tokens = input_tokens + cache_tokens + output_tokens;
ALTER TABLE hen_usage ADD COLUMN cache_write_tokens INTEGER NOT NULL DEFAULT 0;

-- Sums of calls; hen_id is empty for hens that were deleted, since what they cost that day stays spent.
CREATE TABLE spend (
  day INTEGER NOT NULL,
  hen_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  calls INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cache_tokens INTEGER NOT NULL,
  cache_write_tokens INTEGER NOT NULL,
  usd_micros INTEGER NOT NULL,
  unpriced_tokens INTEGER NOT NULL,
  uncertain_tokens INTEGER NOT NULL,
  uncertain_usd_micros INTEGER NOT NULL,
  PRIMARY KEY (day, hen_id, provider, model)
) STRICT, WITHOUT ROWID;
CREATE INDEX spend_by_hen ON spend (hen_id, day);
INSERT INTO spend
  SELECT 0, hen_id, '', '', sum(turns), sum(input_tokens), sum(output_tokens), sum(cache_tokens), 0, 0,
    sum(input_tokens + cache_tokens + output_tokens), 0, 0
  FROM (
    SELECT hen_id, turns, input_tokens, output_tokens, cache_tokens FROM hen_usage
    UNION ALL
    SELECT hen_id, turns, input_tokens, output_tokens, cache_tokens FROM jobs WHERE status IN ('QUEUED', 'RUNNING')
  ) GROUP BY hen_id HAVING sum(turns + input_tokens + cache_tokens + output_tokens) > 0;

-- Calls under way, each at its worst case. None outlives the daemon that made it.
CREATE TABLE open_calls (
  no INTEGER PRIMARY KEY,
  job_no INTEGER UNIQUE REFERENCES jobs (no) ON DELETE CASCADE,
  call_id TEXT UNIQUE,                 -- of a call that belongs to no job; one of the two is null
  hen_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  usd_micros INTEGER,                  -- null: the price is unknown
  plan TEXT NOT NULL                   -- the call, as the journal has it
) STRICT;
CREATE INDEX open_calls_by_hen ON open_calls (hen_id);
`;
