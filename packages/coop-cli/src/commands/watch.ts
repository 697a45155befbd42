import type { WatchItem } from "coop-client";
import type { CommandContext } from "../command-context.ts";
import { toJsonLineAsReceived } from "../output/json-text.ts";
import { renderEventLine } from "../views/event-line.ts";

/** Ends with 130 by Ctrl-C, with 0 when the daemon says that it shuts down, with an error when it stays away. */
export async function run(context: CommandContext): Promise<number> {
  const { options, output } = context;
  const since = options.whole("since");
  const types = options.text("types")?.split(",");
  const hen = options.text("hen");
  const signal = context.interrupted();
  const client = await context.client();
  for await (const item of client.watch({ since, types, hen, signal })) {
    if (item.type === "link_opened") await output.note(`watching ${client.baseUrl}; Ctrl-C ends it`);
    else if (item.type === "link_lost") await output.warn(`lost the daemon (${item.reason}); trying again`);
    else await print(context, item);
    if (item.type === "shutting_down") {
      await output.warn("the daemon is shutting down; nothing more to watch");
      return 0;
    }
  }
  await output.freshLine();
  return context.interruptCode();
}

/** A stream has no end, so JSON is one object a line, in the daemon's own order of fields: scripts look for `"type":"…"`. */
async function print({ output }: CommandContext, item: WatchItem): Promise<void> {
  if (output.format === "table") await output.text(`${renderEventLine({ ...item }, output.paint)}\n`);
  else if (output.format === "yaml") await output.value([item], () => "");
  else await output.text(toJsonLineAsReceived(item));
}
