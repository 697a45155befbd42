import { expect, test } from "bun:test";
import { fuzzHellos, fuzzQueries, fuzzSocks } from "./testing/fuzz-bytes.ts";
import { fuzzRequests } from "./testing/fuzz-requests.ts";
import { readAs, SERVERS } from "./testing/lenient-readers.ts";
import { createRandom } from "./testing/random.ts";
import { SMUGGLED } from "./testing/smuggling.ts";

const SEED = 20261126;

test("the servers of the fuzz do disagree about smuggled requests, or it would show nothing", () => {
  const disagreed = SMUGGLED.filter(
    ([, bytes]) => new Set(SERVERS.map((server) => JSON.stringify(readAs(server, bytes)))).size > 1,
  );
  expect(disagreed.length).toBeGreaterThan(15);
});

const FUZZES = [
  ["requests: one request goes on, the same to 48 kinds of servers, or none", fuzzRequests, 5_000],
  ["ClientHellos: one name is read, the one that anybody finds, or none", fuzzHellos, 15_000],
  ["DNS questions", fuzzQueries, 15_000],
  ["SOCKS requests", fuzzSocks, 15_000],
] as const;

for (const [what, fuzz, rounds] of FUZZES) {
  test(`${what}, over ${rounds} inputs`, () => {
    const { taken } = fuzz(rounds, createRandom(SEED));
    console.log(`    ${fuzz.name}: ${taken} of ${rounds} were taken (seed ${SEED})`);
    expect(taken).toBeGreaterThan(rounds / 50);
  }, 60_000);
}
