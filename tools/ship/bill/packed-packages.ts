import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** An npm package of which something is in the executable. */
export interface PackedPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX. */
  readonly licence: string;
  /** Of the archive that npm fetched: `sha512-` and base64; undefined where the lock file knows none. */
  readonly integrity: string | undefined;
  /** Texts of its own licence files. */
  readonly texts: readonly string[];
}

/**
 * The foreign packages among the files that the bundler took in: what is really in the executable, not what is installed.
 * @param inputs paths below `root`, as the bundler tells them
 * @throws Error for a package without a name, version or licence
 */
export function findPackedPackages(root: string, inputs: readonly string[]): readonly PackedPackage[] {
  const folders = new Map<string, string>();
  for (const input of inputs) {
    const match = /^(.*\bnode_modules\/)((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match !== null) folders.set(`${match[1]}${match[2]}`, match[2] as string);
  }
  const locked = readIntegrities(root);
  const packages = [...folders.keys()].map((folder) => readPackage(join(root, folder), locked));
  const unique = new Map(packages.map((one) => [`${one.name}@${one.version}`, one]));
  return [...unique.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readPackage(folder: string, locked: ReadonlyMap<string, string>): PackedPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<
    string,
    unknown
  >;
  if (typeof name !== "string" || typeof version !== "string" || typeof license !== "string") {
    throw new Error(`${folder}/package.json does not say name, version and license`);
  }
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), "utf8").trim());
  return { name, version, licence: license, integrity: locked.get(`${name}@${version}`), texts };
}

function readIntegrities(root: string): ReadonlyMap<string, string> {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
  };
  return new Map(
    Object.entries(packages).flatMap(([path, { version, integrity }]) => {
      const name = path.split("node_modules/").at(-1) ?? "";
      return integrity === undefined ? [] : [[`${name}@${version}`, integrity] as const];
    }),
  );
}
