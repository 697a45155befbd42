import { CoopError } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { toPlainLine } from "../output/plain-text.ts";
import { renderFields } from "../output/table.ts";
import { VERSION } from "../version.ts";

/** Asked by the way, so a daemon that hangs is not waited for long. */
const ASK_MS = 3_000;

/** A daemon that does not answer is no failure here, but it is said. */
export async function run(context: CommandContext): Promise<undefined> {
  const client = await context.client({ timeoutMs: ASK_MS });
  const daemon = await client.farm().then(
    (farm) => ({ version: String(farm.coopd_version), error: null }),
    (error) => ({ version: null, error: error instanceof CoopError ? error.message : String(error) }),
  );
  const value = {
    coop: VERSION,
    coopd: daemon.version,
    ...(daemon.error === null ? {} : { coopd_error: daemon.error }),
  };
  await context.output.value(value, (paint) =>
    renderFields(
      [
        ["coop", VERSION],
        ["coopd", daemon.version === null ? undefined : `${toPlainLine(daemon.version)} at ${client.baseUrl}`],
        ["coopd", daemon.error === null ? undefined : paint.dim(`unknown: ${toPlainLine(daemon.error)}`)],
      ],
      paint,
    ),
  );
}
