import { CoopError } from "coopd-core";

/** The daemon's own limit for a body (contract/http-api.md §1); a larger file would only be refused after the upload. */
const FILE_BYTES_MAX = 2_097_152;

/** A file, or standard input for `-`. @throws CoopError `bad_request`, `body_too_large` */
export async function readInputFile(path: string): Promise<Uint8Array> {
  const file = path === "-" ? Bun.stdin : Bun.file(path);
  const name = path === "-" ? "standard input" : path;
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of file.stream()) {
      size += chunk.length;
      if (size > FILE_BYTES_MAX)
        throw new CoopError("body_too_large", `${name} is larger than ${FILE_BYTES_MAX} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof CoopError) throw error;
    throw new CoopError("bad_request", `cannot read ${name}: ${reasonOf(error)}`, { cause: error });
  }
  return Buffer.concat(chunks, size);
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "it is a directory",
};
