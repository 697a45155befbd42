import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FakeDaemon, openFakeDaemon } from "coop-client/testing";
import { type RunOptions, runCoop } from "../testing/run-coop.ts";

let daemon: FakeDaemon;
let folder: string;
beforeEach(async () => {
  daemon = openFakeDaemon();
  folder = await mkdtemp(join(tmpdir(), "coop-cli-"));
});
afterEach(async () => {
  await daemon.close();
  await rm(folder, { recursive: true });
});

const coop = (args: readonly string[], options: RunOptions = {}) =>
  runCoop(args, { ...options, env: { COOP_API: daemon.url, ...options.env } });

/** What it prints when all is well; anything on stderr is a failure here. */
async function stdoutOf(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { stdout, stderr, exitCode } = await coop(args, options);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return stdout;
}

describe("in a pipe, as contract/cli.md has it", () => {
  test("health is compact JSON", async () => {
    expect(await stdoutOf(["health"])).toBe('{"ok":true}\n');
    expect(await stdoutOf(["health", "-o", "json"])).toBe('{"ok":true}\n');
    expect(await stdoutOf(["-q", "health"])).toBe("");
  });

  test("farm is pretty JSON with sorted keys", async () => {
    expect(await stdoutOf(["farm"])).toStartWith(
      '{\n  "coop_id": "local.coop",\n  "coopd_version": "0.1.0",\n  "event_seq": 0,\n  "hen_count": 0,\n',
    );
  });

  test("hen create prints the id as a JSON string, from a file or from standard input", async () => {
    await Bun.write(join(folder, "aria.yaml"), "name: aria\n");
    expect(await stdoutOf(["hen", "create", join(folder, "aria.yaml")])).toBe('"local.coop/aria"\n');
    expect(daemon.requests.at(-1)).toMatchObject({ method: "POST", path: "/api/v1/hens", body: "name: aria\n" });
    expect(await stdoutOf(["hen", "create", "-"], { stdin: "name: bela\n" })).toBe('"local.coop/bela"\n');
    expect(await stdoutOf(["-q", "hen", "create", "-"], { stdin: "name: cleo\n" })).toBe("local.coop/cleo\n");
  });

  test("hen create shows the daemon's warnings on stderr, and the id all the same", async () => {
    const manifest = "name: aria\nmemory:\n  semantic_summarize_every: 3\n";
    const { stdout, stderr, exitCode } = await coop(["hen", "create", "-"], { stdin: manifest });
    expect({ stdout, exitCode }).toEqual({ stdout: '"local.coop/aria"\n', exitCode: 0 });
    expect(stderr).toBe("warning: memory.semantic_summarize_every: is reserved\n");
  });

  test("hen list is a pretty array, whole or by state in any case", async () => {
    expect(await stdoutOf(["hen", "list"])).toBe("[]\n");
    daemon.farm.addHen("bela");
    daemon.farm.addHen("aria");
    const all = JSON.parse(await stdoutOf(["hen", "list"]));
    expect(all.map((hen: { id: string }) => hen.id)).toEqual(["local.coop/aria", "local.coop/bela"]);
    daemon.farm.moveHen("local.coop/aria", "IDLE");
    expect(await stdoutOf(["hen", "list", "--state", "idle", "-q"])).toBe("local.coop/aria\n");
    expect(daemon.requests.at(-1)?.path).toBe("/api/v1/hens?state=IDLE");
  });

  test("hen get is the hen, whatever its keys, with nothing lost", async () => {
    const hen = daemon.farm.addHen("aria", { metadata: JSON.parse('{"__proto__":1,"z":[{"b":1,"a":2}]}') });
    const text = await stdoutOf(["hen", "get", "local.coop/aria"]);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(hen)));
    expect(text).toContain('"__proto__": 1');
    expect(text.indexOf('"created_at"')).toBeLessThan(text.indexOf('"id"'));
  });

  test("hatch, sleep and wake print a pretty ok", async () => {
    daemon.farm.addHen("aria");
    for (const move of ["hatch", "sleep", "wake"]) {
      expect(await stdoutOf(["hen", move, "local.coop/aria"])).toBe('{\n  "ok": true\n}\n');
      expect(daemon.requests.at(-1)?.path).toBe(`/api/v1/hens/local.coop%2Faria/${move}`);
    }
  });

  test("hen delete prints the status line, or JSON where that is asked for", async () => {
    daemon.farm.addHen("aria");
    daemon.farm.addHen("bela");
    expect(await stdoutOf(["hen", "delete", "local.coop/aria"])).toBe("status: 204 No Content\n");
    expect(await stdoutOf(["hen", "delete", "local.coop/bela", "-o", "json"])).toBe('{\n  "ok": true\n}\n');
  });

  test("memory is a pretty array, limited to the newest, and forget counts", async () => {
    daemon.farm.addHen("aria");
    for (const prompt of ["one", "two"]) {
      daemon.farm.moveJob(daemon.farm.addJob("local.coop/aria", prompt).id, "DONE", { result: prompt });
    }
    const newest = JSON.parse(await stdoutOf(["hen", "memory", "local.coop/aria", "--limit", "1"]));
    expect(newest).toHaveLength(1);
    expect(newest[0]).toMatchObject({ prompt: "two", outcome: "done" });
    expect(await stdoutOf(["hen", "forget", "local.coop/aria"])).toBe('{\n  "forgotten": 2\n}\n');
    expect(await stdoutOf(["hen", "memory", "local.coop/aria"])).toBe("[]\n");
  });

  test("job run prints the job's id, and takes a prompt from standard input or behind --", async () => {
    daemon.farm.addHen("aria");
    const { job_id } = JSON.parse(await stdoutOf(["job", "run", "local.coop/aria", "list files"]));
    expect(JSON.parse(await stdoutOf(["job", "get", job_id]))).toMatchObject({
      prompt: "list files",
      status: "QUEUED",
    });
    const second = await stdoutOf(["-q", "job", "run", "local.coop/aria", "-"], { stdin: "from a pipe\n" });
    expect(daemon.farm.jobs.get(second.trim())?.prompt).toBe("from a pipe\n");
    const third = await stdoutOf(["job", "run", "-q", "local.coop/aria", "--", "--wait"]);
    expect(daemon.farm.jobs.get(third.trim())?.prompt).toBe("--wait");
  });

  test("job list is a pretty array of all, filtered by hen and status, or of the newest", async () => {
    daemon.farm.addHen("aria");
    daemon.farm.addHen("bela");
    const ids = Array.from({ length: 5 }, () => daemon.farm.addJob("local.coop/aria", "x").id);
    daemon.farm.moveJob(ids[1] ?? "", "RUNNING");
    const list = async (...args: string[]) =>
      JSON.parse(await stdoutOf(["job", "list", ...args])).map((job: { id: string }) => job.id);
    expect(await list()).toEqual(ids);
    const asked = daemon.requests.length;
    expect(await list("--limit", "2")).toEqual(ids.slice(3));
    expect(daemon.requests.slice(asked).map(({ path }) => path)).toEqual(["/api/v1/jobs?order=desc&limit=3"]);
    expect(await list("--status", "running,DONE")).toEqual(ids.slice(1, 2));
    expect(await list("--hen-id", "local.coop/bela")).toEqual([]);
    expect(daemon.requests.at(-1)?.path).toContain("hen_id=local.coop%2Fbela");
  });

  test("a thousand jobs come page by page and as one array, byte for byte the pretty one", async () => {
    daemon.farm.addHen("aria");
    for (let i = 0; i < 1_000; i += 1) daemon.farm.addJob("local.coop/aria", `job ${i}`);
    const text = await stdoutOf(["job", "list"]);
    expect(text).toBe(`${JSON.stringify(sortKeys(JSON.parse(text)), null, 2)}\n`);
    expect(JSON.parse(text)).toHaveLength(1_000);
    expect(daemon.requests.filter(({ path }) => path.startsWith("/api/v1/jobs")).length).toBeGreaterThan(4);
  });

  test("a reader that goes away early is no error", async () => {
    daemon.farm.addHen("aria");
    for (let i = 0; i < 1_000; i += 1) daemon.farm.addJob("local.coop/aria", `job ${i}`);
    const main = join(import.meta.dir, "..", "main.ts");
    const line = `"${process.execPath}" --no-env-file --config=/dev/null "${main}" job list | head -1; echo "\${PIPESTATUS[0]}"`;
    const shell = Bun.spawn(["bash", "-c", line], {
      env: { COOP_API: daemon.url, PATH: "/usr/bin:/bin" },
      stderr: "pipe",
    });
    expect(await shell.stdout.text()).toBe("[\n0\n");
    expect(await shell.stderr.text()).toBe("");
  });

  test("version names this program and the daemon, and says so when there is none", async () => {
    expect(await stdoutOf(["version"])).toBe('{\n  "coop": "0.1.0",\n  "coopd": "0.1.0"\n}\n');
    const gone = JSON.parse(await stdoutOf(["version", "--api", "http://127.0.0.1:1"]));
    expect(gone).toMatchObject({
      coop: "0.1.0",
      coopd: null,
      coopd_error: expect.stringContaining("connection refused"),
    });
    expect(await stdoutOf(["--version"])).toBe("coop 0.1.0\n");
  });
});

test("-o chooses among table, json, jsonl and yaml anywhere on the line, the last one counts", async () => {
  daemon.farm.addHen("aria");
  daemon.farm.addHen("bela");
  const lines = (await stdoutOf(["-o", "jsonl", "hen", "list"])).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).id)).toEqual(["local.coop/aria", "local.coop/bela"]);
  expect(await stdoutOf(["hen", "-o=yaml", "get", "local.coop/aria"])).toContain("\nid: local.coop/aria\n");
  expect(await stdoutOf(["-o", "json", "hen", "list", "--output=table"])).toStartWith("HEN              STATE");
});

describe("a script that the manifest names", () => {
  const manifest = (model: string) =>
    `spec_version: coop/v1\nname: aria\nbrain:\n  provider: script\n  provider_id: none\n  model: ${model}\n`;

  test("is read from beside the manifest and sent along", async () => {
    await Bun.write(join(folder, "agent.yaml"), manifest("file:scripts/one.yaml"));
    await Bun.write(join(folder, "scripts/one.yaml"), "turns: []\n");
    expect(await stdoutOf(["hen", "create", "agent.yaml"], { cwd: folder })).toBe('"local.coop/aria"\n');
    const sent = daemon.requests.at(-1);
    expect(sent?.body).toContain('name="manifest"');
    expect(sent?.body).toContain('name="attachment"; filename="scripts/one.yaml"');
  });

  test("is refused when it is missing, or a link that leads somewhere else", async () => {
    await Bun.write(join(folder, "agent.yaml"), manifest("file:gone.yaml"));
    const missing = await coop(["hen", "create", "agent.yaml"], { cwd: folder });
    expect(missing).toMatchObject({ exitCode: 2, stdout: "" });
    expect(missing.stderr).toContain("gone.yaml, which is not beside it");
    await symlink("/etc/hostname", join(folder, "gone.yaml"));
    const link = await coop(["hen", "create", "agent.yaml"], { cwd: folder });
    expect(link).toMatchObject({ exitCode: 7, stdout: "" });
    expect(link.stderr).toContain("leads out of");
    expect(daemon.requests).toEqual([]);
  });
});

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}
