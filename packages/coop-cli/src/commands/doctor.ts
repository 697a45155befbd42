import type { DoctorAnswer } from "coop-client";
import { CoopError, exitCodeOf } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import type { Paint } from "../output/paint.ts";
import { toPlainLine } from "../output/plain-text.ts";

/**
 * `coop doctor`: what the daemon's host enforces; where no daemon answers, what this account enforces here.
 * `coop doctor --store`: what the store is like. Exit 1 when something is wrong with it.
 * `coop doctor --attack`: tries to break out of a real sandbox on this machine. Exit 7 where a wall is missing or broke.
 */
export async function run(context: CommandContext): Promise<number> {
  if (context.options.flag("attack")) {
    const { attack } = await import("../doctor/attack.ts");
    return attack(context);
  }
  if (context.options.flag("store")) {
    const { inspectStore } = await import("../doctor/store.ts");
    return inspectStore(context);
  }
  const report = await readReport(context);
  await context.output.value(report, (paint) => renderReport(report, paint));
  return report.ok ? 0 : exitCodeOf("walls_missing");
}

async function readReport(context: CommandContext): Promise<DoctorAnswer> {
  const client = await context.client();
  try {
    return await client.doctor({ signal: context.interrupted() });
  } catch (error) {
    if (!(error instanceof CoopError) || error.code !== "unreachable") throw error;
    await context.output.note(`no daemon answers at ${client.baseUrl}; this is measured by the command itself`);
    const { measureHere } = await import("../doctor/measure-here.ts");
    return measureHere();
  }
}

function renderReport({ ok, rows }: DoctorAnswer, paint: Paint): string {
  const width = Math.max(...rows.map((row) => row.title.length));
  const lines = rows.map((row) => {
    const mark = row.holds ? paint.green("holds  ") : paint.red("missing");
    return `${mark}  ${toPlainLine(row.title).padEnd(width)}  ${paint.dim(toPlainLine(row.detail))}`.trimEnd();
  });
  const verdict = ok
    ? paint.green("The walls stand.")
    : paint.red("A wall is missing: nothing that needs it will run.");
  return `${lines.join("\n")}\n\n${verdict}\n`;
}
