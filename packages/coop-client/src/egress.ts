import type { EgressEntry, NetworkSpec } from "coopd-core";
import { readObject, readRows } from "./http/answer-shape.ts";
import type { CallOptions, Transport } from "./http/transport.ts";
import { splitWarnings } from "./manifests.ts";

/** Which rows of an egress log. */
export interface EgressOptions extends CallOptions {
  readonly verdict?: EgressEntry["verdict"] | undefined;
  /** In the name of this job. */
  readonly jobId?: string | undefined;
  /** `desc`: the newest first. */
  readonly order?: "asc" | "desc" | undefined;
  /** Behind this seq in the order of the list. */
  readonly after?: number | undefined;
  /** Rows of one request, 1–1000. */
  readonly pageRows?: number | undefined;
}

/** What a change of a network made. */
export interface ChangedNetwork {
  /** Of the manifest. */
  readonly revision: number;
  readonly network: NetworkSpec | null;
  readonly warnings: readonly string[];
}

/** `/hens/:id/egress` and `/network`. */
export interface EgressCalls {
  /** The hen's egress log, page by page until its end. @throws CoopError `hen_not_found` */
  egress(id: string, options?: EgressOptions): AsyncGenerator<EgressEntry>;
  /**
   * Replaces the hen's network policy, in its manifest too; null is none, which is open. It holds at once. With `revision`
   * only if the manifest is still at it.
   * @throws CoopError `manifest_invalid`, `revision_conflict`, `walls_missing`, `hen_archived`
   */
  putNetwork(
    id: string,
    network: NetworkSpec | null,
    options?: CallOptions & { readonly revision?: number | undefined },
  ): Promise<ChangedNetwork>;
}

const PAGE_ROWS = 500;

/** The calls over one transport. */
export function egressCalls(transport: Transport): EgressCalls {
  return {
    async *egress(id, { verdict, jobId, order, after, pageRows = PAGE_ROWS, signal } = {}) {
      let last = after;
      for (;;) {
        const query = { verdict, job_id: jobId, order, after: last, limit: pageRows };
        const answer = await transport.send("GET /hens/{id}/egress", { path: { id }, query, signal });
        const rows = readRows<EgressEntry>(transport, answer, { seq: "number", host: "string", verdict: "string" });
        yield* rows;
        if (rows.length < pageRows) return;
        last = rows.at(-1)?.seq;
      }
    },
    async putNetwork(id, network, { revision, signal } = {}) {
      const answer = await transport.send("PUT /hens/{id}/network", {
        signal,
        path: { id },
        json: network,
        ifMatch: revision === undefined ? undefined : `"${revision}"`,
      });
      const made = readObject<Omit<ChangedNetwork, "warnings">>(transport, answer, { revision: "number" });
      return { ...made, warnings: splitWarnings(answer.headers.get("x-coop-warning")) };
    },
  };
}
