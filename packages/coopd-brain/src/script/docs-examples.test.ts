import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CoopError } from "coopd-core";
import { parseScript } from "./parse-script.ts";

const page = readFileSync(join(import.meta.dir, "../../../../docs/scripted-brain.md"), "utf8");
const examples = [...page.matchAll(/^```yaml script(?: file=\S+)?\n(.*?)^```$/gms)].map(([, text = ""]) => text);

test("docs/scripted-brain.md has examples, and each of them is a script", () => {
  expect(examples.length).toBe(4);
  for (const example of examples) expect(parseScript(example).places.length).toBeGreaterThan(0);
});

test("its example of faults is what they look like", () => {
  const script = "-\n  txet: hi\n\n- text: slow\n  delay_ms: 600001\n";
  try {
    parseScript(script);
    throw new Error("the script was accepted");
  } catch (error) {
    expect(page).toContain(`\n${(error as CoopError).message}\n`);
    expect(error).toBeInstanceOf(CoopError);
  }
});
