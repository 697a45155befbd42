import { closeSync, read } from "node:fs";
import { promisify } from "node:util";
import { CoopError, type HenId, type Store, toInstant } from "coopd-core";
import { lookBeneath } from "coopd-sandbox";
import type { Pens } from "./pens.ts";
import { readHen } from "./read-hen.ts";

/** A folder of a hen as the API shows it. */
export interface FolderView {
  readonly path: string;
  readonly entries: readonly {
    readonly name: string;
    readonly kind: "file" | "folder" | "link" | "other";
    readonly bytes: number | null;
    readonly modified_at: string;
  }[];
  /** Where the next page goes on (`after`); null on the last one. */
  readonly next: string | null;
  /** True when the folder has more names than are ever listed. */
  readonly is_cut: boolean;
}

/** A file of a hen: its size as it was opened, and its bytes up to that. */
export interface FileView {
  readonly bytes: number;
  readonly body: ReadableStream<Uint8Array>;
}

/** Read at once, bytes. */
const PIECE_BYTES = 65_536;

const readAt = promisify(read) as (
  fd: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number,
) => Promise<{ readonly bytesRead: number }>;

/** Lets a farmer look into hens' workdirs; nothing is ever written, and no link followed. */
export class HenFiles {
  readonly #store: Store;
  readonly #pens: Pens;

  constructor(parts: { readonly store: Store; readonly pens: Pens }) {
    this.#store = parts.store;
    this.#pens = parts.pens;
  }

  /** @throws CoopError `hen_not_found`, `not_found`; `path_refused` for what is there and not opened */
  async look(
    id: HenId,
    path: string,
    page: { readonly after: string; readonly limit: number },
  ): Promise<FolderView | FileView> {
    const hen = await readHen(this.#store, id);
    if (hen.state === "DEFINED") return lookAtNothing(path);
    const found = lookInside(await this.#pens.open(hen), path, page);
    if (found.kind === "file") return { bytes: found.bytes, body: toStream(found.fd, found.bytes) };
    return {
      path,
      entries: found.entries.map(({ name, kind, bytes, modifiedMs }) => ({
        name,
        kind,
        bytes,
        modified_at: toInstant(Math.floor(modifiedMs)),
      })),
      next: found.hasMore ? (found.entries.at(-1)?.name ?? null) : null,
      is_cut: found.isCut,
    };
  }
}

/** @throws CoopError `not_found`, `path_refused` */
function lookInside(...[folder, path, page]: Parameters<typeof lookBeneath>): ReturnType<typeof lookBeneath> {
  try {
    return lookBeneath(folder, path, page);
  } catch (error) {
    const isMissing =
      error instanceof CoopError && (error.cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
    throw isMissing ? notThere(path) : error;
  }
}

function notThere(path: string): CoopError {
  return new CoopError("not_found", `${JSON.stringify(path.slice(0, 200))}: no such file or directory`, {
    next: "coop hen files ls HEN shows what is there.",
  });
}

/** A hen that was never hatched has no folder, and looking makes none. @throws CoopError `not_found` */
function lookAtNothing(path: string): FolderView {
  if (path !== "") throw notThere(path);
  return { path, entries: [], next: null, is_cut: false };
}

/** Exactly `bytes` of the file, or an error: what was cut meanwhile must not look whole. Closes `fd` in the end. */
function toStream(fd: number, bytes: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = new Uint8Array(Math.min(PIECE_BYTES, bytes - at));
          const { bytesRead } = piece.length === 0 ? { bytesRead: 0 } : await readAt(fd, piece, 0, piece.length, at);
          at += bytesRead;
          if (bytesRead > 0) controller.enqueue(piece.subarray(0, bytesRead));
          if (bytesRead > 0 && at < bytes) return;
          closeSync(fd);
          if (at === bytes) controller.close();
          else controller.error(new Error("the file became shorter while it was read"));
        } catch (error) {
          closeSync(fd);
          throw error;
        }
      },
      cancel: () => closeSync(fd),
    },
    { highWaterMark: 0 },
  );
}
