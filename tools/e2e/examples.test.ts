import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FROM_SOURCE, ROOT, type RunningDaemon, runCoop, startDaemon } from "./programs.ts";

// Every file of examples/, as a user tries it: checked, created, hatched; those that need no key do a job.
const folder = mkdtempSync(join(tmpdir(), "coop-examples-"));
/** Nothing below /tmp is shown to a hen, which has one of its own. */
const agent = mkdtempSync("/var/tmp/coop-agent-");
const examples = join(folder, "examples");
let daemon: RunningDaemon;

beforeAll(async () => {
  cpSync(join(ROOT, "examples"), examples, { recursive: true });
  daemon = await startDaemon(FROM_SOURCE, join(folder, "data"));
}, 60_000);

afterAll(async () => {
  await daemon.stop();
  for (const path of [folder, agent]) rmSync(path, { recursive: true, force: true });
});

const coop = (...args: readonly string[]) => runCoop(FROM_SOURCE, daemon.url, ...args);
const names = readdirSync(join(ROOT, "examples"))
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.replace(".yaml", ""));

async function finished(hen: string, prompt: string, ...options: readonly string[]) {
  const { stdout, stderr } = await coop("-q", "job", "run", `local.coop/${hen}`, "--wait", ...options, "--", prompt);
  return stdout + stderr;
}

for (const name of names) {
  const file = join(examples, `${name}.yaml`);
  test(`${name}.yaml is sound, and a hen is made of it`, async () => {
    expect(await coop("validate", file)).toEqual({ exitCode: 0, stdout: `${file}: ok\n`, stderr: "" });
    expect(await coop("-q", "hen", "create", file)).toEqual({
      exitCode: 0,
      stdout: `local.coop/${name}\n`,
      stderr: "",
    });
  }, 60_000);
  if (name === "claude-code") continue;
  test(`${name} is hatched`, async () => {
    expect((await coop("hen", "hatch", `local.coop/${name}`)).exitCode).toBe(0);
  }, 60_000);
}

test("claude-code hatches only when its program is where its manifest shows it", async () => {
  const file = join(examples, "claude-code.yaml");
  const hatch = async () => {
    const { exitCode, stderr } = await coop("hen", "hatch", "local.coop/claude-code");
    return [exitCode, stderr.split("\n")[0]];
  };
  expect(await hatch()).toEqual([7, 'Error: sandbox.read names "/opt/claude", which is not there']);
  const bin = join(agent, "bin");
  mkdirSync(bin, { recursive: true });
  for (const path of [agent, bin]) chmodSync(path, 0o755);
  writeFileSync(file, readFileSync(file, "utf8").replace("/opt/claude", agent));
  expect((await coop("hen", "apply", file)).exitCode).toBe(0);
  expect(await hatch()).toEqual([7, expect.stringContaining("runs `claude`, and there is no such program inside")]);
  writeFileSync(join(bin, "claude"), "#!/bin/sh\nexec sleep 60\n", { mode: 0o755 });
  chmodSync(join(bin, "claude"), 0o755);
  expect((await hatch())[0]).toBe(0);
}, 60_000);

test("demo and script do their jobs; the script counts its runs", async () => {
  expect(await finished("demo", "look around")).toContain("The report is in report.md");
  expect(await finished("script", "disk")).toContain("Asked for disk: noted, runs so far: 1");
  expect(await finished("script", "disk")).toContain("runs so far: 2");
}, 60_000);

test("a lease of lease.yaml takes a report, without the shell, and refuses what it denies", async () => {
  expect((await coop("hen", "lease", "local.coop/lease", "beth", "lease-1")).exitCode).toBe(0);
  const lease = ["--lease", "lease-1"];
  expect(await finished("lease", "a payroll report", ...lease)).toContain("topic filter");
  expect(await finished("lease", "the harvest", ...lease)).toContain("topic filter");
  expect(await finished("lease", "a report", ...lease)).toContain('tool "bash" is not granted');
  expect((await coop("hen", "release", "local.coop/lease")).exitCode).toBe(0);
}, 60_000);

test("manager.yaml may hand on to worker.yaml: with scripts in place of their models it does", async () => {
  for (const [name, model] of [
    ["manager", "prompt"],
    ["worker", "echo"],
  ] as const) {
    const file = join(examples, `${name}.yaml`);
    const brain = `brain: { provider: script, provider_id: none, model: ${model} }\n`;
    writeFileSync(file, readFileSync(file, "utf8").replace(/^brain:\n(?: .*\n)+/m, brain));
    expect((await coop("hen", "apply", file)).exitCode).toBe(0);
  }
  const handOn = [{ name: "delegate", input: { hen: "local.coop/worker", prompt: "count" } }];
  const script = [{ tools: handOn }, { text: "{{last_result.status}}: {{last_result.output}}" }];
  expect(await finished("manager", JSON.stringify(script))).toContain("Done: ");
}, 60_000);

test("what needs a key waits for it, and says so", async () => {
  const { stdout } = await coop("hen", "get", "local.coop/aria");
  expect(JSON.parse(stdout)).toMatchObject({ state: "IDLE", needs: "vault" });
}, 60_000);
