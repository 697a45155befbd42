import { describe, expect, test } from "bun:test";
import type { CoopError } from "../errors/coop-error.ts";
import type { JobId } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import { assertDelegable, type RunningJob } from "./delegation.ts";

const id = (name: string) => `local.coop/${name}` as HenId;
/** A job that runs on a hen; with `child` it waits for that job, on that hen. */
const job = (name: string, child?: readonly [job: string, hen: string, isRunning?: boolean]): RunningJob => ({
  id: name as JobId,
  child: child === undefined ? null : { id: child[0] as JobId, henId: id(child[1]), isRunning: child[2] ?? false },
});

type Farm = Readonly<Record<string, { readonly slots?: number; readonly running: readonly RunningJob[] }>>;

/** Asks for a job `me` on `from`. */
function refusal(parts: { from: string; to: string; depth?: number; ancestors?: string[]; farm?: Farm }) {
  const { from, to, depth = 0, ancestors = [from], farm = {} } = parts;
  try {
    assertDelegable({
      jobId: "me" as JobId,
      from: id(from),
      to: id(to),
      depth,
      ancestors: ancestors.map(id),
      slotsOf: (hen) => ({ slots: 1, running: [], ...farm[hen.slice("local.coop/".length)] }),
    });
    return undefined;
  } catch (error) {
    return error as CoopError;
  }
}
const pathOf = (error: CoopError | undefined) =>
  (error?.details?.path as string[] | undefined)?.map((hen) => hen.slice("local.coop/".length));

describe("delegation is refused at once", () => {
  test("to oneself", () => {
    expect(refusal({ from: "a", to: "a" })?.code).toBe("delegation_refused");
  });

  test("deeper than three hops, with the chain in the error", () => {
    expect(refusal({ from: "c", to: "d", depth: 2, ancestors: ["a", "b", "c"] })).toBeUndefined();
    const error = refusal({ from: "d", to: "e", depth: 3, ancestors: ["a", "b", "c", "d"] });
    expect(pathOf(error)).toEqual(["a", "b", "c", "d", "e"]);
    expect(error?.message).toContain("local.coop/a -> local.coop/b");
  });

  test("back to a hen of its own chain: a waits for b and b would wait for a", () => {
    expect(pathOf(refusal({ from: "b", to: "a", depth: 1, ancestors: ["a", "b"] }))).toEqual(["a", "b", "a"]);
  });

  test("to a hen whose only job waits behind this one", () => {
    const farm = { a: { running: [job("me")] }, b: { running: [job("j", ["queued", "a"])] } };
    expect(pathOf(refusal({ from: "a", to: "b", farm }))).toEqual(["a", "b", "a"]);
  });

  test("to a hen that waits, through others, for this one", () => {
    const farm = {
      a: { running: [job("me")] },
      b: { running: [job("j1", ["j2", "c", true])] },
      c: { running: [job("j2", ["queued", "a"])] },
    };
    expect(pathOf(refusal({ from: "a", to: "b", farm }))).toEqual(["a", "b", "c", "a"]);
  });

  test("when every slot of the hen waits so", () => {
    const farm = {
      a: { running: [job("me")] },
      b: { slots: 2, running: [job("j1", ["q1", "a"]), job("j2", ["q2", "a"])] },
    };
    expect(pathOf(refusal({ from: "a", to: "b", farm }))).toEqual(["a", "b", "a"]);
  });
});

describe("delegation goes ahead", () => {
  test("to a hen that works, or waits for others than this one", () => {
    expect(refusal({ from: "a", to: "b", farm: { b: { running: [job("j")] } } })).toBeUndefined();
    const farm = { b: { running: [job("j1", ["j2", "c", true])] }, c: { running: [job("j2")] } };
    expect(refusal({ from: "a", to: "b", farm })).toBeUndefined();
  });

  test("where one slot is free or gets free by itself", () => {
    const waits = job("j1", ["queued", "a"]);
    const busy = { a: { running: [job("me")] } };
    expect(refusal({ from: "a", to: "b", farm: { ...busy, b: { slots: 2, running: [waits] } } })).toBeUndefined();
    const working = { ...busy, b: { slots: 2, running: [waits, job("j2")] } };
    expect(refusal({ from: "a", to: "b", farm: working })).toBeUndefined();
  });

  test("to a hen that waits for a child of its own that already runs here", () => {
    const farm = { a: { slots: 2, running: [job("me"), job("j2")] }, b: { running: [job("j1", ["j2", "a", true])] } };
    expect(refusal({ from: "a", to: "b", farm })).toBeUndefined();
  });
});
