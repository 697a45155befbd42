import { expect, test } from "bun:test";
import type { NetworkSpec } from "coopd-core";
import { transparentPorts } from "./transparent-ports.ts";

function allowlist(...ports: readonly number[][]): NetworkSpec {
  const allow = ports.map((list) => ({ host: "a.b", ports: list, private: false, methods: null, paths: null }));
  return { policy: "allowlist", allow };
}

test("policy off has no port, not even 80", () => expect(transparentPorts({ policy: "off", allow: [] })).toEqual([]));

test("open has 80 and 443", () => {
  expect(transparentPorts(null)).toEqual([80, 443]);
  expect(transparentPorts({ policy: "open", allow: [] })).toEqual([80, 443]);
});

test("an allowlist has what its rules list besides, each once, and never the gate's own ports", () => {
  expect(transparentPorts(allowlist([443, 8443], [22, 8443], [3128, 53], []))).toEqual([22, 80, 443, 8443]);
});
