import { afterAll, expect, test } from "bun:test";
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

const env = () => ({ COOP_API: daemon.url });
const coop = (...args: string[]) => runCoop(args, { env: env() });
const HEN = "local.coop/sitter";

/** Its tool runs far longer than any test; the brain thinks for a moment, so that the turn is seen. */
const MANIFEST = `spec_version: coop/v1
name: sitter
brain: { provider: script, model: "file:sitter.script.yaml", provider_id: none }
tools: [bash]
network: { policy: off }
`;
const SCRIPT = `- text: I sit.
  delay_ms: 800
  tools: [{ name: bash, input: { command: sleep 300 } }]
- text: I am done.
`;

await Bun.write(join(folder, "sitter.yaml"), MANIFEST);
await Bun.write(join(folder, "sitter.script.yaml"), SCRIPT);
await coop("hen", "create", join(folder, "sitter.yaml"));
const hatched = await coop("hen", "hatch", HEN);
const hasWalls = hatched.exitCode !== 7;
if (!hasWalls) console.warn(`skipped, with everything that hatches a hen: ${hatched.stderr}`);

const submit = async () => (await coop("-q", "job", "run", HEN, "sit")).stdout.trim();
const jobOf = async (id: string) => JSON.parse((await coop("job", "get", id)).stdout);
const untilRunning = async (id: string) => {
  while ((await jobOf(id)).status !== "RUNNING") await Bun.sleep(50);
};

test("a job that is not there cannot be cancelled, and a farm is stopped and goes on", async () => {
  expect(await coop("job", "cancel", "nothing")).toMatchObject({ exitCode: 4, stdout: "[]\n" });
  expect(await coop("farm", "stop")).toMatchObject({
    exitCode: 0,
    stdout: '{\n  "cancelled": 0,\n  "stopped": true\n}\n',
  });
  expect(JSON.parse((await coop("farm")).stdout)).toMatchObject({ stopped: true });
  expect(await coop("farm", "resume")).toMatchObject({ exitCode: 0, stdout: '{\n  "stopped": false\n}\n' });
});

test.skipIf(!hasWalls)(
  "logs -f shows a call while it runs, and the end when the job is cancelled beside it; a second cancel is refused",
  async () => {
    const id = await submit();
    const following = startCoop(["job", "logs", "-f", "-o", "jsonl", id], { env: env() });
    let seen = "";
    let cancelled: Awaited<ReturnType<typeof coop>> | undefined;
    for await (const bytes of following.stdout) {
      seen += new TextDecoder().decode(bytes);
      if (cancelled === undefined && seen.includes('"kind":"tool.intent"')) cancelled = await coop("job", "cancel", id);
    }
    await following.exited;
    expect(following.exitCode).toBe(0);
    expect(cancelled).toMatchObject({ exitCode: 0, stderr: "" });
    expect(JSON.parse(cancelled?.stdout ?? "")).toMatchObject([{ id, status: "CANCELLED" }]);
    const last = JSON.parse(seen.trimEnd().split("\n").at(-1) ?? "");
    expect(last).toMatchObject({ kind: "settled", status: "CANCELLED" });
    expect(await coop("job", "cancel", id)).toMatchObject({ exitCode: 6, stdout: "[]\n" });
  },
  20_000,
);

test.skipIf(!hasWalls)(
  "on a terminal the line shows turn and tool, and Ctrl-C and y cancel the job",
  async () => {
    let step = 0;
    const { raw, text, exitCode } = await runCoopInTerminal(["job", "run", "--wait", HEN, "sit"], {
      env: env(),
      onText: (seen, press) => {
        if (step === 0 && seen.includes("RUNNING · turn 1 · bash")) {
          step = 1;
          press("\u0003");
        } else if (step === 1 && seen.includes("cancel the job? [y/N")) {
          step = 2;
          press("y\n");
        }
      },
    });
    expect(exitCode).toBe(11);
    expect(raw).toContain("RUNNING · turn 1 · thinking");
    expect(text).toMatch(/Error: job [0-9a-f-]{36} CANCELLED\n/);
  },
  20_000,
);

test.skipIf(!hasWalls)(
  "a stopped farm cancels what runs and keeps what waits; a hen that works sleeps, and goes, only by force",
  async () => {
    const first = await submit();
    await untilRunning(first);
    const second = await submit();
    expect((await coop("farm", "stop")).stdout).toContain('"cancelled": 1');
    expect([(await jobOf(first)).status, (await jobOf(second)).status]).toEqual(["CANCELLED", "QUEUED"]);
    await coop("farm", "resume");
    await untilRunning(second);
    expect(await coop("hen", "sleep", HEN)).toMatchObject({ exitCode: 6, stdout: "" });
    expect(await coop("hen", "sleep", HEN, "--force")).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await jobOf(second)).status).toBe("CANCELLED");
    const third = await submit();
    await untilRunning(third);
    expect(await coop("hen", "archive", HEN)).toMatchObject({ exitCode: 6, stdout: "" });
    expect(await coop("hen", "archive", HEN, "--force")).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await jobOf(third)).status).toBe("CANCELLED");
    expect(await coop("job", "run", HEN, "sit")).toMatchObject({ exitCode: 6, stdout: "" });
    expect(await coop("hen", "delete", HEN, "--force")).toMatchObject({ exitCode: 0, stderr: "" });
  },
  20_000,
);
