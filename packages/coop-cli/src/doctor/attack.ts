import { exitCodeOf } from "coopd-core";
import { type AttackResult, runAttacks } from "coopd-sandbox";
import type { CommandContext } from "../command-context.ts";
import type { Paint } from "../output/paint.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { withLocalSandbox } from "./local-sandbox.ts";

/** Every attempt with its result as it is made; 0 only when all held and at least one ran. */
export async function attack(context: CommandContext): Promise<number> {
  const { output } = context;
  const isLive = output.format === "table" && !output.isQuiet;
  let told = Promise.resolve();
  const report = (result: AttackResult) => {
    if (isLive) told = told.then(() => output.text(renderAttempt(result, output.paint)));
  };
  const results = await withLocalSandbox((sandbox) => runAttacks({ sandbox, signal: context.interrupted(), report }));
  await told;
  const count = (outcome: AttackResult["outcome"]) => results.filter((result) => result.outcome === outcome).length;
  const summary = { held: count("held"), breached: count("breached"), not_run: count("not_run") };
  if (isLive) await output.text(renderSummary(summary, output.paint));
  else await output.value({ ...summary, attempts: results }, () => "");
  return summary.breached === 0 && summary.held > 0 ? 0 : exitCodeOf("walls_missing");
}

function renderAttempt({ outcome, area, title, detail }: AttackResult, paint: Paint): string {
  const mark =
    outcome === "held"
      ? paint.green("held    ")
      : outcome === "breached"
        ? paint.red("BREACHED")
        : paint.yellow("not run ");
  const why = detail === "" ? "" : `\n          ${toPlainLine(detail)}`;
  return `${mark}  ${area.padEnd(14)}  ${toPlainLine(title)}${why}\n`;
}

function renderSummary(summary: Readonly<Record<string, number>>, paint: Paint): string {
  const { held = 0, breached = 0, not_run = 0 } = summary;
  const text = `${held} held, ${breached} breached, ${not_run} not run`;
  return `\n${breached === 0 && held > 0 ? paint.green(text) : paint.red(text)}\n`;
}
