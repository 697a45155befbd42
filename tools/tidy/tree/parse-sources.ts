import { join } from "node:path";
import type { SourceFile } from "typescript/unstable/ast";
import { API } from "typescript/unstable/async";
import { collectFacts } from "./collect-facts.ts";
import type { SourceFacts } from "./source-facts.ts";

/** The compiler sees only the files themselves: no libraries, no resolution, so parsing is all it does. */
const PARSE_ONLY = {
  noLib: true,
  noResolve: true,
  allowJs: true,
  types: [],
  noEmit: true,
  allowImportingTsExtensions: true,
};
/** A project file that exists only for the compiler. */
const PROJECT_NAME = "tidy.virtual.tsconfig.json";

/**
 * Parses files with TypeScript's own parser (`typescript/unstable/async`: unstable, hence the exact pin; its synchronous
 * twin does not run on Bun).
 */
export async function parseSources(root: string, paths: readonly string[]): Promise<ReadonlyMap<string, SourceFacts>> {
  const facts = new Map<string, SourceFacts>();
  if (paths.length === 0) return facts;
  const projectPath = join(root, PROJECT_NAME);
  const project = JSON.stringify({ compilerOptions: PARSE_ONLY, files: paths.map((path) => join(root, path)) });
  const api = new API({
    cwd: root,
    fs: {
      readFile: (path) => (path === projectPath ? project : undefined),
      fileExists: (path) => (path === projectPath ? true : undefined),
    },
  });
  try {
    const snapshot = await api.updateSnapshot({ openProjects: [projectPath] });
    const program = snapshot.getProject(projectPath)?.program;
    for (const path of paths) {
      const file: SourceFile | undefined = await program?.getSourceFile(join(root, path));
      if (file === undefined) throw new Error(`TypeScript did not parse ${path}`);
      facts.set(path, collectFacts(file));
    }
  } finally {
    await api.close();
  }
  return facts;
}
