import type { CommandContext } from "../command-context.ts";
import { said } from "../vault/said.ts";

/** `coop vault lock`: the daemon forgets the vault's key and secrets. @throws CoopError `unreachable` */
export async function run(context: CommandContext): Promise<undefined> {
  const client = await context.client();
  await client.vault.lock();
  await said(context, { unlocked: false }, "the daemon has no vault open; hens that need a key wait");
}
