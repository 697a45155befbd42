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

/** Waits until the daemon was asked for this, so that a test need not guess how fast a process starts. */
async function untilAsked(start: string, on = daemon): Promise<void> {
  while (!on.requests.some(({ method, path }) => `${method} ${path}`.startsWith(start))) await Bun.sleep(2);
}

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

describe("job logs", () => {
  const tell = () => {
    daemon.farm.append(
      jobId,
      { kind: "opened", prompt: "look", system: "", memory: null, tools: [], model: "demo", manifest_sha256: "" },
      { kind: "brain.request", turn: 1, sha256: "" },
    );
  };

  test("are the journal's entries as pretty JSON in a pipe", async () => {
    tell();
    const { stdout, exitCode } = await coop(["job", "logs", jobId]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`${JSON.stringify(JSON.parse(stdout), null, 2)}\n`);
    expect(JSON.parse(stdout).map((entry: { kind: string }) => entry.kind)).toEqual(["opened", "brain.request"]);
    expect((await coop(["job", "logs", jobId, "-q"])).stdout).toBe("1\n2\n");
  });

  test("are a story with -o table", async () => {
    tell();
    expect((await coop(["job", "logs", jobId, "-o", "table"])).stdout).toBe("» look\ndemo · no tools\n");
  });

  test("-f follows until the job ends, whatever it has seen", async () => {
    tell();
    const following = coop(["job", "logs", "-f", jobId, "-o", "jsonl"]);
    await untilAsked(`GET /api/v1/jobs/${jobId}/journal`);
    daemon.farm.append(jobId, { kind: "note", text: "half way" });
    daemon.farm.moveJob(jobId, "DONE", { result: "x" });
    const { stdout, exitCode } = await following;
    expect(exitCode).toBe(0);
    const kinds = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).kind);
    expect(kinds).toEqual(["opened", "brain.request", "note", "settled"]);
  });

  test("-f shows an entry when its step is announced, also when it becomes durable only after that", async () => {
    tell();
    const following = startCoop(["job", "logs", "-f", jobId, "-o", "jsonl"], { env: { COOP_API: daemon.url } });
    let seen = "";
    const journalReads = () => daemon.requests.filter(({ path }) => path.includes("/journal")).length;
    let step = 0;
    for await (const bytes of following.stdout) {
      seen += new TextDecoder().decode(bytes);
      if (step === 0 && seen.includes("brain.request")) {
        step = 1;
        const before = journalReads();
        daemon.sendProgress(jobId, { turn: 1, tool: "bash", tokens: 12 });
        while (journalReads() < before + 2) await Bun.sleep(2);
        const call = { turn: 1, call_id: "c", tool: "bash", input: { command: "ls" }, effect: "once" } as const;
        daemon.farm.append(jobId, { kind: "tool.intent", ...call });
      } else if (step === 1 && seen.includes("tool.intent")) {
        step = 2;
        daemon.farm.moveJob(jobId, "DONE", { result: "x" });
      }
    }
    await following.exited;
    expect({ step, exitCode: following.exitCode }).toEqual({ step: 2, exitCode: 0 });
  });

  test("-f asks for nothing while nothing happens, and stops seeking what does not come", async () => {
    tell();
    const following = startCoop(["job", "logs", "-f", jobId, "-o", "jsonl"], { env: { COOP_API: daemon.url } });
    const journalReads = () => daemon.requests.filter(({ path }) => path.includes("/journal")).length;
    const reader = following.stdout.getReader();
    await reader.read();
    const quiet = journalReads();
    daemon.sendProgress(daemon.farm.addJob("local.coop/aria", "another").id, { turn: 1, tool: null, tokens: 0 });
    daemon.sendProgress(jobId, { turn: 7, tool: "never", tokens: 0 });
    while (journalReads() < quiet + 8) await Bun.sleep(20);
    daemon.farm.moveJob(jobId, "DONE", { result: "x" });
    while (!(await reader.read()).done);
    expect(journalReads()).toBe(quiet + 9);
  });

  test("-f asks again and again where no watch can be opened", async () => {
    tell();
    daemon.answer("GET /api/v1/watch", () => new Response("not here", { status: 404 }));
    const following = coop(["job", "logs", "-f", jobId, "-o", "jsonl"]);
    const reads = () => daemon.requests.filter(({ path }) => path === `/api/v1/jobs/${jobId}`).length;
    while (reads() < 2) await Bun.sleep(2);
    daemon.farm.moveJob(jobId, "DONE", { result: "x" });
    const { stdout, exitCode } = await following;
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"kind":"settled"');
  });

  test("-f says at once when there is no such job, no daemon, or a daemon without journals", async () => {
    expect(await coop(["job", "logs", "-f", "nothing"])).toMatchObject({ exitCode: 4, stdout: "" });
    expect(await coop(["job", "logs", "-f", jobId], "http://127.0.0.1:1")).toMatchObject({ exitCode: 1, stdout: "" });
    const original = openFakeDaemon({ isOriginal: true });
    try {
      original.farm.addHen("aria");
      const { id } = original.farm.addJob("local.coop/aria", "look");
      expect(await coop(["job", "logs", "-f", id], original.url)).toMatchObject({ exitCode: 4 });
    } finally {
      await original.close();
    }
  });

  test("-f goes on over a restart of the daemon", async () => {
    const farm = new FakeFarm();
    const first = openFakeDaemon({ farm });
    farm.addHen("aria");
    const { id } = farm.addJob("local.coop/aria", "look");
    const following = coop(["job", "logs", "-f", id, "-o", "table"], first.url);
    await untilAsked(`GET /api/v1/jobs/${id}/journal`, first);
    await first.close();
    farm.moveJob(id, "DONE", { result: "back" });
    const second = openFakeDaemon({ farm, port: first.port });
    try {
      const { stdout, exitCode } = await following;
      expect({ stdout, exitCode }).toEqual({ stdout: "\nDONE\n  back\n", exitCode: 0 });
    } finally {
      await second.close();
    }
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
