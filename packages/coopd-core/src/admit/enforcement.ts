import { type Manifest, netPolicyOf } from "../manifest/manifest.ts";
import type { Enforcement, HostWalls } from "./host-walls.ts";

/**
 * What this host can hold of a manifest's network policy. `off` and `allowlist` are strict: a row they need that is
 * missing makes them unenforceable, never quietly weaker. Without a gate `allowlist` and `open` are denied more than they
 * ask for: no network at all.
 */
export function judgeEnforcement(manifest: Manifest, walls: HostWalls): Enforcement {
  const policy = netPolicyOf(manifest);
  if (!walls.confine.holds) {
    // Nothing that needs a process runs at all, so an open hen is refused its processes, not its policy.
    if (policy === "open") return { kind: "denied_all", reason: walls.confine.reason };
    return { kind: "unenforceable", missing: `confinement: ${walls.confine.reason}` };
  }
  if (!walls.networkOff.holds) return { kind: "unenforceable", missing: `network off: ${walls.networkOff.reason}` };
  if (policy === "off") return { kind: "enforced" };
  if (!walls.gate.holds) return { kind: "denied_all", reason: walls.gate.reason };
  return { kind: policy === "open" ? "gated" : "enforced" };
}
