import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "../check.ts";
import { Broken, holds, matches, same } from "../claims.ts";
import { type Door, openDoor, runProgram } from "../door.ts";

/** As the original's script sets them: empty, which must not keep the daemon from starting. */
const ENV = { COOP_VAULT: "", COOP_PASSPHRASE: "", COOP_AUTH: "none", COOP_RESUME: "fail" };

interface OwnDaemon extends AsyncDisposable {
  readonly door: ReturnType<typeof openDoor>;
  readonly child: Bun.Subprocess;
}

/** Starts one on a free port of this machine; it answers `/farm` within 20 s. */
async function startOwn(door: Door, dataDir: string): Promise<OwnDaemon> {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
  const { port } = probe;
  probe.stop(true);
  const line = ["--data-dir", dataDir, "--log", "info", "serve", "--addr", `127.0.0.1:${port}`];
  const child = Bun.spawn([...(door.coopd ?? []), ...line], {
    env: { PATH: process.env.PATH ?? "", HOME: door.folder, NO_COLOR: "1", ...ENV },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  const base = `http://127.0.0.1:${port}`;
  const own = openDoor({
    base,
    token: undefined,
    coop: undefined,
    coopd: door.coopd,
    models: door.models,
    folder: door.folder,
  });
  const stop = async () => {
    child.kill("SIGKILL");
    await child.exited;
  };
  for (const deadline = performance.now() + 20_000; performance.now() < deadline; await Bun.sleep(50)) {
    if (child.exitCode !== null) throw new Broken(`it ended with ${child.exitCode} before it answered`);
    const status = await own.get("/farm").then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return { door: own, child, [Symbol.asyncDispose]: stop };
  }
  await stop();
  throw new Broken("/farm does not answer within 20 s");
}

/** `coopd`, by daemons that the suite starts itself. */
export const DAEMON_CHECKS: readonly Check[] = [
  {
    id: "daemon-command-line",
    section: "cli",
    title: "config-show names the data directory; version and usage as with coop",
    needs: "coopd",
    run: async ({ coopd = [], folder }) => {
      const run = (...args: readonly string[]) => runProgram([...coopd, ...args], { folder });
      const shown = await run("--data-dir", join(folder, "shown"), "config-show");
      same("config-show", [shown.exitCode, shown.stdout.split("\n")[0]], [0, `data_dir = ${join(folder, "shown")}`]);
      matches("version", (await run("--version")).stdout, /^coopd \d+\.\d+\.\d+/);
      for (const args of [[], ["nonsense"], ["serve", "--nonsense"]])
        same(args.join(" "), (await run(...args)).exitCode, 2);
    },
  },
  {
    id: "daemon-start-stop",
    section: "http-api §8.1",
    title: "it starts with an empty COOP_VAULT, keeps its directory to itself, and ends within 4 s of SIGTERM",
    needs: "coopd",
    run: async (door) => {
      const dataDir = join(door.folder, "own");
      await using daemon = await startOwn(door, dataDir);
      same("hens", (await daemon.door.get("/farm")).json.hen_count, 0);
      same("the directory's mode", (statSync(dataDir).mode & 0o777).toString(8), "700");
      const second = await runProgram(
        [...(door.coopd ?? []), "--data-dir", dataDir, "serve", "--addr", "127.0.0.1:0"],
        { folder: door.folder, env: ENV },
      );
      holds("a second daemon takes the same directory", second.exitCode !== 0);
      const watching = await daemon.door.watch();
      const askedAt = performance.now();
      daemon.child.kill("SIGTERM");
      await daemon.child.exited;
      watching.close();
      same("its exit code", daemon.child.exitCode, 0);
      const seconds = (performance.now() - askedAt) / 1000;
      holds(`it took ${seconds.toFixed(1)} s`, seconds <= 4);
    },
  },
  {
    id: "daemon-killed",
    section: "http-api §8.9",
    title: "killed with work left, after the restart nothing is QUEUED or RUNNING and no hen HATCHING or WORKING",
    needs: "coopd",
    run: async (door) => {
      const dataDir = join(door.folder, "killed");
      mkdirSync(dataDir, { mode: 0o700 });
      const ids: string[] = [];
      {
        await using daemon = await startOwn(door, dataDir);
        const id = await daemon.door.idleHen({ name: "left", model: door.models.hanging });
        for (let n = 0; n < 3; n += 1)
          ids.push((await daemon.door.post(`/hens/${id}/jobs`, { prompt: `${n}` })).json.job_id);
        for (const deadline = performance.now() + 10_000; performance.now() < deadline; await Bun.sleep(10)) {
          if ((await daemon.door.get(`/jobs/${ids[0]}`)).json.status === "RUNNING") break;
        }
      } // SIGKILL
      await using daemon = await startOwn(door, dataDir);
      const jobs = (await daemon.door.get("/jobs")).json as { id: string; status: string; error: string }[];
      same(
        "the jobs",
        jobs.map(({ id, status }) => [id, status]),
        ids.map((id) => [id, "FAILED"]),
      );
      for (const { error } of jobs) matches("an error", error, /interrupt/i);
      const hens = (await daemon.door.get("/hens")).json as { state: string }[];
      same(
        "the hens",
        hens.map(({ state }) => state),
        ["IDLE"],
      );
    },
  },
];
