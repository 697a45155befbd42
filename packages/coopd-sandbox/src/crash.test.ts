import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { openSandbox } from "./open-sandbox.ts";
import { henId, makeFolder, TEST_LOG } from "./testing/test-sandbox.ts";

setDefaultTimeout(60_000);

/** A daemon of its own, which says `ready` when its hen's process runs. */
const DAEMON = `
import { openSandbox } from ${JSON.stringify(`${import.meta.dir}/open-sandbox.ts`)};
const quiet = () => undefined;
const [, , dataDir, mark] = process.argv;
const log = { debug: quiet, info: quiet, warn: quiet, error: console.error };
const sandbox = await openSandbox({ dataDir, disabled: false, log });
const pen = await sandbox.openPen({ henId: "local.coop/aria", uid: sandbox.uidRange?.base });
const script = \`(setsid sleep \${mark} &) ; touch running; sleep \${mark}\`;
await sandbox.confine(pen, { argv: ["bash", "-c", script], timeoutMs: 60000, signal: new AbortController().signal, outputBytesMax: 100 });
`;

function isRunning(mark: string): boolean {
  return readdirSync("/proc").some((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, "utf8").startsWith(`sleep\0${mark}`);
    } catch {
      return false; // it ended while we looked
    }
  });
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await Bun.sleep(10);
}

test("a daemon killed with -9 takes its hens' processes with it, and the next one clears what it left", async () => {
  const dataDir = makeFolder("coop-crash-");
  const mark = `74${process.pid}`;
  const program = `${dataDir}/daemon.ts`;
  writeFileSync(program, DAEMON);
  const daemon = Bun.spawn([process.execPath, "--no-env-file", "--config=/dev/null", program, dataDir, mark], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await until(() => existsSync(`${dataDir}/workdirs/local-coop__aria/running`));
  await until(() => isRunning(mark));
  daemon.kill("SIGKILL");
  await daemon.exited;
  await until(() => !isRunning(mark)); // the test's own deadline bounds this
  const scratch = readFileSync(`${dataDir}/sandbox/scratch`, "utf8");
  expect(existsSync(scratch)).toBe(true);

  const sandbox = await openSandbox({ dataDir, disabled: false, log: TEST_LOG });
  expect(existsSync(scratch)).toBe(false);
  const pen = await sandbox.openPen({ henId: henId("aria"), uid: sandbox.uidRange?.base });
  const exit = await sandbox.confine(pen, {
    argv: ["ls"],
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    outputBytesMax: 100,
  });
  expect(exit.stdout.text).toBe("running\n");
  await sandbox.close();
  expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(pen.bindSource);
  rmSync(dataDir, { recursive: true });
});
