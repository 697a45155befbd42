import { CoopError } from "coopd-core";
import { readObject } from "./http/answer-shape.ts";
import type { CallOptions, Transport } from "./http/transport.ts";

/** A page of a folder in a hen's workdir, by name. */
export interface Folder {
  readonly path: string;
  readonly entries: readonly FolderEntry[];
  /** Where the next page goes on; null on the last one. */
  readonly next: string | null;
  /** The folder has more names than are ever listed. */
  readonly is_cut: boolean;
}

/** A name in a hen's workdir; only files and folders can be looked into. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
  /** Of a file. */
  readonly bytes: number | null;
  readonly modified_at: string;
}

/** Looking into a hen's workdir. */
export interface HenFileCalls {
  /** @throws CoopError `hen_not_found`, `not_found`; `path_refused` for what is not plain; `bad_answer` for a file */
  folder(
    id: string,
    path: string,
    options?: CallOptions & { readonly limit?: number | undefined; readonly after?: string | undefined },
  ): Promise<Folder>;
  /** A file's bytes as they come; what breaks off throws. @throws CoopError as {@link folder} */
  file(id: string, path: string, options?: CallOptions): Promise<AsyncIterable<Uint8Array>>;
}

/** The calls over one transport. */
export function henFileCalls(transport: Transport): HenFileCalls {
  return {
    async folder(id, path, { limit, after, signal } = {}) {
      const answer = await transport.send("GET /hens/{id}/files", {
        path: { id },
        query: { path, limit, after },
        signal,
      });
      return readObject<Folder>(transport, answer, { entries: "object", is_cut: "boolean" });
    },
    async file(id, path, options = {}) {
      const parts = { ...options, path: { id }, query: { path } };
      return transport.open("GET /hens/{id}/files", "application/octet-stream", parts).catch((error) => {
        throw error instanceof CoopError && error.code === "bad_answer" ? isFolder(path, error) : error;
      });
    },
  };
}

/** The daemon answers a folder in JSON, which must not be taken for a file's bytes. */
function isFolder(path: string, cause: CoopError): CoopError {
  return new CoopError("path_refused", `${JSON.stringify(path)}: it is a folder`, {
    next: "coop hen files ls HEN PATH shows what is in it.",
    cause,
  });
}
