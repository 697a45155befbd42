import { CoopError, type FarmEvent, isErrorCode, statusOf, toErrorEnvelope } from "coopd-core";
import { FakeFarm } from "./fake-farm.ts";

export interface FakeDaemonOptions {
  /** Required as a bearer token on everything but the probes. */
  readonly token?: string;
  /** As the original: no `seq`, no `code`, no journal, `limit` and `after` ignored. */
  readonly isOriginal?: boolean;
  /** Where to listen; any free port by default. */
  readonly port?: number;
  readonly farm?: FakeFarm;
}

export interface SeenRequest {
  readonly method: string;
  /** As sent, not decoded. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** A coopd for tests of clients: real HTTP and WebSocket on loopback, the farm in memory. Whoever opens it closes it. */
export interface FakeDaemon {
  readonly url: string;
  readonly port: number;
  readonly farm: FakeFarm;
  readonly requests: readonly SeenRequest[];
  /** Answers every request whose `METHOD path` begins with this in its own way, until told otherwise. */
  answer(start: string, respond: () => Response | Promise<Response>): void;
  /** What is done with a job once it was accepted; nothing by default, so that it stays QUEUED. */
  onJob(run: (jobId: string, prompt: string) => void): void;
  /** Breaks every open WebSocket off without a word. */
  dropWatchers(): void;
  /** A frame to every watcher, as it stands. */
  sendRaw(frame: string): void;
  watcherCount(): number;
  close(): Promise<void>;
}

interface Ticket {
  readonly since: number | undefined;
  stop?: () => void;
}

export function openFakeDaemon(options: FakeDaemonOptions = {}): FakeDaemon {
  const farm = options.farm ?? new FakeFarm();
  const requests: SeenRequest[] = [];
  const overrides = new Map<string, () => Response | Promise<Response>>();
  const watchers = new Set<Bun.ServerWebSocket<Ticket>>();
  const hooks: { run: (jobId: string, prompt: string) => void } = { run: () => {} };
  const toLine = (event: FarmEvent) => {
    const { seq, at, ...fact } = event;
    return JSON.stringify(options.isOriginal ? fact : { ...fact, seq, at });
  };
  const server = Bun.serve<Ticket>({
    hostname: "127.0.0.1",
    port: options.port ?? 0,
    async fetch(request, self) {
      const path = request.url.slice(request.url.indexOf("/", "http://".length));
      const seen = { method: request.method, path, headers: request.headers, body: await request.text() };
      requests.push(seen);
      const override = [...overrides].find(([start]) => `${seen.method} ${path}`.startsWith(start));
      if (override !== undefined) return override[1]();
      try {
        assertToken(options.token, seen);
        if (path.startsWith("/api/v1/watch")) {
          const since = new URL(request.url).searchParams.get("since");
          if (self.upgrade(request, { data: { since: since === null ? undefined : Number(since) } })) return undefined;
          throw new CoopError("bad_request", "/watch is a WebSocket: ask for an upgrade");
        }
        return answerRoute(farm, seen, hooks, options.isOriginal === true);
      } catch (error) {
        return toRefusal(error, options.isOriginal === true);
      }
    },
    websocket: {
      open(socket) {
        watchers.add(socket);
        const { since } = socket.data;
        const missed = since === undefined || options.isOriginal ? [] : farm.events.filter((e) => e.seq > since);
        for (const event of missed) socket.sendText(toLine(event));
        socket.data.stop = farm.listen((event) => void socket.sendText(toLine(event)));
      },
      message: () => {},
      close(socket) {
        socket.data.stop?.();
        watchers.delete(socket);
      },
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port ?? 0,
    farm,
    requests,
    answer: (start, respond) => void overrides.set(start, respond),
    onJob: (run) => {
      hooks.run = run;
    },
    dropWatchers: () => {
      for (const socket of watchers) socket.terminate();
    },
    sendRaw: (frame) => {
      for (const socket of watchers) socket.sendText(frame);
    },
    watcherCount: () => watchers.size,
    close: () => server.stop(true),
  };
}

function assertToken(token: string | undefined, { path, headers }: SeenRequest): void {
  if (token === undefined || path === "/api/v1/healthz" || path === "/api/v1/readyz") return;
  if (headers.get("authorization") !== `Bearer ${token}`) throw new CoopError("unauthorized", "unauthorized");
}

function toRefusal(error: unknown, isOriginal: boolean): Response {
  if (!(error instanceof CoopError) || !isErrorCode(error.code)) return new Response("broken fake", { status: 500 });
  const envelope = toErrorEnvelope(error);
  return Response.json(isOriginal ? { error: envelope.error } : envelope, { status: statusOf(error.code) });
}

function answerRoute(
  farm: FakeFarm,
  request: SeenRequest,
  hooks: { run: (jobId: string, prompt: string) => void },
  isOriginal: boolean,
): Response {
  const url = new URL(request.path, "http://fake");
  const [area = "", rawId, action] = url.pathname.replace("/api/v1/", "").split("/");
  const id = rawId === undefined ? undefined : decodeURIComponent(rawId);
  const key = `${request.method} ${area}${id === undefined ? "" : "/:id"}${action === undefined ? "" : `/${action}`}`;
  const route = ROUTES[key];
  if (route === undefined || (isOriginal && action === "journal")) throw new CoopError("not_found", "");
  return route({ farm, id: id ?? "", query: url.searchParams, body: request.body, hooks, isOriginal });
}

interface Visit {
  readonly farm: FakeFarm;
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly hooks: { run: (jobId: string, prompt: string) => void };
  readonly isOriginal: boolean;
}

const OK = () => Response.json({ ok: true });

const ROUTES: Readonly<Record<string, (visit: Visit) => Response>> = {
  "GET healthz": OK,
  "GET readyz": OK,
  "GET farm": ({ farm, isOriginal }) => {
    const summary = { coop_id: "local.coop", coopd_version: "0.1.0", hen_count: farm.hens.size };
    if (isOriginal) return Response.json(summary);
    const states = [...farm.hens.values()].map((hen) => hen.state);
    const hens_by_state = Object.fromEntries(states.map((s) => [s, states.filter((other) => other === s).length]));
    const count = (status: string) => [...farm.jobs.values()].filter((job) => job.status === status).length;
    const jobs = { queued: count("QUEUED"), running: count("RUNNING") };
    return Response.json({ ...summary, hens_by_state, jobs, event_seq: farm.events.length });
  },
  "GET hens": ({ farm, query }) => {
    const state = query.get("state");
    const hens = [...farm.hens.values()].filter((hen) => state === null || hen.state === state);
    return Response.json(hens.sort((a, b) => (a.id < b.id ? -1 : 1)));
  },
  "POST hens": ({ farm, body }) => {
    const name = /^\s*name: *(\S+)/m.exec(body)?.[1];
    if (name === undefined) {
      const faults = [{ line: 3, column: 1, path: "name", message: "is missing" }];
      throw new CoopError("manifest_invalid", "3:1: name is missing", { details: { faults } });
    }
    if (farm.hens.has(`local.coop/${name}`)) throw new CoopError("hen_exists", `local.coop/${name} exists already`);
    const headers = body.includes("semantic_summarize_every")
      ? { "X-Coop-Warning": "memory.semantic_summarize_every: is reserved" }
      : undefined;
    return Response.json(farm.addHen(name).id, { status: 201, ...(headers && { headers }) });
  },
  "GET hens/:id": ({ farm, id }) => Response.json(henOf(farm, id)),
  "GET hens/:id/manifest": ({ farm, id }) => new Response(`name: ${henOf(farm, id).manifest.name}\n`),
  "DELETE hens/:id": ({ farm, id }) => {
    farm.removeHen(henOf(farm, id).id);
    return new Response(null, { status: 204 });
  },
  "POST hens/:id/hatch": ({ farm, id }) => {
    if (henOf(farm, id).state !== "DEFINED") {
      throw new CoopError("illegal_move", `${id} is ${henOf(farm, id).state} and cannot become HATCHING`, {
        next: "From IDLE it can become: WORKING, LEASED, SLEEPING, DORMANT.",
      });
    }
    farm.moveHen(id, "HATCHING");
    farm.moveHen(id, "IDLE");
    return OK();
  },
  "POST hens/:id/sleep": ({ farm, id }) => {
    farm.moveHen(henOf(farm, id).id, "SLEEPING");
    return OK();
  },
  "POST hens/:id/wake": ({ farm, id }) => {
    farm.moveHen(henOf(farm, id).id, "IDLE");
    return OK();
  },
  "GET hens/:id/memory": ({ farm, id, query }) => {
    const limit = query.get("limit");
    const episodes = farm.episodes.get(id) ?? [];
    return Response.json(
      limit === null ? episodes : episodes.slice(episodes.length - Math.min(Number(limit), episodes.length)),
    );
  },
  "DELETE hens/:id/memory": ({ farm, id }) => {
    const forgotten = farm.episodes.get(id)?.length ?? 0;
    farm.episodes.delete(id);
    return Response.json({ forgotten });
  },
  "POST hens/:id/jobs": ({ farm, id, body, hooks }) => {
    const { prompt } = JSON.parse(body) as { prompt: string };
    const job = farm.addJob(henOf(farm, id).id, prompt);
    setTimeout(() => hooks.run(job.id, prompt), 0); // after the answer, as a runner of its own
    return Response.json({ job_id: job.id }, { status: 202 });
  },
  "GET jobs": ({ farm, query, isOriginal }) => {
    const hen = query.get("hen_id");
    const status = isOriginal ? null : query.get("status");
    const limit = isOriginal ? null : query.get("limit");
    const after = isOriginal ? "" : (query.get("after") ?? "");
    const jobs = [...farm.jobs.values()].filter(
      (job) =>
        (hen === null || job.hen_id === hen) && job.id > after && (status?.split(",").includes(job.status) ?? true),
    );
    return Response.json(limit === null ? jobs : jobs.slice(0, Number(limit)));
  },
  "GET jobs/:id": ({ farm, id }) => Response.json(jobOf(farm, id)),
  "GET jobs/:id/journal": ({ farm, id, query }) => {
    const after = Number(query.get("after") ?? "0");
    const entries = (farm.journals.get(jobOf(farm, id).id) ?? []).filter((entry) => entry.seq > after);
    return Response.json(entries.slice(0, Number(query.get("limit") ?? entries.length)));
  },
};

function henOf(farm: FakeFarm, id: string) {
  const hen = farm.hens.get(id);
  if (hen !== undefined) return hen;
  throw new CoopError("hen_not_found", `hen not found: ${id}`, { next: "coop hen list shows the hens of this farm." });
}

function jobOf(farm: FakeFarm, id: string) {
  const job = farm.jobs.get(id);
  if (job !== undefined) return job;
  throw new CoopError("job_not_found", `job not found: ${id}`, { next: "coop job list shows the jobs." });
}
