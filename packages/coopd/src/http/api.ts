import { CoopError, type Log } from "coopd-core";
import { Hono } from "hono";
import type { Door } from "../access/door.ts";
import type { EgressLogs } from "../egress/egress-logs.ts";
import type { Attention } from "../farm/attention.ts";
import type { Delegations } from "../farm/delegations.ts";
import type { HenFiles } from "../farm/hen-files.ts";
import type { HenLife } from "../farm/hen-life.ts";
import type { Leases } from "../farm/leases.ts";
import type { Manifests } from "../farm/manifests.ts";
import type { Networks } from "../farm/networks.ts";
import type { QueuePlaces } from "../farm/queue-places.ts";
import type { Tasks } from "../farm/tasks.ts";
import type { Terminals } from "../terminals/terminals.ts";
import type { VaultKeeper } from "../vault/vault-keeper.ts";
import type { LiveStreams } from "../watch/live-streams.ts";
import type { WatchDesk } from "../watch/watch-desk.ts";
import { accompany } from "./door/accompany.ts";
import { audited, recordRefusal, type StateReader } from "./door/audited.ts";
import { enter } from "./door/enter.ts";
import { guardOrigin } from "./door/guard-origin.ts";
import type { RequestEnv } from "./door/request-env.ts";
import { securityHeaders } from "./door/security-headers.ts";
import { answerError, errorResponse, notFound } from "./errors.ts";
import { assetRoutes } from "./routes/assets.ts";
import { attentionRoutes } from "./routes/attention.ts";
import { authRoutes } from "./routes/auth.ts";
import { delegationRoutes } from "./routes/delegations.ts";
import { egressRoutes } from "./routes/egress.ts";
import { type FarmRouteParts, farmRoutes, metricsRoutes } from "./routes/farm.ts";
import { henFileRoutes } from "./routes/hen-files.ts";
import { henMoveRoutes } from "./routes/hen-moves.ts";
import { henRoutes } from "./routes/hens.ts";
import { jobStreamRoutes } from "./routes/job-stream.ts";
import { jobRoutes } from "./routes/jobs.ts";
import { leaseRoutes } from "./routes/leases.ts";
import { manifestRoutes } from "./routes/manifests.ts";
import { answerBrowser, exchangeToken, pageRoutes } from "./routes/pages.ts";
import { type SpendParts, spendRoutes } from "./routes/spend.ts";
import { type StoreCare, storeRoutes } from "./routes/store.ts";
import { taskRoutes } from "./routes/tasks.ts";
import { terminalRoutes } from "./routes/terminals.ts";
import { type AuditReader, tokenRoutes } from "./routes/tokens.ts";
import { vaultRoutes } from "./routes/vault.ts";
import { watchRoutes } from "./routes/watch.ts";

export interface ApiParts extends FarmRouteParts, SpendParts {
  readonly life: HenLife;
  readonly delegations: Delegations;
  readonly leases: Leases;
  readonly tasks: Tasks;
  readonly files: HenFiles;
  readonly attention: Attention;
  readonly places: QueuePlaces;
  readonly manifests: Manifests;
  readonly networks: Networks;
  readonly egressLogs: EgressLogs;
  readonly live: LiveStreams;
  readonly terminals: Terminals;
  readonly keeper: VaultKeeper;
  readonly care: StoreCare;
  readonly door: Door;
  readonly stateOf: StateReader;
  readonly auditReader: AuditReader;
  readonly desk: WatchDesk;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

/** The whole HTTP side (contract/http-api.md): the door, the routes behind it, one way for errors. */
export function createApi(parts: ApiParts): Hono<RequestEnv> {
  const { door, log, nowMs } = parts;
  const api = new Hono<RequestEnv>();
  api.use("*", accompany(log, parts.metrics));
  api.use("*", securityHeaders());
  api.use("*", guardOrigin(door));
  api.use("*", exchangeToken(door, nowMs));
  api.use("*", enter(door));
  api.use("*", audited(door, parts.stateOf));
  addRoutes(api, parts);
  api.notFound((c) => {
    const allowed = methodsAt(api, c.req.path);
    if (allowed.length === 0) return errorResponse(c, notFound(c.req.path));
    c.header("Allow", allowed.join(", "));
    return errorResponse(c, new CoopError("method_not_allowed", `${c.req.method} is not for ${c.req.path}`));
  });
  api.onError(async (error, c) => {
    await recordRefusal(c, door, error).catch((cause) => log.error("a refusal was not written down", { error: cause }));
    return (await answerBrowser(c, error)) ?? answerError(c, error, log);
  });
  return api;
}

function addRoutes(api: Hono<RequestEnv>, parts: ApiParts): void {
  const { farm, life, control, delegations, leases, tasks, door, nowMs } = parts;
  api.route("/api/v1", farmRoutes(parts));
  api.route("/api/v1", watchRoutes(parts.desk));
  api.route("/api/v1/auth", authRoutes(door, nowMs));
  api.route("/api/v1", tokenRoutes(door, parts.auditReader, nowMs));
  api.route("/api/v1/hens", henRoutes(farm, life));
  api.route("/api/v1/hens", henMoveRoutes(life));
  api.route("/api/v1/hens", henFileRoutes(parts.files));
  api.route("/api/v1", manifestRoutes(parts.manifests));
  api.route("/api/v1/hens", delegationRoutes(farm, delegations));
  api.route("/api/v1/hens", leaseRoutes(leases));
  api.route("/api/v1/hens", egressRoutes(parts.egressLogs, parts.networks));
  api.route("/api/v1", spendRoutes(parts));
  api.route("/api/v1", storeRoutes(parts.care, parts.keeper));
  api.route("/api/v1/jobs", jobRoutes(farm, control, parts.attention, parts.places));
  api.route("/api/v1/jobs", jobStreamRoutes(farm, parts.live));
  api.route("/api/v1/attention", attentionRoutes(parts.attention));
  api.route("/api/v1/tasks", taskRoutes(farm, tasks));
  api.route("/api/v1", terminalRoutes(parts.terminals));
  api.route("/api/v1/vault", vaultRoutes(parts.keeper));
  api.route("/", metricsRoutes(parts.metrics));
  api.route("/", assetRoutes());
  api.route("/", pageRoutes(door, nowMs));
}

/** Methods that some route answers at this path; HEAD wherever there is GET. */
function methodsAt(api: Hono<RequestEnv>, path: string): readonly string[] {
  const found = api.routes.filter((route) => route.method !== "ALL" && pathMatches(route.path, path));
  const methods = new Set(found.map((route) => route.method));
  if (methods.has("GET")) methods.add("HEAD");
  return [...methods].sort();
}

function pathMatches(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const given = path.split("/");
  const isTaken = (part: string, word = "") => (part.startsWith(":") ? word !== "" : part === word);
  return wanted.length === given.length && wanted.every((part, i) => isTaken(part, given[i]));
}
