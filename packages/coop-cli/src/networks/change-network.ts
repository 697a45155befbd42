import type { CoopClient } from "coop-client";
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
  const { manifest, text, revision } = await readTogether(client, id);
  const before = manifest.network;
  const network = change(before);
  if (network === before) {
    const same: NetworkResult = { hen: id, changed: false, revision, network, diff: "" };
    await output.value(same, () => `${toPlainLine(id)}: nothing to change\n`);
    return undefined;
  }
  const diff = toDiff(text, withNetwork(text, manifest, network));
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

/** Somebody who changes a manifest all the time is not waited for. */
const READS_MAX = 8;

/**
 * The manifest and its text, both of one revision: a change that was made of an older network and sent with a newer revision
 * would undo somebody else's. @throws CoopError `revision_conflict` when they never are, `bad_answer` from a daemon without revisions
 */
async function readTogether(client: CoopClient, id: string) {
  for (let reads = 1; ; reads += 1) {
    const { manifest, manifest_revision } = await client.hens.get(id);
    const { text, revision } = await client.hens.manifest(id);
    if (revision === undefined) throw new CoopError("bad_answer", "this daemon cannot change the network of a hen");
    if (revision === manifest_revision) return { manifest, text, revision };
    if (reads === READS_MAX) throw new CoopError("revision_conflict", `the manifest of ${id} changes all the time`);
  }
}
