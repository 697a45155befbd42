import { afterAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRealDaemon } from "./testing/real-daemon.ts";
import { runCoop, runCoopInTerminal } from "./testing/run-coop.ts";

const daemon = await openRealDaemon();
const folder = await mkdtemp(join(tmpdir(), "coop-cli-manifests-"));
afterAll(async () => {
  await daemon.close();
  await rm(folder, { recursive: true });
});

const env = (editor?: string) => ({
  COOP_API: daemon.url,
  ...(editor === undefined ? {} : { EDITOR: editor, PATH: "/usr/bin:/bin" }),
});
const coop = (...args: string[]) => runCoop(args, { env: env() });
const manifest = (name: string, rest = "") =>
  `spec_version: coop/v1\nname: ${name}\nbrain: {provider: script, model: hello, provider_id: none}\ntools: []\n${rest}`;

test("apply checks all files first, then makes, changes and leaves alone, and skips what is no manifest", async () => {
  const farm = join(folder, "farm");
  await mkdir(farm);
  await writeFile(join(farm, "a.yaml"), manifest("a"));
  await writeFile(join(farm, "b.yaml"), manifest("b"));
  await writeFile(join(farm, "c.yaml"), "spec_version: coop/v1\nname: c\nbrian: 1\n");
  await writeFile(join(farm, "z.script.yaml"), "- text: hi\n");
  const refused = await coop("hen", "apply", farm);
  expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
  expect(refused.stderr).toContain("c.yaml: invalid manifest");
  expect((await coop("hen", "list", "-q")).stdout).toBe("");

  await rm(join(farm, "c.yaml"));
  expect((await coop("hen", "apply", farm, "-q", "--dry-run")).stdout).toBe(
    "local.coop/a would create\nlocal.coop/b would create\n",
  );
  expect((await coop("hen", "apply", farm, "-q")).stdout).toBe("local.coop/a created\nlocal.coop/b created\n");
  await writeFile(join(farm, "b.yaml"), manifest("b", "metadata: {n: 1}\n"));
  const second = JSON.parse((await coop("hen", "apply", farm)).stdout);
  expect(second).toMatchObject([
    { hen: "local.coop/a", result: "unchanged", revision: 1, diff: "" },
    { hen: "local.coop/b", result: "changed", revision: 2, diff: expect.stringContaining("+metadata: {n: 1}") },
  ]);
  const seen = await runCoopInTerminal(["hen", "apply", join(farm, "b.yaml")], { env: env() });
  expect(seen.text).toContain("local.coop/b unchanged (revision 2)");
});

test("edit sends what the editor leaves, says when nothing changed, and keeps what is not taken", async () => {
  await coop("hen", "apply", "-q", join(folder, "farm/a.yaml"));
  const same = await runCoop(["hen", "edit", "local.coop/a"], { env: env("true") });
  expect(same).toMatchObject({ exitCode: 0, stdout: "" });
  const changed = await runCoop(["hen", "edit", "local.coop/a"], { env: env("sed -i 's/tools: ./tools: [bash/'") });
  expect(changed).toMatchObject({ exitCode: 0, stderr: "" });
  expect(JSON.parse(changed.stdout)).toEqual({ hen: "local.coop/a", revision: 2 });
  const failing = await runCoop(["hen", "edit", "local.coop/a"], { env: env("false") });
  expect(failing).toMatchObject({ exitCode: 2, stdout: "" });
  const broken = await runCoop(["hen", "edit", "local.coop/a"], { env: env("sed -i 's/name: a/nome: a/'") });
  expect(broken.exitCode).toBe(2);
  expect(broken.stderr).toContain("nome");
  const kept = /your text is kept in (\S+)/.exec(broken.stderr)?.[1] ?? "";
  expect(await readFile(kept, "utf8")).toContain("nome: a");
  await rm(join(kept, ".."), { recursive: true });
});

test("on a terminal a refused text can be mended at once", async () => {
  // Breaks the text the first time and mends it the second.
  const editor = join(folder, "editor.sh");
  await writeFile(
    editor,
    '#!/bin/sh\nif grep -q nome "$1"; then sed -i "s/nome/name/; s/tools:.*/tools: []/" "$1"; else sed -i "s/^name/nome/" "$1"; fi\n',
    { mode: 0o755 },
  );
  const { text, exitCode } = await runCoopInTerminal(["hen", "edit", "local.coop/a"], {
    env: env(editor),
    onText: (seen, press) => {
      if (/edit it again\? \[y\/N\] $/.test(seen)) press("y\n");
    },
  });
  expect(exitCode).toBe(0);
  expect(text).toContain("-tools: [bash]");
  expect(text).toContain("revision 3");
});
