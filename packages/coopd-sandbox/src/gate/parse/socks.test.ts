import { expect, test } from "bun:test";
import { parseSocksGreeting, parseSocksRequest, socksReply } from "./socks.ts";

const bytes = (...list: readonly number[]): Uint8Array => Uint8Array.from(list);
const named = (name: string, port = 443): Uint8Array =>
  bytes(5, 1, 0, 3, name.length, ...Buffer.from(name), port >> 8, port & 0xff);

test("everything but CONNECT of version 5 is refused with its reply", () => {
  expect(parseSocksGreeting(bytes(4, 1, 0, 80))).toMatchObject({ kind: "fault" });
  expect(parseSocksGreeting(bytes(5, 0))).toMatchObject({ kind: "fault" });
  const refused: readonly (readonly [Uint8Array, string])[] = [
    [bytes(5, 2, 0, 1, 1, 2, 3, 4, 0, 80), "command_unknown"],
    [bytes(5, 3, 0, 1, 1, 2, 3, 4, 0, 80), "command_unknown"],
    [bytes(5, 0), "command_unknown"],
    [bytes(4, 1, 0), "general"],
    [bytes(5, 1, 1), "general"],
    [bytes(5, 1, 0, 2), "address_unknown"],
    [bytes(5, 1, 0, 3, 0, 0, 80), "general"],
  ];
  for (const [request, reply] of refused) expect(parseSocksRequest(request)).toMatchObject({ kind: "fault", reply });
});

test("a greeting says whether it can do without logging in", () => {
  expect(parseSocksGreeting(bytes(5, 2, 0, 2, 9))).toEqual({ kind: "greeting", offersNone: true, length: 4 });
  expect(parseSocksGreeting(bytes(5, 1, 2))).toMatchObject({ offersNone: false });
});

test("names and both kinds of addresses are read", () => {
  expect(parseSocksRequest(named("a.test"))).toEqual({ kind: "request", host: "a.test", port: 443, length: 13 });
  expect(parseSocksRequest(bytes(5, 1, 0, 1, 8, 8, 4, 4, 1, 187))).toMatchObject({ host: "8.8.4.4", port: 443 });
  const six = [0x26, 6, 0x47, 0, ...Array<number>(11).fill(0), 1];
  expect(parseSocksRequest(bytes(5, 1, 0, 4, ...six, 0, 80))).toMatchObject({
    host: "2606:4700:0:0:0:0:0:1",
    port: 80,
  });
});

test("what has not come whole is waited for", () => {
  const request = named("a.test");
  for (let end = 0; end < request.length; end += 1)
    expect(parseSocksRequest(request.subarray(0, end)).kind).toBe("more");
  for (let end = 0; end < 4; end += 1) expect(parseSocksGreeting(bytes(5, 2, 0, 2).subarray(0, end)).kind).toBe("more");
});

test("a reply says nothing of the host", () =>
  expect([...socksReply("not_allowed")]).toEqual([5, 2, 0, 1, 0, 0, 0, 0, 0, 0]));
