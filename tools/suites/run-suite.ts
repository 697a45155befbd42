import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toSuiteEnvironment } from "./environment.ts";
import { parseJunit } from "./junit.ts";
import type { Suite, SuiteResult } from "./suite.ts";

/** Seconds for one suite. All of `npm test` must fit 25 minutes; a suite that needs a third of them hangs. */
const SUITE_SECS_MAX = 480;
/** Milliseconds for one test, unless it says otherwise: real processes on a busy two-core machine. */
const TEST_MS_MAX = 30_000;
/** Without the flags Bun would load `.env` and `bunfig.toml` of the folder it is started in. */
const BUN = [process.execPath, "--no-env-file", "--config=/dev/null"];

/** Runs one suite to its end, or kills its whole process group at the deadline, which fails it. */
export async function runSuite(root: string, suite: Suite): Promise<SuiteResult> {
  if (suite.kind === "program") {
    const { exitCode, seconds, output } = await runProgram(root, suite.command);
    return { name: suite.name, ...(exitCode === 0 ? PASSED : FAILED), skipped: [], seconds, output };
  }
  const folder = await mkdtemp(join(tmpdir(), "coop-suite-"));
  try {
    const report = join(folder, "report.xml");
    const flags = ["test", `--timeout=${TEST_MS_MAX}`, "--reporter=junit", `--reporter-outfile=${report}`];
    const { exitCode, seconds, output } = await runProgram(root, [...BUN, ...flags, ...suite.paths]);
    const counts = parseJunit(await readFile(report, "utf8").catch(() => ""));
    if (counts === undefined) return { name: suite.name, ...FAILED, skipped: [], seconds, output };
    const passed = counts.tests - counts.failed - counts.skipped.length;
    // A file that does not load fails the run without failing a test.
    const failed = exitCode === 0 ? 0 : Math.max(1, counts.failed);
    return { name: suite.name, passed, failed, skipped: counts.skipped, seconds, output };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const PASSED = { passed: 1, failed: 0 };
const FAILED = { passed: 0, failed: 1 };

async function runProgram(root: string, command: readonly string[]) {
  const startedAt = performance.now();
  const child = Bun.spawn([...command], {
    cwd: root,
    env: toSuiteEnvironment(process.env),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    detached: true, // its own process group, so that the deadline reaches whatever it started
  });
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    process.kill(-child.pid, "SIGKILL");
  }, SUITE_SECS_MAX * 1000);
  const chunks: string[] = [];
  await Promise.all([collect(child.stdout, chunks), collect(child.stderr, chunks)]);
  const exitCode = await child.exited;
  clearTimeout(deadline);
  if (isLate) chunks.push(`\nkilled after ${SUITE_SECS_MAX} s\n`);
  return { exitCode, seconds: (performance.now() - startedAt) / 1000, output: chunks.join("") };
}

async function collect(stream: ReadableStream<Uint8Array>, chunks: string[]): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of stream) chunks.push(decoder.decode(bytes, { stream: true }));
}
