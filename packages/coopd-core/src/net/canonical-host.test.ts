import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "../testing/random.ts";
import { addressOfHost, canonicalHost } from "./canonical-host.ts";
import { decideEgress } from "./decide.ts";
import { HOST_SPELLINGS } from "./testing/host-spellings.ts";

test(`${HOST_SPELLINGS.length} spellings of hosts come to one canonical form or to none, and get the verdict of policy open`, () => {
  expect(HOST_SPELLINGS.length).toBeGreaterThanOrEqual(150);
  const found = HOST_SPELLINGS.map(([text]) => {
    const verdict = decideEgress(null, { host: text, port: 443 });
    return [text, canonicalHost(text), verdict.verdict === "allowed" ? "out" : verdict.code];
  });
  expect(found).toEqual(HOST_SPELLINGS.map((row) => [...row]));
});

test("a canonical host is its own canonical form", () => {
  for (const [, canonical] of HOST_SPELLINGS) if (canonical !== null) expect(canonicalHost(canonical)).toBe(canonical);
});

test("only an address has an address", () => {
  expect(["[::1]", "127.0.0.1", "localhost", "1.2.3.4.example"].map(addressOfHost)).toEqual([
    "::1",
    "127.0.0.1",
    null,
    null,
  ]);
});

test("a host that is taken is the one that the runtime's URL reader sees, over random texts", () => {
  const seed = 20261126;
  const random = createRandom(seed);
  const parts = [
    "0",
    "1",
    "7",
    "8",
    "f",
    "x",
    "0x",
    "127",
    "255",
    "256",
    ".",
    ".",
    "-",
    "a",
    "xn--",
    ":",
    "[",
    "]",
    "::",
    "ü",
    "％",
    "@",
    "/",
    "_",
    "。",
    " ",
  ];
  let taken = 0;
  for (let round = 0; round < 20_000; round += 1) {
    const text = Array.from({ length: 1 + random(7) }, () => parts[random(parts.length)]).join("");
    const host = canonicalHost(text);
    if (host === null) continue;
    taken += 1;
    const inUrl = text.includes(":") && !text.startsWith("[") ? `[${text}]` : text;
    const { hostname } = new URL(`http://${inUrl}/`);
    expect(`${text} ${hostname.replace(/\.$/, "")}`).toBe(`${text} ${host}`);
  }
  console.log(`    hosts: ${taken} of 20000 texts were hosts (seed ${seed})`);
  expect(taken).toBeGreaterThan(500);
});

const WHATWG = join(import.meta.dir, "../../../../../shared/fixtures/url/whatwg-urltestdata.json");
const skips = !existsSync(WHATWG);
if (skips) console.warn("SKIP 1 test of the WHATWG URL tests: ../shared/fixtures/url is not there");

test.skipIf(skips)("no host of the WHATWG URL tests is taken otherwise than they say", () => {
  type Row = { readonly input: string; readonly hostname?: string; readonly failure?: boolean } | string;
  const rows: readonly Row[] = JSON.parse(readFileSync(WHATWG, "utf8"));
  let compared = 0;
  for (const row of rows) {
    if (typeof row === "string") continue;
    const authority = /^https?:\/\/([^/?#\\@\s:]+|\[[^\]]*\])\/?$/.exec(row.input)?.[1];
    if (authority === undefined) continue;
    const host = canonicalHost(authority);
    compared += 1;
    if (host !== null) expect(`${row.input} ${row.hostname?.replace(/\.$/, "")}`).toBe(`${row.input} ${host}`);
  }
  expect(compared).toBeGreaterThan(100);
});
