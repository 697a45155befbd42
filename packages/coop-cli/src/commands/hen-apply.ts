import type { CoopClient } from "coop-client";
import { CoopError, exitCodeOf, toCoopError } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { type FoundManifest, findManifests } from "../manifests/find-manifests.ts";
import { paintDiff, toDiff } from "../manifests/manifest-diff.ts";
import type { Paint } from "../output/paint.ts";
import { toPlainLine } from "../output/plain-text.ts";

/** What became of one manifest; `would …` with `--dry-run`. */
interface Applied {
  readonly hen: string;
  readonly file: string;
  readonly result: "created" | "changed" | "unchanged" | "would create" | "would change" | "failed";
  readonly revision: number | null;
  /** Unified, of the text. */
  readonly diff: string;
  readonly error: string | null;
}

/**
 * `coop hen apply FILE|DIR`: makes the hens that are not there and replaces the manifests of those that are, each shown as a
 * diff. All files are checked before the first is used; one that the daemon refuses does not keep the others.
 */
export async function run(context: CommandContext): Promise<number> {
  const { args, options, output } = context;
  const { manifests, skipped } = await findManifests(args[0] ?? "");
  for (const file of skipped) await output.note(`${file}: no manifest, left out`);
  const client = await context.client();
  const rows: Applied[] = [];
  let exitCode = 0;
  for (const found of manifests) {
    try {
      const applied = await apply(context, client, found, options.flag("dry-run"));
      rows.push(applied);
      if (output.format === "table" && !output.isQuiet) await output.text(renderApplied(applied, output.paint));
    } catch (thrown) {
      const error = toCoopError(thrown);
      if (error.code === "unreachable") throw error;
      exitCode ||= exitCodeOf(error.code);
      rows.push({ hen: found.id, file: found.file, result: "failed", revision: null, diff: "", error: error.message });
      await output.error(`${found.file}: ${error.message}`, error.next);
    }
  }
  if (output.isQuiet) for (const { hen, result } of rows) await output.text(`${toPlainLine(hen)} ${result}\n`);
  else if (output.format !== "table") await output.value(rows, () => "");
  return exitCode;
}

async function apply(
  { output }: CommandContext,
  client: CoopClient,
  { id, file, bytes, attachments }: FoundManifest,
  isDry: boolean,
): Promise<Applied> {
  const after = new TextDecoder().decode(bytes);
  const now = await client.hens.manifest(id).catch((error) => {
    if (error instanceof CoopError && error.code === "hen_not_found") return undefined;
    throw error;
  });
  const applied = { hen: id, file, diff: toDiff(now?.text ?? "", after), error: null };
  if (now === undefined) {
    if (isDry) return { ...applied, result: "would create", revision: null };
    const { warnings } = await client.hens.create(bytes, { attachments });
    for (const warning of warnings) await output.warn(`${file}: ${warning}`);
    return { ...applied, result: "created", revision: 1 };
  }
  if (now.revision === undefined) {
    throw new CoopError("bad_answer", "this daemon cannot replace the manifest of a hen that is there");
  }
  // Files that it names cannot be compared from here, so they are sent again with it.
  if (now.text === after && Object.keys(attachments).length === 0) {
    return { ...applied, result: "unchanged", revision: now.revision };
  }
  if (isDry) return { ...applied, result: "would change", revision: now.revision };
  const { revision, warnings } = await client.hens.replaceManifest(id, now.revision, bytes, { attachments });
  for (const warning of warnings) await output.warn(`${file}: ${warning}`);
  return { ...applied, result: "changed", revision };
}

const TONES: Readonly<Record<Applied["result"], keyof Paint>> = {
  created: "green",
  changed: "yellow",
  unchanged: "dim",
  "would create": "green",
  "would change": "yellow",
  failed: "red",
};

function renderApplied({ hen, result, revision, diff }: Applied, paint: Paint): string {
  const at = revision === null || result === "created" ? "" : paint.dim(` (revision ${revision})`);
  const lines = result === "created" || result === "would create" ? "" : paintDiff(diff, paint);
  return `${paint.bold(toPlainLine(hen))} ${paint[TONES[result]](result)}${at}\n${lines}`;
}
