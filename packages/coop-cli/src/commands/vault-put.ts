import type { CommandContext } from "../command-context.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { readSecretValue } from "../secrets/secret-value.ts";
import { said } from "../vault/said.ts";
import { openVaultDoor } from "../vault/vault-door.ts";

/** `coop vault put PATH NAME`: adds or replaces a secret; it is on disk when this ends. @throws CoopError `vault_refused`, `vault_busy`, `bad_request` */
export async function run(context: CommandContext): Promise<undefined> {
  const { args, options } = context;
  const [path = "", name = ""] = args;
  const hosts = options.text("hosts")?.split(",");
  using door = await openVaultDoor(context, path);
  await door.put(name, await readSecretValue(context, toPlainLine(name)), hosts);
  await said(context, { name }, `stored secret \`${toPlainLine(name)}\``);
}
