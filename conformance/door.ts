import { request as rawRequest } from "node:http";
import { Broken } from "./claims.ts";
import type { ModelServer } from "./model-server.ts";
import { type Attached, openShell, openWatch, WAIT_MS_MAX, type Watching } from "./sockets.ts";

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON. @throws Broken when it is none */
  // biome-ignore lint/suspicious/noExplicitAny: a script looks at answers, it does not parse them
  readonly json: any;
}

/** What a program came to. */
export interface ProgramRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a hen of the suite is made of; everything else of its manifest is left out. */
export interface HenWish {
  readonly name: string;
  /** A base URL of the model server; "Done." unless said. */
  readonly model?: string;
  /** More lines of agent.yaml. */
  readonly more?: string;
}

/** The daemon that is tried, as anybody sees it: an address, a token, two programs. */
export interface Door {
  readonly base: string;
  readonly token: string | undefined;
  readonly models: ModelServer;
  /** A folder of the suite's own on this machine. */
  readonly folder: string;
  readonly send: (method: string, path: string, options?: SendOptions) => Promise<Answer>;
  readonly get: (path: string) => Promise<Answer>;
  readonly post: (path: string, body?: unknown) => Promise<Answer>;
  /** With headers that `fetch` would not send as they are. */
  readonly raw: (method: string, path: string, headers: Readonly<Record<string, string>>) => Promise<Answer>;
  readonly watch: () => Promise<Watching>;
  readonly shell: (hen: string) => Promise<Attached>;
  /** A name that no other run uses. */
  readonly fresh: (word: string) => string;
  /** Makes a hen and remembers to delete it. @returns its id in a path, `local.coop%2Fname` */
  readonly hen: (wish: HenWish) => Promise<string>;
  /** The same, hatched. */
  readonly idleHen: (wish: HenWish) => Promise<string>;
  /** Queues a job and waits for its end, two minutes at most. @returns the job */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly ended: (hen: string, prompt: string) => Promise<any>;
  readonly coop: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<ProgramRun>;
  readonly coopd: readonly string[] | undefined;
}

export interface SendOptions {
  readonly body?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without the token. */
  readonly isAnonymous?: boolean;
}

export interface DoorParts {
  readonly base: string;
  readonly token: string | undefined;
  readonly coop: readonly string[] | undefined;
  readonly coopd: readonly string[] | undefined;
  readonly models: ModelServer;
  readonly folder: string;
  /** How long a socket is waited for, ms; 20 s unless said. */
  readonly waitMs?: number;
}

/** Opens the door of a daemon that runs; `close` deletes every hen that was made through it. */
export function openDoor(parts: DoorParts): Door & { readonly close: () => Promise<void> } {
  const { base, token, models, folder, waitMs = WAIT_MS_MAX } = parts;
  const bearer: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const made = new Set<string>();
  const run = crypto
    .randomUUID()
    .slice(0, 8)
    .replace(/^[0-9]/, "a");

  const send: Door["send"] = async (method, path, { body, type, headers = {}, isAnonymous = false } = {}) => {
    const response = await fetch(base + path, {
      method,
      redirect: "manual",
      headers: { ...(isAnonymous ? {} : bearer), ...(type === undefined ? {} : { "content-type": type }), ...headers },
      ...(body === undefined ? {} : { body: type === undefined ? new TextEncoder().encode(body) : body }),
    });
    return toAnswer(response.status, response.headers, await response.text());
  };
  const get: Door["get"] = (path) => send("GET", `/api/v1${path}`);
  const post: Door["post"] = (path, body) =>
    body === undefined
      ? send("POST", `/api/v1${path}`)
      : send("POST", `/api/v1${path}`, { body: JSON.stringify(body), type: "application/json" });
  const socket = (path: string) => ({ url: `${base.replace(/^http/, "ws")}/api/v1${path}`, headers: bearer, waitMs });

  const hen: Door["hen"] = async (wish) => {
    const answer = await send("POST", "/api/v1/hens", { body: toManifest(wish, models), type: "application/yaml" });
    if (answer.status !== 201) throw new Broken(`no hen is made: ${answer.status} ${answer.text}`);
    const id = encodeURIComponent(answer.json);
    made.add(id);
    return id;
  };
  const idleHen: Door["idleHen"] = async (wish) => {
    const id = await hen(wish);
    const hatched = await post(`/hens/${id}/hatch`);
    if (hatched.status !== 200) throw new Broken(`it is not hatched: ${hatched.status} ${hatched.text}`);
    return id;
  };
  return {
    ...{ base, token, models, folder, send, get, post, hen, idleHen },
    raw: (method, path, headers) => sendRaw(base + path, method, { ...bearer, ...headers }),
    watch: () => openWatch(socket("/watch")),
    shell: (id) => openShell(socket(`/hens/${id}/shell`)),
    fresh: (word) => `${word}-${run}`.slice(0, 32),
    ended: async (id, prompt) => {
      const accepted = await post(`/hens/${id}/jobs`, { prompt });
      if (accepted.status !== 202) throw new Broken(`the job is not taken: ${accepted.status} ${accepted.text}`);
      return untilEnded(get, accepted.json.job_id);
    },
    coop: (args, env = {}) => runProgram([...(parts.coop ?? []), "--api", base, ...args], { folder, token, env }),
    coopd: parts.coopd,
    close: async () => {
      for (const id of made) await send("DELETE", `/api/v1/hens/${id}`);
    },
  };
}

function toManifest({ name, model, more = "" }: HenWish, models: ModelServer): string {
  const brain = `{provider_id: none, provider: openai-compat, base_url: "${model ?? models.answering}", model: m}`;
  return `spec_version: coop/v1\nname: ${name}\nbrain: ${brain}\n${more}`;
}

function toAnswer(status: number, headers: Headers, text: string): Answer {
  return {
    status,
    headers,
    text,
    get json() {
      try {
        return JSON.parse(text);
      } catch {
        throw new Broken(`the answer is no JSON: ${status} ${JSON.stringify(text.slice(0, 200))}`);
      }
    },
  };
}

function sendRaw(url: string, method: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = rawRequest(url, { method, headers: { ...headers }, agent: false }, (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk) => chunks.push(chunk));
    response.on("end", () => {
      const pairs = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as [string, string]);
      resolve(toAnswer(response.statusCode ?? 0, new Headers(pairs), Buffer.concat(chunks).toString()));
    });
  });
  request.on("error", reject);
  request.end();
  return promise;
}

async function untilEnded(get: Door["get"], job: string) {
  for (const deadline = performance.now() + 120_000; performance.now() < deadline; await Bun.sleep(5)) {
    const { json } = await get(`/jobs/${job}`);
    if (["DONE", "FAILED", "CANCELLED"].includes(json.status)) return json;
  }
  throw new Broken(`job ${job} has not ended after two minutes`);
}

/** Runs a program to its end with next to no environment, a minute at most. */
export async function runProgram(
  command: readonly string[],
  parts: {
    readonly folder: string;
    readonly token?: string | undefined;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<ProgramRun> {
  const child = Bun.spawn([...command], {
    env: {
      ...{ PATH: process.env.PATH ?? "", HOME: parts.folder, NO_COLOR: "1" },
      ...(parts.token === undefined ? {} : { COOP_API_TOKEN: parts.token }),
      ...parts.env,
    },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: 60_000,
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { exitCode: await child.exited, stdout, stderr };
}
