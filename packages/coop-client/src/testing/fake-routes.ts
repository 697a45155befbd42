import { CoopError, isEnded, type JobStatus } from "coopd-core";
import type { FakeFarm } from "./fake-farm.ts";

/** One request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  /** As sent, not decoded. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** Answers one request as contract/http-api.md §3 says. @throws CoopError what the daemon would refuse with */
export function answerRoute(
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
  if (route === undefined || (isOriginal && OURS.test(`${request.method} ${url.pathname}`)))
    throw new CoopError("not_found", "");
  return route({ farm, id: id ?? "", query: url.searchParams, body: request.body, hooks, isOriginal });
}

/** What the original has no route for. */
const OURS = /\/journal$|^POST .*\/(?:cancel|archive|farm\/stop|farm\/resume)$/;

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
    const ended = { done: count("DONE"), failed: count("FAILED"), cancelled: count("CANCELLED") };
    const jobs = { queued: count("QUEUED"), running: count("RUNNING"), ...ended };
    return Response.json({ ...summary, hens_by_state, jobs, event_seq: farm.events.length, stopped: farm.isStopped });
  },
  "POST farm/:id": ({ farm, id }) => {
    farm.isStopped = id === "stop";
    if (id === "resume") return Response.json({ stopped: false });
    return Response.json({ cancelled: farm.cancelJobs(undefined, ["RUNNING"]), stopped: true });
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
  "DELETE hens/:id": ({ farm, id, query }) => {
    freeHen(farm, id, query, ["RUNNING", "QUEUED"]);
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
  "POST hens/:id/sleep": ({ farm, id, query }) => {
    freeHen(farm, id, query, ["RUNNING"]);
    farm.moveHen(henOf(farm, id).id, "SLEEPING");
    return OK();
  },
  "POST hens/:id/wake": ({ farm, id }) => {
    farm.moveHen(henOf(farm, id).id, "IDLE");
    return OK();
  },
  "POST hens/:id/archive": ({ farm, id, query }) => {
    freeHen(farm, id, query, ["RUNNING", "QUEUED"]);
    farm.moveHen(henOf(farm, id).id, "ARCHIVED");
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
    const isDown = !isOriginal && query.get("order") === "desc";
    const after = isOriginal ? null : query.get("after");
    const all = [...farm.jobs.values()];
    const jobs = (isDown ? all.reverse() : all).filter(
      (job) =>
        (hen === null || job.hen_id === hen) &&
        (after === null || (isDown ? job.id < after : job.id > after)) &&
        (status?.split(",").includes(job.status) ?? true),
    );
    return Response.json(limit === null ? jobs : jobs.slice(0, Number(limit)));
  },
  "POST jobs/:id/cancel": ({ farm, id }) => {
    const { status } = jobOf(farm, id);
    if (isEnded(status)) throw new CoopError("job_ended", `job ${id} is ${status} already`);
    farm.moveJob(id, "CANCELLED", { error: "cancelled" });
    return Response.json(jobOf(farm, id));
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

/** Refused while the hen works, unless `force` ends these of its jobs first. */
function freeHen(farm: FakeFarm, id: string, query: URLSearchParams, cancelled: readonly JobStatus[]): void {
  const hen = henOf(farm, id);
  if (query.get("force") === "true") farm.cancelJobs(hen.id, cancelled);
  const running = [...farm.jobs.values()].find((job) => job.hen_id === hen.id && job.status === "RUNNING");
  if (running !== undefined) throw new CoopError("hen_busy", `${id} is working on job ${running.id}`);
}

function jobOf(farm: FakeFarm, id: string) {
  const job = farm.jobs.get(id);
  if (job !== undefined) return job;
  throw new CoopError("job_not_found", `job not found: ${id}`, { next: "coop job list shows the jobs." });
}
