import type { CoopClient } from "coop-client";
import type { JournalEntry } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { followJournal } from "../jobs/follow-journal.ts";
import type { Column } from "../output/table.ts";
import { JournalStory } from "../views/journal-story.ts";

const LINES_DEFAULT = 12;
const NO_COLUMNS: readonly Column<JournalEntry>[] = [];

/** `coop job logs JOB`: the journal as a story for people, entry by entry for programs; `-f` follows it. @throws CoopError `job_not_found` */
export async function run(context: CommandContext): Promise<number | undefined> {
  const { args, options, output } = context;
  const [id = ""] = args;
  const linesMax = options.whole("lines") ?? LINES_DEFAULT;
  const client = await context.client();
  const interrupted = context.interrupted();
  const entries = options.flag("follow")
    ? follow(context, client, id)
    : client.jobs.journal(id, { signal: interrupted });
  if (output.format !== "table") {
    await output.rows({ rows: entries, columns: NO_COLUMNS, idOf: (entry) => String(entry.seq), empty: "" });
  } else {
    const story = new JournalStory({ paint: output.paint, linesMax, columns: output.stdout.columns() });
    let isEmpty = true;
    for await (const entry of entries) {
      isEmpty = false;
      await output.text(story.tell(entry));
    }
    if (isEmpty && !interrupted.aborted) await output.note(`job ${id} has not begun; -f waits for it`);
  }
  if (!interrupted.aborted) return undefined;
  await output.freshLine();
  return context.interruptCode();
}

function follow(context: CommandContext, client: CoopClient, jobId: string): AsyncIterable<JournalEntry> {
  const { output } = context;
  return followJournal({
    client,
    jobId,
    interrupted: context.interrupted(),
    onLost: (reason) => void output.warn(`lost the daemon (${reason}); waiting for it to come back`),
  });
}
