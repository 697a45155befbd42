import { expect, test } from "bun:test";
import type { HenId, JobId, JobProgress } from "coopd-core";
import { createProgressFeed } from "./progress-feed.ts";

const at = (turn: number, job = "j"): JobProgress => ({
  type: "job_progress",
  job_id: job as JobId,
  hen_id: "local.coop/h" as HenId,
  turn,
  tool: null,
  tokens: 0,
});

test("a job's reports come at most twice a second, and the newest of those held back comes last", async () => {
  const sent: number[] = [];
  const feed = createProgressFeed(
    ({ turn }) => sent.push(turn),
    () => performance.now(),
  );
  for (let turn = 1; turn <= 50; turn += 1) feed.report(at(turn));
  expect(sent).toEqual([1]);
  while (sent.length < 2) await Bun.sleep(20);
  expect(sent).toEqual([1, 50]);
});

test("who comes later is told the last word on every job that runs, held back or not", () => {
  const feed = createProgressFeed(
    () => {},
    () => 0,
  );
  for (const job of ["a", "b"]) for (const turn of [1, 2]) feed.report(at(turn, job));
  feed.end("a" as JobId);
  expect(feed.current()).toEqual([at(2, "b")]);
  feed.end("b" as JobId);
});

test("jobs do not hold each other back, and an ended one says nothing more", async () => {
  const sent: string[] = [];
  const feed = createProgressFeed(
    ({ job_id, turn }) => sent.push(`${job_id}${turn}`),
    () => performance.now(),
  );
  for (const job of ["a", "b"]) for (const turn of [1, 2]) feed.report(at(turn, job));
  feed.end("a" as JobId);
  while (sent.length < 3) await Bun.sleep(20);
  expect(sent).toEqual(["a1", "b1", "b2"]);
});
