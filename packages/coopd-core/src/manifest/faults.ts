import { CoopError } from "../errors/coop-error.ts";

/** A place in the text: both count from 1; a column is a UTF-16 unit, as editors and language servers count. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One thing wrong with a manifest, or, as a warning, one thing that will not do what it says. */
export interface ManifestFault extends Place {
  /** As in `brain.fallbacks[0].model`; empty for the document as a whole. */
  readonly path: string;
  /** Reads behind the path: `is empty`, `unknown key`. */
  readonly message: string;
  /** The form that is right here. */
  readonly expected?: string;
  /** What was most likely meant. */
  readonly nearest?: string;
}

/** Nobody reads more at once, and a hostile text must not make an answer larger than itself. */
export const FAULTS_MAX = 100;

/** Gathers faults; beyond {@link FAULTS_MAX} it only counts on, and `isFull` tells a reader to stop. */
export interface FaultList {
  add(fault: ManifestFault): void;
  readonly isFull: boolean;
  readonly count: number;
  /** In the order of the text. */
  sorted(): readonly ManifestFault[];
}

/** An empty list; it keeps the first of its limit and counts the rest. */
export function createFaultList(): FaultList {
  const faults: ManifestFault[] = [];
  let count = 0;
  return {
    add(fault) {
      count += 1;
      if (faults.length < FAULTS_MAX) faults.push(fault);
    },
    get isFull() {
      return faults.length >= FAULTS_MAX;
    },
    get count() {
      return count;
    },
    sorted: () => faults.toSorted((a, b) => a.line - b.line || a.column - b.column),
  };
}

/** One line for people: `4:3 brain.modle: unknown key; expected one of …; did you mean "model"?` */
export function describeFault(fault: ManifestFault): string {
  const path = fault.path === "" ? "" : ` ${fault.path}:`;
  const expected = fault.expected === undefined ? "" : `; expected ${fault.expected}`;
  const nearest = fault.nearest === undefined ? "" : `; did you mean ${JSON.stringify(fault.nearest)}?`;
  return `${fault.line}:${fault.column}${path} ${fault.message}${expected}${nearest}`;
}

/** `manifest_invalid` with every fault in its message, a line each, and in `details.faults`. */
export function toManifestError(list: FaultList): CoopError {
  const faults = list.sorted();
  const [first] = faults;
  const lines = faults.map(describeFault);
  const count = list.isFull ? `${FAULTS_MAX} faults or more` : `${faults.length} faults`;
  const message = lines.length === 1 ? lines[0] : `${count}\n  ${lines.join("\n  ")}`;
  const isSlip = faults.length === 1 && first?.nearest !== undefined;
  return new CoopError("manifest_invalid", `invalid manifest: ${message}`, {
    next: isSlip
      ? `Write ${JSON.stringify(first.nearest)} in line ${first.line}.`
      : "Fix the lines named here, then check the file: coop validate FILE",
    details: { faults },
  });
}
