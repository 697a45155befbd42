import { afterAll, describe, expect, test } from "bun:test";
import { openRealDaemon } from "../testing/real-daemon.ts";
import { runCoop } from "../testing/run-coop.ts";

const daemon = await openRealDaemon();
afterAll(() => daemon.close());
const coop = (...args: string[]) => runCoop(args, { env: { COOP_API: daemon.url } });

const manifest = (name: string) =>
  `spec_version: coop/v1\nname: ${name}\nbrain: {provider_id: none, provider: script, model: prompt}\n`;
for (const name of ["ann", "bea"]) {
  await runCoop(["hen", "create", "-"], { stdin: manifest(name), env: { COOP_API: daemon.url } });
}

describe("hen delegate", () => {
  test("to oneself, to nobody or with a blank prompt is refused with the daemon's words", async () => {
    const self = await coop("hen", "delegate", "local.coop/ann", "local.coop/ann", "x");
    expect(self).toMatchObject({ exitCode: 7, stdout: "" });
    expect(self.stderr).toContain("cannot delegate to itself");
    expect((await coop("hen", "delegate", "local.coop/ann", "local.coop/nobody", "x")).exitCode).toBe(4);
    expect((await coop("hen", "delegate", "local.coop/ann", "local.coop/bea", " ")).exitCode).toBe(2);
  });

  test("prints what came back, and a job that failed is a failure of the command", async () => {
    const done = await coop("hen", "delegate", "local.coop/ann", "local.coop/bea", "--", "- text: hello");
    expect(done).toMatchObject({ exitCode: 0, stderr: "" });
    expect(JSON.parse(done.stdout)).toMatchObject({ hen: "local.coop/bea", output: "hello", status: "Done" });
    const line = ["hen", "delegate", "local.coop/ann", "local.coop/bea"];
    expect(await coop("-q", ...line, "--", "- text: bare")).toEqual({ exitCode: 0, stdout: "bare\n", stderr: "" });
    const failed = await coop(...line, "--", "- error: {code: brain_refused, message: no}");
    expect(failed.exitCode).toBe(10);
    expect(JSON.parse(failed.stdout).status).toBe("Failed");
    expect(failed.stderr).toContain("next: See what it did: coop job logs ");
  });
});

describe("hen lease and release", () => {
  const leasable = manifest("let").concat("lease: {allow_lease: true, require_framework: false}\n");

  test("are refused where the manifest does not allow it, and where there is no lease to end", async () => {
    expect((await coop("hen", "lease", "local.coop/bea", "bob", "l1")).exitCode).toBe(7);
    expect((await coop("hen", "release", "local.coop/bea")).exitCode).toBe(6);
    expect((await coop("hen", "lease", "local.coop/bea", "bob")).exitCode).toBe(2);
  });

  test("a leased hen runs a job of the lease, and its owner's after the release", async () => {
    await runCoop(["hen", "create", "-"], { stdin: leasable, env: { COOP_API: daemon.url } });
    expect((await coop("hen", "hatch", "local.coop/let")).exitCode).toBe(0);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const leased = await coop("hen", "lease", "local.coop/let", "bob", "l1", "--until", until);
    expect(leased).toEqual({ exitCode: 0, stdout: '{\n  "ok": true\n}\n', stderr: "" });
    expect((await coop("hen", "lease", "local.coop/let", "eve", "l2")).exitCode).toBe(6);
    const shown = await coop("hen", "get", "local.coop/let", "-o", "table");
    expect(shown.stdout).toMatch(/lease +l1, to bob, until /);
    const prompt = ["local.coop/let", "--", "- text: done"];
    const renters = await coop("-q", "job", "run", "--wait", "--lease", "l1", ...prompt);
    expect(renters).toMatchObject({ exitCode: 0, stdout: "done\n" });
    const owners = (await coop("-q", "job", "run", ...prompt)).stdout.trim();
    expect(JSON.parse((await coop("job", "get", owners)).stdout).status).toBe("QUEUED");
    expect((await coop("hen", "release", "local.coop/let")).exitCode).toBe(0);
    expect((await coop("-q", "job", "wait", owners)).stdout).toBe("done\n");
  });
});
