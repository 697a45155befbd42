import { type BrainTestReport, CoopError } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import type { Paint } from "../output/paint.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { renderFields } from "../output/table.ts";
import { toDurationText } from "../output/time-text.ts";
import { toDollars } from "../views/cost-text.ts";

/** Fallbacks and their retries may take this long, ms, before the last of them has failed. */
const TIMEOUT_MS = 300_000;

/** `coop brain test HEN`: one tiny call. @throws CoopError what the brain says, with the next step */
export async function run(context: CommandContext): Promise<undefined> {
  const [id = ""] = context.args;
  const client = await context.client({ timeoutMs: TIMEOUT_MS });
  const report = await client.hens.testBrain(id).catch((error) => {
    throw withCode(error);
  });
  await context.output.value(report, (paint) => renderTest(report, paint));
}

/** A brain's code in front: it says which kind of trouble it is, whatever words a provider has for it. */
function withCode(error: unknown): unknown {
  if (!(error instanceof CoopError) || !error.code.startsWith("brain_")) return error;
  const { code, message, next, details } = error;
  return new CoopError(code, `${code}: ${message}`, {
    ...(next === undefined ? {} : { next }),
    ...(details === undefined ? {} : { details }),
  });
}

function renderTest(report: BrainTestReport, paint: Paint): string {
  const { provider, model, latency_ms, usage, usd_micros, usd_per_million: price, context_window, attempts } = report;
  const input = usage.input_tokens + usage.cache_tokens + (usage.cache_write_tokens ?? 0);
  const rates = price === null ? "" : `$${price.input} in, $${price.output} out for a million tokens`;
  const failed = attempts.map((one) => `${one.provider} ${one.model} gave no answer (${one.error_code}): ${one.error}`);
  return renderFields(
    [
      ["brain", `${paint.bold(toPlainLine(model))} (${toPlainLine(provider)}) ${paint.green("answers")}`],
      ["took", toDurationText(latency_ms)],
      ["tokens", usage.unreported === true ? "not counted by the server" : `${input} in, ${usage.output_tokens} out`],
      ["cost", usd_micros === null ? "unknown" : toDollars(usd_micros)],
      [
        "price",
        price === null ? "unknown: add it to prices.json (docs/costs.md)" : `${rates}, as of ${report.prices_as_of}`,
      ],
      ["reads", context_window === null || provider === "script" ? undefined : `up to ${context_window} tokens`],
      ...failed.map((text) => ["before", paint.yellow(toPlainLine(text))] as const),
    ],
    paint,
  );
}
