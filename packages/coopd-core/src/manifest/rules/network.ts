import type { Rule } from "./report.ts";

/** Rules that would do nothing, or more than they say, are refused (contract/manifest.md, network; walls.md, Gate). */
export const judgeNetwork: Rule = ({ network }, report, isWritten) => {
  if (network === undefined || network === null) return;
  const { policy, allow } = network;
  if (policy !== undefined && policy !== "allowlist" && allow !== undefined && allow.length > 0) {
    report("network.allow", `is given, and policy ${policy} has no use for it`, {
      expected: "policy: allowlist with it",
    });
  }
  for (const [index, rule] of allow?.entries() ?? []) {
    if (rule?.private !== true) continue;
    const path = `network.allow[${index}]`;
    if (rule.host?.startsWith("*.")) {
      report(`${path}.host`, "is a pattern, and private: true opens one host", { expected: "an exact host" });
    }
    if (!isWritten(`${path}.ports`) || rule.ports?.length === 0) {
      report(`${path}.ports`, "is not given, and private: true opens named ports only", {
        expected: "a list of ports, as in [11434]",
      });
    }
  }
};
