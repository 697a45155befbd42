import { tokenOf } from "./daemon.ts";

/** The public API of any coopd-compatible daemon, no more of it than the bench needs. */
export interface Wire {
  readonly base: string;
  /** Answers the body of a 2xx. @throws Error with status and text otherwise */
  call(method: string, path: string, body?: string | object): Promise<unknown>;
  createHen(manifest: string): Promise<string>;
  submit(hen: string, prompt: string): Promise<string>;
  /** Opens `/watch`; resolves when it is open. Whoever opens it closes it. */
  watch(onMessage: (text: string) => void): Promise<WebSocket>;
}

/** `base` is `http://HOST:PORT`. */
export function openWire(base: string): Wire {
  const token = tokenOf(base);
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const call = async (method: string, path: string, body?: string | object) => {
    const json = typeof body === "object";
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      ...(body === undefined ? {} : { body: json ? JSON.stringify(body) : body }),
      headers: {
        ...authorization,
        ...(body === undefined ? {} : { "content-type": json ? "application/json" : "application/yaml" }),
      },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return text === "" ? undefined : parseOrText(text);
  };
  return {
    base,
    call,
    createHen: async (manifest) => String(await call("POST", "/hens", manifest)),
    async submit(hen, prompt) {
      const answer = (await call("POST", `/hens/${encodeURIComponent(hen)}/jobs`, { prompt })) as { job_id: string };
      return answer.job_id;
    },
    watch: (onMessage) =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`${base.replace("http", "ws")}/api/v1/watch`, { headers: authorization } as never);
        socket.onopen = () => resolve(socket);
        socket.onerror = () => reject(new Error(`${base}: /watch cannot be opened`));
        socket.onmessage = ({ data }) => onMessage(String(data));
      }),
  };
}

/** Tells runs apart on a daemon that is measured twice. */
const RUN = (Date.now() % 1_000_000_000).toString(36); // short: a name has at most 32 characters

/** Makes `count` hens with this brain, hatched; their ids. Whoever makes them removes them. */
export async function hatchHens(wire: Wire, prefix: string, count: number, brain: string): Promise<readonly string[]> {
  const hens: string[] = [];
  for (let hen = 0; hen < count; hen += 1) {
    const manifest = `spec_version: coop/v1\nname: b${RUN}-${prefix}-${hen}\nbrain: ${brain}\ntools: [bash]\n`;
    const id = await wire.createHen(manifest);
    await wire.call("POST", `/hens/${encodeURIComponent(id)}/hatch`);
    hens.push(id);
  }
  return hens;
}

/** Waits until the farm has nothing left to do, then removes the hens with all they did. */
export async function removeHens(wire: Wire, hens: readonly string[]): Promise<void> {
  await waitForQuiet(wire);
  for (const hen of hens) await wire.call("DELETE", `/hens/${encodeURIComponent(hen)}`);
}

/** A minute is more than any queue here takes; a daemon that says nothing of its queue is given its time in full. */
const QUIET_MS_MAX = 60_000;

async function waitForQuiet(wire: Wire): Promise<void> {
  const deadline = performance.now() + QUIET_MS_MAX;
  for (;;) {
    const { jobs } = (await wire.call("GET", "/farm")) as { readonly jobs?: { queued: number; running: number } };
    if ((jobs !== undefined && jobs.queued + jobs.running === 0) || performance.now() > deadline) return;
    await Bun.sleep(50);
  }
}

/** The hen and job of an event that says that a job has ended; any coopd's, by its words. */
export function readJobEnd(text: string): { readonly jobId: string; readonly status: string } | undefined {
  if (!text.includes('"job_status_changed"')) return undefined;
  const event = JSON.parse(text) as { readonly job_id: string; readonly status: string };
  const status = event.status.toUpperCase();
  return /^(?:DONE|FAILED|CANCELLED)$/.test(status) ? { jobId: event.job_id, status } : undefined;
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
