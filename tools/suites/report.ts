import type { SuiteResult } from "./suite.ts";

/** One line about a suite that has ended; when it failed, all that it printed but its green tests. */
export function renderResult(result: SuiteResult): string {
  const counts = [`${result.passed} passed`];
  if (result.failed > 0) counts.push(`${result.failed} FAILED`);
  if (result.skipped.length > 0) counts.push(`${result.skipped.length} skipped`);
  const line = `${result.name.padEnd(18)} ${counts.join(", ").padEnd(36)} ${result.seconds.toFixed(1).padStart(6)} s\n`;
  if (result.failed > 0) return `${line}${indent(result.output.replace(/^\(pass\) .*\n/gm, ""))}`;
  return line + indent(noteworthyLines(result.output).join("\n"));
}

/** The end of a run: what was skipped, and the totals as the very last line. */
export function renderSummary(results: readonly SuiteResult[], seconds: number): string {
  const skipped = results.flatMap((result) => result.skipped.map((one) => ({ ...one, suite: result.name })));
  const total = (count: (result: SuiteResult) => number): number =>
    results.reduce((sum, result) => sum + count(result), 0);
  const failed = results.filter((result) => result.failed > 0).map(({ name }) => name);
  return [
    ...skipped.map(({ suite, name, place }) => `skipped: ${suite}: ${name} (${place})`),
    ...(failed.length > 0 ? [`failed: ${failed.join(", ")}`] : []),
    `${seconds.toFixed(1)} s`,
    `${total(({ passed }) => passed)} passed, ${total((result) => result.failed)} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`,
    "",
  ].join("\n");
}

/** The seeds of random tests and the reasons of skips, which a reader needs even when all is green. */
function noteworthyLines(output: string): readonly string[] {
  return output
    .split("\n")
    .filter(
      (line) =>
        /\bseeds?\b|\bskip(?:ped|s|ping)?\b/i.test(line) &&
        !/^\((?:pass|skip)\)/.test(line) &&
        !/^ *\d+ (?:skip$|tests skipped:)/.test(line),
    );
}

function indent(text: string): string {
  const trimmed = text.trimEnd();
  return trimmed === "" ? "" : `${trimmed.replace(/^/gm, "    ")}\n`;
}
