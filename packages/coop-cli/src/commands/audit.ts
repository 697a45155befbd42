import type { AuditEntry, AuditState } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import type { Column } from "../output/table.ts";

const SHOWN = 50;
const SHOWN_MAX = 1_000;

/** `coop audit`: the newest entries, oldest first, as a log is read. */
export async function run({ options, output, client }: CommandContext): Promise<undefined> {
  const limit = Math.min(options.whole("limit", 1) ?? SHOWN, SHOWN_MAX);
  const { access } = await client();
  const { seq } = await access.auditHead();
  await output.rows({
    rows: await access.audit({ after: Math.max(0, seq - limit), limit }),
    columns: COLUMNS,
    idOf: (entry) => String(entry.seq),
    empty: "nothing was done yet",
  });
}

const COLUMNS: readonly Column<AuditEntry>[] = [
  { title: "SEQ", cell: ({ seq }) => String(seq) },
  { title: "AT", cell: ({ at }) => at },
  { title: "WHO", cell: ({ actor }) => actor },
  { title: "FROM", cell: ({ origin }) => origin },
  { title: "DID", cell: ({ action }) => action.replace("/api/v1", "") },
  { title: "TO", cell: ({ target }) => target ?? "" },
  { title: "STATUS", cell: ({ status }) => String(status) },
  { title: "BEFORE", cell: ({ before }) => toText(before), columnsMax: 30 },
  { title: "AFTER", cell: ({ after }) => toText(after), columnsMax: 30 },
];

function toText(state: AuditState | null): string {
  return Object.entries(state ?? {})
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
