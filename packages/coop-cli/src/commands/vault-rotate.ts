import type { CommandContext } from "../command-context.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { readNewPassphrase } from "../secrets/passphrase.ts";
import { said } from "../vault/said.ts";
import { openVaultDoor } from "../vault/vault-door.ts";

/** `coop vault rotate PATH`: changes the passphrase; every secret stays. @throws CoopError `vault_refused`, `vault_busy`, `bad_request` */
export async function run(context: CommandContext): Promise<undefined> {
  const [path = ""] = context.args;
  using door = await openVaultDoor(context, path);
  await door.rotate(() => readNewPassphrase(context));
  await said(context, { path }, `the passphrase of ${toPlainLine(path)} is changed`);
  await context.output.note("A backup, and COOP_PASSPHRASE of a service, still have the old one.");
}
