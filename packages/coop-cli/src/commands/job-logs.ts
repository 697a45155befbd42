import type { CoopClient } from "coop-client";
import type { JournalEntry } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { followJournal } from "../jobs/follow-journal.ts";
import { followLive } from "../jobs/follow-live.ts";
import type { Column } from "../output/table.ts";
import { JournalStory } from "../views/journal-story.ts";
import { LiveStory } from "../views/live-story.ts";

const LINES_DEFAULT = 12;
const NO_COLUMNS: readonly Column<JournalEntry>[] = [];

/**
 * `coop job logs JOB`: the journal as a story for people, entry by entry for programs; `-f` follows it, and tells people what
 * the brain says as it says it. @throws CoopError `job_not_found`
 */
export async function run(context: CommandContext): Promise<number | undefined> {
  const { args, options, output } = context;
  const [id = ""] = args;
  const client = await context.client();
  const interrupted = context.interrupted();
  const isFollowed = options.flag("follow");
  if (output.format !== "table") {
    const rows = isFollowed
      ? follow(context, client, id, interrupted)
      : client.jobs.journal(id, { signal: interrupted });
    await output.rows({ rows, columns: NO_COLUMNS, idOf: (entry) => String(entry.seq), empty: "" });
  } else {
    let isEmpty = true;
    for await (const text of isFollowed ? tellLive(context, client, id) : tell(context, client, id)) {
      isEmpty = false;
      await output.text(text);
    }
    if (isEmpty && !interrupted.aborted) await output.note(`job ${id} has not begun; -f waits for it`);
  }
  if (!interrupted.aborted) return undefined;
  await output.freshLine();
  return context.interruptCode();
}

async function* tell(context: CommandContext, client: CoopClient, jobId: string): AsyncGenerator<string> {
  const story = openStory(context);
  for await (const entry of client.jobs.journal(jobId, { signal: context.interrupted() })) yield story.tell(entry);
}

async function* tellLive(context: CommandContext, client: CoopClient, jobId: string): AsyncGenerator<string> {
  const story = new LiveStory(openStory(context), context.output.paint);
  const journal = (signal: AbortSignal) => follow(context, client, jobId, signal);
  for await (const item of followLive({ client, jobId, signal: context.interrupted(), journal })) {
    yield "entry" in item ? story.tellEntry(item.entry) : story.tellLive(item.live);
  }
}

function openStory({ options, output }: CommandContext): JournalStory {
  const linesMax = options.whole("lines") ?? LINES_DEFAULT;
  return new JournalStory({ paint: output.paint, linesMax, columns: output.stdout.columns() });
}

function follow({ output }: CommandContext, client: CoopClient, jobId: string, interrupted: AbortSignal) {
  return followJournal({
    client,
    jobId,
    interrupted,
    onLost: (reason) => void output.warn(`lost the daemon (${reason}); waiting for it to come back`),
  });
}
