import type { Tree } from "./tree/tree.ts";

/** One thing that a rule objects to. */
export interface Finding {
  /** From the repository's root, with `/`. */
  readonly path: string;
  /** From 1; 1 too where the finding is about the whole file. */
  readonly line: number;
  readonly message: string;
  /** What to do about it, as one imperative clause. */
  readonly fix: string;
}

/** One subject that tidy judges. A rule reads the tree and nothing else. */
export interface Rule {
  readonly name: string;
  readonly check: (tree: Tree) => readonly Finding[];
}

/** `path:line rule message — fix`, as editors and people read it. */
export function toLine(rule: string, finding: Finding): string {
  return `${finding.path}:${finding.line} ${rule} ${finding.message} — ${finding.fix}`;
}
