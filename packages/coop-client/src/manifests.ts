import type { Manifest } from "coopd-core";
import type { PartsOf } from "./api/route.ts";
import { notCoop } from "./http/answer-body.ts";
import { readObject } from "./http/answer-shape.ts";
import type { CallOptions, Transport } from "./http/transport.ts";

/** agent.yaml as it was written; `revision` is undefined from the original, whose manifests cannot be replaced. */
export interface ManifestText {
  readonly text: string;
  readonly revision: number | undefined;
}

/** One thing wrong with a manifest; line and column count from 1. */
export interface FaultAnswer {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
  readonly expected?: string;
  readonly nearest?: string;
}

/** What a check found. */
export interface ManifestCheckAnswer {
  readonly ok: boolean;
  readonly faults: readonly FaultAnswer[];
  readonly warnings: readonly FaultAnswer[];
  readonly manifest: Manifest | null;
}

/** What a replacement made. */
export interface ReplacedManifest {
  readonly revision: number;
  readonly warnings: readonly string[];
}

/** Reading and replacing the manifest of a hen that is there. */
export interface ManifestCalls {
  /** @throws CoopError `hen_not_found` */
  manifest(id: string, options?: CallOptions): Promise<ManifestText>;
  /**
   * Puts another in the place of the revision that the change was made of. `attachments` as with `create`; a file that is
   * not sent along is the one that the hen has.
   * @throws CoopError `manifest_invalid`, `revision_conflict`, `walls_missing`, `hen_busy`, `hen_archived`
   */
  replaceManifest(
    id: string,
    revision: number,
    manifest: Uint8Array,
    options?: CallOptions & { readonly attachments?: Readonly<Record<string, string>> },
  ): Promise<ReplacedManifest>;
}

/** The calls over one transport. */
export function manifestCalls(transport: Transport): ManifestCalls {
  return {
    async manifest(id, options = {}) {
      const { text, headers } = await transport.send("GET /hens/{id}/manifest", { ...options, path: { id } });
      const tag = /^"(\d+)"$/.exec(headers.get("etag") ?? "")?.[1];
      return { text, revision: tag === undefined ? undefined : Number(tag) };
    },
    async replaceManifest(id, revision, manifest, { attachments = {}, signal } = {}) {
      const body = toManifestBody(manifest, attachments);
      const parts = { path: { id }, body, ifMatch: `"${revision}"`, signal };
      const answer = await transport.send("PUT /hens/{id}/manifest", parts);
      const made = readObject<{ revision: number }>(transport, answer, { revision: "number" });
      if (made.revision <= revision) throw notCoop(transport.baseUrl, "a revision that is not newer");
      return { revision: made.revision, warnings: splitWarnings(answer.headers.get("x-coop-warning")) };
    },
  };
}

/** Plain YAML as the original takes it; a form only when files go along. */
export function toManifestBody(
  manifest: Uint8Array,
  attachments: Readonly<Record<string, string>>,
): PartsOf<"POST /hens">["body"] {
  const files = Object.entries(attachments);
  if (files.length === 0) return { bytes: manifest, type: "application/yaml" };
  const form = new FormData();
  form.append("manifest", new Blob([manifest as Uint8Array<ArrayBuffer>]), "agent.yaml");
  for (const [name, text] of files) form.append("attachment", new Blob([text]), name);
  return form;
}

/** Several headers of one name arrive joined by commas; each warning begins with the manifest path it is about. */
export function splitWarnings(header: string | null): readonly string[] {
  return header === null ? [] : header.split(/, (?=[\w.[\]-]+: )/);
}
