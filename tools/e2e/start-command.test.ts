import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./programs.ts";

// What `npm start` runs after the set-up, in a copy of this repository whose node_modules are this one's.
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "coop-start-"));
  for (const name of readdirSync(ROOT)) {
    if ([".git", ".proof", ".coop-demo", ".tsbuild", "dist", "node_modules", "packages"].includes(name)) continue;
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  }
  // Links, because a package finds its dependencies by its real path.
  for (const name of ["node_modules", "packages"]) symlinkSync(join(ROOT, name), join(copy, name));
});

/** What a failed test left: it would hold this run's output open, and so the run. */
const children: Bun.Subprocess[] = [];
afterAll(async () => {
  for (const child of children) child.kill("SIGTERM"); // its daemon ends with it
  await Promise.all(children.map(({ exited }) => exited));
  rmSync(copy, { recursive: true, force: true });
});

function start() {
  const child = Bun.spawn([process.execPath, "--no-env-file", "--config=/dev/null", "tools/demo/start.ts"], {
    cwd: copy,
    env: { PATH: process.env.PATH ?? "", HOME: copy, OPENAI_API_KEY: "sk-never-shown" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  children.push(child);
  let output = "";
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const bytes of child.stdout) output += decoder.decode(bytes, { stream: true });
  })();
  const waitFor = async (text: string): Promise<void> => {
    while (!output.includes(text)) {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${output}`);
      await Bun.sleep(10);
    }
  };
  const end = async (): Promise<number> => {
    await child.exited;
    await reading;
    return child.exitCode ?? -1;
  };
  return { child, waitFor, end, output: () => output };
}

test("a finished job, a second start beside it, Ctrl-C, and the same farm again", async () => {
  const first = start();
  await first.waitFor('job run local.coop/ada "Who are you?" --wait'); // the last that it says
  expect(first.output()).toContain("Ctrl-C stops the farm");
  expect(first.output()).toMatch(/^job \S+: DONE after \d+ turns$/m);
  const report = /^It wrote (.+)$/m.exec(first.output())?.[1] ?? "";
  expect(readFileSync(join(copy, report), "utf8").length).toBeGreaterThan(0);
  expect(first.output()).toContain("OPENAI_API_KEY is set: local.coop/ada thinks with");
  expect(first.output()).toContain("It has been asked nothing yet");
  expect(first.output()).not.toContain("sk-never-shown");

  const link = /^Open the farm's page: (\S+)$/m.exec(first.output())?.[1] ?? "";
  const opened = await fetch(link, { redirect: "manual" });
  expect([opened.status, opened.headers.get("set-cookie")?.includes("HttpOnly")]).toEqual([303, true]);
  expect((await fetch(new URL("/api/v1/farm", link))).status).toBe(401);

  const beside = start();
  expect(await beside.end()).toBe(0);
  expect(beside.output()).toMatch(/^The farm already runs: http:\/\/127\.0\.0\.1:\d+\/ \(pid \d+, /);

  const job = /^job (\S+):/m.exec(first.output())?.[1];
  for (let presses = 0; presses < 3; presses += 1) first.child.kill("SIGINT"); // as terminal, npm and set-up would
  expect(await first.end()).toBe(0);
  expect(first.output()).toContain("The farm has stopped");

  const again = start();
  await again.waitFor('job run local.coop/ada "Who are you?" --wait');
  expect(again.output()).toContain(`job ${job}: DONE`);
  again.child.kill("SIGTERM");
  expect(await again.end()).toBe(0);
  expect(existsSync(join(copy, ".coop"))).toBe(false);
}, 60_000);
