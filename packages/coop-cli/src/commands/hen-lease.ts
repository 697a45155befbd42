import type { CommandContext } from "../command-context.ts";
import { reportMove } from "./hen-moves.ts";

/** `coop hen lease HEN RENTER LEASE`: lets the hen, until `--until` or its release. @throws CoopError `hen_not_found`, `policy_denied`, `hen_busy`, `illegal_move` */
export async function run(context: CommandContext): Promise<undefined> {
  const [id = "", renter = "", leaseId = ""] = context.args;
  const expiresAt = context.options.text("until");
  const client = await context.client();
  await client.hens.lease(id, { renter, leaseId, expiresAt });
  const until = expiresAt === undefined ? "until it is released" : `until ${expiresAt}`;
  await reportMove(context, `${id} is leased to ${renter} ${until}`, `coop job run ${id} "…" --lease ${leaseId}`);
}
