import { resolve } from "node:path";
import type { CommandContext } from "../command-context.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { readPassphrase } from "../secrets/passphrase.ts";
import { said } from "../vault/said.ts";

/** `coop vault unlock PATH`: the daemon opens the vault, and hens that wait for a key go on. @throws CoopError `vault_refused`, `too_many_attempts`, `unreachable` */
export async function run(context: CommandContext): Promise<undefined> {
  const path = resolve(context.args[0] ?? "");
  const client = await context.client();
  await client.vault.status(); // nobody types a passphrase for a daemon that is not there
  using passphrase = await readPassphrase(context);
  await client.vault.unlock(path, passphrase.reveal());
  await said(context, { path, unlocked: true }, `the daemon has ${toPlainLine(path)} open`);
}
