import { posix } from "node:path";
import type { Finding, Rule } from "../finding.ts";
import type { Tree } from "../tree/tree.ts";

/** No file reaches itself through relative imports, types included: two files in a circle are one subject cut in two. */
export const importCircles: Rule = {
  name: "import-circles",
  check: (tree) => findCircles(toGraph(tree)).map(toFinding),
};

type Graph = ReadonlyMap<string, readonly { readonly to: string; readonly line: number }[]>;

function toGraph(tree: Tree): Graph {
  const edges = [...tree.sources].map(([path, facts]) => {
    const targets = facts.imports
      .filter(({ kind, specifier }) => kind !== "url" && specifier.startsWith("."))
      .map(({ specifier, line }) => ({ to: posix.join(posix.dirname(path), specifier), line }));
    return [path, targets] as const;
  });
  return new Map(edges);
}

interface Circle {
  /** In the order of the imports; the first imports the second, the last the first. */
  readonly paths: readonly string[];
  readonly line: number;
}

/** Depth first; each circle is found once, at the import that closes it. */
function findCircles(graph: Graph): readonly Circle[] {
  const circles: Circle[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    trail.push(path);
    for (const { to, line } of graph.get(path) ?? []) {
      const at = trail.indexOf(to);
      if (at >= 0) circles.push({ paths: [path, ...trail.slice(at, -1)], line });
      else if (!done.has(to)) visit(to);
    }
    trail.pop();
    done.add(path);
  };
  for (const path of graph.keys()) if (!done.has(path)) visit(path);
  return circles;
}

function toFinding({ paths, line }: Circle): Finding {
  const [path = ""] = paths;
  return {
    path,
    line,
    message: `closes a circle: ${[...paths, path].join(" → ")}`,
    fix: "move what both need into a file of its own",
  };
}
