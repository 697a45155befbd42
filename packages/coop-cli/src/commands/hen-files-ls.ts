import type { CoopClient, FolderEntry } from "coop-client";
import type { CommandContext } from "../command-context.ts";
import type { Column } from "../output/table.ts";
import { toClockText } from "../output/time-text.ts";

/** Names asked for at once; the daemon gives no more. */
const PAGE = 1_000;

const COLUMNS: readonly Column<FolderEntry>[] = [
  { title: "KIND", cell: (entry) => entry.kind },
  { title: "BYTES", cell: (entry) => (entry.bytes === null ? "" : String(entry.bytes)), isNumber: true },
  { title: "CHANGED", cell: (entry) => toClockText(entry.modified_at) },
  { title: "NAME", cell: (entry) => (entry.kind === "folder" ? `${entry.name}/` : entry.name) },
];

/** `coop hen files ls HEN [PATH]`: the names in a folder of its workdir. */
export async function run(context: CommandContext): Promise<undefined> {
  const { args, output } = context;
  const [id = "", path = ""] = args;
  await output.rows({
    rows: walk(await context.client(), id, path, () => output.warn("the folder has more names than are listed")),
    columns: COLUMNS,
    idOf: (entry) => entry.name,
    empty: "nothing is in it",
  });
}

async function* walk(
  client: CoopClient,
  id: string,
  path: string,
  onCut: () => Promise<void>,
): AsyncGenerator<FolderEntry> {
  let after: string | undefined;
  for (;;) {
    const { entries, next, is_cut } = await client.hens.folder(id, path, { limit: PAGE, after });
    yield* entries;
    if (next === null) {
      if (is_cut) await onCut();
      return;
    }
    after = next;
  }
}
