import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** A manifest of `examples/` with the files that it names, as the page offers it to begin with. */
export interface Example {
  /** Of its file, without the ending. */
  readonly name: string;
  readonly text: string;
  /** By the name that the manifest has for them. */
  readonly files: Readonly<Record<string, string>>;
}

/** Every manifest of `examples/`, by name. @throws Error for one that names a file that is not there */
export async function readExamples(root: string): Promise<readonly Example[]> {
  const folder = join(root, "examples");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await Bun.file(join(folder, name)).text();
      const paths = [...text.matchAll(/^\s*model: file:(\S+)/gm)].map(([, path = ""]) => path);
      const files = await Promise.all(paths.map(async (path) => [path, await Bun.file(join(folder, path)).text()]));
      return { name: name.replace(/\.yaml$/, ""), text, files: Object.fromEntries(files) as Record<string, string> };
    }),
  );
}
