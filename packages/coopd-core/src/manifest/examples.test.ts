import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { describeFault } from "./faults.ts";
import type { Manifest } from "./manifest.ts";
import { parseManifest, parseManifestBytes } from "./parse.ts";
import { manifestSchema } from "./schema/manifest.ts";

const FOLDER = `${import.meta.dir}/../../../../examples`;
const examples = new Map<string, Manifest>();

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"))) {
  test(`examples/${file} is read without a warning, and reads back from its own JSON`, () => {
    const { manifest, warnings } = parseManifestBytes(readFileSync(`${FOLDER}/${file}`));
    expect(warnings.map(describeFault)).toEqual([]);
    expect(`${manifest.name}.yaml`).toBe(file);
    expect(parseManifest(JSON.stringify(manifest))).toEqual({ manifest, warnings: [] });
    expect<unknown>(manifestSchema.safeParse(manifest).data).toEqual(manifest);
    examples.set(manifest.name, manifest);
  });
}

test("the examples are those that the guide speaks of, with the tools and the network it says", () => {
  const found = [...examples.values()].map((manifest) => [
    manifest.name,
    manifest.brain.provider,
    manifest.brain.provider_id,
    manifest.tools.join(" "),
    manifest.network?.policy,
  ]);
  expect(found.toSorted()).toEqual([
    ["allowlist", "anthropic", "vault:byok-anthropic", "bash file_read file_write http", "allowlist"],
    ["aria", "anthropic", "vault:byok-anthropic", "bash file_read file_write http", "allowlist"],
    ["claude-code", "anthropic", "none", "", "allowlist"],
    ["demo", "script", "none", "bash file_read file_write", "off"],
    ["lease", "script", "none", "bash file_read file_write", "off"],
    ["local-ollama", "openai-compat", "none", "bash file_read file_write http", "allowlist"],
    ["manager", "anthropic", "vault:byok-anthropic", "delegate", "off"],
    ["script", "script", "none", "bash file_write", "off"],
    ["worker", "anthropic", "vault:byok-anthropic", "bash file_read file_write", "off"],
  ]);
  expect(examples.get("local-ollama")?.network?.allow).toEqual([
    { host: "localhost", ports: [11434], private: true, methods: null, paths: null },
  ]);
  expect(examples.get("aria")?.memory?.episodic_retention_days).toBe(30);
});
