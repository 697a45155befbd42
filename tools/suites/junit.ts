import type { SkippedTest } from "./suite.ts";

/** What Bun's JUnit report says. */
export interface TestCounts {
  readonly tests: number;
  readonly failed: number;
  readonly skipped: readonly SkippedTest[];
}

/** Reads the report that `bun test --reporter=junit` writes; undefined when it is not one. */
export function parseJunit(xml: string): TestCounts | undefined {
  const totals = /<testsuites [^>]*\btests="(\d+)"[^>]*\bfailures="(\d+)"/.exec(xml);
  if (totals === null) return undefined;
  const cases = [...xml.matchAll(/<testcase ([^>]*)>\s*<skipped\b/g)].map(([, attributes = ""]) => ({
    name: readAttribute(attributes, "name"),
    place: `${readAttribute(attributes, "file")}:${readAttribute(attributes, "line")}`,
  }));
  return { tests: Number(totals[1]), failed: Number(totals[2]), skipped: cases };
}

function readAttribute(attributes: string, name: string): string {
  const value = new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
  return value
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}
