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
