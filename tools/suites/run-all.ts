import { renderResult, renderSummary } from "./report.ts";
import { runSuite } from "./run-suite.ts";
import type { Suite, SuiteResult } from "./suite.ts";

/**
 * Runs the suites and prints each result as it comes. Those that use mounts, ports and namespaces, which are the machine's, run one
 * after the other; with more than one lane so many run at once. Sets this process's exit code: 1 when anything failed.
 */
export async function runAll(root: string, suites: readonly Suite[], lanes = 1): Promise<void> {
  const startedAt = performance.now();
  const results: SuiteResult[] = [];
  const waiting = [...suites];
  const runLane = async () => {
    for (let suite = waiting.shift(); suite !== undefined; suite = waiting.shift()) {
      const result = await runSuite(root, suite);
      results.push(result);
      process.stdout.write(renderResult(result));
    }
  };
  await Promise.all(Array.from({ length: lanes }, runLane));
  process.stdout.write(renderSummary(results, (performance.now() - startedAt) / 1000));
  process.exitCode = results.some(({ failed }) => failed > 0) ? 1 : 0;
}
