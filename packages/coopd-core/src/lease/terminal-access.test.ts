import { expect, test } from "bun:test";
import type { LeaseSpec } from "../manifest/manifest.ts";
import { henWith, manifestWith } from "../testing/hens.ts";
import { leaseAllowsTerminal } from "./terminal-access.ts";

const LEASE: LeaseSpec = {
  allow_lease: true,
  base_price_grain_per_hour: null,
  min_renter_trust: null,
  stream_enabled: false,
  spectator_enabled: false,
  intervention_allowed: false,
  require_framework: false,
  allowed_tools: null,
  topic_filter: null,
};
const lease = { kind: "leased_out", renter: "bob", lease_id: "l1", expires_at: null } as const;
const leased = (spec: Partial<LeaseSpec>) =>
  henWith({ manifest: manifestWith({ lease: { ...LEASE, ...spec } }), state: "LEASED", lease });

test("while leased, a topic filter or the lack of bash makes the terminal read-only", () => {
  const filter = { deny_keywords: [], allow_keywords: [] };
  expect(leaseAllowsTerminal(leased({ topic_filter: filter }))).toBe(false);
  expect(leaseAllowsTerminal(leased({ topic_filter: filter, allowed_tools: ["bash"] }))).toBe(false);
  expect(leaseAllowsTerminal(leased({ allowed_tools: [] }))).toBe(false);
  expect(leaseAllowsTerminal(leased({ allowed_tools: ["file_read"] }))).toBe(false);
});

test("a lease without a filter that lets bash be used leaves it open, and so does its owner's having the hen", () => {
  expect(leaseAllowsTerminal(leased({}))).toBe(true);
  expect(leaseAllowsTerminal(leased({ allowed_tools: ["file_read", "bash"] }))).toBe(true);
  const own = henWith({ manifest: manifestWith({ lease: { ...LEASE, allowed_tools: [] } }) });
  expect(leaseAllowsTerminal(own)).toBe(true);
  expect(leaseAllowsTerminal(henWith({ lease }))).toBe(true);
});
