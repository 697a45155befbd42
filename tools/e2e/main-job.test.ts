import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "../pack/pack.ts";
import { commandEnvironment, FROM_SOURCE, type Programs, ROOT, runCoop, startDaemon } from "./programs.ts";

// Issue 2, *Shown by* 2: the main job through every room of the house, with both programs as a user starts them.
let work: string;
let built: Programs;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), "coop-e2e-"));
  const { coop, coopd } = await pack(ROOT, join(work, "dist"));
  built = { coop: [coop], coopd: [coopd] };
}, 60_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

/** The events of a job on a hen that was just hatched, in the order of contract/http-api.md §5.1. */
const STORY = [
  "hen_created",
  "hen_state_changed DEFINED→HATCHING",
  "hen_state_changed HATCHING→IDLE",
  "job_submitted",
  "hen_state_changed IDLE→WORKING",
  "job_status_changed RUNNING",
  "job_status_changed DONE",
  "memory_recorded",
  "hen_state_changed WORKING→IDLE",
];

for (const kind of ["source", "built"] as const) {
  describe(`both programs from ${kind}`, () => {
    test("create, hatch, run a job to its report, and watch beside it", async () => {
      const programs = kind === "source" ? FROM_SOURCE : built;
      const dataDir = join(work, kind);
      await using daemon = await startDaemon(programs, dataDir);
      const coop = (...args: readonly string[]) => runCoop(programs, daemon.url, ...args);
      // From the first event on, however long it takes to connect.
      const watch = Bun.spawn([...programs.coop, "--api", daemon.url, "watch", "--since", "0"], {
        env: commandEnvironment(daemon.url),
        stdout: "pipe",
        stderr: "ignore",
      });

      expect(await coop("hen", "create", "examples/demo.yaml")).toMatchObject({
        exitCode: 0,
        stdout: '"local.coop/demo"\n',
      });
      expect(await coop("hen", "hatch", "local.coop/demo")).toMatchObject({
        exitCode: 0,
        stdout: '{\n  "ok": true\n}\n',
      });
      const run = await coop("job", "run", "local.coop/demo", "look around and write a report", "--wait");
      expect(run).toMatchObject({ exitCode: 0 });
      const job = JSON.parse(run.stdout);
      expect(job).toMatchObject({ status: "DONE", hen_id: "local.coop/demo", error: null });

      const journal = JSON.parse((await coop("job", "logs", job.id)).stdout);
      const written = journal.find(
        (entry: Record<string, unknown>) => entry.kind === "tool.intent" && entry.tool === "file_write",
      );
      const report = readFileSync(join(dataDir, "workdirs", "local-coop__demo", written.input.path), "utf8");
      expect(report).toBe(written.input.content);

      const { exitCode, seconds } = await daemon.stop();
      expect(exitCode).toBe(0);
      expect(seconds).toBeLessThan(4);
      expect(toStory(await new Response(watch.stdout).text())).toEqual(STORY);
    }, 60_000);

    test("a job that fails, an id that is not there and a manifest that is wrong are not 0", async () => {
      const programs = kind === "source" ? FROM_SOURCE : built;
      await using daemon = await startDaemon(programs, join(work, `${kind}-refusals`));
      const coop = (...args: readonly string[]) => runCoop(programs, daemon.url, ...args);
      expect((await coop("hen", "get", "local.coop/nobody")).exitCode).toBe(4);
      expect((await coop("job", "get", "0195b2c4-0000-7abc-8def-000000000001")).exitCode).toBe(4);
      const wrong = await coop("hen", "create", "package.json");
      expect(wrong.exitCode).toBe(2);
      expect(wrong.stderr).toContain("spec_version");
      await coop("hen", "create", "examples/demo.yaml");
      expect((await coop("hen", "create", "examples/demo.yaml")).exitCode).toBe(6);
    }, 60_000);
  });
}

function toStory(lines: string): readonly string[] {
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type !== "shutting_down" && type !== "job_progress")
    .map(({ type, from, to, status }) =>
      [type, from === undefined ? status : `${from}→${to}`].filter(Boolean).join(" "),
    );
}
