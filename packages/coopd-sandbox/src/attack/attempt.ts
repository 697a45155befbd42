import type { Pen } from "../pen/pen.ts";
import type { Decoys } from "./decoys.ts";

/** What is attacked, in the order of the report (walls.md, Honesty). */
export const ATTACK_AREAS = [
  "file reads",
  "file writes",
  "links",
  "environment",
  "processes",
  "limits",
  "network",
  "terminal",
  "kernel surface",
] as const;
export type AttackArea = (typeof ATTACK_AREAS)[number];

/** One try to get out. */
export interface Attempt {
  readonly area: AttackArea;
  /** What is tried, as the farmer reads it. */
  readonly title: string;
  /**
   * A bash script run inside. It breaches when it prints `BREACH` or any of the decoys' secrets. A script that needs a
   * program which is not inside ends with `NEEDS name`, and is told as not run.
   */
  readonly script: string;
  /** Looks from outside whether it worked, after the script. */
  readonly breached?: (decoys: Decoys, pen: Pen, output: string) => boolean | Promise<boolean>;
  /** Seconds after which the script is killed, which is then no fault; 10 when absent. */
  readonly seconds?: number;
}

/** Attempts of one area. */
export const attempts = (area: AttackArea, rows: readonly Omit<Attempt, "area">[]): Attempt[] =>
  rows.map((row) => ({ area, ...row }));
