/**
 * One *Shown by*: a program that ends with 0 when it holds. It prints its seeds, and its figures as lines
 * `figure: NAME = VALUE`; both land in docs/results.md. It runs from the repository's root.
 */
export interface Proof {
  /** Issue and place in its list: `2.1`; a letter behind it where one *Shown by* takes several programs. */
  readonly id: string;
  readonly title: string;
  readonly command: readonly string[];
  /** After this long it hangs; it is killed and has failed. */
  readonly minutesMax: number;
}

/** Runs a program of the repository with Bun, deaf to `.env` and `bunfig.toml`. */
function bun(...args: readonly string[]): readonly string[] {
  return [process.execPath, "--no-env-file", "--config=/dev/null", ...args];
}

/** Every proof, in the order in which they run. Add yours here. */
export const PROOFS: readonly Proof[] = [
  {
    id: "2.1",
    title:
      "A fresh clone in a clean Debian root: npm start to a finished job, npm test green, as root and as a plain user",
    command: bun("tools/proof/fresh-debian/main.ts"),
    minutesMax: 90,
  },
];
