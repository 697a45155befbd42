import type { CommandContext } from "../command-context.ts";

/** `coop token revoke TOKEN…`: at the first that is not there it stops, and says so. */
export async function run({ args, output, client }: CommandContext): Promise<undefined> {
  const { access } = await client();
  for (const name of args) {
    await access.revokeToken(name);
    await output.note(`${name} is revoked`);
  }
}
