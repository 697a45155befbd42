import { expect, test } from "bun:test";
import type { LimitsSpec } from "../manifest/manifest.ts";
import { jobLimits, MAX_TURNS_DEFAULT } from "./limits.ts";

const NONE: LimitsSpec = { max_turns: null, wall_secs: null, output_tokens: null, tokens: null, cost_usd: null };

test("without limits a job has sixteen turns and nothing else", () => {
  expect(jobLimits(null)).toEqual({ max_turns: 16, wall_secs: null, output_tokens: null });
  expect(jobLimits(NONE, {})).toEqual({ max_turns: MAX_TURNS_DEFAULT, wall_secs: null, output_tokens: null });
});

test("who submits a job can only tighten what the manifest says, limit by limit", () => {
  const manifest = { ...NONE, max_turns: 30, wall_secs: 60, output_tokens: 500 };
  expect(jobLimits(manifest)).toEqual({ max_turns: 30, wall_secs: 60, output_tokens: 500 });
  expect(jobLimits(manifest, { max_turns: 40, wall_secs: 61, output_tokens: 501 })).toEqual({
    max_turns: 30,
    wall_secs: 60,
    output_tokens: 500,
  });
  expect(jobLimits(manifest, { max_turns: 1, wall_secs: 1, output_tokens: 1 })).toEqual({
    max_turns: 1,
    wall_secs: 1,
    output_tokens: 1,
  });
  expect(jobLimits(manifest, { wall_secs: null })).toMatchObject({ wall_secs: 60 });
});

test("where the manifest says nothing the submitter's limits hold, but the default of turns is not raised", () => {
  expect(jobLimits(null, { max_turns: 99, wall_secs: 5 })).toEqual({
    max_turns: 16,
    wall_secs: 5,
    output_tokens: null,
  });
  expect(jobLimits(NONE, { max_turns: 2, output_tokens: 9 })).toEqual({
    max_turns: 2,
    wall_secs: null,
    output_tokens: 9,
  });
});
