import { expect, test } from "bun:test";
import { quickDerive } from "../testing/quick-derive.ts";
import { tryMutations } from "../testing/try-mutations.ts";

const SEED = 6_3;

test("a thousand mutated vault files: a typed error each, none of them touched (10,000 in npm run proof)", async () => {
  console.log(`seed ${SEED}`);
  const { refused, opened } = await tryMutations({ count: 1_000, seed: SEED, derive: quickDerive });
  expect(refused + opened).toBe(1_000);
  expect(refused).toBeGreaterThan(800);
  expect(opened).toBeGreaterThan(0); // plaintexts that somebody with the key sealed
}, 60_000);
