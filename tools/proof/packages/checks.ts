/** Counts what failed of a proof and prints every check. */
export interface Checks {
  readonly failures: number;
  /** @param detail what was found; shown beside the check */
  check(what: string, holds: boolean, detail?: string): void;
  figure(name: string, value: string): void;
}

export function openChecks(): Checks {
  let failures = 0;
  return {
    get failures() {
      return failures;
    },
    check(what, holds, detail = "") {
      if (!holds) failures += 1;
      console.log(`${holds ? "ok    " : "FAILED"} ${what}${detail === "" ? "" : ` (${detail.trim()})`}`);
    },
    figure: (name, value) => console.log(`figure: ${name} = ${value}`),
  };
}
