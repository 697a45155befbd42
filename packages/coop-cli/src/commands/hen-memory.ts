import type { Episode } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { paintState } from "../output/paint.ts";
import type { Column } from "../output/table.ts";
import { toClockText } from "../output/time-text.ts";

const COLUMNS: readonly Column<Episode>[] = [
  { title: "AT", cell: (episode) => toClockText(episode.at) },
  {
    title: "OUTCOME",
    cell: (episode) => episode.outcome,
    tone: (paint, episode, text) => paintState(paint, episode.outcome, text),
  },
  { title: "TURNS", cell: (episode) => String(episode.turns), isNumber: true },
  { title: "PROMPT", cell: (episode) => episode.prompt, columnsMax: 32 },
  { title: "SUMMARY", cell: (episode) => episode.summary },
];

/** `coop hen memory HEN`: its episodes, oldest first; `--limit` keeps the newest. */
export async function run(context: CommandContext): Promise<undefined> {
  const { args, options, output } = context;
  const [id = ""] = args;
  const limit = options.whole("limit");
  const client = await context.client();
  await output.rows({
    rows: await client.hens.memory(id, { limit }),
    columns: COLUMNS,
    idOf: (episode) => episode.id,
    empty: `${id} remembers nothing`,
  });
}
