import { CoopError, type FarmEvent, isErrorCode, type JobProgress, statusOf, toErrorEnvelope } from "coopd-core";
import { FakeFarm } from "./fake-farm.ts";
import { answerRoute, type SeenRequest } from "./fake-routes.ts";

/** Which daemon to play. */
export interface FakeDaemonOptions {
  /** Required as a bearer token on everything but the probes. */
  readonly token?: string;
  /** As the original: no `seq`, no `code`, no journal, `limit` and `after` ignored. */
  readonly isOriginal?: boolean;
  /** Where to listen; any free port by default. */
  readonly port?: number;
  readonly farm?: FakeFarm;
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
  /** Tells every watcher how far a job is, as the daemon does before each step. */
  sendProgress(jobId: string, progress: Pick<JobProgress, "turn" | "tool" | "tokens">): void;
  /** A frame to every watcher, as it stands. */
  sendRaw(frame: string): void;
  watcherCount(): number;
  close(): Promise<void>;
}

interface Ticket {
  readonly since: number | undefined;
  stop?: () => void;
}

/** Listens on loopback, at once. */
export function openFakeDaemon(options: FakeDaemonOptions = {}): FakeDaemon {
  const farm = options.farm ?? new FakeFarm();
  const requests: SeenRequest[] = [];
  const overrides = new Map<string, () => Response | Promise<Response>>();
  const watchers = new Set<Bun.ServerWebSocket<Ticket>>();
  const hooks: { run: (jobId: string, prompt: string) => void } = { run: () => {} };
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
    websocket: watcherHandlers(farm, watchers, options.isOriginal === true),
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
    sendProgress: (jobId, progress) => {
      const frame = { type: "job_progress", job_id: jobId, hen_id: farm.jobs.get(jobId)?.hen_id, ...progress };
      for (const socket of watchers) socket.sendText(JSON.stringify(frame));
    },
    sendRaw: (frame) => {
      for (const socket of watchers) socket.sendText(frame);
    },
    watcherCount: () => watchers.size,
    close: () => server.stop(true),
  };
}

function watcherHandlers(
  farm: FakeFarm,
  watchers: Set<Bun.ServerWebSocket<Ticket>>,
  isOriginal: boolean,
): Bun.WebSocketHandler<Ticket> {
  const toLine = (event: FarmEvent) => {
    const { seq, at, ...fact } = event;
    return JSON.stringify(isOriginal ? fact : { ...fact, seq, at });
  };
  return {
    open(socket) {
      watchers.add(socket);
      const { since } = socket.data;
      const missed = since === undefined || isOriginal ? [] : farm.events.filter((event) => event.seq > since);
      for (const event of missed) socket.sendText(toLine(event));
      socket.data.stop = farm.listen((event) => void socket.sendText(toLine(event)));
    },
    message: () => {},
    close(socket) {
      socket.data.stop?.();
      watchers.delete(socket);
    },
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
