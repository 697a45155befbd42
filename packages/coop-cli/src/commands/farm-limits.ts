import { CoopError, type FarmLimits, NO_FARM_LIMITS } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { renderFields } from "../output/table.ts";

const NAMES = Object.keys(NO_FARM_LIMITS) as readonly (keyof FarmLimits)[];

/** `coop farm limits`: shows the farm's ceilings, and sets those that are given. @throws CoopError `bad_request`, `bad_shape` */
export async function run(context: CommandContext): Promise<undefined> {
  const { options, output } = context;
  const changes: Partial<Record<keyof FarmLimits, number | null>> = {};
  for (const name of NAMES) {
    const text = options.text(name.replaceAll("_", "-"));
    if (text !== undefined) changes[name] = parseCeiling(name, text);
  }
  const client = await context.client();
  const limits = Object.keys(changes).length === 0 ? await client.limits() : await client.setLimits(changes);
  await output.value(limits, (paint) =>
    renderFields(
      NAMES.map((name) => [name.replaceAll("_", "-"), showCeiling(name, limits[name])]),
      paint,
    ),
  );
}

function parseCeiling(name: keyof FarmLimits, text: string): number | null {
  if (text === "none") return null;
  const isMoney = name.endsWith("_usd");
  const fits = isMoney ? /^\d{1,7}(?:\.\d{1,6})?$/.test(text) : /^\d{1,13}$/.test(text);
  if (fits && Number(text) > 0) return Number(text);
  throw new CoopError(
    "bad_request",
    `--${name.replaceAll("_", "-")} ${JSON.stringify(text)}: expected ${isMoney ? "dollars, as in 2.50" : "a whole number of tokens"}, or none`,
  );
}

function showCeiling(name: keyof FarmLimits, value: number | null | undefined): string {
  if (value === null || value === undefined) return "none";
  return name.endsWith("_usd") ? `$${value}` : `${value} tokens`;
}
