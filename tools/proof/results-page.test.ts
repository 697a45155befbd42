import { expect, test } from "bun:test";
import type { Proof } from "./proofs.ts";
import type { ProofRecord } from "./record.ts";
import { renderResultsPage } from "./results-page.ts";

const proof = (id: string): Proof => ({ id, title: `proof ${id}`, command: [], minutesMax: 1 });
const record = (id: string, held: boolean, figures: readonly string[]): ProofRecord => ({
  id,
  title: `proof ${id}`,
  held,
  figures,
  seconds: 130,
  at: "2026-01-02T03:04:05.000Z",
  commit: "abc",
  machine: "2 × cpu",
});

test("the newest run of each proof counts, a failed one stands out, one that never ran says so", () => {
  const page = renderResultsPage(
    [proof("2.1"), proof("2.2")],
    [record("2.1", true, ["old = 1"]), record("2.1", false, ["n = 2"])],
  );
  expect(page).toContain("## 2.1 proof 2.1\n\n**Does not hold**: 2026-01-02, commit abc, 2 min, 2 × cpu.\n\n- n = 2\n");
  expect(page).not.toContain("old = 1");
  expect(page).toContain("## 2.2 proof 2.2\n\nHas not run yet.\n");
});
