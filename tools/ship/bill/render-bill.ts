import { createHash } from "node:crypto";
import type { LockedPackage } from "../../pack/bun-program.ts";
import type { PackedPackage } from "./packed-packages.ts";

/** What the executable for one kind of machine is made of. */
export interface BillParts {
  readonly version: string;
  /** As `linux-x64`. */
  readonly target: string;
  /** The npm package that Bun's program came in. */
  readonly bun: LockedPackage & { readonly name: string };
  readonly packages: readonly PackedPackage[];
  readonly epochSecs: number;
}

/** The bill of materials in CycloneDX 1.5; equal parts make equal text. */
export function renderBill({ version, target, bun, packages, epochSecs }: BillParts): string {
  const runtime = toComponent({ ...bun, licence: "MIT", description: "Bun: runtime, SQLite and JavaScriptCore" });
  const components = [runtime, ...packages.map(toComponent)];
  const ref = `coop@${version}`;
  const content = {
    metadata: {
      timestamp: new Date(epochSecs * 1000).toISOString(),
      component: {
        "bom-ref": ref,
        type: "application",
        name: "coop",
        version,
        description: `the executable for ${target}`,
        licenses: [{ license: { id: "Apache-2.0" } }],
        purl: `pkg:generic/coop@${version}`,
      },
    },
    components,
    dependencies: [{ ref, dependsOn: components.map((component) => component["bom-ref"]) }],
  };
  const serial = uuidOf(JSON.stringify(content));
  const bill = {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    serialNumber: `urn:uuid:${serial}`,
    version: 1,
    ...content,
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** The licence texts that go along with the executable. */
export function renderThirdParty(bun: BillParts["bun"], packages: readonly PackedPackage[]): string {
  const head =
    `Bun ${bun.version}: MIT, Copyright Oven. It links other software statically, among it JavaScriptCore of WebKit (LGPL-2.1);\n` +
    "its own licence page (docs/project/licensing) lists all of it and says how to link it anew.";
  const rest = packages.map(({ name, version, licence, texts }) =>
    `${"-".repeat(70)}\n${name} ${version}: ${licence}\n\n${texts.join("\n\n")}`.trim(),
  );
  return `${[head, ...rest].join("\n\n")}\n`;
}

interface ComponentParts {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly integrity: string | undefined;
  readonly description?: string;
}

function toComponent({ name, version, licence, integrity, description }: ComponentParts) {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const isExpression = /[\s()]/.test(licence);
  return {
    "bom-ref": purl,
    type: "library",
    name,
    version,
    ...(description === undefined ? {} : { description }),
    scope: "required",
    ...(integrity === undefined ? {} : { hashes: [toHash(integrity)] }),
    licenses: [isExpression ? { expression: licence } : { license: { id: licence } }],
    purl,
  };
}

/** From npm's spelling, `sha512-` and base64, to CycloneDX's. */
function toHash(integrity: string) {
  const [algorithm = "", value = ""] = integrity.split("-", 2);
  return { alg: algorithm.replace("sha", "SHA-"), content: Buffer.from(value, "base64").toString("hex") };
}

/** A UUID of version 8 (RFC 9562): made of the content, so that it changes with it and with nothing else. */
function uuidOf(content: string): string {
  const bytes = createHash("sha256").update(content).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
