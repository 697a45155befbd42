/** A seeded source of choices: the same seed makes the same run. */
export interface Random {
  /** A whole number from 0 to below `end`. */
  below(end: number): number;
  /** True in `share` of all cases, 0 to 1. */
  chance(share: number): boolean;
  /** One of them; undefined when there are none. */
  pick<Item>(items: readonly Item[]): Item | undefined;
}

/** Marsaglia's xorshift32 (Journal of Statistical Software 8/14, 2003): 32 bits of state are plenty for choosing calls. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0 || 0x9e3779b9; // zero is the one state that never moves
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  for (let round = 0; round < 8; round += 1) next(); // small seeds differ in few bits
  const below = (end: number) => Math.floor((next() / 2 ** 32) * end);
  return {
    below,
    chance: (share) => next() / 2 ** 32 < share,
    pick: (items) => items[below(items.length)],
  };
}
