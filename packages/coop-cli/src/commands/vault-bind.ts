import type { CommandContext } from "../command-context.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { said } from "../vault/said.ts";
import { openVaultDoor } from "../vault/vault-door.ts";

/** What stands for no host. */
const NONE = "none";

/** `coop vault bind PATH NAME HOST…`: says where a secret may be sent. @throws CoopError `secret_not_found`, `bad_request`, `vault_refused` */
export async function run(context: CommandContext): Promise<undefined> {
  const [path = "", name = "", ...given] = context.args;
  const hosts = given.length === 1 && given[0] === NONE ? [] : given;
  using door = await openVaultDoor(context, path);
  await door.bind(name, hosts);
  const own = "its provider's own host";
  const where = hosts.length === 0 ? `${own} only` : [own, ...hosts.map(toPlainLine)].join(", ");
  await said(context, { name, hosts }, `\`${toPlainLine(name)}\` may go to ${where}`);
}
