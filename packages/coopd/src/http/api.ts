import { CoopError, type Log } from "coopd-core";
import { renderFarmPage } from "farm-ui";
import { Hono } from "hono";
import type { Doctor } from "../doctor/doctor.ts";
import type { EgressLogs } from "../egress/egress-logs.ts";
import type { Attention } from "../farm/attention.ts";
import type { Delegations } from "../farm/delegations.ts";
import type { Farm } from "../farm/farm.ts";
import type { HenFiles } from "../farm/hen-files.ts";
import type { HenLife } from "../farm/hen-life.ts";
import type { JobControl } from "../farm/job-control.ts";
import type { Leases } from "../farm/leases.ts";
import type { Manifests } from "../farm/manifests.ts";
import type { Networks } from "../farm/networks.ts";
import type { Tasks } from "../farm/tasks.ts";
import type { VaultKeeper } from "../vault/vault-keeper.ts";
import type { LiveStreams } from "../watch/live-streams.ts";
import type { Bindings } from "./bindings.ts";
import { answerError, errorResponse, notFound } from "./errors.ts";
import { guardOrigin, guardToken } from "./guard.ts";
import { openApiDocument } from "./openapi.ts";
import { readWhole } from "./query.ts";
import { attentionRoutes } from "./routes/attention.ts";
import { delegationRoutes } from "./routes/delegations.ts";
import { egressRoutes } from "./routes/egress.ts";
import { henFileRoutes } from "./routes/hen-files.ts";
import { henMoveRoutes } from "./routes/hen-moves.ts";
import { henRoutes } from "./routes/hens.ts";
import { jobStreamRoutes } from "./routes/job-stream.ts";
import { jobRoutes } from "./routes/jobs.ts";
import { leaseRoutes } from "./routes/leases.ts";
import { manifestRoutes } from "./routes/manifests.ts";
import { type StoreCare, storeRoutes } from "./routes/store.ts";
import { taskRoutes } from "./routes/tasks.ts";
import { vaultRoutes } from "./routes/vault.ts";

export interface ApiParts {
  readonly farm: Farm;
  readonly life: HenLife;
  readonly control: JobControl;
  readonly delegations: Delegations;
  readonly leases: Leases;
  readonly tasks: Tasks;
  readonly files: HenFiles;
  readonly attention: Attention;
  readonly manifests: Manifests;
  readonly networks: Networks;
  readonly egressLogs: EgressLogs;
  readonly doctor: Doctor;
  readonly live: LiveStreams;
  readonly keeper: VaultKeeper;
  readonly care: StoreCare;
  readonly log: Log;
  readonly apiToken: string | undefined;
  readonly isPublic: boolean;
  /** Resolves when the daemon can really serve: store answers, dispatcher runs. */
  readonly probe: () => Promise<void>;
  /** True when one more `/watch` client may come in. */
  readonly mayWatch: () => boolean;
}

const SECURITY_HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
} as const;

/** The whole HTTP side (contract/http-api.md): guards, routes, one way for errors. */
export function createApi(parts: ApiParts): Hono<{ Bindings: Bindings }> {
  const { farm, life, control, delegations, leases, tasks, doctor, log } = parts;
  const api = new Hono<{ Bindings: Bindings }>();
  api.use("*", async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.res.headers.set(name, value);
  });
  api.use("*", guardOrigin(parts.isPublic));
  api.use("*", guardToken(parts.apiToken));
  api.get("/api/v1/healthz", (c) => c.json({ ok: true }));
  api.get("/api/v1/readyz", async (c) => {
    await parts.probe();
    return c.json({ ok: true });
  });
  api.get("/api/v1/farm", async (c) => c.json({ ...(await farm.summary()), stopped: await control.isStopped() }));
  api.post("/api/v1/farm/stop", async (c) => c.json({ cancelled: await control.stopFarm(), stopped: true }));
  api.post("/api/v1/farm/resume", async (c) => {
    await control.resumeFarm();
    return c.json({ stopped: false });
  });
  api.get("/api/v1/doctor", async (c) => c.json(await doctor.report()));
  api.get("/api/v1/openapi.json", (c) => c.json(openApiDocument()));
  api.get("/api/v1/watch", (c) => {
    assertUpgrade(c.req.header("upgrade"), c.req.header("connection"));
    const since = readWhole(c, "since", 0, Number.MAX_SAFE_INTEGER);
    if (!parts.mayWatch()) throw new CoopError("too_many_watchers", "too many clients are watching");
    if (c.env.server.upgrade(c.req.raw, { data: { since } })) return new Response(null);
    throw new CoopError("bad_request", "this request cannot become a WebSocket");
  });
  api.route("/api/v1/hens", henRoutes(farm, life));
  api.route("/api/v1/hens", henMoveRoutes(life));
  api.route("/api/v1/hens", henFileRoutes(parts.files));
  api.route("/api/v1", manifestRoutes(parts.manifests));
  api.route("/api/v1/hens", delegationRoutes(farm, delegations));
  api.route("/api/v1/hens", leaseRoutes(leases));
  api.route("/api/v1/hens", egressRoutes(parts.egressLogs, parts.networks));
  api.route("/api/v1", storeRoutes(parts.care, parts.keeper));
  api.route("/api/v1/jobs", jobRoutes(farm, control, parts.attention));
  api.route("/api/v1/jobs", jobStreamRoutes(farm, parts.live));
  api.route("/api/v1/attention", attentionRoutes(parts.attention));
  api.route("/api/v1/tasks", taskRoutes(farm, tasks));
  api.route("/api/v1/vault", vaultRoutes(parts.keeper));
  for (const path of ["/", "/farm"]) {
    api.get(path, async (c) =>
      c.html(renderFarmPage(await farm.summary(), await farm.hens(), await farm.latestJobs(PAGE_JOBS))),
    );
  }
  api.notFound((c) => {
    const allowed = methodsAt(api, c.req.path);
    if (allowed.length === 0) return errorResponse(c, notFound(c.req.path));
    c.header("Allow", allowed.join(", "));
    return errorResponse(c, new CoopError("method_not_allowed", `${c.req.method} is not for ${c.req.path}`));
  });
  api.onError((error, c) => answerError(c, error, log));
  return api;
}

/** Jobs on the plain page. */
const PAGE_JOBS = 20;

/** Handshake refusals of contract/http-api.md §5. */
function assertUpgrade(upgrade: string | undefined, connection: string | undefined): void {
  if (/\bupgrade\b/i.test(connection ?? "") && /^websocket$/i.test(upgrade ?? "")) return;
  throw new CoopError("bad_request", "/watch is a WebSocket: ask for an upgrade");
}

/** Methods that some route answers at this path; HEAD wherever there is GET. */
function methodsAt(api: Hono<{ Bindings: Bindings }>, path: string): readonly string[] {
  const found = api.routes.filter((route) => route.method !== "ALL" && pathMatches(route.path, path));
  const methods = new Set(found.map((route) => route.method));
  if (methods.has("GET")) methods.add("HEAD");
  return [...methods].sort();
}

function pathMatches(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const given = path.split("/");
  return wanted.length === given.length && wanted.every((part, i) => part.startsWith(":") || part === given[i]);
}
