import { expect, test } from "bun:test";
import { CoopError, type Hen, type HenId, type Log, type NetworkSpec, parseHenId } from "coopd-core";
import { createNetworkApplier } from "./apply-network.ts";

const ARIA = parseHenId("local.coop/aria");
const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** An applier over a store whose hen has the policy that the test says, and a sandbox that the test answers for. */
function applierWith(setNetwork: (id: HenId, network: NetworkSpec | null) => Promise<void>) {
  const stored = { policy: "off" as NetworkSpec["policy"] | undefined };
  const hen = async () =>
    stored.policy === undefined
      ? undefined
      : ({ manifest: { network: { policy: stored.policy, allow: [] } } } as unknown as Hen);
  return { stored, apply: createNetworkApplier({ store: { hen }, log: SILENT, setNetwork }) };
}

test("what the sandbox cannot do at all is thrown, and the next call is made all the same", async () => {
  const answers = [new Error("broken"), undefined];
  const { apply } = applierWith(async () => {
    const fault = answers.shift();
    if (fault !== undefined) throw fault;
  });
  const [first, second] = await Promise.allSettled([apply(ARIA), apply(ARIA)]);
  expect([first.status, second.status]).toEqual(["rejected", "fulfilled"]);
});

test("a policy that holds with ports that are not caught is said, not thrown; a hen that is gone is left alone", async () => {
  const { apply, stored } = applierWith(async () => {
    throw new CoopError("limit_reached", "too many ports");
  });
  expect(await apply(ARIA)).toContain("too many ports");
  stored.policy = undefined;
  expect(await apply(ARIA)).toBeUndefined();
});

test("of changes at the same time the one that is stored last is the one that holds in the end", async () => {
  const applied: string[] = [];
  const slow = Promise.withResolvers<void>();
  const { apply, stored } = applierWith(async (_, network) => {
    if (applied.length === 0) await slow.promise;
    applied.push(network?.policy ?? "open");
  });
  const first = apply(ARIA);
  await Promise.resolve();
  stored.policy = "allowlist";
  const second = apply(ARIA);
  stored.policy = "open";
  const third = apply(ARIA);
  slow.resolve();
  await Promise.all([first, second, third]);
  expect(applied.at(-1)).toBe("open");
  expect(applied).toHaveLength(3);
});
