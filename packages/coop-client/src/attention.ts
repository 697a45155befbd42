import type { AttentionItem } from "coopd-core";
import { readRows } from "./http/answer-shape.ts";
import type { CallOptions, Transport } from "./http/transport.ts";

/** What needs a person. */
export interface AttentionCalls {
  /** The newest first. */
  list(options?: CallOptions): Promise<readonly AttentionItem[]>;
  /** Takes a thing out of the list for good; one that has gone by itself is fine. */
  dismiss(id: string, options?: CallOptions): Promise<void>;
}

/** The calls over one transport. */
export function attentionCalls(transport: Transport): AttentionCalls {
  return {
    async list(options = {}) {
      return readRows<AttentionItem>(transport, await transport.send("GET /attention", options), {
        id: "string",
        kind: "string",
        actions: "object",
      });
    },
    async dismiss(id, options = {}) {
      await transport.send("POST /attention/{id}/dismiss", { ...options, path: { id } });
    },
  };
}
