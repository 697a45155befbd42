import { describe, expect, test } from "bun:test";
import type { Hen } from "../hen/hen.ts";
import type { Instant, TaskId } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import type { AgentKind, LeaseSpec } from "../manifest/manifest.ts";
import { henWith, manifestWith, wallsWithout } from "../testing/hens.ts";
import { matchTask } from "./match-task.ts";
import { createTask } from "./task.ts";

const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, "0")}:00Z` as Instant;
const CONDITIONS = { walls: wallsWithout(), promptBytesMax: 100 };
const LEASE: LeaseSpec = {
  allow_lease: true,
  base_price_grain_per_hour: null,
  min_renter_trust: null,
  stream_enabled: false,
  spectator_enabled: false,
  intervention_allowed: false,
  require_framework: true,
  allowed_tools: null,
  topic_filter: { deny_keywords: ["weapon"], allow_keywords: [] },
};
const lease = { kind: "leased_out", renter: "bob", lease_id: "l1", expires_at: null } as const;

function task(parts: { kind?: AgentKind | null; leaseId?: string | null; prompt?: string } = {}) {
  const { kind = null, leaseId = null, prompt = "tidy" } = parts;
  return createTask({ id: "t" as TaskId, prompt, kind, leaseId, at: at(0) });
}
function hen(name: string, parts: Partial<Hen> & { kind?: AgentKind } = {}): Hen {
  const { kind = "claude-code", ...rest } = parts;
  const network = { policy: "open" as const, allow: [] };
  const manifest = manifestWith({ name, agent_kind: kind, network, lease: LEASE });
  return henWith({ state: "IDLE", ...rest, id: `local.coop/${name}` as HenId, manifest });
}
const waiting = (parts: Parameters<typeof task>[0], ...hens: Hen[]) =>
  matchTask(task(parts), hens, CONDITIONS).waitingFor;
const chosen = (parts: Parameters<typeof task>[0], ...hens: Hen[]) => matchTask(task(parts), hens, CONDITIONS).hen?.id;

describe("a task waits", () => {
  test("for a hen of its kind where there is none", () => {
    expect(waiting({})).toBe("a hen of kind claude-code, codex or gh-copilot");
    expect(waiting({ kind: "codex" }, hen("a"), hen("b", { kind: "shell" }))).toBe("a hen of kind codex");
    expect(waiting({}, hen("a", { state: "ARCHIVED" }), hen("b", { kind: "anthropic" }))).toStartWith("a hen of kind");
  });

  test("for an idle one: it wakes nobody and is never given to a hen that works", () => {
    const hens = (["DEFINED", "HATCHING", "WORKING", "SLEEPING"] as const).map((state) => hen("a", { state }));
    for (const one of hens) expect(waiting({}, one)).toBe(`an idle hen: local.coop/a is ${one.state}`);
    expect(waiting({}, ...hens)?.split(",").length).toBe(3);
  });

  test("for one that is free: a hen has one task at a time", () => {
    const taken = new Map([["local.coop/a" as HenId, "local.coop/a has task t7"]]);
    const match = (...hens: Hen[]) => matchTask(task(), hens, { ...CONDITIONS, taken });
    expect(match(hen("a")).waitingFor).toBe("an idle hen: local.coop/a has task t7");
    expect(match(hen("a"), hen("b", { updated_at: at(9) })).hen?.id).toBe("local.coop/b" as HenId);
  });

  test("for ever, where its prompt would be typed into a shell as a command (weaknesses G2)", () => {
    expect(waiting({ kind: "anthropic" }, hen("a", { kind: "anthropic" }))).toBe("a hen of kind anthropic");
  });

  test("for the end of another's lease, and for its own to begin", () => {
    expect(waiting({}, hen("a", { state: "LEASED", lease }))).toBe("the end of a lease");
    expect(waiting({ leaseId: "l1" }, hen("a"))).toBe("the lease l1 to begin");
  });

  test("where admit refuses every hen, saying why: topic, prompt, walls", () => {
    const leased = hen("a", { state: "LEASED", lease });
    expect(waiting({ leaseId: "l1", prompt: "buy WEAPONS" }, leased)).toContain("topic filter");
    expect(waiting({ prompt: "x".repeat(101) }, hen("a"))).toContain("the limit is 100");
    const walls = wallsWithout("confine");
    expect(matchTask(task(), [hen("a")], { ...CONDITIONS, walls }).waitingFor).toContain("no confine");
  });
});

describe("a task goes", () => {
  test("to a hen that fell asleep by itself, as a job does", () => {
    expect(chosen({}, hen("a", { state: "DORMANT" }), hen("b", { state: "SLEEPING" }))).toBe("local.coop/a" as HenId);
  });

  test("to the hen that has been idle longest, and by id between two of one moment", () => {
    const [a, b, c] = [
      hen("a", { updated_at: at(3) }),
      hen("b", { updated_at: at(1) }),
      hen("c", { updated_at: at(1) }),
    ];
    expect(chosen({}, a, c, b)).toBe(b.id);
    expect(chosen({}, a, { ...b, state: "WORKING" }, c)).toBe(c.id);
  });

  test("to the next one where the first may not take it", () => {
    const first = hen("a", { updated_at: at(1) });
    const unleasable = { ...first, manifest: { ...first.manifest, lease: { ...LEASE, allow_lease: false } } };
    const leased = { state: "LEASED", lease } as const;
    const second = hen("b", { ...leased, updated_at: at(2), kind: "codex" });
    expect(chosen({ leaseId: "l1" }, { ...unleasable, ...leased }, second)).toBe(second.id);
  });

  test("under a lease only to a hen of that lease", () => {
    const leased = hen("b", { state: "LEASED", lease, updated_at: at(9) });
    expect(chosen({ leaseId: "l1" }, hen("a"), leased)).toBe(leased.id);
  });
});
