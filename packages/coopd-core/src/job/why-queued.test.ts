import { expect, test } from "bun:test";
import { createHen, type HenView, toHenView } from "../hen/hen.ts";
import type { Instant, JobId } from "../ids/brand.ts";
import { parseHenId } from "../ids/hen-id.ts";
import type { LeaseStatus } from "../lease/lease.ts";
import { parseManifest } from "../manifest/index.ts";
import { createJob, type Job } from "./job.ts";
import { jobLimits } from "./limits.ts";
import { type WaitConditions, whyQueued } from "./why-queued.ts";

const AT = "2026-03-01T10:00:00Z" as Instant;
const ID = parseHenId("local.coop/aria");
const MANIFEST = parseManifest(
  'spec_version: coop/v1\nname: aria\nbrain: {provider_id: none, provider: script, model: hello}\nnetwork: {policy: "off"}\n',
).manifest;
const OTHER = "018f22e2-79b0-7cc3-98c4-dc0c0c073981" as JobId;

function hen(change: Partial<HenView> = {}): HenView {
  const bare = toHenView({ ...createHen(ID, MANIFEST, AT), state: "IDLE" }, { kind: "enforced" }, undefined);
  return { ...bare, ...change };
}

function job(change: Partial<Job> = {}): Job {
  const id = "018f22e2-79b0-7cc3-98c4-dc0c0c07398f" as JobId;
  return { ...createJob({ id, henId: ID, prompt: "p", at: AT, limits: jobLimits(null) }), ...change };
}

const FREE: WaitConditions = { isFarmStopped: false, places: { taken: 0, max: 8 }, ahead: 0, running: [] };
const why = (conditions: Partial<WaitConditions>, of = hen(), what = job()) =>
  whyQueued(what, of, { ...FREE, ...conditions });

test("a job that does not wait has no reason", () => {
  for (const status of ["RUNNING", "DONE", "FAILED", "CANCELLED"] as const) {
    expect(why({ ahead: 3, isFarmStopped: true }, hen(), job({ status }))).toMatchObject({ kind: null, ahead: 0 });
  }
});

test("each thing that keeps a job is named, the first of them first", () => {
  const needy = { needs: "vault", needs_reason: "the vault is locked", needs_next: "coop vault unlock" } as const;
  const everything = { isFarmStopped: true, places: { taken: 8, max: 8 }, running: [OTHER] };
  expect(why(everything, hen({ ...needy, state: "SLEEPING" }))).toMatchObject({
    kind: "farm_stopped",
    next: "coop farm resume",
  });
  const going = { ...everything, isFarmStopped: false };
  expect(why(going, hen({ ...needy, state: "SLEEPING" }))).toMatchObject({
    kind: "hen_needs",
    waiting_for: "the vault is locked",
    next: "coop vault unlock",
  });
  expect(why(going, hen({ state: "SLEEPING" }))).toMatchObject({
    kind: "hen_away",
    next: "coop hen wake local.coop/aria",
  });
  expect(why(going, hen({ state: "WORKING" }))).toMatchObject({ kind: "hen_busy", running: [OTHER] });
  expect(why({ ...going, running: [] })).toMatchObject({ kind: "farm_busy" });
  expect(why({ ahead: 2 })).toMatchObject({ kind: "its_turn", ahead: 2 });
});

test("a lease that is another's keeps it, and one that is its own does not", () => {
  const lease = { kind: "leased_out", renter: "r", lease_id: "l1", expires_at: null } as LeaseStatus;
  expect(why({}, hen({ state: "LEASED", lease })).waiting_for).toBe("the end of the lease l1");
  expect(why({}, hen(), job({ lease_id: "l2" })).waiting_for).toBe("the lease l2 to begin");
  expect(why({}, hen({ state: "LEASED", lease }), job({ lease_id: "l1" })).kind).toBe("its_turn");
});

test("every state of a hen that does not work is told with what would help, if anything would", () => {
  const nextOf = (state: HenView["state"]) => why({}, hen({ state })).next;
  expect(nextOf("DEFINED")).toBe("coop hen hatch local.coop/aria");
  expect([nextOf("HATCHING"), nextOf("ARCHIVED")]).toEqual([null, null]);
  expect(nextOf("DORMANT")).toBe("coop hen wake local.coop/aria");
});
