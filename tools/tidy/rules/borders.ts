import type { Finding, Rule } from "../finding.ts";
import { LAYERS, type Layers } from "../layers.ts";
import { lineAt, type Tree } from "../tree/tree.ts";

/** Every package.json and tsconfig.json under `packages/` states exactly its row of the layer table. */
export const borders: Rule = { name: "borders", check: (tree) => checkBorders(tree, LAYERS) };

/** As {@link borders}, for any table. */
export function checkBorders(tree: Tree, layers: Layers): readonly Finding[] {
  const present = new Set([...tree.files.keys()].flatMap((path) => /^packages\/([^/]+)\//.exec(path)?.[1] ?? []));
  const unknown = [...present].filter((name) => !Object.hasOwn(layers, name));
  return [
    ...unknown.map((name) => ({
      path: `packages/${name}/package.json`,
      line: 1,
      message: `${name} is not in the layer table`,
      fix: "add its row to tools/tidy/layers.ts and to docs/architecture.md",
    })),
    ...Object.entries(layers).flatMap(([name, allowed]) => [
      ...checkPackage(tree, layers, name, allowed),
      ...checkReferences(tree, name, allowed),
    ]),
  ];
}

function checkPackage(tree: Tree, layers: Layers, name: string, allowed: readonly string[]): readonly Finding[] {
  const path = `packages/${name}/package.json`;
  const text = tree.files.get(path)?.text;
  if (text === undefined) return [missingFile(path)];
  const manifest = JSON.parse(text);
  const stated = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"]
    .flatMap((field) => Object.keys(manifest[field] ?? {}))
    .filter((dependency) => Object.hasOwn(layers, dependency));
  const findings = compare(path, text, stated, allowed, "depends on");
  if (manifest.name === name) return findings;
  const fix = `name it ${name}`;
  return [...findings, { path, line: 1, message: `is named ${manifest.name}, its folder ${name}`, fix }];
}

function checkReferences(tree: Tree, name: string, allowed: readonly string[]): readonly Finding[] {
  const path = `packages/${name}/tsconfig.json`;
  const text = tree.files.get(path)?.text;
  if (text === undefined) return [missingFile(path)];
  const references: readonly { readonly path: string }[] = JSON.parse(text).references ?? [];
  const stated = references.map((reference) => reference.path.replace(/^\.\.\//, ""));
  return compare(path, text, stated, allowed, "references");
}

function compare(
  path: string,
  text: string,
  stated: readonly string[],
  allowed: readonly string[],
  verb: string,
): readonly Finding[] {
  const extra = stated.filter((name) => !allowed.includes(name));
  const absent = allowed.filter((name) => !stated.includes(name));
  return [
    ...extra.map((name) => ({
      path,
      line: lineAt(text, Math.max(0, text.indexOf(`${name}"`))),
      message: `${verb} ${name}, which the layer table does not allow`,
      fix: "take it out, or move the code to the layer it belongs to",
    })),
    ...absent.map((name) => ({
      path,
      line: 1,
      message: `the layer table says that it ${verb} ${name}; it does not`,
      fix: "state it, or take it out of tools/tidy/layers.ts",
    })),
  ];
}

function missingFile(path: string): Finding {
  return { path, line: 1, message: "is missing", fix: "every package of the layer table has one" };
}
