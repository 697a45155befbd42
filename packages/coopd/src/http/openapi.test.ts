import { expect, test } from "bun:test";
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
import { createLog } from "../log/log.ts";
import type { VaultKeeper } from "../vault/vault-keeper.ts";
import type { LiveStreams } from "../watch/live-streams.ts";
import { createApi } from "./api.ts";
import { openApiDocument } from "./openapi.ts";
import type { StoreCare } from "./routes/store.ts";

const silent = createLog({ level: "off", format: "text", color: false, write: () => {} });

test("the OpenAPI document has exactly the routes that are served", () => {
  const api = createApi({
    farm: {} as Farm,
    life: {} as HenLife,
    control: {} as JobControl,
    delegations: {} as Delegations,
    leases: {} as Leases,
    tasks: {} as Tasks,
    files: {} as HenFiles,
    attention: {} as Attention,
    manifests: {} as Manifests,
    networks: {} as Networks,
    egressLogs: {} as EgressLogs,
    doctor: {} as Doctor,
    live: {} as LiveStreams,
    keeper: {} as VaultKeeper,
    care: {} as StoreCare,
    log: silent,
    apiToken: undefined,
    isPublic: false,
    probe: async () => {},
    mayWatch: () => true,
  });
  const served = api.routes
    .filter((route) => route.method !== "ALL" && route.path.startsWith("/api/"))
    .map((route) => `${route.method.toLowerCase()} ${route.path.replace(/:(\w+)/g, "{$1}")}`);
  const paths = openApiDocument().paths as Record<string, Record<string, unknown>>;
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(documented.sort()).toEqual([...new Set(served)].sort());
});
