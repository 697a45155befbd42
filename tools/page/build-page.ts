import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { readExamples } from "./read-examples.ts";
import { hashSources, PAGE_DIST, writeStamp } from "./source-hash.ts";

const ENTRIES = {
  script: "packages/farm-ui/src/app/main.tsx",
  style: "packages/farm-ui/src/style/index.css",
  loginStyle: "packages/farm-ui/src/style/login.css",
};
const ICON = "packages/farm-ui/src/style/icon.svg";

const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** What a build came to. */
export interface PageBuild {
  /** Script that the browser loads before the first screen stands, gzipped. */
  readonly firstLoadBytes: number;
}

interface BuiltFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly isEntry: boolean;
  /** Names of files that it imports at once. */
  readonly imports: readonly string[];
  readonly source: string;
}

/**
 * Builds the page: hashed files, each also compressed, and `page-table.js`, which names them and which the daemon imports;
 * bundling the daemon takes them along. Files are put in place whole, so that a daemon that runs is not disturbed.
 * @throws Error with the bundler's messages
 */
export async function buildPage(root: string): Promise<PageBuild> {
  const hash = await hashSources(root);
  const files = await bundle(root);
  const folder = join(root, PAGE_DIST);
  await mkdir(folder, { recursive: true });
  for (const { name, bytes } of files) {
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    await writeWhole(folder, name, bytes);
    await writeWhole(folder, `${name}.gz`, gzipSync(bytes, { level: 9 }));
    await writeWhole(folder, `${name}.br`, brotli);
  }
  await writeWhole(folder, "page-table.js", new TextEncoder().encode(tableText(files)));
  await writeStamp(root, hash);
  await removeOld(folder, new Set(files.flatMap(({ name }) => [name, `${name}.gz`, `${name}.br`])));
  const first = [entryOf(files, ENTRIES.script), ...preloadsOf(files).map((name) => fileOf(files, name))];
  return { firstLoadBytes: first.reduce((sum, { bytes }) => sum + gzipSync(bytes, { level: 9 }).length, 0) };
}

/** Every source file of which something is in the page, as paths below `root`. @throws Error with the bundler's messages */
export async function listPageInputs(root: string): Promise<readonly string[]> {
  return Object.keys((await runBundler(root)).metafile?.inputs ?? {});
}

async function runBundler(root: string): Promise<Bun.BuildOutput> {
  const built = await Bun.build({
    entrypoints: Object.values(ENTRIES).map((path) => join(root, path)),
    target: "browser",
    format: "esm",
    splitting: true,
    minify: true,
    metafile: true,
    publicPath: "/assets/",
    naming: { entry: "[name]-[hash].[ext]", chunk: "[name]-[hash].[ext]", asset: "[name]-[hash].[ext]" },
    define: {
      "process.env.NODE_ENV": '"production"',
      COOP_EXAMPLES: JSON.stringify(JSON.stringify(await readExamples(root))),
    },
  });
  if (!built.success) throw new Error(built.logs.join("\n"));
  return built;
}

async function bundle(root: string): Promise<readonly BuiltFile[]> {
  const built = await runBundler(root);
  const outputs = built.metafile?.outputs ?? {};
  const files = await Promise.all(
    built.outputs.map(async (output): Promise<BuiltFile> => {
      const name = basename(output.path);
      const told = Object.entries(outputs).find(([path]) => basename(path) === name)?.[1];
      const imports = (told?.imports ?? []).filter(({ kind }) => kind === "import-statement");
      return {
        name,
        bytes: new Uint8Array(await output.arrayBuffer()),
        isEntry: output.kind === "entry-point",
        imports: imports.map(({ path }) => basename(path)),
        source: told?.entryPoint ?? "",
      };
    }),
  );
  const icon = new Uint8Array(await Bun.file(join(root, ICON)).arrayBuffer());
  return [...files, { name: `icon-${hashOf(icon)}.svg`, bytes: icon, isEntry: true, imports: [], source: ICON }];
}

function entryOf(files: readonly BuiltFile[], source: string): BuiltFile {
  const found = files.find((file) => file.source.endsWith(source));
  if (found === undefined) throw new Error(`the bundler made nothing of ${source}`);
  return found;
}

function fileOf(files: readonly BuiltFile[], name: string): BuiltFile {
  const found = files.find((file) => file.name === name);
  if (found === undefined) throw new Error(`${name} is imported and was not built`);
  return found;
}

/** Everything that the entry imports at once, and what that imports. */
function preloadsOf(files: readonly BuiltFile[]): readonly string[] {
  const found = new Set<string>();
  const visit = (file: BuiltFile) => {
    for (const name of file.imports) {
      if (found.has(name)) continue;
      found.add(name);
      visit(fileOf(files, name));
    }
  };
  visit(entryOf(files, ENTRIES.script));
  return [...found].sort();
}

function tableText(files: readonly BuiltFile[]): string {
  const lines: string[] = [];
  const rows = files.map(({ name, bytes }, at) => {
    const form = (key: string, ending: string) => {
      lines.push(`import ${key}${at} from "./${name}${ending}" with { type: "file" };`);
      return `${key}${at}`;
    };
    const forms = `{ identity: ${form("i", "")}, gzip: ${form("g", ".gz")}, br: ${form("b", ".br")} }`;
    const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    return `    ${JSON.stringify(name)}: { type: ${JSON.stringify(type)}, hash: "${hashOf(bytes)}", forms: ${forms} },`;
  });
  const named = Object.entries({ ...ENTRIES, icon: ICON }).map(
    ([key, source]) => `  ${key}: ${JSON.stringify(entryOf(files, source).name)},`,
  );
  const preloads = `  preloads: ${JSON.stringify(preloadsOf(files))},`;
  return [...lines, "export const PAGE = {", ...named, preloads, "  assets: {", ...rows, "  },", "};", ""].join("\n");
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

async function writeWhole(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const half = join(folder, `.${name}.${process.pid}`);
  await Bun.write(half, bytes);
  await rename(half, join(folder, name));
}

/** Daemons that were started before this build go on with theirs; an hour is longer than any test. */
const KEEP_OLD_MS = 3_600_000;

async function removeOld(folder: string, kept: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) {
    if (kept.has(name) || !/-[0-9a-z]{8,16}\.(?:js|css|svg)(?:\.gz|\.br)?$/.test(name)) continue;
    const path = join(folder, name);
    if (Date.now() - (await stat(path)).mtimeMs > KEEP_OLD_MS) await rm(path, { force: true });
  }
}
