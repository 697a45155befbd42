import { describe, expect, test } from "bun:test";
import { CoopError } from "../errors/coop-error.ts";
import type { Hen } from "../hen/hen.ts";
import { HEN_STATES, type HenState } from "../hen/moves.ts";
import type { LeaseSpec, NetPolicy } from "../manifest/manifest.ts";
import { henWith, manifestWith, noModels, wallsWithout } from "../testing/hens.ts";
import { type AdmitRequest, admit } from "./admit.ts";

const ALL_WALLS = wallsWithout();
const TERMINAL_KINDS = ["claude-code", "codex", "gh-copilot", "shell", "custom"] as const;
const LEASABLE: LeaseSpec = {
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
const MODELS = noModels();

/** `ok` with the moves that must be made, or the code of the refusal. */
function verdictOf(request: AdmitRequest): string {
  try {
    return ["ok", ...admit(request).moves].join(" ");
  } catch (thrown) {
    if (thrown instanceof CoopError) return thrown.code;
    throw thrown;
  }
}

function refusalOf(request: AdmitRequest): CoopError {
  try {
    admit(request);
  } catch (thrown) {
    if (thrown instanceof CoopError) return thrown;
  }
  throw new Error("was not refused with a CoopError");
}

function job(hen: Hen, parts: Partial<Extract<AdmitRequest, { action: "job" }>> = {}): AdmitRequest {
  return { action: "job", hen, walls: ALL_WALLS, prompt: "hi", promptBytesMax: 100, leaseId: null, ...parts };
}

function under(policy: NetPolicy, parts: Partial<Hen["manifest"]> = {}): Hen {
  return henWith({ manifest: manifestWith({ network: { policy, allow: [] }, ...parts }) });
}

/** What each entrance does with a hen in each state, on a host where everything holds and no job runs. */
const BY_STATE: Readonly<Record<HenState, Readonly<Record<"hatch" | "sleep" | "wake" | "delete" | "job", string>>>> = {
  DEFINED: {
    hatch: "ok HATCHING IDLE",
    sleep: "illegal_move",
    wake: "illegal_move",
    delete: "ok",
    job: "ok HATCHING IDLE",
  },
  HATCHING: { hatch: "illegal_move", sleep: "illegal_move", wake: "illegal_move", delete: "ok", job: "ok" },
  IDLE: { hatch: "illegal_move", sleep: "ok SLEEPING", wake: "illegal_move", delete: "ok", job: "ok" },
  WORKING: { hatch: "illegal_move", sleep: "illegal_move", wake: "illegal_move", delete: "ok", job: "ok" },
  LEASED: { hatch: "illegal_move", sleep: "illegal_move", wake: "illegal_move", delete: "ok", job: "ok" },
  SLEEPING: { hatch: "illegal_move", sleep: "illegal_move", wake: "ok IDLE", delete: "ok", job: "ok IDLE" },
  DORMANT: { hatch: "illegal_move", sleep: "illegal_move", wake: "ok IDLE", delete: "ok", job: "ok IDLE" },
  ARCHIVED: { hatch: "illegal_move", sleep: "illegal_move", wake: "illegal_move", delete: "ok", job: "hen_archived" },
};

for (const state of HEN_STATES) {
  test(`a hen that is ${state} may be asked for exactly what its state allows`, () => {
    const hen = henWith({ state });
    expect({
      hatch: verdictOf({ action: "hatch", hen, walls: ALL_WALLS, models: MODELS }),
      sleep: verdictOf({ action: "sleep", hen, runningJobId: null }),
      wake: verdictOf({ action: "wake", hen, runningJobId: null, walls: ALL_WALLS }),
      delete: verdictOf({ action: "delete", hen, runningJobId: null }),
      job: verdictOf(job(hen)),
    }).toEqual(BY_STATE[state]);
  });
}

describe("waking", () => {
  test("a strict hen is refused where its policy cannot be enforced", () => {
    const hen = { ...under("off"), state: "SLEEPING" } as const;
    const walls = wallsWithout("confine");
    expect(refusalOf({ action: "wake", hen, runningJobId: null, walls }).code).toBe("walls_missing");
  });
});

describe("archiving", () => {
  const ask = (state: HenState, queuedJobs = 0) =>
    verdictOf({ action: "archive", hen: henWith({ state }), runningJobId: null, queuedJobs });
  test("is refused over waiting jobs and from states that do not lead there, else goes by DORMANT", () => {
    expect(ask("IDLE", 1)).toBe("hen_busy");
    expect(HEN_STATES.map((state) => ask(state))).toEqual([
      "illegal_move",
      "illegal_move",
      "ok DORMANT ARCHIVED",
      "illegal_move",
      "illegal_move",
      "ok DORMANT ARCHIVED",
      "ok ARCHIVED",
      "ok ARCHIVED",
    ]);
  });
});

describe("a hen with a running job", () => {
  for (const action of ["sleep", "wake", "delete"] as const) {
    test(`is not given ${action}: the refusal names the job and how to wait for it`, () => {
      for (const state of HEN_STATES) {
        const error = refusalOf({ action, hen: henWith({ state }), runningJobId: "job-7", walls: ALL_WALLS });
        expect(error).toMatchObject({ code: "hen_busy", next: "Wait for it: coop job wait job-7" });
        expect(error.details).toEqual({ hen_id: "local.coop/pip", job_id: "job-7" });
      }
    });
  }
});

describe("a strict hen where its policy cannot be held", () => {
  const hosts = [wallsWithout("confine"), wallsWithout("networkOff"), wallsWithout("confine", "networkOff", "gate")];

  test("neither hatches nor takes a job in any state, so no way of waking it goes round the walls (weaknesses A4)", () => {
    for (const policy of ["off", "allowlist"] as const) {
      for (const walls of hosts) {
        expect(verdictOf({ action: "hatch", hen: under(policy), walls, models: MODELS })).toBe("walls_missing");
        for (const state of HEN_STATES.filter((each) => each !== "ARCHIVED")) {
          expect(verdictOf(job({ ...under(policy), state }, { walls }))).toBe("walls_missing");
        }
      }
    }
  });

  test("is told which row is missing", () => {
    const error = refusalOf({ action: "hatch", hen: under("off"), walls: wallsWithout("confine"), models: MODELS });
    expect(error.message).toContain("confinement: no confine");
    expect(error.details).toEqual({ hen_id: "local.coop/pip", policy: "off", missing: "confinement: no confine" });
  });

  test("is one row short for a terminal agent of any policy, which is nothing without a process", () => {
    for (const kind of TERMINAL_KINDS) {
      for (const policy of ["off", "allowlist", "open"] as const) {
        const hen = under(policy, { agent_kind: kind });
        expect(verdictOf({ action: "hatch", hen, walls: wallsWithout("confine"), models: MODELS })).toBe(
          "walls_missing",
        );
        expect(verdictOf({ action: "hatch", hen, walls: ALL_WALLS, models: MODELS })).toBe("ok HATCHING IDLE");
      }
    }
  });
});

describe("a terminal agent", () => {
  test("takes no jobs, and the refusal has the command that fits", () => {
    for (const kind of TERMINAL_KINDS) {
      const error = refusalOf(job(under("open", { agent_kind: kind })));
      expect(error.code).toBe("bad_request");
      expect(error.next).toContain(`coop task add --kind ${kind}`);
      expect(error.next).toContain("coop hen send local.coop/pip");
    }
  });
});

describe("a terminal", () => {
  const LEASE = { kind: "leased_out", renter: "bob", lease_id: "l1", expires_at: null } as const;
  const open = (hen: Hen, walls = ALL_WALLS) => verdictOf({ action: "terminal", hen, walls });

  test("is refused to an archived hen, to one that hatches, and where nothing can be confined", () => {
    expect(open(henWith({ state: "ARCHIVED" }))).toBe("hen_archived");
    expect(open(henWith({ state: "HATCHING" }))).toBe("hen_busy");
    expect(open(henWith({ state: "IDLE" }), wallsWithout("confine"))).toBe("walls_missing");
    expect(open({ ...under("off"), state: "IDLE" }, wallsWithout("networkOff"))).toBe("walls_missing");
  });

  test("takes nobody's keys under a lease that they would go round (weaknesses D6)", () => {
    const leased = (parts: Partial<LeaseSpec>) =>
      henWith({ state: "LEASED", lease: LEASE, manifest: manifestWith({ lease: { ...LEASABLE, ...parts } }) });
    expect(open(leased({ topic_filter: { deny_keywords: ["x"], allow_keywords: [] } }))).toBe("policy_denied");
    expect(open(leased({ allowed_tools: ["file_read"] }))).toBe("policy_denied");
    expect(open(leased({}))).toBe("ok");
  });

  test("wakes and hatches the hen, as a job does", () => {
    expect(open(henWith({ state: "DEFINED" }))).toBe("ok HATCHING IDLE");
    expect(open(henWith({ state: "SLEEPING" }))).toBe("ok IDLE");
    expect(open(henWith({ state: "DORMANT" }))).toBe("ok IDLE");
    expect(open(henWith({ state: "WORKING" }))).toBe("ok");
  });
});

describe("a task", () => {
  const task = (state: HenState) =>
    verdictOf({ ...job({ ...under("open", { agent_kind: "codex" }), state }), action: "task" } as AdmitRequest);

  test("goes to no hen that works, was put to sleep or never hatched", () => {
    for (const state of ["DEFINED", "HATCHING", "WORKING", "SLEEPING"] as const) expect(task(state)).toBe("hen_busy");
    expect(task("ARCHIVED")).toBe("hen_archived");
  });

  test("goes to one that rests, and wakes one that fell asleep by itself", () => {
    expect([task("IDLE"), task("LEASED"), task("DORMANT")]).toEqual(["ok", "ok", "ok IDLE"]);
  });
});

test("an open hen lives on a host that confines nothing: its processes are refused, not its policy", () => {
  expect(
    verdictOf({
      action: "hatch",
      hen: under("open"),
      walls: wallsWithout("confine", "networkOff", "gate"),
      models: MODELS,
    }),
  ).toBe("ok HATCHING IDLE");
  expect(verdictOf({ action: "hatch", hen: under("open"), walls: wallsWithout("networkOff"), models: MODELS })).toBe(
    "walls_missing",
  );
});

describe("a prompt", () => {
  test("is refused beyond its limit, counted in bytes of UTF-8", () => {
    expect(verdictOf(job(henWith(), { prompt: "ä".repeat(51) }))).toBe("prompt_too_large");
    expect(verdictOf(job(henWith(), { prompt: "ä".repeat(50) }))).toBe("ok HATCHING IDLE");
    expect(refusalOf(job(henWith(), { prompt: "🐔".repeat(26) })).details).toEqual({ bytes: 104, bytes_max: 100 });
  });

  test("may be empty, and is unlimited where the limit is 0", () => {
    expect(verdictOf(job(henWith(), { prompt: "" }))).toBe("ok HATCHING IDLE");
    expect(verdictOf(job(henWith(), { prompt: "x".repeat(1_000_000), promptBytesMax: 0 }))).toBe("ok HATCHING IDLE");
  });
});

const LEASE: LeaseSpec = {
  allow_lease: true,
  base_price_grain_per_hour: null,
  min_renter_trust: null,
  stream_enabled: false,
  spectator_enabled: false,
  intervention_allowed: false,
  require_framework: false,
  allowed_tools: ["bash"],
  topic_filter: { deny_keywords: ["weapon"], allow_keywords: [] },
};

const BOBS = { kind: "leased_out", renter: "bob", lease_id: "l1", expires_at: null } as const;

describe("a job of a lease", () => {
  const manifest = manifestWith({ lease: LEASE });
  const leased = henWith({ manifest, state: "LEASED", lease: BOBS });

  test("is refused when its prompt does not pass the topic filter", () => {
    const error = refusalOf(job(leased, { prompt: "buy WEAPONS", leaseId: "l1" }));
    expect(error).toMatchObject({ code: "topic_refused", details: { reason: "denied_keyword" } });
    expect(verdictOf(job(leased, { prompt: "buy bread", leaseId: "l1" }))).toBe("ok");
  });

  test("is judged so when it is queued before its lease begins, or under another one", () => {
    expect(verdictOf(job(henWith({ manifest, state: "IDLE" }), { prompt: "buy weapons", leaseId: "l1" }))).toBe(
      "topic_refused",
    );
    expect(verdictOf(job(leased, { prompt: "buy weapons", leaseId: "l2" }))).toBe("topic_refused");
  });

  test("is the owner's, and free of the filter, when it carries no lease", () => {
    expect(verdictOf(job(leased, { prompt: "buy weapons" }))).toBe("ok");
  });
});

describe("a tool", () => {
  const hen = henWith({ manifest: manifestWith({ tools: ["bash", "http"], lease: LEASE }) });
  const use = (tool: string, leaseId: string | null = null, user = hen) =>
    verdictOf({ action: "tool", hen: user, tool, leaseId });

  test("that the manifest does not grant is refused, and the refusal names what is granted (weaknesses A2)", () => {
    for (const tool of ["file_write", "delegate", "Bash", "", "constructor", "__proto__"]) {
      expect(`${tool} ${use(tool)}`).toBe(`${tool} tool_not_granted`);
    }
    expect(refusalOf({ action: "tool", hen, tool: "delegate", leaseId: null }).next).toBe("It may use: bash, http.");
    const bare = henWith({ manifest: manifestWith({ tools: [] }) });
    expect(refusalOf({ action: "tool", hen: bare, tool: "bash", leaseId: null }).next).toBe("This hen has no tools.");
  });

  test("is refused to a lease that does not list it, and a lease never adds one", () => {
    expect(use("http", "l1")).toBe("tool_not_granted");
    const generous = henWith({
      manifest: manifestWith({ tools: ["http"], lease: { ...LEASE, allowed_tools: ["bash", "http"] } }),
    });
    expect(use("bash", "l1", generous)).toBe("tool_not_granted");
    const closed = henWith({ manifest: manifestWith({ lease: { ...LEASE, allowed_tools: [] } }) });
    expect(use("bash", "l1", closed)).toBe("tool_not_granted");
  });

  test("that is granted is let through, to a lease too where it names none", () => {
    expect(use("http")).toBe("ok");
    expect(use("bash", "l1")).toBe("ok");
    const open = henWith({ manifest: manifestWith({ lease: { ...LEASE, allowed_tools: null } }) });
    expect(use("file_read", "l1", open)).toBe("ok");
  });
});

describe("a model that is known not to do what the manifest asks", () => {
  const models = noModels({ "anthropic small": { context_window: 8_000 } });
  const manifest = manifestWith();
  const capabilities_required = { context_window: 100_000, tool_use: false, vision: false };
  const next = {
    ...manifest,
    brain: { ...manifest.brain, provider: "anthropic" as const, model: "small", capabilities_required },
  };

  test("keeps its hen from hatching, and comes to no hen that has hatched with another manifest", () => {
    expect(verdictOf({ action: "hatch", hen: henWith({ manifest: next }), walls: ALL_WALLS, models })).toBe(
      "brain_unsupported",
    );
    for (const state of ["IDLE", "SLEEPING", "DORMANT"] as const) {
      const change = { action: "manifest", hen: henWith({ state, manifest }), next, walls: ALL_WALLS } as const;
      expect(verdictOf({ ...change, models })).toBe("brain_unsupported");
      expect(verdictOf({ ...change, models: MODELS })).toBe("ok");
    }
    const unhatched = henWith({ state: "DEFINED", manifest });
    expect(verdictOf({ action: "manifest", hen: unhatched, next, walls: ALL_WALLS, models })).toBe("ok");
  });
});
