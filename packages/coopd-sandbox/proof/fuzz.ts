// Issue 5, *Shown by* 3: the gate's parsers over 1,000,000 inputs and more. Ends with 1 when one crashes, or when what it would
// send on means different things to different servers. `--inputs N --seed S`
import { parseArgs } from "node:util";
import { fuzzHellos, fuzzQueries, fuzzSocks } from "../src/gate/testing/fuzz-bytes.ts";
import { type FuzzCount, fuzzRequests } from "../src/gate/testing/fuzz-requests.ts";
import { createRandom } from "../src/gate/testing/random.ts";

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const inputs = Number(values.inputs);
const seed = Number(values.seed);
/** The share of each: requests are where readers disagree most. */
const PLAN: readonly (readonly [
  name: string,
  share: number,
  fuzz: (rounds: number, random: (below: number) => number) => FuzzCount,
])[] = [
  ["requests", 0.4, fuzzRequests],
  ["ClientHellos", 0.25, fuzzHellos],
  ["DNS questions", 0.2, fuzzQueries],
  ["SOCKS requests", 0.15, fuzzSocks],
];

console.log(`figure: seed = ${seed}`);
let total = 0;
for (const [name, share, fuzz] of PLAN) {
  const count = fuzz(Math.ceil(inputs * share), createRandom(seed));
  total += count.inputs;
  console.log(`figure: ${name}, inputs / taken = ${count.inputs} / ${count.taken}`);
  if (count.taken < count.inputs / 100) {
    console.log(`FAILED ${name}: too few were taken to show anything`);
    process.exitCode = 1;
  }
}
console.log(`${total >= inputs ? "ok    " : "FAILED"} ${total} inputs: no crash, no ambiguous forward`);
