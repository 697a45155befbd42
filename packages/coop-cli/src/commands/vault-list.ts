import type { CommandContext } from "../command-context.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { openVaultDoor } from "../vault/vault-door.ts";

/** `coop vault list PATH`: names and hosts, never values; in a pipe one name a line, as in the original. @throws CoopError `vault_refused`, `vault_busy` */
export async function run(context: CommandContext): Promise<undefined> {
  const { args, output, settings } = context;
  using door = await openVaultDoor(context, args[0] ?? "");
  const rows = await door.entries();
  if (!settings.isFormatAsked && output.format !== "table") {
    await output.text(rows.map(({ name }) => `${toPlainLine(name)}\n`).join(""));
    return undefined;
  }
  await output.rows({
    rows,
    columns: [
      { title: "SECRET", cell: ({ name }) => name },
      { title: "MAY GO TO", cell: ({ hosts }) => ["its provider's own host", ...hosts].join(", ") },
    ],
    idOf: ({ name }) => name,
    empty: "no secrets yet: coop vault put PATH NAME",
  });
  return undefined;
}
