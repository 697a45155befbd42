import { expect, test } from "bun:test";
import type { Instant, JobId } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import { createJob, type Job } from "./job.ts";
import type { JobLimits } from "./limits.ts";
import { remainingLimits } from "./remaining-limits.ts";

const START = "2026-03-01T10:00:00Z" as Instant;
const startMs = Date.parse(START);

function running(limits: JobLimits, outputTokens = 0): Job {
  const job = createJob({ id: "j" as JobId, henId: "local.coop/pip" as HenId, prompt: "", at: START, limits });
  return { ...job, started_at: START, usage: { ...job.usage, output_tokens: outputTokens } };
}

test("what is used up cannot be handed on, and the refusal says which limit it is", () => {
  const limitOf = (job: Job, turn: number, nowMs: number) => {
    try {
      return remainingLimits(job, turn, nowMs);
    } catch (error) {
      return (error as { details: { limit: string } }).details.limit;
    }
  };
  const all = { max_turns: 3, wall_secs: 10, output_tokens: 100, tokens: 500, cost_usd: 0.5 };
  expect(limitOf(running(all), 3, startMs)).toBe("max_turns");
  expect(limitOf(running(all), 1, startMs + 10_000)).toBe("wall_secs");
  expect(limitOf(running(all, 100), 1, startMs)).toBe("output_tokens");
  expect(limitOf(spent({ handed_tokens: 499 }, 1), 1, startMs)).toBe("tokens");
  expect(
    limitOf(spent({ known_usd_micros: 300_000, handed_usd_micros: 150_000, uncertain_usd_micros: 50_000 }), 1, startMs),
  ).toBe("cost_usd");

  function spent(cost: Partial<Job["cost"]>, outputTokens = 0): Job {
    const job = running(all, outputTokens);
    return { ...job, cost: { ...job.cost, ...cost } };
  }
});

test("what is left is never rounded up, and what has no limit gets none", () => {
  const all = { max_turns: 3, wall_secs: 10, output_tokens: 100, tokens: 500, cost_usd: 0.5 };
  const left = { max_turns: 2, wall_secs: 9, output_tokens: 60, tokens: 460, cost_usd: 0.5 };
  expect(remainingLimits(running(all, 40), 1, startMs + 1)).toEqual(left);
  const open = { max_turns: 16, wall_secs: null, output_tokens: null, tokens: null, cost_usd: null };
  expect(remainingLimits(running(open, 9_999), 15, startMs + 1e9)).toEqual({ ...open, max_turns: 1 });
});
