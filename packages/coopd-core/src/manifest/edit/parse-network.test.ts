import { expect, test } from "bun:test";
import { CoopError } from "../../errors/coop-error.ts";
import { parseNetwork } from "./parse-network.ts";

test("what the manifest's rules refuse is refused, with the path and without lines that nobody wrote", () => {
  for (const [block, path] of [
    [{}, "network.policy"],
    [{ policy: false }, "network.policy"],
    [{ policy: "open", allow: [{ host: "a.org" }] }, "network.allow"],
    [{ policy: "allowlist", allow: [{ host: "https://a.org" }] }, "network.allow[0].host"],
    [{ policy: "allowlist", allow: [{ host: "a.org", ports: [0] }] }, "network.allow[0].ports[0]"],
    [{ policy: "allowlist", allow: [{ host: "a.org", private: true }] }, "network.allow[0].ports"],
    [{ policy: "allowlist", alow: [] }, "network.alow"],
    [[], "network"],
    ["off", "network"],
    [7, "network"],
  ] as const) {
    try {
      expect.unreachable(JSON.stringify(parseNetwork(block)));
    } catch (error) {
      if (!(error instanceof CoopError)) throw error;
      expect([block, error.code]).toEqual([block, "manifest_invalid"]);
      expect(error.message).toStartWith(`invalid network block: ${path}: `);
      expect(error.details?.faults).toContainEqual({
        path,
        message: expect.any(String) as never,
        ...(error.message.includes("; expected") ? { expected: expect.any(String) as never } : {}),
        ...(path === "network.alow" ? { nearest: "allow" } : {}),
      });
    }
  }
});

test("a good block comes with its defaults and with what is odd about it; null is no block", () => {
  expect(parseNetwork({ policy: "allowlist", allow: [{ host: "A.org" }] })).toEqual({
    network: {
      policy: "allowlist",
      allow: [{ host: "a.org", ports: [443], private: false, methods: null, paths: null }],
    },
    warnings: [],
  });
  expect(parseNetwork({ policy: "allowlist" }).warnings).toEqual([expect.stringContaining("network.allow")]);
  expect(parseNetwork(null)).toEqual({ network: null, warnings: [] });
});
