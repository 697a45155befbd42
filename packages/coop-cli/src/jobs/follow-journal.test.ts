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
    daemon.sendProgress(jobId, { turn: 1, tool: null, tokens: 0 }); // which was read already
    while (journalReads() < quiet + 1) await Bun.sleep(2);
    daemon.sendProgress(jobId, { turn: 7, tool: "never", tokens: 0 });
    while (journalReads() < quiet + 9) await Bun.sleep(20);
    daemon.farm.moveJob(jobId, "DONE", { result: "x" });
    while (!(await reader.read()).done);
    expect(journalReads()).toBe(quiet + 10);
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

  test("-f tells what the brain says while it says it", async () => {
    tell();
    const live = (event: object) => `data: ${JSON.stringify(event)}\n\n`;
    const said = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
    daemon.answer(
      `GET /api/v1/jobs/${jobId}/stream`,
      () =>
        new Response(new ReadableStream<Uint8Array>({ start: (it) => said.resolve(it) }), {
          headers: { "content-type": "text/event-stream" },
        }),
    );
    const following = startCoop(["job", "logs", "-f", jobId, "-o", "table"], { env: { COOP_API: daemon.url } });
    const stream = await said.promise;
    const say = (event: object) => stream.enqueue(new TextEncoder().encode(live(event)));
    let seen = "";
    let step = 0;
    for await (const bytes of following.stdout) {
      seen += new TextDecoder().decode(bytes);
      if (step === 0 && seen.includes("no tools")) {
        step = 1;
        say({ type: "turn", turn: 1 });
        say({ type: "text", turn: 1, delta: "Good mor" });
      } else if (step === 1 && seen.includes("Good mor")) {
        step = 2;
        const usage = { input_tokens: 1, output_tokens: 2, cache_tokens: 0 };
        const content = [{ type: "text", text: "Good morning" } as const];
        const answer = { turn: 1, content, usage, finish_reason: "end_turn", latency_ms: 400 };
        daemon.farm.append(jobId, { kind: "brain.response", ...answer });
        daemon.farm.moveJob(jobId, "DONE", { result: "Good morning" });
      }
    }
    await following.exited;
    expect({ step, exitCode: following.exitCode }).toEqual({ step: 2, exitCode: 0 });
    expect(seen).toBe("» look\ndemo · no tools\n\nturn 1\n  Good morning\n  400 ms · 1 → 2 tokens\n\nDONE\n");
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
