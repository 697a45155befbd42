import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a command said and how it ended. */
export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A root folder that runs its own systemd. Whoever opens it disposes of it: everything in it is killed then. */
export interface BootedRoot extends Disposable {
  /** As root inside, with a minute's time unless said otherwise. */
  run(argv: readonly string[], options?: { readonly input?: string; readonly secsMax?: number }): Ran;
}

/** It takes two seconds here. */
const BOOT_MS_MAX = 60_000;

/** @throws Error when it is not up in time */
export async function bootRoot(path: string): Promise<BootedRoot> {
  const apart = ["--mount", "--pid", "--fork", "--uts", "--ipc", "--net", "--cgroup", "--kill-child"];
  const outer = Bun.spawn(["unshare", ...apart, "--propagation", "private", join(import.meta.dir, "boot.sh"), path], {
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
    env: { PATH: process.env.PATH ?? "" },
  });
  const stop = () => outer.kill("SIGKILL"); // process 1 inside goes with it, and with that all the rest
  const deadline = performance.now() + BOOT_MS_MAX;
  while (performance.now() < deadline && outer.exitCode === null) {
    await Bun.sleep(100);
    const pid = childOf(outer.pid);
    if (pid === undefined || readFileSync(`/proc/${pid}/comm`, "utf8").trim() !== "systemd") continue;
    const run: BootedRoot["run"] = (argv, options) => runInside(pid, argv, options);
    if (!/^(?:running|degraded)/.test(run(["systemctl", "is-system-running"]).stdout)) continue;
    run(["ip", "link", "set", "lo", "up"]);
    return { run, [Symbol.dispose]: stop };
  }
  stop();
  throw new Error("the root did not boot");
}

function childOf(pid: number): number | undefined {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  return child === undefined || child === "" ? undefined : Number(child);
}

function runInside(
  pid: number,
  argv: readonly string[],
  { input = "", secsMax = 60 }: { readonly input?: string; readonly secsMax?: number } = {},
): Ran {
  const environment = [
    "HOME=/root",
    "LANG=C.UTF-8",
    "DEBIAN_FRONTEND=noninteractive",
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
  ];
  // A session of its own: whatever is killed in there by group must not be this proof.
  const enter = [
    "setsid",
    "--wait",
    "nsenter",
    "-t",
    String(pid),
    "-m",
    "-p",
    "-u",
    "-i",
    "-n",
    "-C",
    "--wdns=/",
    "--",
  ];
  const { exitCode, stdout, stderr } = Bun.spawnSync([...enter, "env", "-i", ...environment, ...argv], {
    cwd: "/",
    stdin: Buffer.from(input),
    timeout: secsMax * 1000,
    killSignal: "SIGKILL",
  });
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}
