import { expect, test } from "bun:test";
import type { NetPolicy } from "../manifest/manifest.ts";
import { manifestWith, wallsWithout } from "../testing/hens.ts";
import { judgeEnforcement } from "./enforcement.ts";
import type { HostWalls } from "./host-walls.ts";

const ROWS = ["confine", "networkOff", "gate"] as const satisfies readonly (keyof HostWalls)[];

/** Every subset of rows that a host can lack. */
const HOSTS = Array.from({ length: 8 }, (_, bits) => ROWS.filter((_, row) => (bits >> row) % 2 === 1));

/** What each policy gets on each host: the verdict, and the row that its reason names. */
const EXPECTED: Readonly<Record<NetPolicy, Readonly<Record<string, string>>>> = {
  off: {
    "": "enforced",
    gate: "enforced",
    networkOff: "unenforceable network off: no networkOff",
    "networkOff gate": "unenforceable network off: no networkOff",
    confine: "unenforceable confinement: no confine",
    "confine gate": "unenforceable confinement: no confine",
    "confine networkOff": "unenforceable confinement: no confine",
    "confine networkOff gate": "unenforceable confinement: no confine",
  },
  allowlist: {
    "": "enforced",
    gate: "denied_all no gate",
    networkOff: "unenforceable network off: no networkOff",
    "networkOff gate": "unenforceable network off: no networkOff",
    confine: "unenforceable confinement: no confine",
    "confine gate": "unenforceable confinement: no confine",
    "confine networkOff": "unenforceable confinement: no confine",
    "confine networkOff gate": "unenforceable confinement: no confine",
  },
  open: {
    "": "gated",
    gate: "denied_all no gate",
    networkOff: "unenforceable network off: no networkOff",
    "networkOff gate": "unenforceable network off: no networkOff",
    confine: "denied_all no confine",
    "confine gate": "denied_all no confine",
    "confine networkOff": "denied_all no confine",
    "confine networkOff gate": "denied_all no confine",
  },
};

for (const policy of ["off", "allowlist", "open"] as const) {
  test(`policy ${policy} is never held weaker than it says, whatever the host lacks`, () => {
    for (const missing of HOSTS) {
      const verdict = judgeEnforcement(manifestWith({ network: { policy, allow: [] } }), wallsWithout(...missing));
      const says = "missing" in verdict ? ` ${verdict.missing}` : "reason" in verdict ? ` ${verdict.reason}` : "";
      expect({ missing: missing.join(" "), verdict: verdict.kind + says }).toEqual({
        missing: missing.join(" "),
        verdict: EXPECTED[policy][missing.join(" ")] ?? "",
      });
    }
  });
}

test("no network block is policy open", () => {
  for (const missing of HOSTS) {
    const open = manifestWith({ network: { policy: "open", allow: [] } });
    expect(judgeEnforcement(manifestWith(), wallsWithout(...missing))).toEqual(
      judgeEnforcement(open, wallsWithout(...missing)),
    );
  }
});
