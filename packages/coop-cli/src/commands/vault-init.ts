import { Vault } from "coopd-vault";
import type { CommandContext } from "../command-context.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { readFirstPassphrase } from "../secrets/passphrase.ts";
import { said } from "../vault/said.ts";

/** `coop vault init PATH`: makes a new, empty vault, and the folders above it. @throws CoopError `vault_exists`, `vault_refused`, `bad_request` */
export async function run(context: CommandContext): Promise<undefined> {
  const [path = ""] = context.args;
  using passphrase = await readFirstPassphrase(context);
  (await Vault.create({ path, passphrase })).close();
  await said(context, { path }, `vault created at ${toPlainLine(path)}`);
  await context.output.note(`next: coop vault put ${path} NAME`);
}
