import { expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTempDir } from "../testing/temp-store.ts";

test("the worker starts in a compiled program, also when the store is loaded on demand in a chunk of its own", async () => {
  const dir = makeTempDir();
  const source = join(import.meta.dir, "..");
  writeFileSync(
    join(dir, "main.ts"),
    `const { openStore } = await import(${JSON.stringify(join(source, "index.ts"))});
     const store = await openStore({ dataDir: process.argv[2] });
     await store.putSetting("compiled", "yes");
     console.log(await store.setting("compiled"));
     await store.close();`,
  );
  const program = join(dir, "program");
  const build = ["build", "--compile", "--minify", "--splitting", "--entry-naming", "worker/[name].[ext]"];
  const entries = [join(dir, "main.ts"), join(source, "worker", "store-worker.ts")];
  const built = Bun.spawnSync([process.execPath, ...build, ...entries, "--outfile", program], { stderr: "pipe" });
  expect([built.exitCode, built.exitCode === 0 ? "" : built.stderr.toString()]).toEqual([0, ""]);
  const ran = Bun.spawnSync([program, join(dir, "farm")], {
    cwd: "/",
    stdout: "pipe",
    stderr: "pipe",
    timeout: 20_000,
  });
  expect([ran.stdout.toString(), ran.stderr.toString(), ran.exitCode]).toEqual(["yes\n", "", 0]);
  rmSync(dir, { recursive: true });
}, 60_000);
