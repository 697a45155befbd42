import { afterAll, describe, expect, test } from "bun:test";
import net, { type AddressInfo } from "node:net";
import { CoopError, judgeAddress } from "coopd-core";
import { createDial, type DialParts, type DialTarget } from "./dial.ts";
import { refusalOf } from "./refusal.ts";
import { createResolver } from "./resolver.ts";

const arrived: string[] = [];
const server = net.createServer((socket) => {
  arrived.push(`${socket.localAddress}`);
  socket.on("error", () => {}).end("banner");
});
await new Promise<void>((listening) => server.listen(0, "0.0.0.0", listening));
const { port } = server.address() as AddressInfo;
afterAll(() => void server.close());

const QUIET = new AbortController().signal;

/** Loopback but 127.0.0.1 counts as public here, so that something can be reached at all. */
const judge: DialParts["judge"] = (address) => (/^127\.0\.0\.(?:[2-9])$/.test(address) ? null : judgeAddress(address));

/** A dial whose names resolve as the table says, each answer used once and the last for ever. */
function dialOver(answers: readonly (readonly string[])[], parts: DialParts = {}) {
  let asked = 0;
  const resolve = async () => answers[Math.min(asked++, answers.length - 1)] ?? [];
  return { dial: createDial({ judge, resolve, isOwnAddress: () => false, ...parts }), asked: () => asked };
}

async function refused(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof CoopError ? { is: error.code, ...refusalOf(error) } : error;
}

function to(host: string, more: Partial<DialTarget> = {}): DialTarget {
  return { host, port, mayBePrivate: false, ...more };
}

describe("what is not reached", () => {
  const PRIVATE = { is: "policy_denied", code: "private_address" };
  const cases: readonly (readonly [string, readonly string[], object])[] = [
    ["a name with a private address", ["10.0.0.1"], { ...PRIVATE, allow: `a.test:${port}` }],
    ["a name with loopback", ["127.0.0.1"], PRIVATE],
    ["a name with a public and a private address", ["127.0.0.2", "10.0.0.1"], PRIVATE],
    [
      "a name with a private address far behind",
      ["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.6", "10.0.0.1"],
      PRIVATE,
    ],
    ["a name with mapped loopback", ["::ffff:127.0.0.2"], { ...PRIVATE, allow: null }],
    ["a name with NAT64 loopback", ["64:ff9b::7f00:2"], { ...PRIVATE, allow: null }],
    ["a name with 6to4 of a private address", ["2002:a00:1::"], PRIVATE],
    ["a name with the metadata service", ["169.254.169.254"], { ...PRIVATE, allow: null }],
    ["a name with a zone", ["fe80::1%lo"], { ...PRIVATE, allow: null }],
    ["a name with nothing", [], { is: "unreachable", code: "name_unresolved" }],
    ["a name with something that is no address", ["localhost"], PRIVATE],
  ];
  for (const [what, addresses, wanted] of cases) {
    test(what, async () => {
      arrived.length = 0;
      expect(await refused(dialOver([addresses]).dial(to("a.test"), QUIET))).toMatchObject(wanted);
      expect(arrived).toEqual([]);
    });
  }

  test("the same loopback is reached when it counts as public: the server is there", async () => {
    const { socket, address } = await dialOver([["127.0.0.2"]]).dial(to("a.test"), QUIET);
    expect([address, socket.remoteAddress]).toEqual(["127.0.0.2", "127.0.0.2"]);
    socket.destroy();
  });

  test("metadata services, whatever a rule says", async () => {
    const target = to("a.test", { mayBePrivate: true });
    for (const address of ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "0.0.0.0", "224.0.0.1"]) {
      expect(await refused(dialOver([[address]]).dial(target, QUIET))).toMatchObject({ ...PRIVATE, allow: null });
    }
  });

  test("this host's own public address", async () => {
    const { dial } = dialOver([["127.0.0.2"]], { isOwnAddress: (address) => address === "127.0.0.2" });
    expect(await refused(dial(to("a.test"), QUIET))).toMatchObject({
      ...PRIVATE,
      reason: expect.stringContaining("own address"),
    });
  });

  test("the daemon's own port, whatever a rule says, by any of this host's addresses", async () => {
    for (const address of ["127.0.0.1", "10.0.0.1"]) {
      const { dial } = dialOver([[address]], { ownPorts: () => [port], isOwnAddress: (found) => found === "10.0.0.1" });
      const found = await refused(dial(to("a.test", { mayBePrivate: true }), QUIET));
      expect(found).toMatchObject({ ...PRIVATE, allow: null, reason: expect.stringContaining("coopd itself") });
    }
  });

  test("a port at which nobody listens", async () => {
    const { dial } = dialOver([["127.0.0.2"]]);
    expect(await refused(dial(to("a.test", { port: 1 }), QUIET))).toMatchObject({
      is: "unreachable",
      code: "unreachable",
    });
  });
});

test("a name that rebinds is asked for once, and the judged address is the one that is reached", async () => {
  const rebinding = dialOver([["127.0.0.2"], ["127.0.0.1"]]);
  arrived.length = 0;
  const { socket } = await rebinding.dial(to("a.test"), QUIET);
  expect([rebinding.asked(), arrived]).toEqual([1, ["127.0.0.2"]]);
  socket.destroy();
  expect(await refused(rebinding.dial(to("a.test"), QUIET))).toMatchObject({ code: "private_address" });
});

test("a private host that a rule names is reached, and an address itself is never looked up", async () => {
  const named = dialOver([["127.0.0.1"]]);
  (await named.dial(to("localhost", { mayBePrivate: true }), QUIET)).socket.destroy();
  const literal = dialOver([]);
  (await literal.dial(to("127.0.0.1", { mayBePrivate: true }), QUIET)).socket.destroy();
  expect([named.asked(), literal.asked()]).toEqual([1, 0]);
});

test("the next address is tried when one does not answer", async () => {
  const silent = net.createServer();
  await new Promise<void>((listening) => silent.listen(0, "127.0.0.3", listening));
  const { port: other } = silent.address() as AddressInfo;
  const { dial } = dialOver([["127.0.0.2", "127.0.0.3"]]);
  const { socket, address } = await dial(to("a.test", { port: other }), QUIET);
  expect(address).toBe("127.0.0.3");
  socket.destroy();
  silent.close();
});

test("what a server says first waits until somebody listens", async () => {
  const { socket } = await dialOver([["127.0.0.2"]]).dial(to("a.test"), QUIET);
  await Bun.sleep(20); // the banner has arrived by then
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.once("data", (bytes) => resolve(bytes.toString()));
  expect(await promise).toBe("banner");
  socket.destroy();
});

test("a name server that is slow is not waited for", async () => {
  const forever = createResolver({ timeoutMs: 20 }, () => new Promise(() => {}));
  const found = await refused(createDial({ resolve: forever })(to("a.test"), QUIET));
  expect(found).toMatchObject({
    is: "unreachable",
    code: "name_unresolved",
    reason: expect.stringContaining("within 20 ms"),
  });
});

test("who gives up is let go at once, and nothing is connected", async () => {
  const leaving = new AbortController();
  const forever = createResolver({}, () => new Promise(() => {}));
  const work = refused(createDial({ resolve: forever })(to("a.test"), leaving.signal));
  leaving.abort(new Error("gone"));
  expect(await work).toMatchObject({ is: "cancelled" });
  expect(await refused(dialOver([["127.0.0.2"]]).dial(to("a.test"), leaving.signal))).toMatchObject({
    is: "cancelled",
  });
});

test("lookups are bounded, those who wait get their turn, those beyond are refused", async () => {
  const answers: ((addresses: readonly string[]) => void)[] = [];
  const names: string[] = [];
  const resolve = createResolver({ lookupsAtOnce: 2, waitingMax: 1 }, (name) => {
    names.push(name);
    return new Promise((answer) => answers.push(answer));
  });
  const [a, b, c] = ["a", "b", "c"].map((name) => resolve(name, QUIET));
  const shared = resolve("a", QUIET);
  await expect(resolve("d", QUIET)).rejects.toMatchObject({ code: "limit_reached" });
  expect(names).toEqual(["a", "b"]);
  answers[0]?.(["127.0.0.2"]);
  expect(await Promise.all([a, shared])).toEqual([["127.0.0.2"], ["127.0.0.2"]]);
  await Bun.sleep(0);
  expect(names).toEqual(["a", "b", "c"]);
  answers[1]?.([]);
  answers[2]?.([]);
  expect(await Promise.all([b, c])).toEqual([[], []]);
});
