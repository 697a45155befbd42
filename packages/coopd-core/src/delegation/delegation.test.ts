import { describe, expect, test } from "bun:test";
import type { CoopError } from "../errors/coop-error.ts";
import type { HenId } from "../ids/hen-id.ts";
import { assertDelegable, type WaitEdge } from "./delegation.ts";

const id = (name: string) => `local.coop/${name}` as HenId;
const edge = (from: string, to: string): WaitEdge => ({ waits: id(from), for: id(to) });

function refusal(parts: { from: string; to: string; depth?: number; ancestors?: string[]; waits?: WaitEdge[] }) {
  const { from, to, depth = 0, ancestors = [from], waits = [] } = parts;
  try {
    assertDelegable({ from: id(from), to: id(to), depth, ancestors: ancestors.map(id), waits });
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
  });

  test("back to a hen of its own chain: a waits for b and b would wait for a", () => {
    expect(pathOf(refusal({ from: "b", to: "a", depth: 1, ancestors: ["a", "b"] }))).toEqual(["a", "b", "a"]);
  });

  test("to a hen that waits, through others, for this one", () => {
    const waits = [edge("b", "c"), edge("c", "a"), edge("x", "y")];
    expect(pathOf(refusal({ from: "a", to: "b", waits }))).toEqual(["a", "b", "c", "a"]);
  });
});

describe("delegation goes ahead", () => {
  test("to another hen that nobody waits for, and past circles of others", () => {
    expect(refusal({ from: "a", to: "b", waits: [edge("x", "y"), edge("y", "x"), edge("b", "c")] })).toBeUndefined();
  });
});
