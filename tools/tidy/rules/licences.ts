import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding, Rule } from "../finding.ts";
import { lineAt, type Tree } from "../tree/tree.ts";
import { isMet } from "./licence-expression.ts";

/** Licences that ask for no more than their own text. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  "MIT",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "0BSD",
  "Zlib",
  "Unlicense",
  "CC0-1.0",
  "BlueOak-1.0.0",
  "Unicode-3.0",
  "Unicode-DFS-2016",
]);

const LOCKFILE = "package-lock.json";

/** Everything that npm installs, on any system, has a permissive licence; read from the lockfile. */
export const licences: Rule = { name: "licences", check: checkLicences };

function checkLicences(tree: Tree): readonly Finding[] {
  const text = tree.files.get(LOCKFILE)?.text;
  if (text === undefined) return [];
  const entries = Object.entries<{ license?: string; link?: boolean; version?: string }>(JSON.parse(text).packages);
  return entries.flatMap(([path, entry]) => {
    if (!path.includes("node_modules/") || entry.link === true) return [];
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const licence = entry.license ?? readInstalledLicence(tree.root, path);
    if (licence !== undefined && isMet(licence, PERMISSIVE)) return [];
    return [
      {
        path: LOCKFILE,
        line: lineAt(text, text.indexOf(`"${path}"`)),
        message: `${name} ${entry.version} has licence ${licence ?? "(none given)"}`,
        fix: "use another package; only permissive licences are taken",
      },
    ];
  });
}

/** Older npm leaves the licence out of the lockfile; the installed package.json has it. */
function readInstalledLicence(root: string, path: string): string | undefined {
  const manifest = join(root, path, "package.json");
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).license : undefined;
}
