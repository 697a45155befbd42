import { lineAt, type Tree } from "../tree/tree.ts";

/** One place where a pattern was found. */
export interface TextHit {
  readonly path: string;
  readonly line: number;
  readonly found: string;
}

/** Every match of `pattern` (with flag `g`) in the text files that `accepts` lets through. */
export function searchText(
  tree: Tree,
  pattern: RegExp,
  accepts: (path: string) => boolean = () => true,
): readonly TextHit[] {
  return [...tree.files.values()]
    .filter(({ path }) => accepts(path))
    .flatMap(({ path, text }) =>
      [...(text ?? "").matchAll(pattern)].map((match) => ({
        path,
        line: lineAt(text ?? "", match.index),
        found: match[0],
      })),
    );
}
