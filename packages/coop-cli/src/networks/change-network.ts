import { CoopError, type NetworkSpec } from "coopd-core";
import { withNetwork } from "coopd-core/manifest";
import type { CommandContext } from "../command-context.ts";
import { paintDiff, toDiff } from "../manifests/manifest-diff.ts";
import { toPlainLine } from "../output/plain-text.ts";

/** What became of the hen's network; `network` is null for none, which is open. */
interface NetworkResult {
  readonly hen: string;
  readonly changed: boolean;
  /** Of the manifest. */
  readonly revision: number;
  readonly network: NetworkSpec | null;
  /** Of the agent.yaml, unified. */
  readonly diff: string;
}

/**
 * Makes a change of a hen's network and shows it as a diff of its agent.yaml; with `--dry-run` it only shows it. The daemon
 * takes it only if nobody has changed the manifest since it was read. @throws CoopError what `change` or the daemon refuses
 */
export async function changeNetwork(
  context: CommandContext,
  change: (network: NetworkSpec | null) => NetworkSpec | null,
): Promise<undefined> {
  const { args, options, output } = context;
  const [id = ""] = args;
  const client = await context.client();
  const hen = await client.hens.get(id);
  const { text, revision } = await client.hens.manifest(id);
  if (revision === undefined) throw new CoopError("bad_answer", "this daemon cannot change the network of a hen");
  const before = hen.manifest.network;
  const network = change(before);
  if (network === before) {
    const same: NetworkResult = { hen: id, changed: false, revision, network, diff: "" };
    await output.value(same, () => `${toPlainLine(id)}: nothing to change\n`);
    return undefined;
  }
  const diff = toDiff(text, withNetwork(text, hen.manifest, network));
  if (options.flag("dry-run")) {
    const planned: NetworkResult = { hen: id, changed: false, revision, network, diff };
    await output.value(planned, (paint) => paintDiff(diff, paint));
    return undefined;
  }
  const made = await client.hens.putNetwork(id, network, { revision });
  for (const warning of made.warnings) await output.warn(warning);
  const result: NetworkResult = { hen: id, changed: true, revision: made.revision, network: made.network, diff };
  await output.value(result, (paint) => `${paintDiff(diff, paint)}it holds from now on (revision ${made.revision})\n`);
  return undefined;
}
