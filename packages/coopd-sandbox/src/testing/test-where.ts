import { test } from "bun:test";

/** `test` where `holds`; elsewhere the test is counted as skipped and the reason printed, so that no skip looks like a pass. */
export function testWhere(holds: boolean, reason: string) {
  if (!holds) process.stdout.write(`skip: ${reason}\n`);
  return test.skipIf(!holds);
}
