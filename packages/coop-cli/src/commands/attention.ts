import type { AttentionItem } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import type { Paint } from "../output/paint.ts";
import { toPlainLine, toPlainText } from "../output/plain-text.ts";
import { toAgeText } from "../output/time-text.ts";

const TITLES: Readonly<Record<string, string>> = {
  job_failed: "job failed",
  limit_hit: "limit hit",
  hatch_refused: "hatch refused",
  vault_needed: "needs a key",
  walls_missing: "walls missing",
  egress_denied: "denied egress",
  agent_waiting: "waits for you",
};

/** `coop attention`: what needs a person, each with the commands that answer it. Exit code 0, also when something does. */
export async function run({ output, options, ...context }: CommandContext): Promise<undefined> {
  const items = await (await context.client()).attention.list();
  if (output.isQuiet) for (const { id } of items) await output.text(`${toPlainLine(id)}\n`);
  else if (output.format !== "table") await output.value(items, () => "");
  else if (items.length === 0) await output.text(`${output.paint.green("nothing needs you")}\n`);
  else {
    const nowMs = Date.now();
    const isLong = options.flag("evidence");
    await output.text(items.map((item) => renderItem(item, { paint: output.paint, nowMs, isLong })).join("\n"));
  }
}

/** `now`, `3 min ago`. */
function toSince(instant: string, nowMs: number): string {
  const age = toAgeText(instant, nowMs);
  return age === "now" ? age : `${age} ago`;
}

function renderItem(
  item: AttentionItem,
  { paint, nowMs, isLong }: { readonly paint: Paint; readonly nowMs: number; readonly isLong: boolean },
): string {
  const title = TITLES[item.kind] ?? item.kind;
  const lines = [
    `${paint.red(toPlainLine(title))}  ${paint.bold(toPlainLine(item.hen_id))}  ${paint.dim(toSince(item.at, nowMs))}`,
    `  ${toPlainLine(item.summary)}`,
  ];
  if (isLong && item.evidence !== null) {
    lines.push(
      ...toPlainText(item.evidence)
        .split("\n")
        .map((line) => paint.dim(`  │ ${line}`)),
    );
  }
  for (const { label, command } of item.actions)
    lines.push(`  ${toPlainLine(label)}: ${paint.cyan(toPlainLine(command))}`);
  lines.push(`  ${paint.dim(`or: coop attention dismiss ${toPlainLine(item.id)}`)}`);
  return `${lines.join("\n")}\n`;
}
