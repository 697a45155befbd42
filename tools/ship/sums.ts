import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const NAME = "SHA256SUMS";

/** Writes the sums of everything in the folder, as `sha256sum --check` reads them. @returns the path of the list */
export function writeSums(folder: string): string {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== NAME);
  const rows = names.map(({ name }) => {
    return `${createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex")}  ${name}\n`;
  });
  writeFileSync(join(folder, NAME), rows.sort().join(""));
  return join(folder, NAME);
}
