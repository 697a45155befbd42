import { expect, test } from "bun:test";
import type { LimitsSpec } from "../manifest/manifest.ts";
import { jobLimits, MAX_TURNS_DEFAULT } from "./limits.ts";

const NONE: LimitsSpec = {
  max_turns: null,
  wall_secs: null,
  output_tokens: null,
  tokens: null,
  cost_usd: null,
  day_tokens: null,
  day_cost_usd: null,
  total_tokens: null,
  total_cost_usd: null,
};
const OPEN = { max_turns: 16, wall_secs: null, output_tokens: null, tokens: null, cost_usd: null };

test("without limits a job has sixteen turns and nothing else", () => {
  expect(jobLimits(null)).toEqual(OPEN);
  expect(jobLimits(NONE, {})).toEqual({ ...OPEN, max_turns: MAX_TURNS_DEFAULT });
});

test("who submits a job can only tighten what the manifest says, limit by limit", () => {
  const own = { max_turns: 30, wall_secs: 60, output_tokens: 500, tokens: 900, cost_usd: 2 };
  const manifest = { ...NONE, ...own };
  expect(jobLimits(manifest)).toEqual(own);
  const wider = { max_turns: 40, wall_secs: 61, output_tokens: 501, tokens: 901, cost_usd: 2.5 };
  expect(jobLimits(manifest, wider)).toEqual(own);
  const tighter = { max_turns: 1, wall_secs: 1, output_tokens: 1, tokens: 1, cost_usd: 0.01 };
  expect(jobLimits(manifest, tighter)).toEqual(tighter);
  expect(jobLimits(manifest, { wall_secs: null })).toMatchObject({ wall_secs: 60 });
});

test("where the manifest says nothing the submitter's limits hold, but the default of turns is not raised", () => {
  expect(jobLimits(null, { max_turns: 99, wall_secs: 5 })).toEqual({ ...OPEN, wall_secs: 5 });
  expect(jobLimits(NONE, { max_turns: 2, output_tokens: 9 })).toEqual({ ...OPEN, max_turns: 2, output_tokens: 9 });
});
