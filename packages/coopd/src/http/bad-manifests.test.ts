import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { BAD_MANIFESTS } from "coopd-core/testing";
import { type DaemonUnderTest, openDaemonUnderTest, promptHen } from "../testing/daemon-under-test.ts";
import { BODY_BYTES_MAX } from "./body.ts";

let daemon: DaemonUnderTest;
beforeAll(async () => {
  daemon = await openDaemonUnderTest();
});
afterAll(() => daemon.close());

interface Refusal {
  readonly code: string;
  readonly details: {
    readonly faults: readonly { readonly line: number; readonly column: number; readonly message: string }[];
  };
}

describe("POST /hens with a bad manifest", () => {
  for (const [kind, table] of Object.entries(BAD_MANIFESTS)) {
    test(`${kind}: each of ${table.length} is refused with its place, and no hen is half made`, async () => {
      // What is no Unicode cannot be sent as UTF-8; the parser's own test has it.
      for (const [name, text] of table.filter(([, text]) => text.isWellFormed())) {
        const { status, json } = await daemon.call("POST", "/hens", text);
        const refusal = json as Refusal;
        if (text.length > BODY_BYTES_MAX) {
          expect([name, status, refusal.code]).toEqual([name, 413, "body_too_large"]);
          continue;
        }
        expect([name, status, refusal.code]).toEqual([name, 400, "manifest_invalid"]);
        const [fault] = refusal.details.faults;
        expect([name, (fault?.line ?? 0) > 0, (fault?.column ?? 0) > 0, fault?.message !== ""]).toEqual([
          name,
          true,
          true,
          true,
        ]);
      }
      expect((await daemon.call("GET", "/hens")).json).toEqual([]);
    }, 60_000);
  }

  test("binary, and 5 MB of text, are refused before they are read as YAML", async () => {
    const binary = await fetch(`${daemon.base}/api/v1/hens`, {
      method: "POST",
      body: crypto.getRandomValues(new Uint8Array(4096)),
    });
    expect([binary.status, ((await binary.json()) as Refusal).code]).toEqual([400, "manifest_invalid"]);
    const long = await daemon.call("POST", "/hens", `${promptHen("long")}metadata: {a: "${"x".repeat(300_000)}"}\n`);
    expect([long.status, (long.json as Refusal).code]).toEqual([400, "manifest_invalid"]);
    expect((await daemon.call("POST", "/hens", "a".repeat(5_000_000))).status).toBe(413);
    expect((await daemon.call("GET", "/hens")).json).toEqual([]);
    expect((await daemon.call("GET", "/healthz")).status).toBe(200);
  });
});
