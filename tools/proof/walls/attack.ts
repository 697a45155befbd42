// Issue 4, *Shown by* 1: `coop doctor --attack` as root and as a plain user. Ends with 1 when an attempt got out, when one
// was not run, or when there were fewer than 60.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const ROOT = process.cwd();
const ATTEMPTS_MIN = 60;
/** An account that no Debian gives to anybody; it needs no entry in /etc/passwd. */
const PLAIN_UID = "64123";

const attack = [process.execPath, "--no-env-file", "--config=/dev/null", join(ROOT, "packages/coop-cli/src/main.ts")];
const visitors: readonly (readonly [string, readonly string[]])[] = [
  ["root", []],
  ["plain user", ["setpriv", `--reuid=${PLAIN_UID}`, `--regid=${PLAIN_UID}`, "--clear-groups", "--"]],
];

if (process.getuid?.() !== 0) {
  console.error("this proof plays two accounts: run it as root");
  process.exit(1);
}
if (!existsSync("/usr/bin/bwrap")) {
  console.error("bubblewrap is missing: apt-get install bubblewrap");
  process.exit(1);
}
for (const [name, become] of visitors) {
  const [program = "", ...args] = [...become, ...attack, "doctor", "--attack", "-o", "json"];
  const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8", cwd: "/", maxBuffer: 2 ** 26 });
  const report = read(stdout);
  console.log(`figure: ${name}, held / breached / not run = ${report.held} / ${report.breached} / ${report.not_run}`);
  const isHeld = report.held >= ATTEMPTS_MIN && report.breached === 0 && report.not_run === 0;
  console.log(`${isHeld ? "ok    " : "FAILED"} ${name}: nothing got out`);
  if (isHeld) continue;
  process.exitCode = 1;
  console.log(stderr);
  for (const attempt of report.attempts) if (attempt.outcome !== "held") console.log(JSON.stringify(attempt));
}

interface Report {
  readonly held: number;
  readonly breached: number;
  readonly not_run: number;
  readonly attempts: readonly { readonly outcome: string }[];
}

function read(stdout: string): Report {
  try {
    return JSON.parse(stdout);
  } catch {
    return { held: 0, breached: 0, not_run: 0, attempts: [] };
  }
}
