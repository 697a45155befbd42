import type { CommandContext } from "../command-context.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { renderFields } from "../output/table.ts";

/** `coop vault status`: whether the daemon has a vault open, and which. @throws CoopError `unreachable` */
export async function run(context: CommandContext): Promise<undefined> {
  const client = await context.client();
  const status = await client.vault.status();
  const { path, secrets } = status;
  await context.output.value(status, (paint) =>
    renderFields(
      [
        ["vault", status.unlocked ? paint.green("open") : paint.yellow("locked")],
        ["file", typeof path === "string" ? toPlainLine(path) : undefined],
        ["secrets", status.unlocked && secrets !== undefined ? String(secrets) : undefined],
      ],
      paint,
    ),
  );
  if (!status.unlocked) await context.output.note(`next: coop vault unlock ${path ?? "PATH"}`);
}
