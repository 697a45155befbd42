import { expect, test } from "bun:test";
import { CoopError } from "../errors/coop-error.ts";
import type { HenId } from "../ids/hen-id.ts";
import { assertMove, HEN_STATES, isHenState, isLegalMove, movesFrom } from "./moves.ts";

/** contract/domain.md §2, row by row, with the three cells that differ on purpose marked by capital letters. */
const TABLE = `
           DEF HAT IDL WRK LEA SLP DOR ARC
DEFINED     .   x   .   .   .   .   .   .
HATCHING    x   .   x   .   .   .   .   .
IDLE        .   .   .   x   x   x   x   .
WORKING     .   .   x   .   A   R   .   .
LEASED      .   .   x   A   .   .   .   .
SLEEPING    .   .   x   .   .   .   x   .
DORMANT     .   .   x   .   .   .   .   x
ARCHIVED    .   .   .   .   .   .   .   x
`; // A: added, a leased hen works · R: removed, no hen sleeps over a running job (weaknesses D2)

const cells = TABLE.trim()
  .split("\n")
  .slice(1)
  .map((row) => row.trim().split(/\s+/).slice(1));

for (const [row, from] of HEN_STATES.entries()) {
  test(`${from} moves where the contract says and nowhere else`, () => {
    for (const [column, to] of HEN_STATES.entries()) {
      const isLegal = cells[row]?.[column] === "x" || cells[row]?.[column] === "A";
      expect(`${from} to ${to}: ${isLegalMove(from, to)}`).toBe(`${from} to ${to}: ${isLegal}`);
      expect(movesFrom(from).includes(to)).toBe(isLegal);
    }
  });
}

test("an illegal move names both states and what is legal instead", () => {
  const id = "local.coop/pip" as HenId;
  expect(() => assertMove(id, "DEFINED", "HATCHING")).not.toThrow();
  try {
    assertMove(id, "SLEEPING", "WORKING");
    throw new Error("was not refused");
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(CoopError);
    expect(thrown).toMatchObject({
      code: "illegal_move",
      message: "local.coop/pip is SLEEPING and cannot become WORKING",
      next: "From SLEEPING it can become: IDLE, DORMANT.",
      details: { hen_id: id, from: "SLEEPING", to: "WORKING", legal: ["IDLE", "DORMANT"] },
    });
  }
});

test("a state is one of eight words in upper case", () => {
  expect(HEN_STATES.every(isHenState)).toBe(true);
  for (const text of ["", "idle", "Idle", "IDLE ", "AWAKE", "constructor", "0"]) expect(isHenState(text)).toBe(false);
});
