import { CoopError } from "coopd-core";
import { watchMemory } from "../limits/memory-watch.ts";
import { createOutputCapture, type OutputCapture } from "../output/capture.ts";
import type { Pen } from "../pen/pen.ts";
import { type ConfinedExit, type ConfineSpec, checkSpec } from "./confine-spec.ts";
import { drainPipe } from "./drain-pipe.ts";
import { confirmNamespaceDead, killTree } from "./kill-tree.ts";
import { type Launch, type LaunchParts, launch } from "./launch.ts";
import type { OutputPacer } from "./output-pacer.ts";
import type { OutputPipe, OutputPipes } from "./output-pipes.ts";

/** With every writer dead the rest of a pipe is read in microseconds; longer means that a writer is not dead. */
const DRAIN_MS_MAX = 2000;

/**
 * Runs one process for a hen to its end: by itself, by its deadline or by the signal. When this returns or throws,
 * nothing of it runs any more.
 *
 * @throws CoopError `sandbox_failed` when it could not be started or ended, `cancelled` when the signal ended it.
 */
export async function runConfined(
  parts: LaunchParts & {
    readonly pipes: OutputPipes;
    readonly pacer: OutputPacer;
    readonly launchTurn: () => Promise<void>;
  },
  pen: Pen,
  spec: ConfineSpec,
): Promise<ConfinedExit> {
  checkSpec(spec);
  await parts.launchTurn();
  checkSpec(spec); // it may have been cancelled while it waited
  const [out, err] = openBoth(parts.pipes);
  const captures = [createOutputCapture(spec.outputBytesMax), createOutputCapture(spec.outputBytesMax)] as const;
  const drainLimit = new AbortController();
  let draining: Promise<unknown> = Promise.resolve();
  try {
    const launched = launch(parts, pen, spec, {
      stdio: [spec.stdin ?? "ignore", out.writeFd, err.writeFd],
      handOver: () => {
        out.closeWriter();
        err.closeWriter();
      },
    });
    try {
      draining = Promise.all([
        drainPipe(out.readFd, captures[0], parts.pacer, drainLimit.signal),
        drainPipe(err.readFd, captures[1], parts.pacer, drainLimit.signal),
      ]);
      const ending = await waitForEnd(launched, spec, parts.cgroups === undefined ? pen.limits.memoryBytes : undefined);
      await withinDrainLimit(draining, drainLimit);
      return toExit(launched, ending, captures);
    } finally {
      launched.close();
    }
  } finally {
    drainLimit.abort();
    await draining.catch(() => undefined);
    out.release();
    err.release();
  }
}

function openBoth(pipes: OutputPipes): readonly [OutputPipe, OutputPipe] {
  const out = pipes.open();
  try {
    return [out, pipes.open()];
  } catch (thrown) {
    out.release();
    throw thrown;
  }
}

/** What ended a launch. */
export type Ending = "by-itself" | "timeout" | "cancelled";

/**
 * Waits until a launch has ended, or ends it, and until nothing of it runs any more. Without `timeoutMs` it has no deadline.
 * @param memoryBytes to be watched from here; undefined where a cgroup does it
 * @throws CoopError `limit_reached`, `sandbox_failed`
 */
export async function waitForEnd(
  launched: Launch,
  spec: { readonly timeoutMs?: number; readonly signal: AbortSignal },
  memoryBytes: number | undefined,
): Promise<Ending> {
  const over = new AbortController();
  const done = new AbortController();
  const watching = memoryBytes === undefined ? undefined : watchMemory(launched.pid, memoryBytes, over, done.signal);
  const { promise: asked, resolve: ask } = Promise.withResolvers<Ending>();
  const cancel = () => ask("cancelled");
  const timer = spec.timeoutMs === undefined ? undefined : setTimeout(() => ask("timeout"), spec.timeoutMs);
  spec.signal.addEventListener("abort", cancel, { once: true });
  over.signal.addEventListener("abort", cancel, { once: true });
  if (spec.signal.aborted) cancel();
  try {
    const ending = await Promise.race([launched.exited.then(() => "by-itself" as const), asked]);
    if (ending !== "by-itself") await killTree(launched);
    const { innerPid } = launched.readStatus();
    if (innerPid !== undefined) await confirmNamespaceDead(innerPid);
    if (over.signal.aborted) throw over.signal.reason;
    return ending;
  } finally {
    done.abort();
    await watching;
    clearTimeout(timer);
    spec.signal.removeEventListener("abort", cancel);
  }
}

async function withinDrainLimit(draining: Promise<unknown>, limit: AbortController): Promise<void> {
  const timer = setTimeout(() => limit.abort(), DRAIN_MS_MAX);
  try {
    await draining;
  } finally {
    clearTimeout(timer);
  }
  if (limit.signal.aborted) {
    throw new CoopError("sandbox_failed", "the output of a dead process did not end; something still holds it open");
  }
}

function toExit(launched: Launch, ending: Ending, captures: readonly [OutputCapture, OutputCapture]): ConfinedExit {
  if (ending === "cancelled") throw new CoopError("cancelled", "cancelled; its processes were killed");
  const [stdout, stderr] = [captures[0].finish(), captures[1].finish()];
  if (ending === "timeout") return { exitCode: -1, signal: "SIGKILL", timedOut: true, stdout, stderr };
  const { exitCode, innerPid } = launched.readStatus();
  if (exitCode === undefined) {
    // Killed by somebody else, mostly by the kernel when memory ran out; a set-up that fails exits with 1.
    if (innerPid !== undefined && launched.wasKilled()) {
      return { exitCode: -1, signal: "SIGKILL", timedOut: false, stdout, stderr };
    }
    throw new CoopError("sandbox_failed", "the sandbox could not be set up for this process", {
      next: "See what this host can confine: coop doctor",
      cause: stderr.text,
    });
  }
  return { exitCode, signal: null, timedOut: false, stdout, stderr };
}
