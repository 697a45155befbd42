import type { CoopClient, EgressOptions } from "coop-client";
import { CoopError, type EgressEntry } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { allowCommandsOf, EGRESS_COLUMNS, renderEgressLine } from "../views/egress-view.ts";

/** A screenful; programs get everything. */
const TERMINAL_ROWS = 50;

/** `coop hen egress HEN`: what it asked of the network, oldest first; with `--follow` what it asks from then on too. */
export async function run(context: CommandContext): Promise<number | undefined> {
  const { args, options, output } = context;
  const [id = ""] = args;
  const isForEyes = output.format === "table" && output.stdout.isTerminal;
  const limit = options.whole("limit") ?? (isForEyes ? TERMINAL_ROWS : 0);
  const filter = { verdict: options.flag("denied") ? ("denied" as const) : undefined, jobId: options.text("job") };
  if (options.flag("follow")) return follow(context, id, filter, limit);
  const client = await context.client();
  const rows = await read(client, id, filter, limit);
  await output.rows({
    rows,
    columns: EGRESS_COLUMNS,
    idOf: ({ host, port }) => `${host}:${port}`,
    empty: `${id} has asked nothing of the network that is still kept`,
  });
  if (output.format !== "table") return undefined;
  if (limit > 0 && rows.length === limit) await output.note("older ones are left out; --limit 0 shows all");
  for (const command of allowCommandsOf(rows)) await output.note(`allow it: ${command}`);
  return undefined;
}

/** The newest are at the far end of a list that begins with the oldest, so it is read from there and turned round. */
async function read(
  client: CoopClient,
  id: string,
  filter: EgressOptions,
  limit: number,
): Promise<readonly EgressEntry[]> {
  const rows: EgressEntry[] = [];
  if (limit === 0) {
    for await (const row of client.hens.egress(id, filter)) rows.push(row);
    return rows;
  }
  const pageRows = Math.min(limit, 1_000);
  for await (const row of client.hens.egress(id, { ...filter, order: "desc", pageRows })) {
    rows.push(row);
    if (rows.length === limit) break;
  }
  return rows.reverse();
}

/** Ends with 130 by Ctrl-C, with 0 when the hen is deleted or the daemon shuts down. */
async function follow(context: CommandContext, id: string, filter: EgressOptions, limit: number): Promise<number> {
  const { output } = context;
  if (output.format === "yaml") {
    throw new CoopError("bad_request", "--follow has no end: use -o jsonl, json or table with it");
  }
  const signal = context.interrupted();
  const client = await context.client();
  let last: number | undefined;
  let isLinked = false;
  const tell = async (rows: Iterable<EgressEntry> | AsyncIterable<EgressEntry>) => {
    for await (const row of rows) {
      last = row.seq;
      await output.text(
        output.format === "table" ? `${renderEgressLine(row, output.paint)}\n` : `${JSON.stringify(row)}\n`,
      );
    }
  };
  for await (const item of withTicks(client.watch({ signal }), LOOK_MS)) {
    if (item?.type === "link_lost") await output.warn(`lost the daemon (${item.reason}); trying again`);
    if (item?.type === "hen_deleted" && item.id === id) return 0;
    if (item?.type === "shutting_down") return 0;
    if (item?.type === "link_opened" || item?.type === "link_lost") isLinked = item.type === "link_opened";
    const isOfHen = item?.type === "egress_denied" || item?.type === "egress_allowed" ? item.hen_id === id : false;
    const isNews = item === undefined || isOfHen || item.type === "link_opened" || item.type === "gap";
    if (!isNews || !isLinked) continue;
    // What came before the watch was open is shown once, then only what is new.
    try {
      if (last === undefined) await tell(await read(client, id, filter, limit === 0 ? TERMINAL_ROWS : limit));
      else await tell(client.hens.egress(id, { ...filter, after: last }));
      last ??= 0;
    } catch (error) {
      if (!(error instanceof CoopError && error.code === "unreachable")) throw error; // the watch says so, and tries again
    }
  }
  await output.freshLine();
  return context.interruptCode();
}

/** Events come at once for what is new, and ever more rarely for what goes on; its rows are looked for this often, ms. */
const LOOK_MS = 2_000;

/** The items as they come, and undefined whenever there was none for so long. */
async function* withTicks<Item>(items: AsyncGenerator<Item>, everyMs: number): AsyncGenerator<Item | undefined> {
  try {
    let next = items.next();
    for (;;) {
      const tick = Promise.withResolvers<undefined>();
      const timer = setTimeout(() => tick.resolve(undefined), everyMs);
      const came = await Promise.race([next, tick.promise]).finally(() => clearTimeout(timer));
      if (came?.done === true) return;
      yield came?.value;
      if (came !== undefined) next = items.next();
    }
  } finally {
    await items.return(undefined);
  }
}
