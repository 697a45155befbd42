import { statSync } from "node:fs";
import type { FileIdentity } from "./vault.ts";

/** Which file a path leads to; undefined when there is none to be seen. */
export function identifyFile(path: string): FileIdentity | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? undefined : { device: String(stat.dev), inode: String(stat.ino) };
}
