/** One row of `npm test`: a program that answers with its exit code, or a set of `bun test` files. */
export type Suite =
  | { readonly kind: "program"; readonly name: string; readonly command: readonly string[] }
  | { readonly kind: "tests"; readonly name: string; readonly paths: readonly string[] };

/** A test that did not run, and where it stands. */
export interface SkippedTest {
  readonly name: string;
  /** `path:line`. */
  readonly place: string;
}

/** What came of one suite. A program counts as one test. */
export interface SuiteResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly SkippedTest[];
  readonly seconds: number;
  /** Everything it printed, errors and results in their order. */
  readonly output: string;
}
