import { type FarmSummary, type HostPressure, type SpendView, usedTokens } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { paintState } from "../output/paint.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { toSizeText } from "../output/size-text.ts";
import { renderFields } from "../output/table.ts";
import { toCostText } from "../views/cost-text.ts";

/** `coop farm`: the farm in numbers. */
export async function run(context: CommandContext): Promise<undefined> {
  const client = await context.client();
  const farm = await client.farm();
  await context.output.value(farm, (paint) => {
    const states = Object.entries(farm.hens_by_state ?? {}).filter(([, count]) => count > 0);
    const hens = states.map(([state, count]) => `${count} ${paintState(paint, toPlainLine(state))}`).join(", ");
    const { jobs } = farm;
    return renderFields(
      [
        ["farm", paint.bold(toPlainLine(farm.coop_id))],
        ["daemon", `coopd ${toPlainLine(String(farm.coopd_version))} at ${client.baseUrl}`],
        ["hens", `${farm.hen_count}${hens === "" ? "" : `: ${hens}`}`],
        ["jobs", jobs === undefined ? undefined : jobsText(jobs)],
        ["stopped", farm.stopped === true ? paint.yellow("no job is begun until: coop farm resume") : undefined],
        ["today", farm.today === undefined ? undefined : todayText(farm.today)],
        ["host", farm.host === undefined ? undefined : hostText(farm.host)],
        ["event", farm.event_seq === undefined ? undefined : String(farm.event_seq)],
      ],
      paint,
    );
  });
}

/** An older daemon does not tell the ended ones. */
function jobsText({ running, queued, done, failed, cancelled }: Partial<FarmSummary["jobs"]>): string {
  const open = `${running} running, ${queued} queued`;
  return done === undefined ? open : `${open}; ${done} done, ${failed} failed, ${cancelled} cancelled`;
}

function todayText({ calls, cost, ...tokens }: SpendView): string {
  return `${calls} model ${calls === 1 ? "call" : "calls"}, ${usedTokens(tokens)} tokens, ${toCostText(cost)}`;
}

function hostText({ cores, cpu_percent, load_1m, memory, disk }: HostPressure): string {
  const cpu = cpu_percent === null ? `load ${load_1m}` : `CPU ${cpu_percent} %`;
  return `${cpu} of ${cores} cores, memory ${toSizeText(memory.available_bytes)} of ${toSizeText(memory.total_bytes)} free, disk ${toSizeText(disk.free_bytes)} of ${toSizeText(disk.total_bytes)} free`;
}
