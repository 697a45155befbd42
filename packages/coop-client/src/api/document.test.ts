import { expect, test } from "bun:test";
import type {
  AttentionItem,
  AuditEntry,
  AuditHead,
  BrainTestReport,
  Credential,
  EgressEntry,
  Episode,
  FarmEvent,
  FarmLimits,
  FarmSummary,
  HenUsageView,
  HenView,
  Job,
  JournalEntry,
  LiveEvent,
  SpendView,
  StoreReport,
  TaskView,
  TerminalView,
  UsageReport,
  WatchNotice,
} from "coopd-core";
import type { Routes, Schemas } from "./document.generated.ts";
import { type Plain, toAddress } from "./route.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Key by key and open for reading only, in one piece, whatever it was put together from. */
type Flat<T> = T extends object ? { readonly [Key in keyof T]: Flat<T[Key]> } : T;
type Agree<Name extends keyof Schemas, Ours> = Equal<Flat<Schemas[Name]>, Flat<Plain<Ours>>>;

test("the document and coopd-core say the same of what is read, key by key, at compile time", () => {
  const agree: readonly true[] = [
    true satisfies Agree<"Job", Job>,
    true satisfies Agree<"JournalEntry", JournalEntry>,
    true satisfies Agree<"Episode", Episode>,
    true satisfies Agree<"HenUsage", HenUsageView>,
    true satisfies Agree<"Spend", SpendView>,
    true satisfies Agree<"Usage", UsageReport>,
    true satisfies Agree<"FarmLimits", FarmLimits>,
    true satisfies Agree<"BrainTest", BrainTestReport>,
    true satisfies Agree<"StoreReport", StoreReport>,
    true satisfies Agree<"EgressEntry", EgressEntry>,
    true satisfies Agree<"Task", TaskView>,
    true satisfies Agree<"Terminal", TerminalView>,
    true satisfies Agree<"Attention", readonly AttentionItem[]>,
    true satisfies Agree<"AuditEntry", AuditEntry>,
    true satisfies Agree<"AuditHead", AuditHead>,
    true satisfies Agree<"Token", Omit<Credential, "parent">>,
    true satisfies Agree<"LiveEvent", LiveEvent>,
    true satisfies Agree<"WatchEvent", FarmEvent | WatchNotice>,
    true satisfies Agree<"Farm", FarmSummary & { stopped: boolean; today: SpendView }>,
    true satisfies Equal<Flat<Omit<Schemas["Hen"], "manifest">>, Flat<Plain<Omit<HenView, "manifest">>>>, // which has its own test in core
  ];
  expect(agree.length).toBe(20);
});

test("a call of another shape than the document's does not compile", () => {
  type PartsOf<R extends keyof Routes> = Routes[R]["parts"];
  // @ts-expect-error a hen's id belongs to the path
  const noPath: PartsOf<"GET /hens/{id}"> = {};
  // @ts-expect-error there is no such state
  const noState: PartsOf<"GET /hens"> = { query: { state: "FLYING" } };
  // @ts-expect-error there is no such query parameter
  const noQuery: PartsOf<"GET /jobs"> = { query: { hen: "local.coop/aria" } };
  // @ts-expect-error a job has a prompt
  const noBody: PartsOf<"POST /hens/{id}/jobs"> = { path: { id: "local.coop/aria" }, json: { text: "hi" } };
  // @ts-expect-error there is no such route
  const noRoute: keyof Routes = "GET /hen";
  expect([noPath, noState, noQuery, noBody, noRoute]).toHaveLength(5);
});

test("a call becomes an address: ids encoded, what is undefined left out", () => {
  const parts = { path: { id: "local.coop/aria" }, query: { force: true, after: undefined, limit: 3 } };
  expect(toAddress("DELETE /hens/{id}", parts)).toEqual({
    method: "DELETE",
    path: "/hens/local.coop%2Faria?force=true&limit=3",
  });
  expect(toAddress("GET /farm", {})).toEqual({ method: "GET", path: "/farm" });
  expect(() => toAddress("GET /jobs/{id}", { path: { id: ".." } })).toThrow("is not an id");
});
