import { setTimeout as delay, setImmediate as nextLoop } from "node:timers/promises";
import { CoopError } from "coopd-core";
import { isDead, isInnerInit, readChildren, readProcess } from "./process-table.ts";

/** The outer bwrap of one launch; we are its parent, so its pid can't be used again before it is reaped. */
export interface LaunchedTree {
  readonly pid: number;
  readonly hasExited: () => boolean;
  /** Resolves when the outer process has been reaped. */
  readonly exited: Promise<unknown>;
}

/** A killed process leaves at once unless it hangs in the kernel; then the caller must know. */
const DEATH_MS_MAX = 2000;

/**
 * Kills a launch with everything in it and returns when nothing of it runs any more. The outer process is stopped
 * first, so that its children stay put while they are read: killed at once in its first millisecond it could leave a
 * child that has not yet tied its life to it. The first process of a pid namespace takes the whole namespace with it,
 * and the kernel lets it become a zombie only when all others are gone (pid_namespaces(7)).
 *
 * @throws CoopError `sandbox_failed` when something did not die in 2 s.
 */
export async function killTree(tree: LaunchedTree): Promise<void> {
  if (!tree.hasExited()) {
    signal(tree.pid, "SIGSTOP");
    await until(() => tree.hasExited() || "TtZ".includes(readProcess(tree.pid)?.state ?? "Z"));
    const children = readChildren(tree.pid).map((pid) => ({ pid, startTime: readProcess(pid)?.startTime }));
    for (const child of children) signal(child.pid, "SIGKILL");
    await until(() => children.every((child) => isDead(child.pid, child.startTime)));
    if (!tree.hasExited()) signal(tree.pid, "SIGKILL");
  }
  await tree.exited;
}

/**
 * Returns when the pid namespace of an ended launch is empty: bwrap leaves as soon as its command does, and the
 * namespace then dies of `--die-with-parent`, a moment later.
 *
 * @throws CoopError `sandbox_failed` when it did not in 2 s.
 */
export async function confirmNamespaceDead(innerPid: number): Promise<void> {
  await until(() => isDead(innerPid) || !isInnerInit(innerPid));
}

/** Most die within microseconds of being asked for; a timer would make every launch a millisecond longer. */
const TURNS = 20;

async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    if (isTrue()) return;
    await nextLoop();
  }
  const deadline = performance.now() + DEATH_MS_MAX;
  for (let pauseMs = 0.5; !isTrue(); pauseMs = Math.min(pauseMs * 2, 20)) {
    if (performance.now() > deadline) {
      throw new CoopError("sandbox_failed", `a confined process did not die within ${DEATH_MS_MAX} ms of its kill`);
    }
    await delay(pauseMs);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ESRCH") throw cause;
  }
}
