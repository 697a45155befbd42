import { expect, test } from "bun:test";
import type { CoopError } from "../errors/coop-error.ts";
import type { Hen } from "../hen/hen.ts";
import { HEN_STATES } from "../hen/moves.ts";
import type { LeaseSpec } from "../manifest/manifest.ts";
import { henWith, manifestWith, wallsWithout } from "../testing/hens.ts";
import { admit } from "./admit.ts";
import { requireSameLease } from "./admit-lease.ts";

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
const BOBS = { kind: "leased_out", renter: "bob", lease_id: "l1", expires_at: null } as const;
const manifest = manifestWith({ lease: LEASE });
const leasable = (parts: Partial<Hen> = {}) => henWith({ manifest, state: "IDLE", ...parts });

function verdict(run: () => unknown): string {
  try {
    const { moves } = run() as { moves: readonly string[] };
    return ["ok", ...moves].join(" ");
  } catch (error) {
    return (error as CoopError).code;
  }
}
const lease = (hen: Hen, endsMs: number | null = null, runningJobId: string | null = null, walls = wallsWithout()) =>
  verdict(() => admit({ action: "lease", hen, walls, runningJobId, endsMs, nowMs: 1_000 }));

test("a lease is refused where the manifest does not allow it, over a job or another lease, and for a time that is over", () => {
  expect(lease(henWith({ state: "IDLE" }))).toBe("policy_denied");
  expect(lease(henWith({ state: "IDLE", manifest: manifestWith({ lease: { ...LEASE, allow_lease: false } }) }))).toBe(
    "policy_denied",
  );
  expect(lease(leasable({ state: "WORKING" }), null, "job-7")).toBe("hen_busy");
  expect(lease(leasable({ state: "LEASED", lease: BOBS }))).toBe("hen_busy");
  for (const endsMs of [0, 999, 1_000, Number.NaN]) expect(lease(leasable(), endsMs)).toBe("bad_request");
  const strict = { manifest: manifestWith({ lease: LEASE, network: { policy: "off", allow: [] } }) };
  expect(lease(leasable(strict), null, null, wallsWithout("confine"))).toBe("walls_missing");
});

test("by state: an idle hen is leased as it is, one that rests is woken for it, all others are not", () => {
  const verdicts = HEN_STATES.map((state) => [state, lease(leasable({ state }), 1_001)]);
  expect(Object.fromEntries(verdicts)).toEqual({
    DEFINED: "illegal_move",
    HATCHING: "illegal_move",
    IDLE: "ok LEASED",
    WORKING: "ok LEASED", // its last job has just ended: the store says what it is by now
    LEASED: "illegal_move",
    SLEEPING: "ok IDLE LEASED",
    DORMANT: "ok IDLE LEASED",
    ARCHIVED: "illegal_move",
  });
});

test("a release needs a lease, and no job that runs", () => {
  const release = (hen: Hen, runningJobId: string | null = null) =>
    verdict(() => admit({ action: "release", hen, runningJobId }));
  expect(release(leasable())).toBe("illegal_move");
  expect(release(leasable({ state: "WORKING", lease: BOBS }), "job-7")).toBe("hen_busy");
  expect(release(leasable({ state: "LEASED", lease: BOBS }))).toBe("ok");
});

test("a job of a lease hands work only to a hen of that lease; the owner's job to any", () => {
  const code = (hen: Hen, leaseId: string | null) =>
    verdict(() => {
      requireSameLease(hen, leaseId);
      return { moves: [] };
    });
  expect(code(leasable(), "l1")).toBe("delegation_refused");
  expect(code(leasable({ lease: { ...BOBS, lease_id: "l2" } }), "l1")).toBe("delegation_refused");
  expect(code(leasable({ lease: BOBS }), "l1")).toBe("ok");
  expect(code(leasable({ lease: BOBS }), null)).toBe("ok");
});
