import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCoop } from "../testing/run-coop.ts";

const folder = mkdtempSync(join(tmpdir(), "coop-demo-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const hasBwrap = Bun.which("bwrap") !== null;
if (!hasBwrap) console.warn("skipped: without bubblewrap no hen hatches, so there is no demo");

function start(...args: readonly string[]) {
  const env = { HOME: folder, TMPDIR: folder, NO_COLOR: "1" };
  const child = startCoop(["demo", ...args], { env, cwd: folder });
  let output = "";
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const bytes of child.stdout) output += decoder.decode(bytes, { stream: true });
  })();
  const waitFor = async (text: string) => {
    while (!output.includes(text) && child.exitCode === null) await Bun.sleep(10);
    expect(output).toContain(text);
  };
  const end = async () => {
    await child.exited;
    await reading;
    return { exitCode: child.exitCode, output, stderr: await child.stderr.text() };
  };
  return { child, waitFor, end };
}

test("a folder that cannot be made is refused", async () => {
  writeFileSync(join(folder, "file"), "");
  const { exitCode, stderr } = await start("file/farm").end();
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("file/farm")]);
}, 30_000);

test.skipIf(!hasBwrap)(
  "without a folder the farm does a job, lets a browser in once, and is gone with Ctrl-C",
  async () => {
    const demo = start();
    await demo.waitFor("Ctrl-C stops the farm, and it is gone then");
    const [farm = ""] = readdirSync(folder).filter((name) => name.startsWith("coop-demo-"));
    expect(farm).not.toBe("");
    demo.child.kill("SIGINT");
    const { exitCode, output } = await demo.end();
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^job \S+: DONE after \d+ turns$/m);
    expect(output).toMatch(/^Open the farm's page: http:\/\/127\.0\.0\.1:\d+\/\S+$/m);
    expect(output).toContain(`COOP_DATA_DIR=${join(folder, farm)} coop `);
    expect(output).toContain("The farm has stopped");
    expect(existsSync(join(folder, farm))).toBe(false);
  },
  60_000,
);

test.skipIf(!hasBwrap)(
  "with a folder it stays, and goes on",
  async () => {
    const first = start("my farm");
    await first.waitFor("coop demo 'my farm' goes on with it");
    first.child.kill("SIGTERM");
    const before = await first.end();
    const second = start("my farm");
    await second.waitFor("goes on with it");
    second.child.kill("SIGINT");
    const after = await second.end();
    const job = /^job (\S+): DONE/m;
    expect(job.exec(after.output)?.[1]).toBe(job.exec(before.output)?.[1] ?? "none");
  },
  60_000,
);
