import type { BrainTestReport, Episode, Hen, HenState, HenUsage, HenUsageView, HenView } from "coopd-core";
import { type DelegationCalls, delegationCalls } from "./delegation.ts";
import { type EgressCalls, egressCalls } from "./egress.ts";
import { type HenFileCalls, henFileCalls } from "./hen-files.ts";
import { notCoop } from "./http/answer-body.ts";
import { readObject, readRows } from "./http/answer-shape.ts";
import type { CallOptions, MakeOptions, Transport } from "./http/transport.ts";
import { type LeaseCalls, leaseCalls } from "./leases.ts";
import { type ManifestCalls, manifestCalls, splitWarnings, toManifestBody } from "./manifests.ts";

/** A hen as any coopd answers it: ours says what the host holds of its policy, the original does not. */
export type HenAnswer = Hen & Partial<HenView>;

/** What a hen has used as any of our daemons answers it: older ones do not know prices. */
export type HenUsageAnswer = HenUsage & Partial<HenUsageView>;

/** What stands in the way is ended first: the hen's running job is cancelled, and where the hen goes for good those that wait too. */
export interface ForceOptions extends CallOptions {
  readonly force?: boolean | undefined;
}

export interface CreatedHen {
  readonly id: string;
  /** What the daemon has to remark on the manifest, one sentence each. */
  readonly warnings: readonly string[];
}

/** `/hens…`. Ids are passed as they are (`local.coop/aria`); encoding them is this client's business. */
export interface HenCalls extends DelegationCalls, LeaseCalls, HenFileCalls, ManifestCalls, EgressCalls {
  /**
   * Creates a hen from the bytes of its agent.yaml. `attachments` are the files it names (`model: file:NAME`), by that name.
   * @throws CoopError `manifest_invalid`, `hen_exists`, `bad_id`
   */
  create(
    manifest: Uint8Array,
    options?: MakeOptions & { readonly attachments?: Readonly<Record<string, string>> },
  ): Promise<CreatedHen>;
  /** Ordered by id; without `limit` (1–1000) all of them. */
  list(
    options?: CallOptions & {
      readonly state?: HenState | undefined;
      readonly limit?: number | undefined;
      readonly after?: string | undefined;
    },
  ): Promise<readonly HenAnswer[]>;
  /** @throws CoopError `hen_not_found`, as all below */
  get(id: string, options?: CallOptions): Promise<HenAnswer>;
  /** What its ended jobs have used and its calls have cost. @throws CoopError `not_found` from the original, which does not count */
  usage(id: string, options?: CallOptions): Promise<HenUsageAnswer>;
  /** One tiny call through its brain. @throws CoopError what the brain says, `limit_cost`, `brain_unsupported` */
  testBrain(id: string, options?: CallOptions): Promise<BrainTestReport>;
  /** DEFINED → IDLE. @throws CoopError `illegal_move`, `walls_missing` */
  hatch(id: string, options?: CallOptions): Promise<void>;
  /** What is queued waits for the waking. @throws CoopError `hen_busy` while it works, `illegal_move` */
  sleep(id: string, options?: ForceOptions): Promise<void>;
  wake(id: string, options?: CallOptions): Promise<void>;
  /** → ARCHIVED, for good: it can be read and does nothing more. @throws CoopError `hen_busy` while it has jobs, `illegal_move` */
  archive(id: string, options?: ForceOptions): Promise<void>;
  /** Removes the hen with its jobs, memory and workdir. @throws CoopError `hen_busy` */
  delete(id: string, options?: ForceOptions): Promise<void>;
  /** Oldest first; `limit` keeps the newest. */
  memory(id: string, options?: CallOptions & { readonly limit?: number | undefined }): Promise<readonly Episode[]>;
  /** @returns how many episodes were forgotten */
  forget(id: string, options?: CallOptions): Promise<number>;
}

const HEN_FIELDS = { id: "string", state: "string", manifest: "object", lease: "object" } as const;

/** The calls over one transport. */
export function henCalls(transport: Transport): HenCalls {
  return {
    ...delegationCalls(transport),
    ...leaseCalls(transport),
    ...henFileCalls(transport),
    ...manifestCalls(transport),
    ...egressCalls(transport),
    async create(manifest, options = {}) {
      const body = toManifestBody(manifest, options.attachments ?? {});
      const { signal, idempotencyKey } = options;
      const answer = await transport.send("POST /hens", { signal, idempotencyKey, body });
      const id = answer.json();
      if (typeof id !== "string") throw notCoop(transport.baseUrl, "an answer without the hen's id");
      return { id, warnings: splitWarnings(answer.headers.get("x-coop-warning")) };
    },
    async list({ state, limit, after, signal } = {}) {
      const answer = await transport.send("GET /hens", { query: { state, limit, after }, signal });
      return readRows<HenAnswer>(transport, answer, HEN_FIELDS);
    },
    async get(id, options = {}) {
      const answer = await transport.send("GET /hens/{id}", { ...options, path: { id } });
      return readObject<HenAnswer>(transport, answer, HEN_FIELDS);
    },
    async usage(id, options = {}) {
      const answer = await transport.send("GET /hens/{id}/usage", { ...options, path: { id } });
      return readObject<HenUsageAnswer>(transport, answer, { jobs: "object", turns: "number" });
    },
    async testBrain(id, options = {}) {
      const answer = await transport.send("POST /hens/{id}/brain/test", { ...options, path: { id } });
      return readObject<BrainTestReport>(transport, answer, { provider: "string", model: "string" });
    },
    async hatch(id, options = {}) {
      await transport.send("POST /hens/{id}/hatch", { ...options, path: { id } });
    },
    async sleep(id, { force, signal } = {}) {
      await transport.send("POST /hens/{id}/sleep", { path: { id }, query: toForceQuery(force), signal });
    },
    async wake(id, options = {}) {
      await transport.send("POST /hens/{id}/wake", { ...options, path: { id } });
    },
    async archive(id, { force, signal } = {}) {
      await transport.send("POST /hens/{id}/archive", { path: { id }, query: toForceQuery(force), signal });
    },
    async delete(id, { force, signal } = {}) {
      await transport.send("DELETE /hens/{id}", { path: { id }, query: toForceQuery(force), signal });
    },
    async memory(id, { limit, signal } = {}) {
      const answer = await transport.send("GET /hens/{id}/memory", { path: { id }, query: { limit }, signal });
      return readRows<Episode>(transport, answer, { id: "string", job_id: "string" });
    },
    async forget(id, options = {}) {
      const answer = await transport.send("DELETE /hens/{id}/memory", { ...options, path: { id } });
      return readObject<{ forgotten: number }>(transport, answer, { forgotten: "number" }).forgotten;
    },
  };
}

/** Left out unless it is meant: the original does not know it. */
function toForceQuery(force: boolean | undefined): { readonly force: true | undefined } {
  return { force: force === true ? true : undefined };
}
