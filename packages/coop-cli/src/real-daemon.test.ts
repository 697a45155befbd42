import { afterAll, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRealDaemon } from "./testing/real-daemon.ts";
import { runCoop, runCoopInTerminal, startCoop } from "./testing/run-coop.ts";

const daemon = await openRealDaemon();
const folder = await mkdtemp(join(tmpdir(), "coop-cli-"));
afterAll(async () => {
  await daemon.close();
  await rm(folder, { recursive: true });
});

const DEMO = join(import.meta.dir, "../../../examples/demo.yaml");
const coop = (...args: string[]) => runCoop(args, { env: { COOP_API: daemon.url } });

/** A hen that works for some seconds, to have time to break things. */
const SLOW = `spec_version: coop/v1
name: slow
brain: { provider: script, model: "file:slow.script.yaml", provider_id: none }
tools: [bash]
network: { policy: off }
`;
const SLOW_SCRIPT = `- text: I begin.
  delay_ms: 1000
  tools: [{ name: bash, input: { command: echo one } }]
- text: I go on.
  delay_ms: 1000
  tools: [{ name: bash, input: { command: echo two } }]
- text: I am done.
`;

const created = await coop("hen", "create", DEMO);
const hatched = await coop("hen", "hatch", "local.coop/demo");
const hasWalls = hatched.exitCode !== 7;
if (!hasWalls) console.warn(`skipped, with everything that hatches a hen: ${hatched.stderr}`);

test("the daemon's own words arrive: an unknown hen, a hen that is there already, faults of a manifest", async () => {
  expect(created).toEqual({ stdout: '"local.coop/demo"\n', stderr: "", exitCode: 0 });
  expect((await coop("hen", "create", DEMO)).exitCode).toBe(6);
  expect(await coop("hen", "get", "local.coop/nobody")).toMatchObject({ exitCode: 4, stdout: "" });
  expect(await coop("job", "get", "nothing")).toMatchObject({ exitCode: 4, stdout: "" });
  expect(await coop("hen", "list", "--state", "SLEEPING")).toEqual({ stdout: "[]\n", stderr: "", exitCode: 0 });
  const bad = await runCoop(["hen", "create", "-"], { stdin: "name: x\nbrian: 1\n", env: { COOP_API: daemon.url } });
  expect(bad).toMatchObject({ exitCode: 2, stdout: "" });
  expect(bad.stderr).toContain('2:1 brian: unknown key; did you mean "brain"?');
});

test.skipIf(!hasWalls)(
  "create, hatch, job run --wait, with watch beside: the events in the order of the contract",
  async () => {
    expect(hatched).toEqual({ stdout: '{\n  "ok": true\n}\n', stderr: "", exitCode: 0 });
    const watching = startCoop(["watch", "--since", "0"], { env: { COOP_API: daemon.url } });
    const { stdout, stderr, exitCode } = await coop("job", "run", "local.coop/demo", "look around", "--wait");
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    const job = JSON.parse(stdout);
    expect(job).toMatchObject({ status: "DONE", hen_id: "local.coop/demo", prompt: "look around" });
    expect(job.result).toContain("report.md");
    let seen = "";
    for await (const bytes of watching.stdout) {
      seen += new TextDecoder().decode(bytes);
      if (seen.includes('"from":"WORKING","to":"IDLE"')) break;
    }
    watching.kill("SIGINT");
    await watching.exited;
    expect(watching.exitCode).toBe(130);
    const events = seen
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter((event) => "seq" in event); // how far a job is comes as it comes
    expect(events.map((event) => [event.type, event.to ?? event.status ?? ""].join(" ").trim())).toEqual([
      "hen_created",
      "hen_state_changed HATCHING",
      "hen_state_changed IDLE",
      "job_submitted",
      "hen_state_changed WORKING",
      "job_status_changed RUNNING",
      "job_status_changed DONE",
      "memory_recorded",
      "hen_state_changed IDLE",
    ]);
    expect(seen).toStartWith('{"type":"hen_created","id":"local.coop/demo"');
    expect((await coop("hen", "memory", "local.coop/demo")).stdout).toContain(job.id);
  },
);

test.skipIf(!hasWalls)("the story of that job is told on a terminal, tools and all", async () => {
  const { stdout } = await coop("job", "list", "-q");
  const { text, exitCode } = await runCoopInTerminal(["job", "logs", stdout.trim()], { env: { COOP_API: daemon.url } });
  expect(exitCode).toBe(0);
  for (const part of [
    "» look around\n",
    "turn 1 ",
    "▸ bash\n",
    "▸ file_write\n",
    "▸ file_read report.md\n",
    "\nDONE\n",
  ]) {
    expect(text).toContain(part);
  }
});

test.skipIf(!hasWalls)(
  "wait and logs -f go on over kill -9 and a new start, and so does the job",
  async () => {
    await Bun.write(join(folder, "slow.yaml"), SLOW);
    await Bun.write(join(folder, "slow.script.yaml"), SLOW_SCRIPT);
    expect((await coop("hen", "create", join(folder, "slow.yaml"))).exitCode).toBe(0);
    expect((await coop("hen", "hatch", "local.coop/slow")).exitCode).toBe(0);
    const id = (await coop("-q", "job", "run", "local.coop/slow", "count")).stdout.trim();
    const following = startCoop(["job", "logs", "-f", "-o", "jsonl", id], { env: { COOP_API: daemon.url } });
    const waiting = coop("job", "wait", id);
    let entries = "";
    let wasKilled = false;
    for await (const bytes of following.stdout) {
      entries += new TextDecoder().decode(bytes);
      if (wasKilled || !entries.includes('"kind":"tool.result"')) continue;
      wasKilled = true;
      await daemon.kill();
      await daemon.start();
    }
    await following.exited;
    expect(following.exitCode).toBe(0);
    const { stdout, exitCode } = await waiting;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: "DONE", result: "I am done." });
    const results = entries
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter(({ kind }) => kind === "tool.result");
    expect(results.map(({ content }) => JSON.parse(content).stdout)).toEqual(["one\n", "two\n"]);
  },
  30_000,
);

test.skipIf(!hasWalls)("a hen's files are listed, printed, saved whole, and refused with the reason", async () => {
  const nothing = await coop("hen", "files", "get", "local.coop/demo", "gone.txt");
  expect(nothing).toMatchObject({ exitCode: 4, stdout: "" });
  expect(nothing.stderr).toContain('"gone.txt": no such file or directory');
  const whole = await coop("hen", "files", "get", "local.coop/demo", "", "--to", join(folder, "folder"));
  expect(whole).toMatchObject({ exitCode: 7, stdout: "" });
  expect(whole.stderr).toContain('"": it is a folder\n  next: coop hen files ls');
  expect(readdirSync(folder).filter((name) => name.startsWith("folder"))).toEqual([]);
  await coop("job", "run", "local.coop/demo", "survey", "--wait");
  const listed = JSON.parse((await coop("hen", "files", "ls", "local.coop/demo")).stdout) as { name: string }[];
  expect(listed.map(({ name }) => name)).toContain("report.md");
  const printed = await coop("hen", "files", "get", "local.coop/demo", "report.md");
  const to = join(folder, "saved.md");
  expect(await coop("hen", "files", "get", "local.coop/demo", "report.md", "--to", to)).toMatchObject({ exitCode: 0 });
  expect(await Bun.file(to).text()).toBe(printed.stdout);
  expect(printed.stdout.length).toBeGreaterThan(10);
  expect((await coop("hen", "files", "get", "local.coop/demo", "report.md", "--to", "/nowhere/x")).exitCode).toBe(2);
});
