import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type FakeDaemon, FakeFarm, openFakeDaemon } from "coop-client/testing";
import { runCoop, startCoop } from "../testing/run-coop.ts";

let daemon: FakeDaemon;
let jobId: string;
beforeEach(() => {
  daemon = openFakeDaemon();
  daemon.farm.addHen("aria");
  jobId = daemon.farm.addJob("local.coop/aria", "look").id;
});
afterEach(() => daemon.close());

const coop = (args: readonly string[], api = daemon.url) => runCoop(args, { env: { COOP_API: api } });

describe("the exit code says how the job ended", () => {
  test("0 for DONE, with the job as JSON, or only its result", async () => {
    daemon.farm.moveJob(jobId, "DONE", { result: "two files" });
    const { stdout, stderr, exitCode } = await coop(["job", "wait", jobId]);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ id: jobId, status: "DONE", result: "two files" });
    expect(await coop(["-q", "job", "wait", jobId])).toEqual({ stdout: "two files\n", stderr: "", exitCode: 0 });
  });

  test("10 for FAILED, the job all the same, and why on stderr", async () => {
    daemon.farm.moveJob(jobId, "FAILED", { error: "the brain is away" });
    const { stdout, stderr, exitCode } = await coop(["job", "wait", jobId]);
    expect(exitCode).toBe(10);
    expect(JSON.parse(stdout).status).toBe("FAILED");
    expect(stderr).toBe(
      `Error: job ${jobId} FAILED: the brain is away\n  next: See what it did: coop job logs ${jobId}\n`,
    );
  });

  test("11 for CANCELLED", async () => {
    daemon.farm.moveJob(jobId, "CANCELLED");
    expect((await coop(["job", "wait", jobId])).exitCode).toBe(11);
  });

  test("12 when the time is over, and the job goes on", async () => {
    const { stdout, stderr, exitCode } = await coop(["job", "wait", jobId, "--timeout-s", "0.3"]);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 12 });
    expect(stderr).toStartWith(`Error: job ${jobId} is still QUEUED after 0.3 s\n  next: It goes on.`);
  });
});

describe("waiting", () => {
  test("watches instead of asking: the job is read when the watch opens and when its status changes", async () => {
    const waiting = coop(["job", "wait", jobId]);
    while (daemon.watcherCount() === 0) await Bun.sleep(2);
    daemon.farm.moveJob(jobId, "RUNNING");
    daemon.farm.addHen("noise");
    daemon.farm.moveJob(jobId, "DONE", { result: "x" });
    expect((await waiting).exitCode).toBe(0);
    const reads = daemon.requests.filter(({ path }) => path === `/api/v1/jobs/${jobId}`);
    expect(reads.length).toBeGreaterThanOrEqual(2);
    expect(reads.length).toBeLessThanOrEqual(4);
  });

  test("does not miss an end between reading the job and opening the watch", async () => {
    daemon.answer("GET /api/v1/farm", () => {
      daemon.farm.moveJob(jobId, "DONE", { result: "x" });
      return Response.json({ coop_id: "local.coop", hen_count: 1, event_seq: daemon.farm.events.length });
    });
    expect((await coop(["job", "wait", jobId, "--timeout-s", "5"])).exitCode).toBe(0);
  });

  test("goes on over a restart of the daemon", async () => {
    const farm = new FakeFarm();
    const first = openFakeDaemon({ farm });
    farm.addHen("aria");
    const { id } = farm.addJob("local.coop/aria", "look");
    const waiting = coop(["job", "wait", id], first.url);
    while (first.watcherCount() === 0) await Bun.sleep(2);
    await first.close();
    farm.moveJob(id, "DONE", { result: "meanwhile" });
    const second = openFakeDaemon({ farm, port: first.port });
    try {
      expect((await waiting).exitCode).toBe(0);
    } finally {
      await second.close();
    }
  });

  test("works with the original, which numbers nothing", async () => {
    const original = openFakeDaemon({ isOriginal: true });
    try {
      original.farm.addHen("aria");
      original.onJob((id) => original.farm.moveJob(id, "RUNNING"));
      const running = coop(["job", "run", "local.coop/aria", "look", "--wait"], original.url);
      while (original.watcherCount() === 0) await Bun.sleep(2);
      const [job] = original.farm.jobs.values();
      original.farm.moveJob(job?.id ?? "", "DONE", { result: "old" });
      const { stdout, exitCode } = await running;
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout).result).toBe("old");
    } finally {
      await original.close();
    }
  });

  test("asks every --interval-s where no watch can be opened", async () => {
    daemon.answer("GET /api/v1/watch", () => new Response("not here", { status: 404 }));
    const waiting = coop(["job", "wait", jobId, "--interval-s", "0.05"]);
    const path = `/api/v1/jobs/${jobId}`;
    while (daemon.requests.filter((request) => request.path === path).length < 4) await Bun.sleep(2);
    daemon.farm.moveJob(jobId, "DONE");
    expect((await waiting).exitCode).toBe(0);
  });
});

describe("watch", () => {
  test("prints one compact event a line, type first, from a seq on", async () => {
    const watching = startCoop(["watch", "--since", "0"], { env: { COOP_API: daemon.url } });
    while (daemon.watcherCount() === 0) await Bun.sleep(2);
    daemon.sendRaw('{"type":"shutting_down"}');
    const [stdout, stderr] = await Promise.all([watching.stdout.text(), watching.stderr.text()]);
    await watching.exited;
    expect(watching.exitCode).toBe(0);
    expect(stdout.split("\n")).toEqual([
      '{"type":"hen_created","id":"local.coop/aria","seq":1,"at":"2026-03-01T10:00:02Z"}',
      `{"type":"job_submitted","job_id":"${jobId}","hen_id":"local.coop/aria","seq":2,"at":"2026-03-01T10:00:04Z"}`,
      '{"type":"shutting_down"}',
      "",
    ]);
    expect(stderr).toBe("warning: the daemon is shutting down; nothing more to watch\n");
  });

  test("says when it lost the daemon, and resumes behind the last event", async () => {
    const watching = startCoop(["watch"], { env: { COOP_API: daemon.url } });
    while (daemon.watcherCount() === 0) await Bun.sleep(2);
    daemon.dropWatchers();
    daemon.farm.addHen("meanwhile");
    while (daemon.watcherCount() > 0) await Bun.sleep(2);
    while (daemon.watcherCount() === 0) await Bun.sleep(2);
    daemon.sendRaw('{"type":"shutting_down"}');
    expect(await watching.stdout.text()).toContain('{"type":"hen_created","id":"local.coop/meanwhile","seq":3');
    expect(await watching.stderr.text()).toStartWith(
      "warning: lost the daemon (the connection broke off); trying again\n",
    );
  });

  test("ends as 130 by an interrupt", async () => {
    const watching = startCoop(["watch"], { env: { COOP_API: daemon.url } });
    while (daemon.watcherCount() === 0) await Bun.sleep(2);
    watching.kill("SIGINT");
    await watching.exited;
    expect(watching.exitCode).toBe(130);
  });
});
