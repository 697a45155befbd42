import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TaskView, TerminalView } from "coopd-core";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";
import { FAKE_AGENT, fakeAgentHen } from "../testing/fake-agent.ts";
import { openRawShell } from "../testing/raw-shell.ts";

/** Where a hen may be shown it: /tmp is the hen's own inside. */
const PROGRAMS = mkdtempSync("/var/tmp/coop-fake-agent-");
const MARKER = "agent: {done_marker: ALL-DONE}\n";
let dataDir: string;
let daemon: DaemonUnderTest;
beforeAll(async () => {
  writeFileSync(join(PROGRAMS, "fake-agent"), FAKE_AGENT);
  chmodSync(join(PROGRAMS, "fake-agent"), 0o755);
  chmodSync(PROGRAMS, 0o755);
  dataDir = mkdtempSync("/var/tmp/coopd-agents-");
  daemon = await openDaemonUnderTest({}, dataDir);
});
afterAll(async () => {
  await daemon.close();
  for (const folder of [PROGRAMS, dataDir]) rmSync(folder, { recursive: true, force: true });
});

const hatch = (name: string, extra = "") => daemon.hatch(fakeAgentHen(name, PROGRAMS, extra));
const shell = (id: string, query = "?cols=80&rows=24") => openRawShell(daemon.base, id, query);
const path = (id: string, rest: string) => `/hens/${encodeURIComponent(id)}${rest}`;
const tasks = async () => (await daemon.call("GET", "/tasks")).json as readonly TaskView[];
const taskOf = async (id: string) => (await tasks()).find((task) => task.id === id);
async function add(prompt: string, kind = "custom"): Promise<string> {
  const { status, json } = await daemon.call("POST", "/tasks", { prompt, required_agent_kind: kind });
  expect(status).toBe(202);
  return (json as { task_id: string }).task_id;
}
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await Bun.sleep(20);
}
const hasStatus = (id: string, status: string) => until(async () => (await taskOf(id))?.status === status);
const starts = (name: string) =>
  readFileSync(join(dataDir, "workdirs", `local-coop__${name}`, "starts"), "utf8").match(/start/g)?.length ?? 0;

/** A farm of one hen, so that a task can go to no other. */
async function hatchAlone(name: string, extra = ""): Promise<string> {
  const hens = (await daemon.call("GET", "/hens")).json as readonly { readonly id: string }[];
  for (const { id } of hens) await daemon.call("DELETE", path(id, "?force=true"));
  return hatch(name, extra);
}

describe("an agent that is not inside", () => {
  test("refuses the hatch, names the program and sandbox.read, and leaves the hen as it was", async () => {
    const missing = fakeAgentHen("lost", PROGRAMS).replace(/sandbox: .*\n/, "");
    const id = String((await daemon.call("POST", "/hens", missing)).json);
    const { status, json } = await daemon.call("POST", path(id, "/hatch"));
    expect(status).toBe(409);
    expect(json).toMatchObject({ code: "agent_missing", error: expect.stringContaining("fake-agent") });
    expect((json as { next: string }).next).toContain("sandbox: {read:");
    expect((await daemon.call("GET", path(id, ""))).json).toMatchObject({ state: "DEFINED" });
    expect(await (await shell(id)).closed).toMatchObject({ message: expect.stringContaining("fake-agent") });
  });
});

describe("a hen of a terminal kind", () => {
  test("takes no job and no delegation, and the refusal has the command that fits", async () => {
    const id = await hatch("jobless");
    const job = await daemon.call("POST", path(id, "/jobs"), { prompt: "hi" });
    expect(job).toMatchObject({ status: 400, json: { next: expect.stringContaining("coop task add --kind custom") } });
    const other = await daemon.hatch(promptHen("other"));
    const delegated = await daemon.call("POST", path(other, "/delegate"), { to: id, prompt: "hi" });
    expect(delegated).toMatchObject({ status: 400, json: { next: expect.stringContaining("coop task add") } });
  });

  test("lives under a strict policy in its own sandbox: no network, no daemon secret", async () => {
    process.env.COOP_PASSPHRASE = "hunter2-agent";
    const id = await daemon.hatch(
      'spec_version: coop/v1\nname: strict\nagent_kind: shell\nbrain: {provider_id: none, model: none}\nnetwork: {policy: "off"}\n',
    );
    const client = await shell(id);
    await client.saw(/\$ $/);
    client.type("grep -c : /proc/net/dev; env; cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n'; echo en''d\r");
    await client.saw(/end\r/);
    expect(client.text()).not.toContain("hunter2");
    client.type("exit\r");
    await client.closed;
    delete process.env.COOP_PASSPHRASE;
  });
});

describe("an agent", () => {
  test("starts in its terminal, survives a client that comes and goes, and reads Ctrl-C itself", async () => {
    const id = await hatch("sturdy");
    const first = await shell(id);
    await first.saw("ready");
    first.type("hello\r");
    await first.saw("thinking");
    first.close();
    await first.closed;
    const second = await shell(id);
    await second.saw(/FAKE AGENT.*ANSWER.* hello/s);
    second.type("\u0003");
    await second.saw("\\^C");
    second.type("again\r");
    await second.saw(/ANSWER.* again/);
    expect(starts("sturdy")).toBe(1);
    await daemon.call("POST", path(id, "/shell/send"), { keys: "bye" });
    expect(await second.closed).toEqual({ type: "exit", code: 0 });
  });

  test("that Ctrl-Z stops goes on, since there is no shell to say fg to, and one that Ctrl-C kills is a death", async () => {
    const id = await daemon.hatch(fakeAgentHen("cooked", PROGRAMS).replace("[fake-agent]", "[cat]"));
    const client = await shell(id);
    client.type("one\r");
    await client.saw(/one\r\none/);
    client.type("\u001a");
    await client.saw("going on: there is no shell behind this agent");
    client.type("two\r");
    await client.saw(/two\r\ntwo/);
    client.type("\u0003");
    await client.saw("cat ended with 130; starting it again");
    await Bun.sleep(700);
    client.type("three\r\u0004");
    await client.saw(/three\r\nthree/);
    expect(await client.closed).toEqual({ type: "exit", code: 0 });
  });

  test("that dies is started again, three times in a row and no more, and everybody sees why", async () => {
    const id = await hatch("mortal");
    const client = await shell(id);
    for (const count of [1, 2, 3]) {
      await client.saw("ready");
      client.type("crash\r");
      await client.saw(`fake-agent ended with 3; starting it again \\(${count} of 3\\)`);
    }
    await client.saw("ready");
    client.type("crash\r");
    await client.saw("not started any more");
    expect(await client.closed).toEqual({ type: "exit", code: 3 });
    expect(starts("mortal")).toBe(4);
  }, 20_000);
});

describe("a task", () => {
  test("for a kind that has no terminal is refused, with the command that fits", async () => {
    const refused = await daemon.call("POST", "/tasks", { prompt: "x", required_agent_kind: "anthropic" });
    expect(refused).toMatchObject({ status: 400, json: { next: expect.stringContaining("coop job run") } });
  });

  test("waits for its hen, is pasted into the agent's terminal whole, and is done by the marker that is declared", async () => {
    const id = await add("first line\nsecond; $(line) -x", "claude-code");
    expect(await taskOf(id)).toMatchObject({ status: "PENDING", waiting_for: "a hen of kind claude-code" });
    await daemon.call("DELETE", `/tasks/${id}`);
    const hen = await hatchAlone("worker", MARKER);
    await daemon.call("POST", path(hen, "/sleep"));
    const id2 = await add("first line\nsecond; $(line) -x");
    expect(await taskOf(id2)).toMatchObject({ status: "PENDING", waiting_for: expect.stringContaining("SLEEPING") });
    await daemon.call("POST", path(hen, "/wake"));
    await hasStatus(id2, "DISPATCHED");
    expect(await taskOf(id2)).toMatchObject({ claimed_by: hen, waiting_for: null });
    const watcher = await shell(hen, "?read_only=true").catch(() => undefined);
    await hasStatus(id2, "DONE");
    const client = watcher ?? (await shell(hen));
    await client.saw(/ANSWER.* first line\|second; \$\(line\) -x/);
    expect(await taskOf(id2)).toMatchObject({ status: "DONE", claimed_by: hen, waiting_for: null });
    client.close();
  });

  test("is alone with its hen: the next one waits for it, and done by hand frees the hen", async () => {
    await hatchAlone("worker", MARKER);
    const quiet = await add("silent");
    await hasStatus(quiet, "DISPATCHED");
    const next = await add("second task");
    await until(async () => (await taskOf(next))?.waiting_for?.includes(`has task ${quiet}`) === true);
    await until(async () => {
      const [terminal] = (await daemon.call("GET", "/terminals")).json as readonly TerminalView[];
      return terminal?.task_id === (quiet as never);
    });
    expect(await daemon.call("POST", `/tasks/${quiet}/retry`)).toMatchObject({ status: 409 });
    expect(await daemon.call("DELETE", `/tasks/${quiet}`)).toMatchObject({ status: 400 });
    await daemon.call("POST", `/tasks/${quiet}/done`);
    await hasStatus(next, "DONE");
  });

  test("is done after the silence that is declared, and never by a marker that it holds itself", async () => {
    await hatchAlone("idler", "agent: {idle_secs: 1, done_marker: ALL-DONE}\n");
    const id = await add("say ALL-DONE, silent");
    await hasStatus(id, "DISPATCHED");
    await hasStatus(id, "DONE");
    const view = await taskOf(id);
    const tookMs = Date.parse(view?.updated_at ?? "") - Date.parse(view?.created_at ?? "");
    expect(tookMs).toBeGreaterThan(1_000);
  });

  test("whose agent dies is not typed again, waits for a person, and goes out again when one says so", async () => {
    await hatchAlone("fragile", MARKER);
    const id = await add("crash");
    await until(async () => (await taskOf(id))?.waiting_for?.includes("ended while it had this task") === true);
    expect(await taskOf(id)).toMatchObject({ status: "DISPATCHED", claimed_by: "local.coop/fragile" });
    const other = await add("after the crash");
    await hasStatus(other, "DONE");
    expect((await daemon.call("POST", `/tasks/${id}/retry`)).status).toBe(200);
    await until(async () => (await taskOf(id))?.waiting_for?.includes("ended while it had this task") === true);
    await daemon.call("POST", `/tasks/${id}/done`);
    expect(await daemon.call("POST", `/tasks/${id}/retry`)).toMatchObject({
      status: 400,
      json: { code: "illegal_move" },
    });
  }, 20_000);

  test("survives a restart of the daemon as what it is: unknown, and never typed twice", async () => {
    await hatchAlone("fragile", MARKER);
    const id = await add("silent");
    await hasStatus(id, "DISPATCHED");
    const client = await shell("local.coop/fragile");
    await client.saw("hm");
    const before = starts("fragile");
    await daemon.close();
    expect(await client.closed).toMatchObject({ type: "error", message: expect.stringContaining("stopping") });
    daemon = await openDaemonUnderTest({}, dataDir);
    expect(await taskOf(id)).toMatchObject({
      status: "DISPATCHED",
      waiting_for: expect.stringContaining("coop task retry"),
    });
    expect((await daemon.call("GET", "/terminals")).json).toEqual([]);
    const again = await shell("local.coop/fragile");
    await again.saw("an earlier terminal of this hen ended when the daemon stopped");
    await again.saw("ready");
    expect(starts("fragile")).toBe(before + 1);
    again.close();
  }, 20_000);
});
