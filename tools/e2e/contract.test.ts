import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bareEnvironment, FROM_SOURCE } from "./programs.ts";

// Issue 8, shown by 1: the steps that the original's end-to-end script and demo take (contract/http-api.md §8), from outside:
// HTTP, WebSocket and command line, with COOP_AUTH=none and COOP_RESUME=fail, and a model that lets nobody in.
let work: string;
let base: string;
let child: Bun.Subprocess<"ignore", "ignore", "pipe">;
let model: Bun.Server<undefined>;
let socket: WebSocket;
const watched: string[] = [];

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), "coop-contract-"));
  model = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => Response.json({ error: { message: "invalid api key" } }, { status: 401 }),
  });
  await start();
  await watch();
}, 30_000);

afterAll(async () => {
  socket.close();
  await stop("SIGKILL");
  await model.stop(true);
  rmSync(work, { recursive: true, force: true });
});

/** With `COOP_VAULT=""` and `COOP_PASSPHRASE=""`, which must not keep it from starting; within 20 s /farm answers. */
async function start(): Promise<void> {
  const line = ["--data-dir", join(work, "data"), "--log", "info", "serve", "--addr", "127.0.0.1:0"];
  child = Bun.spawn([...FROM_SOURCE.coopd, ...line], {
    env: { ...bareEnvironment(work), COOP_AUTH: "none", COOP_RESUME: "fail", COOP_VAULT: "", COOP_PASSPHRASE: "" },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const found = Promise.withResolvers<string>();
  void readLog(child.stderr, found);
  base = await found.promise;
  expect((await get("/farm")).status).toBe(200);
}

async function readLog(stderr: ReadableStream<Uint8Array>, found: PromiseWithResolvers<string>): Promise<void> {
  let log = "";
  for await (const bytes of stderr as unknown as AsyncIterable<Uint8Array>) {
    log += new TextDecoder().decode(bytes);
    const address = /coopd is up .*address=(http:\/\/[^/\s"]+)/.exec(log)?.[1];
    if (address !== undefined) found.resolve(address);
  }
  found.reject(new Error(`it ended before it was up:\n${log}`));
}

async function stop(signal: "SIGTERM" | "SIGKILL"): Promise<{ seconds: number; exitCode: number | null }> {
  const askedAt = performance.now();
  child.kill(signal);
  await child.exited;
  return { seconds: (performance.now() - askedAt) / 1000, exitCode: child.exitCode };
}

async function watch(): Promise<void> {
  socket = new WebSocket(`${base.replace("http", "ws")}/api/v1/watch`);
  socket.onmessage = ({ data }) => watched.push(String(data));
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
}

const get = (path: string) => fetch(`${base}/api/v1${path}`);
// biome-ignore lint/suspicious/noExplicitAny: a script looks at answers, it does not parse them
const json = async (path: string): Promise<any> => (await get(path)).json();
const post = (path: string, body?: object) =>
  fetch(`${base}/api/v1${path}`, {
    method: "POST",
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
const create = (name: string) =>
  fetch(`${base}/api/v1/hens`, {
    method: "POST",
    body: `spec_version: coop/v1\nname: ${name}\nbrain: {provider_id: none, provider: openai-compat, base_url: "http://127.0.0.1:${model.port}/v1", model: m}\ntools: [bash]\nnetwork: {policy: "off"}\n`,
    headers: { "content-type": "application/yaml" },
  });

async function coop(args: readonly string[], env: Record<string, string> = {}) {
  const program = Bun.spawn([...FROM_SOURCE.coop, "--api", base, ...args], {
    env: { ...bareEnvironment(work), ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([program.stdout.text(), program.stderr.text()]);
  return { exitCode: await program.exited, stdout, stderr };
}

/** Polls as the script does, and looks at everything else at the very moment at which FAILED is first seen. */
async function untilFailed(job: string): Promise<void> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const { status, error } = await json(`/jobs/${job}`);
    if (status === "FAILED") {
      expect(error.length).toBeGreaterThan(0);
      return;
    }
    expect(["QUEUED", "RUNNING"]).toContain(status);
    if (performance.now() > deadline) throw new Error(`${job} is ${status}`);
    await Bun.sleep(5);
  }
}

const ARIA = "local.coop%2Faria";
let job = "";

test("2: the farm counts its hens; a vault made by the command line is opened", async () => {
  expect((await json("/farm")).hen_count).toBe(0);
  const vault = join(work, "vault.coop");
  const secrets = { COOP_PASSPHRASE: "correct horse", COOP_SECRET_VALUE: "sk-not-a-key" };
  expect((await coop(["vault", "init", vault], secrets)).stdout).toContain("vault created at");
  expect((await coop(["vault", "put", vault, "key-a"], secrets)).exitCode).toBe(0);
  expect((await json("/vault/status")).unlocked).toBe(false);
  const unlocked = await post("/vault/unlock", { path: vault, passphrase: "correct horse" });
  expect([unlocked.status, await unlocked.text()]).toEqual([200, '{"ok":true}']);
  expect((await json("/vault/status")).unlocked).toBe(true);
}, 30_000);

test("3: creating answers the bare id, and hatching leaves it IDLE within 0.3 s", async () => {
  const made = await create("aria");
  expect([made.status, await made.text()]).toEqual([201, '"local.coop/aria"']);
  expect((await create("aria")).status).toBe(409);
  expect(await (await post(`/hens/${ARIA}/hatch`)).text()).toBe('{"ok":true}');
  expect((await json(`/hens/${ARIA}`)).state).toBe("IDLE");
});

test("4: a job that no model takes is FAILED, and at that moment its hen is IDLE and its episode is there", async () => {
  const accepted = await post(`/hens/${ARIA}/jobs`, { prompt: "list files" });
  expect(accepted.status).toBe(202);
  job = ((await accepted.json()) as { job_id: string }).job_id;
  await untilFailed(job);
  const [hen, memory] = await Promise.all([json(`/hens/${ARIA}`), json(`/hens/${ARIA}/memory`)]);
  expect(hen.state).toBe("IDLE");
  expect(memory).toMatchObject([{ job_id: job, outcome: "failed" }]);
}, 130_000);

test("5: memory is cut to the newest, shown and forgotten by the command line", async () => {
  expect((await json(`/hens/${ARIA}/memory?limit=1`)).length).toBe(1);
  expect((await coop(["hen", "memory", "local.coop/aria"])).stdout).toContain(job);
  expect((await coop(["hen", "forget", "local.coop/aria"])).stdout).toContain('"forgotten"');
  expect(await json(`/hens/${ARIA}/memory`)).toEqual([]);
});

test("7: handing on answers Failed in the original's casing; to itself it is refused", async () => {
  await create("scout");
  await post("/hens/local.coop%2Fscout/hatch");
  const handed = await post(`/hens/${ARIA}/delegate`, { to: "local.coop/scout", prompt: "look" });
  const answer = (await handed.json()) as { status: string; hen: string; job_id: string };
  expect([handed.status, answer.status, answer.hen]).toEqual([200, "Failed", "local.coop/scout"]);
  const jobs = (await json("/jobs?hen_id=local.coop%2Fscout")) as { id: string }[];
  expect(jobs.map(({ id }) => id)).toContain(answer.job_id);
  expect((await post(`/hens/${ARIA}/delegate`, { to: "local.coop/aria", prompt: "look" })).status).toBe(400);
}, 130_000);

test("6: the watch has seen it all, in compact JSON with its type first", async () => {
  while (!watched.some((line) => line.includes('"to":"IDLE"') && line.includes("scout"))) await Bun.sleep(10);
  for (const type of [
    "hen_created",
    "hen_state_changed",
    "job_submitted",
    "job_status_changed",
    "memory_recorded",
    "delegated",
  ]) {
    expect([type, watched.some((line) => line.startsWith(`{"type":"${type}",`))]).toEqual([type, true]);
  }
});

/** A terminal: what it has shown, and its text frames. */
function attach(hen: string) {
  const terminal = new WebSocket(`${base.replace("http", "ws")}/api/v1/hens/${hen}/shell`);
  terminal.binaryType = "arraybuffer";
  let shown = "";
  const told: { type: string; code?: number }[] = [];
  const decoder = new TextDecoder();
  terminal.onmessage = ({ data }) => {
    if (typeof data === "string") told.push(JSON.parse(data));
    else shown += decoder.decode(data as ArrayBuffer, { stream: true });
  };
  const until = async (holds: () => boolean) => {
    for (const deadline = performance.now() + 20_000; !holds(); await Bun.sleep(10)) {
      if (performance.now() > deadline) throw new Error(`never seen; shown: ${shown} told: ${JSON.stringify(told)}`);
    }
  };
  const opened = new Promise((resolve) => {
    terminal.onopen = resolve;
  });
  return { terminal, opened, told, until, shows: (text: string) => until(() => shown.includes(text)) };
}

test("8: a terminal echoes, knows its hen, is there again after a send, and says when it ends", async () => {
  expect(await json("/session/capabilities")).toMatchObject({ shell: true, persistent_session: true });
  const first = attach(ARIA);
  await first.opened;
  first.terminal.send(JSON.stringify({ type: "resize", cols: 100, rows: 30 }));
  first.terminal.send(new TextEncoder().encode('echo "<$COOP_HEN_ID>" "$(basename "$COOP_HEN_WORKDIR")"\n'));
  await first.shows("<local.coop/aria>");
  await first.shows("aria\r\n");
  first.terminal.close();
  const sent = await post(`/hens/${ARIA}/shell/send`, { keys: "echo mark''er-42" });
  expect([sent.status, await sent.text()]).toEqual([200, '{"ok":true}']);
  const again = attach(ARIA);
  await again.opened;
  await again.shows("marker-42");
  again.terminal.send(new TextEncoder().encode("exit\n"));
  await again.until(() => again.told.some(({ type, code }) => type === "exit" && code === 0));
}, 60_000);

test("9: killed with work left, nothing is QUEUED or RUNNING after the restart, and no hen HATCHING or WORKING", async () => {
  await model.stop(true); // nothing answers now, so the work is still there
  for (let n = 0; n < 3; n += 1) await post(`/hens/${ARIA}/jobs`, { prompt: `work ${n}` });
  socket.close();
  await stop("SIGKILL");
  await start();
  const jobs = (await json("/jobs")) as { status: string }[];
  expect(jobs.filter(({ status }) => status === "QUEUED" || status === "RUNNING")).toEqual([]);
  const hens = (await json("/hens")) as { state: string }[];
  expect(hens.filter(({ state }) => state === "HATCHING" || state === "WORKING")).toEqual([]);
}, 30_000);

test("10: a demo of five hens: counts by state, and the page with what scripts look for in it", async () => {
  for (const name of ["one", "two", "three"]) {
    await create(name);
    await post(`/hens/local.coop%2F${name}/hatch`);
  }
  await post("/hens/local.coop%2Fthree/sleep");
  const count = async (state: string) => ((await json(`/hens?state=${state}`)) as unknown[]).length;
  expect([(await json("/farm")).hen_count, await count("SLEEPING"), await count("IDLE")]).toEqual([5, 1, 4]);
  const page = await (await fetch(`${base}/`)).text();
  expect(page.split("\n")[0]).toBe("<!doctype html>");
  for (const text of ["<title>🐔 Coop Farm</title>", "/api/v1/hens", "/shell"]) expect(page).toContain(text);
  const { persistent_session, note } = await json("/session/capabilities");
  expect([typeof persistent_session, note.length > 0]).toEqual(["boolean", true]);
});

test("1: SIGTERM ends it within 4 s, in good order", async () => {
  const { seconds, exitCode } = await stop("SIGTERM");
  expect(exitCode).toBe(0);
  expect(seconds).toBeLessThan(4);
});
