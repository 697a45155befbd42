import { notCoop } from "./http/answer-body.ts";
import { readObject } from "./http/answer-shape.ts";
import type { CallOptions, Transport } from "./http/transport.ts";
import type { ManifestCheckAnswer } from "./manifests.ts";

/** JSON Schema, as far as a form or a completion looks into it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Manifests that are no hen's yet. */
export interface ManifestDeskCalls {
  /** Looks at a manifest without making anything of it: what is wrong with it is an answer, not a failure. @throws CoopError `body_too_large` */
  check(manifest: Uint8Array, options?: CallOptions): Promise<ManifestCheckAnswer>;
  /** agent.yaml as this daemon reads it, as JSON Schema 2020-12. @throws CoopError `bad_answer` from a daemon whose document has none */
  schema(options?: CallOptions): Promise<JsonSchema>;
}

/** The calls over one transport. */
export function manifestDeskCalls(transport: Transport): ManifestDeskCalls {
  return {
    async check(bytes, options = {}) {
      const body = { bytes, type: "application/yaml" } as const;
      const answer = await transport.send("POST /manifests/check", { ...options, body });
      return readObject<ManifestCheckAnswer>(transport, answer, { ok: "boolean", faults: "object" });
    },
    async schema(options = {}) {
      const answer = await transport.send("GET /openapi.json", options);
      const document = answer.json() as {
        readonly components?: { readonly schemas?: { readonly Manifest?: unknown } };
      };
      const schema = document?.components?.schemas?.Manifest;
      if (typeof schema !== "object" || schema === null)
        throw notCoop(transport.baseUrl, "a document without manifests");
      return schema as JsonSchema;
    },
  };
}
