import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "../pack/pack.ts";
import { FROM_SOURCE, type Programs, ROOT, runCoop, startDaemon } from "./programs.ts";

// Issue 5: the listener hand-off starts the daemon's own program once more, which is another one from source and built.
setDefaultTimeout(60_000);
let work: string;
let built: Programs;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), "coop-gate-"));
  const { coop, coopd } = await pack(ROOT, join(work, "dist"));
  built = { coop: [coop], coopd: [coopd] };
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

/** The port of the daemon's own door is named, and stays closed all the same. */
const manifest = (port: string) => `spec_version: coop/v1
name: knocker
brain: {provider_id: none, provider: script, model: prompt}
network: {policy: allowlist, allow: [{host: 127.0.0.1, ports: [${port}], private: true}]}
tools: [bash]
`;

/** Asks the gate for the daemon's own door, and for a host that no rule names. */
const script = (port: string) => {
  const ask = (target: string) =>
    `(exec 3<>/dev/tcp/127.0.0.1/3128 && printf 'CONNECT ${target} HTTP/1.1\\r\\nHost: ${target}\\r\\n\\r\\n' >&3 && timeout 5 cat <&3)`;
  return `readlink /proc/self/ns/net; ${ask(`127.0.0.1:${port}`)}; ${ask("elsewhere.test:443")}`;
};

/** True while a process is in the network namespace, or holds it open. */
function isHeld(namespace: string): boolean {
  const leadsThere = (path: string) => {
    try {
      return readlinkSync(path) === namespace;
    } catch {
      return false; // it ended while we looked, or is not ours to look at
    }
  };
  const descriptors = (pid: string) => {
    try {
      return readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
    } catch {
      return [];
    }
  };
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.some((pid) => [`/proc/${pid}/ns/net`, ...descriptors(pid)].some(leadsThere));
}

/** The network namespace that the script printed. */
function networkIn(journal: string): string {
  const found = /net:\[\d+\]/.exec(journal)?.[0];
  if (found === undefined) throw new Error(`no network in ${journal}`);
  return found;
}

describe.each(["source", "built"] as const)("both programs from %s", (kind) => {
  test("a hen asks the gate, which refuses with reasons, and the farmer reads of it; asleep, or when the daemon is killed, its network is gone", async () => {
    const programs = kind === "source" ? FROM_SOURCE : built;
    await using daemon = await startDaemon(programs, join(work, kind));
    const coop = (...args: readonly string[]) => runCoop(programs, daemon.url, ...args);
    const { port } = new URL(daemon.url);
    writeFileSync(join(work, "agent.yaml"), manifest(port));
    expect(await coop("hen", "create", join(work, "agent.yaml"))).toMatchObject({ exitCode: 0 });
    const hen = "local.coop/knocker";
    const shown = await coop("hen", "get", hen);
    expect(JSON.parse(shown.stdout)).toMatchObject({ enforcement: "enforced", enforcement_reason: null });
    expect(await coop("hen", "hatch", hen)).toMatchObject({ exitCode: 0 });
    const prompt = JSON.stringify([{ tools: [{ name: "bash", input: { command: script(port) } }] }, { text: "asked" }]);
    const knock = async () => {
      const run = await coop("job", "run", hen, prompt, "--wait");
      expect(JSON.parse(run.stdout)).toMatchObject({ status: "DONE" });
      return (await coop("job", "logs", JSON.parse(run.stdout).id)).stdout;
    };
    const journal = await knock();
    for (const word of ["private_address", "coopd itself", "no_rule", "elsewhere.test:443"]) {
      expect(journal).toContain(word);
    }
    expect((await coop("hen", "egress", hen)).stdout).toContain("elsewhere.test");
    const first = networkIn(journal);
    expect(isHeld(first)).toBe(true);
    expect(await coop("hen", "sleep", hen)).toMatchObject({ exitCode: 0 });
    expect(isHeld(first)).toBe(false);
    expect(await coop("hen", "wake", hen)).toMatchObject({ exitCode: 0 });
    const second = networkIn(await knock());
    expect(isHeld(second)).toBe(true);
    await daemon.kill();
    expect(isHeld(second)).toBe(false);
    await (await startDaemon(programs, join(work, kind))).stop(); // clears what the killed one left mounted
    expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(`${join(work, kind)}/`);
  });
});
