import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname } from "node:path";

/** What came of one run of one proof. */
export interface ProofRecord {
  readonly id: string;
  readonly title: string;
  readonly held: boolean;
  /** `NAME = VALUE`, as the program printed them. */
  readonly figures: readonly string[];
  readonly seconds: number;
  /** When it ended, RFC 3339. */
  readonly at: string;
  /** Short commit id, with `+` behind it when the tree had changes. */
  readonly commit: string;
  readonly machine: string;
}

/** Every run ever recorded, oldest first. A damaged file is an error, not an empty history. */
export function readRecords(path: string): readonly ProofRecord[] {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : [];
}

/** Appends one run; the file is whole at every moment. */
export function appendRecord(path: string, record: ProofRecord): void {
  mkdirSync(dirname(path), { recursive: true });
  const all = [...readRecords(path), record];
  writeFileSync(`${path}.new`, `${JSON.stringify(all, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** The commit that is proved. */
export function describeCommit(root: string): string {
  const git = (...args: readonly string[]): string =>
    Bun.spawnSync(["git", "-c", "safe.directory=*", ...args], { cwd: root, stderr: "ignore" })
      .stdout.toString()
      .trim();
  const commit = git("rev-parse", "--short=10", "HEAD");
  if (commit === "") return "unknown";
  return git("status", "--porcelain", "--untracked-files=no") === "" ? commit : `${commit}+`;
}

/** Processor and number of cores; no host name. */
export function describeMachine(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model.trim() ?? "unknown processor"}`;
}
