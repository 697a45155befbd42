/** Random numbers from a seed (mulberry32), so that a run can be had again. */
export function createRandom(seed: number): {
  readonly below: (max: number) => number;
  readonly bytes: (count: number) => Uint8Array;
} {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (max: number) => Math.floor(next() * max);
  return { below, bytes: (count) => Uint8Array.from({ length: count }, () => below(256)) };
}
