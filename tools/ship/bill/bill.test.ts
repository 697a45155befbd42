import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPackedPackages } from "./packed-packages.ts";
import { type BillParts, renderBill, renderThirdParty } from "./render-bill.ts";

const BUN = { name: "@oven/bun-linux-x64", version: "1.2.3", integrity: "sha512-AAEC" };

function withTree<T>(use: (root: string) => T): T {
  const root = mkdtempSync(join(tmpdir(), "coop-bill-"));
  try {
    const put = (path: string, text: string) => {
      mkdirSync(join(root, path, ".."), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    put("node_modules/plain/package.json", '{"name":"plain","version":"1.0.0","license":"MIT"}');
    put("node_modules/plain/LICENSE", "Do as you like.\n");
    put(
      "node_modules/.store/@a+b@2.0.0-x/node_modules/@a/b/package.json",
      '{"name":"@a/b","version":"2.0.0","license":"(MIT OR CC0-1.0)"}',
    );
    put("node_modules/bad/package.json", '{"name":"bad","version":"1.0.0"}');
    put(
      "package-lock.json",
      '{"packages":{"":{},"node_modules/plain":{"version":"1.0.0","integrity":"sha512-AAEC"},"node_modules/unused":{"version":"9.0.0","integrity":"sha512-AAEC"}}}',
    );
    return use(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const INPUTS = [
  "packages/coopd/src/main.ts",
  "node_modules/plain/index.js",
  "node_modules/plain/lib/more.js",
  "node_modules/.store/@a+b@2.0.0-x/node_modules/@a/b/index.js",
];

test("a package without a licence is refused", () => {
  withTree((root) => {
    expect(() => findPackedPackages(root, ["node_modules/bad/index.js"])).toThrow("name, version and license");
  });
});

test("what is bundled is found once each, hoisted or linked; what is only installed is not", () => {
  withTree((root) => {
    const found = findPackedPackages(root, INPUTS);
    expect(found.map(({ name, version, integrity }) => [name, version, integrity])).toEqual([
      ["@a/b", "2.0.0", undefined],
      ["plain", "1.0.0", "sha512-AAEC"],
    ]);
    expect(renderThirdParty(BUN, found)).toContain("plain 1.0.0: MIT\n\nDo as you like.");
  });
});

test("the bill names Bun and every package with hash and licence, and changes with its content alone", () => {
  withTree((root) => {
    const packages = findPackedPackages(root, INPUTS);
    const parts: BillParts = { version: "0.1.0", target: "linux-x64", bun: BUN, packages, epochSecs: 1_700_000_000 };
    const text = renderBill(parts);
    const bill = JSON.parse(text);
    expect([bill.bomFormat, bill.specVersion, bill.metadata.timestamp]).toEqual([
      "CycloneDX",
      "1.5",
      "2023-11-14T22:13:20.000Z",
    ]);
    expect(bill.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(bill.components.map(({ purl }: { purl: string }) => purl)).toEqual([
      "pkg:npm/%40oven/bun-linux-x64@1.2.3",
      "pkg:npm/%40a/b@2.0.0",
      "pkg:npm/plain@1.0.0",
    ]);
    expect(bill.components[2].hashes).toEqual([{ alg: "SHA-512", content: "000102" }]);
    expect(bill.components[1].licenses).toEqual([{ expression: "(MIT OR CC0-1.0)" }]);
    expect(bill.dependencies[0].dependsOn).toHaveLength(3);
    expect(renderBill(parts)).toBe(text);
    expect(JSON.parse(renderBill({ ...parts, version: "0.1.1" })).serialNumber).not.toBe(bill.serialNumber);
  });
});
