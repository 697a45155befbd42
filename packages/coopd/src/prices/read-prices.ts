import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ModelOverrides, parseOverrides } from "coopd-brain";
import { CoopError } from "coopd-core";

/** A row takes some 200 bytes: this is more models than there are. */
const BYTES_MAX = 4 * 1024 * 1024;

/**
 * The farmer's own prices, `<data>/prices.json`; undefined when there is no such file.
 * @throws CoopError `bad_request` when it cannot be read as prices: a ceiling must not stand on a price that is not meant
 */
export function readPrices(dataDir: string): ModelOverrides | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(dataDir, "prices.json"));
  } catch (error) {
    const { code = "?" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new CoopError("bad_request", `prices.json in the data directory cannot be read (${code})`, { cause: error });
  }
  if (bytes.length > BYTES_MAX) {
    throw new CoopError("bad_request", `prices.json is larger than ${BYTES_MAX} bytes`);
  }
  return parseOverrides(bytes.toString("utf8"));
}
