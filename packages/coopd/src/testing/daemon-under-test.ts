import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job, JournalEntry, Log } from "coopd-core";
import { openDaemon, type Seams } from "../compose.ts";
import { type Config, readInvocation } from "../config.ts";
import { createLog } from "../log/log.ts";

/** A real daemon in this process: real store, real sandbox, real sockets, a data directory of its own. */
export interface DaemonUnderTest extends AsyncDisposable {
  readonly base: string;
  /** What every request carries. */
  readonly headers: Readonly<Record<string, string>>;
  readonly dataDir: string;
  readonly logLines: readonly string[];
  call(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly json: unknown }>;
  /** Creates a hen from agent.yaml text and hatches it; answers its id. */
  hatch(manifest: string): Promise<string>;
  submit(hen: string, prompt: string): Promise<string>;
  /** The job once it has ended. */
  ended(jobId: string): Promise<Job>;
  journal(jobId: string): Promise<readonly JournalEntry[]>;
  close(): Promise<void>;
}

/** Asks for no token unless `env` says otherwise (`COOP_AUTH: "token"`, `COOP_API_TOKEN`); then the driver sends it. */
export async function openDaemonUnderTest(
  env: Record<string, string> = {},
  dir?: string,
  seams: Seams = {},
): Promise<DaemonUnderTest> {
  const dataDir = dir ?? mkdtempSync(join(tmpdir(), "coopd-test-"));
  const invocation = readInvocation(["--data-dir", dataDir, "serve", "--addr", "127.0.0.1:0"], withoutAuth(env));
  if (!("config" in invocation)) throw new Error("serve has a config");
  const logLines: string[] = [];
  const daemon = await openDaemon(invocation.config satisfies Config, captureLog(logLines), seams);
  const base = `http://${daemon.address}`;
  const close = async () => {
    await daemon.close();
    if (dir === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...openDriver(base, tokenOf(env, dataDir)), dataDir, logLines, close, [Symbol.asyncDispose]: close };
}

/** Most tests are about what lies behind the door, so a daemon for them opens it. */
export function withoutAuth(env: Readonly<Record<string, string>>): Record<string, string> {
  return "COOP_AUTH" in env || "COOP_API_TOKEN" in env ? { ...env } : { ...env, COOP_AUTH: "none" };
}

/** What a daemon that was started with `env` asks for; undefined when it asks for nothing. */
export function tokenOf(env: Readonly<Record<string, string>>, dataDir: string): string | undefined {
  if (withoutAuth(env).COOP_AUTH === "none") return undefined;
  return env.COOP_API_TOKEN ?? readFileSync(join(dataDir, "token"), "utf8").trim();
}

/** The calls that tests make, over real HTTP; works against a daemon in another process too. */
export function openDriver(base: string, token?: string) {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const call = async (method: string, path: string, body?: unknown) => {
    const init: RequestInit = { method, headers: { ...headers } };
    if (typeof body === "string") init.body = body;
    else if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { ...headers, "content-type": "application/json" };
    }
    const response = await fetch(`${base}/api/v1${path}`, init);
    const text = await response.text();
    return { status: response.status, json: text === "" ? undefined : parseOrText(text) };
  };
  const ended = async (jobId: string): Promise<Job> => {
    const socket = new WebSocket(`${base.replace("http", "ws")}/api/v1/watch`, { headers } as never);
    try {
      await new Promise((resolve, reject) => {
        socket.onopen = resolve;
        socket.onerror = reject;
      });
      const done = new Promise<void>((resolve) => {
        socket.onmessage = ({ data }) => {
          const event = JSON.parse(String(data));
          if (event.job_id === jobId && /DONE|FAILED|CANCELLED/.test(event.status ?? "")) resolve();
        };
      });
      const now = (await call("GET", `/jobs/${jobId}`)).json as Job;
      if (!/DONE|FAILED|CANCELLED/.test(now.status)) await done;
      return (await call("GET", `/jobs/${jobId}`)).json as Job;
    } finally {
      socket.close();
    }
  };
  return {
    base,
    headers,
    call,
    ended,
    async hatch(manifest: string): Promise<string> {
      const { status, json } = await call("POST", "/hens", manifest);
      if (status !== 201) throw new Error(`create answered ${status}: ${JSON.stringify(json)}`);
      const hatched = await call("POST", `/hens/${encodeURIComponent(String(json))}/hatch`);
      if (hatched.status !== 200) throw new Error(`hatch answered ${hatched.status}: ${JSON.stringify(hatched.json)}`);
      return String(json);
    },
    async submit(hen: string, prompt: string): Promise<string> {
      const { status, json } = await call("POST", `/hens/${encodeURIComponent(hen)}/jobs`, { prompt });
      if (status !== 202) throw new Error(`submit answered ${status}: ${JSON.stringify(json)}`);
      return (json as { job_id: string }).job_id;
    },
    journal: async (jobId: string) => (await call("GET", `/jobs/${jobId}/journal`)).json as readonly JournalEntry[],
  };
}

/** A hen whose brain plays the script that its job's prompt holds. */
export function promptHen(name: string, extra = ""): string {
  return `spec_version: coop/v1
name: ${name}
brain: {provider_id: none, provider: script, model: prompt}
tools: [bash, file_read, file_write]
network: {policy: "off"}
${extra}`;
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function captureLog(lines: string[]): Log {
  return createLog({ level: "debug", format: "text", color: false, write: (line) => lines.push(line) });
}
