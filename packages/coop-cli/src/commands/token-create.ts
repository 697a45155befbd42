import { SCOPES } from "coopd-core";
import type { CommandContext } from "../command-context.ts";

/** `coop token create NAME`: the token alone on stdout, so that it can be sent into a file; what it may do on stderr. */
export async function run({ args, options, output, client }: CommandContext): Promise<undefined> {
  const [name = ""] = args;
  const scope = options.oneOf("scope", SCOPES) ?? "read";
  const expiresAt = options.deadline("expires", Date.now());
  const made = await (await client()).access.createToken({ name, scope, expiresAt });
  if (output.isQuiet) return output.text(`${made.token}\n`).then(() => undefined);
  if (output.format === "table") await output.text(`${made.token}\n`);
  else await output.value(made, () => "");
  const end = made.expires_at === null ? "until it is revoked" : `until ${made.expires_at}`;
  await output.note(`${name}: ${scope}, ${end}. It is not shown again: coop token revoke ${name} takes it back`);
}
