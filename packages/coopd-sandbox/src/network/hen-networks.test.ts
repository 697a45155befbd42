import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readlinkSync } from "node:fs";
import type { NetworkSpec } from "coopd-core";
import type { Gate, HenListeners } from "../gate/gate.ts";
import { IS_ROOT, requirePrograms, runInNetwork } from "../testing/test-programs.ts";
import { henId } from "../testing/test-sandbox.ts";
import { HenNetworks } from "./hen-networks.ts";

setDefaultTimeout(30_000);
const ARIA = henId("aria");
const OTTO = henId("otto");
const OFF: NetworkSpec = { policy: "off", allow: [] };
const allow = (...ports: number[]): NetworkSpec => ({
  policy: "allowlist",
  allow: [{ host: "a.example", ports, private: false, methods: null, paths: null }],
});
/** What the hen gets at a port: a gate's answer, or the reason why none. */
const ask = (port: number) =>
  `(timeout 5 cat </dev/tcp/127.0.0.1/${port}) 2>&1 | grep -o -e 'answer.*' -e 'Connection refused' | head -1`;

/** A gate that answers each connection with its hen and with what it has been told last, and tells what was asked of it. */
function openFakeGate() {
  const told: string[] = [];
  const name = (network: NetworkSpec | null) =>
    network === null ? "open" : `${network.policy} ${network.allow[0]?.ports ?? ""}`.trim();
  const all = (listeners: HenListeners) => [listeners.proxy, listeners.dnsTcp, ...listeners.transparent.values()];
  const gate: Gate = {
    seat: ({ henId, network, listeners }) => {
      let now = network;
      let own = listeners;
      const listen = () => {
        for (const server of all(own)) {
          server.removeAllListeners("connection");
          server.on("connection", (socket) => socket.end(`answer ${henId} ${name(now)}\n`));
        }
      };
      listen();
      told.push(`seat ${henId} ${name(network)}`);
      return {
        setNetwork: (network, listeners) => {
          now = network;
          if (listeners !== undefined) {
            for (const server of all(own)) if (!all(listeners).includes(server)) server.close();
            own = listeners;
            listen();
          }
          told.push(`${listeners === undefined ? "policy" : "ports"} ${henId} ${name(network)}`);
        },
        close: () => {
          for (const server of all(own)) server.close();
          own.dnsUdp.close();
          told.push(`close ${henId}`);
        },
      };
    },
    setNetwork: (henId, network) => told.push(`door ${henId} ${name(network)}`),
    door: { connect: () => Promise.reject(new Error("not asked for here")) },
    close: async () => undefined,
  };
  return { gate, told };
}

const opened: HenNetworks[] = [];
function openNetworks(parts: { readonly gate?: Gate; readonly idleMs?: number }) {
  const networks = new HenNetworks({ programs: requirePrograms(), isRoot: IS_ROOT, gate: undefined, ...parts });
  opened.push(networks);
  return networks;
}
afterEach(async () => {
  for (const networks of opened.splice(0)) await networks.close();
});

const heldNamespaces = () =>
  readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return /^(net|user):\[/.test(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false; // the descriptor of the listing itself
    }
  }).length;

/** The test's own deadline bounds this. */
async function untilAllGone(): Promise<void> {
  while (heldNamespaces() > 0) await Bun.sleep(5);
}

async function inside(networks: HenNetworks, hen: typeof ARIA, script: string): Promise<string> {
  const held = await networks.hold(hen);
  try {
    return await runInNetwork(held.namespace, script);
  } finally {
    held.release();
  }
}

test("a hen that nobody introduced, one whose policy is off, and every hen without a gate, find no listener", async () => {
  const { gate, told } = openFakeGate();
  const networks = openNetworks({ gate });
  networks.introduce(OTTO, OFF);
  for (const hen of [ARIA, OTTO]) expect(await inside(networks, hen, ask(3128))).toBe("Connection refused");
  expect(told).toEqual([]);
  const without = openNetworks({});
  without.introduce(ARIA, null);
  expect(await inside(without, ARIA, ask(3128))).toBe("Connection refused");
});

test("each hen's listeners are its own, and the first introduction holds", async () => {
  const { gate } = openFakeGate();
  const networks = openNetworks({ gate });
  networks.introduce(ARIA, allow(443, 8443));
  networks.introduce(ARIA, null);
  networks.introduce(OTTO, null);
  const aria = await networks.hold(ARIA);
  expect(aria.hasGate).toBe(true);
  for (const port of [3128, 53, 80, 443, 8443]) {
    expect(await runInNetwork(aria.namespace, ask(port))).toBe(`answer ${ARIA} allowlist 443,8443`);
  }
  expect(await runInNetwork(aria.namespace, ask(22))).toBe("Connection refused");
  aria.release();
  expect(await inside(networks, OTTO, ask(80))).toBe(`answer ${OTTO} open`);
  expect(await inside(networks, OTTO, ask(8443))).toBe("Connection refused");
});

test("processes of a hen that start together share one network", async () => {
  const { gate, told } = openFakeGate();
  const networks = openNetworks({ gate });
  networks.introduce(ARIA, null);
  const held = await Promise.all([1, 2, 3, 4].map(() => networks.hold(ARIA)));
  expect(new Set(held.map((one) => one.namespace.id)).size).toBe(1);
  expect(told).toEqual([`seat ${ARIA} open`]);
  for (const one of held) one.release();
});

test("a change holds at once, opens new ports, closes old ones and keeps the others", async () => {
  const { gate, told } = openFakeGate();
  const networks = openNetworks({ gate });
  networks.introduce(ARIA, allow(8443));
  const { namespace, release } = await networks.hold(ARIA);
  const changing = networks.setNetwork(ARIA, allow(22));
  expect(told.slice(1)).toEqual([`door ${ARIA} allowlist 22`, `policy ${ARIA} allowlist 22`]); // before any await
  await changing;
  expect(await runInNetwork(namespace, ask(22))).toBe(`answer ${ARIA} allowlist 22`);
  expect(await runInNetwork(namespace, ask(443))).toBe(`answer ${ARIA} allowlist 22`);
  expect(await runInNetwork(namespace, ask(8443))).toBe("Connection refused");
  await networks.setNetwork(ARIA, OFF);
  expect(await runInNetwork(namespace, ask(443))).toBe("Connection refused");
  await networks.setNetwork(ARIA, null);
  expect(await runInNetwork(namespace, ask(443))).toBe(`answer ${ARIA} open`);
  release();
});

test("changes that come while the network is made, and many at once, end with the last one", async () => {
  const { gate } = openFakeGate();
  const networks = openNetworks({ gate });
  networks.introduce(ARIA, allow(8443));
  const holding = networks.hold(ARIA);
  const changes = [OFF, allow(22), null, allow(2222)].map((network) => networks.setNetwork(ARIA, network));
  const { namespace, release } = await holding;
  await Promise.all(changes);
  expect(await runInNetwork(namespace, ask(2222))).toBe(`answer ${ARIA} allowlist 2222`);
  for (const port of [22, 8443]) expect(await runInNetwork(namespace, ask(port))).toBe("Connection refused");
  release();
});

test("a policy with more ports than can be held is refused with a way out, and holds all the same", async () => {
  const { gate, told } = openFakeGate();
  const networks = openNetworks({ gate });
  networks.introduce(ARIA, allow(443));
  const { release } = await networks.hold(ARIA);
  const many = allow(...Array.from({ length: 300 }, (_, at) => 1000 + at));
  expect(networks.setNetwork(ARIA, many)).rejects.toMatchObject({ code: "limit_reached" });
  expect(told.at(-1)).toStartWith(`policy ${ARIA} allowlist 1000`);
  release();
});

test("let go, a hen's listeners and namespace are gone, as soon as nothing of it runs", async () => {
  const { gate, told } = openFakeGate();
  const networks = openNetworks({ gate });
  networks.introduce(ARIA, null);
  (await networks.hold(ARIA)).release();
  await networks.letGo(ARIA);
  expect(told.at(-1)).toBe(`close ${ARIA}`);
  expect(heldNamespaces()).toBe(0);
  const { namespace, release } = await networks.hold(ARIA);
  await networks.letGo(ARIA);
  expect(await runInNetwork(namespace, ask(443))).toBe(`answer ${ARIA} open`);
  release();
  await untilAllGone();
  expect(told.at(-1)).toBe(`close ${ARIA}`);
});

test("removed, a hen's connections and listeners are gone at once, and what still runs is alone", async () => {
  const { gate, told } = openFakeGate();
  const networks = openNetworks({ gate });
  networks.introduce(ARIA, null);
  const { namespace, release } = await networks.hold(ARIA);
  await networks.remove(ARIA);
  expect(told.at(-1)).toBe(`close ${ARIA}`);
  expect(await runInNetwork(namespace, ask(443))).toBe("Connection refused");
  expect(heldNamespaces()).toBeGreaterThan(0); // a launch under way may still enter it
  release();
  await untilAllGone();
  networks.introduce(ARIA, null);
  const again = await networks.hold(ARIA);
  expect(again.namespace.id).not.toBe(namespace.id);
  expect(await runInNetwork(again.namespace, ask(443))).toBe(`answer ${ARIA} open`);
  again.release();
});

test("removed or let go while it is made, nothing stays open", async () => {
  const { gate } = openFakeGate();
  const networks = openNetworks({ gate });
  networks.introduce(ARIA, null);
  for (const leave of ["letGo", "remove"] as const) {
    const holding = networks.hold(ARIA);
    await networks[leave](ARIA);
    (await holding).release();
    await untilAllGone();
  }
});

test("without a process for a while it is let go by itself; its policy stays until the hen is removed", async () => {
  const { gate, told } = openFakeGate();
  const networks = openNetworks({ gate, idleMs: 1 });
  networks.introduce(ARIA, null);
  (await networks.hold(ARIA)).release();
  await untilAllGone();
  expect(told).toEqual([`seat ${ARIA} open`, `close ${ARIA}`]);
  expect(await inside(networks, ARIA, ask(443))).toBe(`answer ${ARIA} open`);
  await networks.remove(ARIA);
  expect(await inside(networks, ARIA, ask(443))).toBe("Connection refused");
});
