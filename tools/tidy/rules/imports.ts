import { posix } from "node:path";
import type { Finding, Rule } from "../finding.ts";
import { LAYERS, PURE_PACKAGE } from "../layers.ts";
import type { SourceImport } from "../tree/source-facts.ts";
import { isTest, packageOf, type Tree } from "../tree/tree.ts";

/**
 * Every import of a package is declared in its package.json, reaches siblings only where they export something, and
 * never leaves the package by a relative path. This scan is the gate: where npm hoists, an undeclared import resolves.
 */
export const imports: Rule = {
  name: "imports",
  check: (tree) => {
    const manifests = readManifests(tree);
    return [...tree.sources].flatMap(([path, facts]) =>
      facts.imports.flatMap((target) => {
        const complaint = judgeImport(path, target, manifests);
        return complaint === undefined ? [] : [{ path, line: target.line, ...complaint }];
      }),
    );
  },
};

/** What an import needs to know of a package.json. */
interface PackageManifest {
  readonly declared: ReadonlySet<string>;
  /** `./src/index.ts` and the like, from the package's folder, by the specifier that reaches it. */
  readonly exported: ReadonlyMap<string, string>;
}

type Complaint = Pick<Finding, "message" | "fix">;

function readManifests(tree: Tree): ReadonlyMap<string, PackageManifest> {
  const manifests = new Map<string, PackageManifest>();
  for (const [path, { text }] of tree.files) {
    const name = /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1];
    if (name === undefined || text === undefined) continue;
    const manifest = JSON.parse(text);
    const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }));
    const entries = Object.entries<string>(manifest.exports ?? {});
    const exported = new Map(entries.map(([subpath, target]) => [name + subpath.slice(1), posix.normalize(target)]));
    manifests.set(name, { declared, exported });
  }
  return manifests;
}

function judgeImport(
  path: string,
  target: SourceImport,
  manifests: ReadonlyMap<string, PackageManifest>,
): Complaint | undefined {
  const { specifier } = target;
  if (target.kind === "url" || /^\.{1,2}\//.test(specifier)) return judgeRelative(path, specifier, manifests);
  const own = packageOf(path);
  if (own === undefined) return undefined; // tools use the root's devDependencies; nothing is built on them
  if (/^(?:node:|bun:|bun$)/.test(specifier)) return judgeBuiltin(path, specifier, own);
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  if (manifests.get(own)?.declared.has(name) !== true) {
    return {
      message: `imports ${specifier}, which packages/${own}/package.json does not declare`,
      fix: Object.hasOwn(LAYERS, name) ? "go through coopd-core's ports" : "declare it, pinned exactly, or do without",
    };
  }
  const sibling = manifests.get(name);
  if (sibling === undefined || sibling.exported.has(specifier)) return undefined;
  return { message: `imports ${specifier}, which ${name} does not export`, fix: `import what ${name} exports` };
}

function judgeRelative(
  path: string,
  specifier: string,
  manifests: ReadonlyMap<string, PackageManifest>,
): Complaint | undefined {
  const target = posix.join(posix.dirname(path), specifier);
  const [from, to] = [packageOf(path), packageOf(target)];
  if (from === to && !target.startsWith("../")) return undefined;
  if (from === undefined && to !== undefined) {
    const entries = [...(manifests.get(to)?.exported.values() ?? [])];
    if (entries.includes(target.slice(`packages/${to}/`.length))) return undefined;
    return { message: `imports ${specifier}, an inner file of ${to}`, fix: `import a file that ${to} exports` };
  }
  return {
    message: `imports ${specifier}, which leaves ${from === undefined ? "the repository" : `packages/${from}`}`,
    fix: "import the other package by its name",
  };
}

function judgeBuiltin(path: string, specifier: string, own: string): Complaint | undefined {
  if (isTest(path)) return undefined;
  if (specifier === "bun:test")
    return { message: "imports bun:test outside a test", fix: "move it to a *.test.ts file" };
  if (own !== PURE_PACKAGE) return undefined;
  return {
    message: `imports ${specifier}; ${PURE_PACKAGE} has no I/O`,
    fix: "put a port into core and act in an adapter",
  };
}
