import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { CoopError } from "../errors/coop-error.ts";
import { createRandom } from "../testing/random.ts";
import { FAULTS_MAX, type ManifestFault } from "./faults.ts";
import { parseManifest, parseManifestBytes } from "./parse.ts";
import { manifestSchema } from "./schema/manifest.ts";

const SEED = 20_260_311;
const ROUNDS = 4000;

const FOLDER = `${import.meta.dir}/../../../../examples`;

/** Pieces that mean something to YAML, to JavaScript or to a rule. */
const PIECES = [
  "\n",
  " ",
  "  ",
  "\t",
  ":",
  ": ",
  "- ",
  "? ",
  "#",
  " #",
  "&a ",
  "*a",
  "!!str ",
  "!x ",
  "|",
  ">",
  "'",
  '"',
  "[",
  "]",
  "{",
  "}",
  ",",
  "~",
  "null",
  "true",
  "off",
  "yes",
  "0",
  "-1",
  "1e999",
  ".nan",
  ".inf",
  "0x7f",
  "99999999999999999999",
  "---\n",
  "...\n",
  "%YAML 1.1\n",
  "<<: ",
  "__proto__",
  "constructor",
  "toString",
  "tools",
  "brain",
  "network",
  "policy",
  "metadata: ",
  "\u0000",
  "\r",
  "\ufeff",
  "\ud800",
  "é",
  "🐔",
  "\u2028",
  "\u0085",
  "@",
  "`",
  "\\",
  "\\u0000",
  "*.com",
  "vault:",
  "file:../",
  "http://0xa9fea9fe/",
];

function mutate(text: string, pick: (below: number) => number): string {
  const at = pick(text.length + 1);
  const to = Math.min(text.length, at + pick(12));
  const piece = PIECES[pick(PIECES.length)] ?? "";
  switch (pick(6)) {
    case 0:
      return text.slice(0, at) + piece + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(to);
    case 2:
      return text.slice(0, at) + piece + text.slice(to);
    case 3:
      return text.slice(0, at) + text.slice(at, at + 60) + text.slice(at);
    case 4:
      return text.slice(0, at) + String.fromCharCode(pick(0x3000)) + text.slice(at);
    default:
      return text.replace(/\S+/g, (word) => (pick(40) === 0 ? piece : word));
  }
}

/** Either a manifest that the schema itself takes, or an error whose faults all lie in the text. */
function expectTyped(text: string, read: () => unknown): boolean {
  try {
    manifestSchema.parse((read() as { manifest: unknown }).manifest);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof CoopError) || thrown.code !== "manifest_invalid") throw thrown;
    const faults = thrown.details?.faults as readonly ManifestFault[];
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.length).toBeLessThanOrEqual(FAULTS_MAX);
    const lines = text.split("\n");
    for (const { line, column, message } of faults) {
      expect(lines.length).toBeGreaterThanOrEqual(line);
      expect((lines[line - 1]?.length ?? 0) + 1).toBeGreaterThanOrEqual(column);
      expect(message).not.toBe("");
    }
    return false;
  }
}

function exampleFiles(): readonly string[] {
  return readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
}

test(`${ROUNDS} random changes to the examples give a manifest or a typed error with a place in the text (seed ${SEED})`, () => {
  const pick = createRandom(SEED);
  const examples = exampleFiles().map((file) => readFileSync(`${FOLDER}/${file}`, "utf8").replace(/^ *#.*\n/gm, ""));
  let taken = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    let text = examples[pick(examples.length)] ?? "";
    for (let changes = 1 + pick(4); changes > 0; changes -= 1) text = mutate(text, pick);
    if (expectTyped(text, () => parseManifest(text))) taken += 1;
  }
  console.info(`mutations: ${taken} of ${ROUNDS} were still manifests (seed ${SEED})`);
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(ROUNDS);
});

test(`${ROUNDS} random changes to their bytes do so too (seed ${SEED})`, () => {
  const pick = createRandom(SEED);
  const examples = exampleFiles().map((file) => readFileSync(`${FOLDER}/${file}`));
  for (let round = 0; round < ROUNDS; round += 1) {
    const bytes = Uint8Array.from(examples[pick(examples.length)] ?? []);
    for (let changes = 1 + pick(4); changes > 0; changes -= 1) bytes[pick(bytes.length)] = pick(256);
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    expectTyped(text, () => parseManifestBytes(bytes));
  }
});
