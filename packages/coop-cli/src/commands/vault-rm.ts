import type { CommandContext } from "../command-context.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { said } from "../vault/said.ts";
import { openVaultDoor } from "../vault/vault-door.ts";

/** `coop vault rm PATH NAME…`: removes secrets; hens that need one wait from then on. @throws CoopError `secret_not_found`, `vault_refused`, `vault_busy` */
export async function run(context: CommandContext): Promise<undefined> {
  const [path = "", ...names] = context.args;
  using door = await openVaultDoor(context, path);
  for (const name of names) {
    await door.remove(name);
    await said(context, { name }, `removed secret \`${toPlainLine(name)}\``);
  }
}
