import { setTimeout as delay } from "node:timers/promises";
import { CoopError, type NetworkSpec, toCoopError } from "coopd-core";
import { OWN_HENS } from "../host/own-hens.ts";
import type { Pen } from "../pen/pen.ts";
import type { ConfinedExit } from "../run/confine-spec.ts";
import type { Sandbox } from "../sandbox.ts";
import type { AttackArea, Attempt } from "./attempt.ts";
import { type Decoys, openDecoys } from "./decoys.ts";
import { FILE_READ_ATTEMPTS, FILE_WRITE_ATTEMPTS, LINK_ATTEMPTS } from "./file-attempts.ts";
import { GATE_ATTEMPTS } from "./gate-attempts.ts";
import { KERNEL_ATTEMPTS } from "./kernel-attempts.ts";
import { ATTACK_RESOURCES, LIMIT_ATTEMPTS } from "./limit-attempts.ts";
import { NETWORK_ATTEMPTS } from "./network-attempts.ts";
import { ENVIRONMENT_ATTEMPTS, PROCESS_ATTEMPTS, TERMINAL_ATTEMPTS } from "./process-attempts.ts";

/** Everything that is tried, in the order in which it is. */
export const ATTEMPTS: readonly Attempt[] = [
  ...FILE_READ_ATTEMPTS,
  ...FILE_WRITE_ATTEMPTS,
  ...LINK_ATTEMPTS,
  ...ENVIRONMENT_ATTEMPTS,
  ...PROCESS_ATTEMPTS,
  ...NETWORK_ATTEMPTS,
  ...GATE_ATTEMPTS,
  ...TERMINAL_ATTEMPTS,
  ...KERNEL_ATTEMPTS,
  ...LIMIT_ATTEMPTS,
];

export interface AttackResult {
  readonly id: string;
  readonly area: AttackArea;
  readonly title: string;
  /** `not_run` proves nothing and counts as neither. */
  readonly outcome: "held" | "breached" | "not_run";
  /** What came out where it breached, or why it was not run; empty where it held. */
  readonly detail: string;
}

export interface AttackParts {
  readonly sandbox: Sandbox;
  /** Ends the attack between two attempts and inside one. */
  readonly signal: AbortSignal;
  /** Called after each attempt. */
  readonly report?: (result: AttackResult) => void;
  /**
   * The attacker's network policy; open, the weakest that goes by the gate, when absent. Tests open a decoy by it, and so see that
   * an attempt can breach.
   */
  readonly network?: (decoys: Decoys["env"]) => NetworkSpec;
  /** Titles to try; all when absent. */
  readonly only?: (attempt: Attempt) => boolean;
}

const HEN = OWN_HENS.attacker;
const SECONDS_DEFAULT = 10;

/** An attempt's own output; a flood is one of the attempts. */
const OUTPUT_BYTES_MAX = 64 * 1024;

/**
 * Starts a real hen's sandbox, lays decoys one step outside of it, and tries to get at them (walls.md, Honesty). Uses
 * the first two uids below the probe's where the daemon is root. The sandbox stays open; what was made is removed.
 *
 * @throws CoopError `walls_missing` where nothing can be confined, `cancelled`
 */
export async function runAttacks({ sandbox, signal, report, only, network }: AttackParts): Promise<AttackResult[]> {
  if (!sandbox.walls.confine.holds) throw new CoopError("walls_missing", sandbox.walls.confine.reason);
  const uids = attackUids(sandbox);
  const decoys = await openDecoys({ sandbox, otherUid: uids?.[1] });
  const results: AttackResult[] = [];
  try {
    for (const [index, attempt] of ATTEMPTS.entries()) {
      if (only?.(attempt) === false) continue;
      const policy = network?.(decoys.env) ?? null;
      const pen = await sandbox.openPen({ henId: HEN, uid: uids?.[0], resources: RESOURCES, network: policy });
      const verdict = await tryOne(sandbox, pen, decoys, attempt, signal);
      await sandbox.removePen(HEN); // each attempt starts with an empty folder
      const result = { id: `attack-${index + 1}`, area: attempt.area, title: attempt.title, ...verdict };
      results.push(result);
      report?.(result);
    }
    return results;
  } finally {
    await sandbox.removePen(HEN);
    await decoys.close();
  }
}

const RESOURCES = {
  ram_request_mb: null,
  cpu_request: null,
  cpu_limit: null,
  prefer_roost: null,
  ...ATTACK_RESOURCES,
};

/** The last two of the hens' range, which a farm reaches after 65,533 hens. */
function attackUids({ uidRange }: Sandbox): readonly [number, number] | undefined {
  return uidRange === undefined ? undefined : [uidRange.base + uidRange.count - 1, uidRange.base + uidRange.count - 2];
}

type Verdict = Pick<AttackResult, "outcome" | "detail">;

async function tryOne(
  sandbox: Sandbox,
  pen: Pen,
  decoys: Decoys,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<Verdict> {
  const run = (script: string) =>
    sandbox.confine(pen, {
      argv: ["bash", "-c", script],
      env: decoys.env,
      timeoutMs: (attempt.seconds ?? SECONDS_DEFAULT) * 1000,
      signal,
      outputBytesMax: OUTPUT_BYTES_MAX,
    });
  try {
    const verdict = judge(attempt, decoys, await run(attempt.script));
    if (verdict.outcome !== "held") return verdict;
    // A second launch in the same folder: what was planted must not act on the next one.
    await run("true");
    if (await attempt.breached?.(decoys, pen, verdict.detail))
      return { outcome: "breached", detail: "seen from outside" };
    return { outcome: "held", detail: "" };
  } catch (thrown) {
    const error = toCoopError(thrown, "sandbox_failed");
    if (error.code === "cancelled") throw error;
    // The sandbox ended it because a limit was met: that is what holding means.
    if (error.code === "limit_reached") return { outcome: "held", detail: "" };
    return { outcome: "not_run", detail: error.message };
  } finally {
    await delay(0, undefined);
  }
}

/** With `held`, the detail is the output, for the look from outside. */
function judge(attempt: Attempt, decoys: Decoys, exit: ConfinedExit): Verdict {
  const text = exit.stdout.text + exit.stderr.text;
  const isBreached = /^BREACH/m.test(exit.stdout.text) || decoys.secrets.some((secret) => text.includes(secret));
  if (isBreached) return { outcome: "breached", detail: text.slice(0, 300) };
  const needs = /^NEEDS (\S+)/m.exec(exit.stdout.text)?.[1];
  if (needs !== undefined && exit.stderr.text.includes("not found")) {
    return { outcome: "not_run", detail: `it needs ${needs} in the sandbox's /usr` };
  }
  if (exit.timedOut && attempt.seconds === undefined) return { outcome: "not_run", detail: "it did not end in time" };
  return { outcome: "held", detail: exit.stdout.text };
}
