import { dirname, join, relative } from "node:path";
import type { BunPlugin } from "bun";

/** How a package starts a worker thread: `new URL("./worker/x.ts", import.meta.url)`, the path written out. */
const OWN_FILE_URL = /new URL\("(\.{1,2}\/[^"]+)\.ts", import\.meta\.url\)/g;
/** Where the executable keeps the modules that were bundled into it. */
const BUNDLED_ROOT = "file:///$bunfs/root";

/** Every file that a package starts as a worker; they have to be entry points of the bundle. */
export async function findWorkers(root: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for await (const path of new Bun.Glob("packages/*/src/**/*.ts").scan(root)) {
    if (path.endsWith(".test.ts")) continue;
    const text = await Bun.file(join(root, path)).text();
    for (const [, target = ""] of text.matchAll(OWN_FILE_URL)) found.add(join(root, dirname(path), `${target}.ts`));
  }
  return [...found].sort();
}

/**
 * Makes a worker's URL right inside the executable: bundling moves the file that names it, so the relative path no longer
 * leads to the worker, which stays where it was below the root and ends in `.js`.
 */
export function fixWorkerUrls(root: string): BunPlugin {
  return {
    name: "worker-urls",
    setup(build) {
      build.onLoad({ filter: /\/packages\/[^/]+\/src\/.*\.ts$/ }, async ({ path }) => {
        const text = await Bun.file(path).text();
        const contents = text.replace(OWN_FILE_URL, (_, target: string) => {
          const below = relative(root, join(dirname(path), target));
          return `new URL(${JSON.stringify(`${BUNDLED_ROOT}/${below}.js`)})`;
        });
        return { contents, loader: "ts" };
      });
    },
  };
}
