import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type FakeDaemon, openFakeDaemon } from "coop-client/testing";
import { runCoop, runCoopInTerminal } from "../testing/run-coop.ts";

let daemon: FakeDaemon;
beforeEach(() => {
  daemon = openFakeDaemon();
  daemon.farm.addHen("aria");
});
afterEach(() => daemon.close());

const env = () => ({ COOP_API: daemon.url });
const coop = (...args: string[]) => runCoop(args, { env: env() });
const addJob = () => daemon.farm.addJob("local.coop/aria", "look").id as string;

describe("job cancel", () => {
  test("of a job that has ended is 6, of one that is not there 4, without an argument 2", async () => {
    const id = addJob();
    daemon.farm.moveJob(id, "DONE", { result: "x" });
    expect(await coop("job", "cancel", id)).toEqual({
      stdout: "[]\n",
      stderr: `Error: job ${id} is DONE already\n`,
      exitCode: 6,
    });
    expect(await coop("job", "cancel", "nothing")).toMatchObject({ exitCode: 4 });
    expect(await coop("job", "cancel")).toMatchObject({ exitCode: 2, stdout: "" });
  });

  test("of several goes on behind one that is refused, and ends with the first refusal's code", async () => {
    const [one, two, three] = [addJob(), addJob(), addJob()];
    daemon.farm.moveJob(two, "FAILED", { error: "x" });
    const { stdout, stderr, exitCode } = await coop("job", "cancel", one, two, "nothing", three);
    expect(exitCode).toBe(6);
    expect(JSON.parse(stdout).map((job: { id: string; status: string }) => [job.id, job.status])).toEqual([
      [one, "CANCELLED"],
      [three, "CANCELLED"],
    ]);
    expect(stderr.split("\n").filter((line) => line.startsWith("Error:"))).toEqual([
      `Error: job ${two} is FAILED already`,
      "Error: job not found: nothing",
    ]);
  });

  test("stops at a refusal that the next job would meet too, and shows what it did", async () => {
    const [one, two, three] = [addJob(), addJob(), addJob()];
    daemon.answer(`POST /api/v1/jobs/${two}/cancel`, () => new Response("no", { status: 401 }));
    const { stdout, exitCode } = await coop("-q", "job", "cancel", one, two, three);
    expect({ stdout, exitCode }).toEqual({ stdout: `${one}\n`, exitCode: 5 });
    expect(daemon.farm.jobs.get(three)?.status).toBe("QUEUED");
  });

  test("of a job that ends by itself meanwhile says how, and is 6", async () => {
    const id = addJob();
    daemon.farm.moveJob(id, "DONE", { result: "x" });
    daemon.answer(`POST /api/v1/jobs/${id}/cancel`, () => Response.json(daemon.farm.jobs.get(id)));
    const { stderr, exitCode } = await coop("-q", "job", "cancel", id);
    expect(exitCode).toBe(6);
    expect(stderr).toStartWith(`Error: job ${id} ended DONE before it could be cancelled\n`);
  });

  test("prints the jobs as they ended, their ids, or a line each; one named twice is cancelled once", async () => {
    const [one, two] = [addJob(), addJob()];
    expect(await coop("-q", "job", "cancel", one, one)).toEqual({ stdout: `${one}\n`, stderr: "", exitCode: 0 });
    const { text, exitCode } = await runCoopInTerminal(["job", "cancel", two], { env: env() });
    expect({ text, exitCode }).toEqual({ text: `job ${two} CANCELLED, 0 turns\n`, exitCode: 0 });
  });
});

test("the original, which knows none of this, says so: exit code 4", async () => {
  const original = openFakeDaemon({ isOriginal: true });
  original.farm.addHen("aria");
  const { id } = original.farm.addJob("local.coop/aria", "look");
  for (const args of [
    ["job", "cancel", id, id],
    ["farm", "stop"],
    ["farm", "resume"],
    ["hen", "archive", "local.coop/aria"],
  ]) {
    expect((await runCoop(args, { env: { COOP_API: original.url } })).exitCode).toBe(4);
  }
  await original.close();
});

describe("a hen that works", () => {
  test("is not put to sleep, archived or deleted, unless by force", async () => {
    for (const [verb, state] of [
      ["sleep", "SLEEPING"],
      ["archive", "ARCHIVED"],
    ] as const) {
      const id = addJob();
      daemon.farm.moveJob(id, "RUNNING");
      expect(await coop("hen", verb, "local.coop/aria")).toMatchObject({ exitCode: 6, stdout: "" });
      expect(await coop("hen", verb, "local.coop/aria", "--force")).toMatchObject({ exitCode: 0, stderr: "" });
      expect(daemon.requests.at(-1)?.path).toBe(`/api/v1/hens/local.coop%2Faria/${verb}?force=true`);
      expect(daemon.farm.hens.get("local.coop/aria")?.state).toBe(state);
      expect(daemon.farm.jobs.get(id)?.status).toBe("CANCELLED");
    }
    daemon.farm.moveJob(addJob(), "RUNNING");
    expect(await coop("hen", "delete", "local.coop/aria")).toMatchObject({ exitCode: 6, stdout: "" });
    expect(await coop("hen", "delete", "local.coop/aria", "--force")).toMatchObject({
      exitCode: 0,
      stdout: "status: 204 No Content\n",
    });
  });

  test("is asked for without force as the original understands it", async () => {
    expect((await coop("hen", "sleep", "local.coop/aria")).stdout).toBe('{\n  "ok": true\n}\n');
    expect(daemon.requests.at(-1)?.path).toBe("/api/v1/hens/local.coop%2Faria/sleep");
  });
});

describe("a farm", () => {
  test("is stopped and goes on again, and says which", async () => {
    const id = addJob();
    daemon.farm.moveJob(id, "RUNNING");
    expect(await coop("farm", "stop")).toEqual({
      stdout: '{\n  "cancelled": 1,\n  "stopped": true\n}\n',
      stderr: "",
      exitCode: 0,
    });
    expect(JSON.parse((await coop("farm")).stdout).stopped).toBe(true);
    const { text } = await runCoopInTerminal(["farm"], { env: env() });
    expect(text).toContain("stopped  no job is begun until: coop farm resume\n");
    expect((await coop("farm", "resume")).stdout).toBe('{\n  "stopped": false\n}\n');
    expect((await runCoopInTerminal(["farm"], { env: env() })).text).not.toContain("stopped");
  });

  test("has its own help and those of its commands, and names the one that was meant", async () => {
    expect((await coop("farm", "--help")).stdout).toContain("Commands below it:\n  farm stop    cancel what runs");
    expect((await coop("farm", "stop", "--help")).stdout).toContain("Usage:\n  coop farm stop\n");
    expect(await coop("farm", "stpo")).toEqual({
      stdout: "",
      stderr: 'Error: unknown command "farm stpo"\n  next: Did you mean: coop farm stop\n',
      exitCode: 2,
    });
    expect(daemon.requests).toEqual([]);
  });
});
