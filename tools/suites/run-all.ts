import { renderResult, renderSummary } from "./report.ts";
import { runSuite } from "./run-suite.ts";
import type { Suite, SuiteResult } from "./suite.ts";

/**
 * Runs the suites one after the other (mounts, ports and namespaces are the machine's) and prints each result as it
 * comes. Sets this process's exit code: 1 when anything failed.
 */
export async function runAll(root: string, suites: readonly Suite[]): Promise<void> {
  const startedAt = performance.now();
  const results: SuiteResult[] = [];
  for (const suite of suites) {
    const result = await runSuite(root, suite);
    results.push(result);
    process.stdout.write(renderResult(result));
  }
  process.stdout.write(renderSummary(results, (performance.now() - startedAt) / 1000));
  process.exitCode = results.some(({ failed }) => failed > 0) ? 1 : 0;
}
