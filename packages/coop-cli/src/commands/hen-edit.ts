import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CoopClient } from "coop-client";
import { CoopError, exitCodeOf } from "coopd-core";
import type { CommandContext } from "../command-context.ts";
import { paintDiff, toDiff } from "../manifests/manifest-diff.ts";
import { askYesNo } from "../output/question.ts";

/**
 * `coop hen edit HEN`: its agent.yaml in the user's editor, and back when it is sound. What the daemon refuses can be
 * mended at once; nothing that was written is lost: where it is not taken, its file stays and is named.
 */
export async function run(context: CommandContext): Promise<number | undefined> {
  const { args, output, settings } = context;
  const [id = ""] = args;
  const client = await context.client();
  const { text: before, revision } = await client.hens.manifest(id);
  if (revision === undefined) {
    throw new CoopError("bad_answer", "this daemon cannot replace the manifest of a hen that is there");
  }
  const folder = mkdtempSync(join(tmpdir(), "coop-edit-")); // 0700
  const file = join(folder, `${id.split("/").at(-1)}.yaml`);
  writeFileSync(file, before, { mode: 0o600 });
  let isKept = true;
  try {
    for (;;) {
      await edit(settings.editor, file);
      const after = readFileSync(file, "utf8");
      if (after === before) {
        isKept = false;
        await output.note("nothing was changed");
        return undefined;
      }
      const refusal = await put(context, client, { id, revision, before, after });
      if (refusal === undefined) {
        isKept = false;
        return undefined;
      }
      await output.error(refusal.message, refusal.next);
      if (refusal.code !== "manifest_invalid" || !(await askAgain(context))) return exitCodeOf(refusal.code);
    }
  } finally {
    if (isKept) await output.tell(`your text is kept in ${file}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

async function put(
  { output }: CommandContext,
  client: CoopClient,
  { id, revision, before, after }: { id: string; revision: number; before: string; after: string },
): Promise<CoopError | undefined> {
  try {
    const made = await client.hens.replaceManifest(id, revision, new TextEncoder().encode(after));
    for (const warning of made.warnings) await output.warn(warning);
    const value = { hen: id, revision: made.revision };
    await output.value(value, (paint) => `${paintDiff(toDiff(before, after), paint)}revision ${made.revision}\n`);
    return undefined;
  } catch (error) {
    if (error instanceof CoopError) return error;
    throw error;
  }
}

/** The editor has the terminal until it ends. @throws CoopError `bad_request` when it cannot be started or says it failed */
async function edit(editor: string, file: string): Promise<void> {
  // A command line, as `code --wait`; the file is an argument, so no name can become a command.
  const child = Bun.spawn(["/bin/sh", "-c", `${editor} "$1"`, "coop-edit", file], {
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  });
  const code = await child.exited;
  if (code === 0) return;
  throw new CoopError("bad_request", `the editor "${editor}" ended with ${code}`, {
    next: "Say which one to use: EDITOR=nano coop hen edit HEN",
  });
}

/** Only a person at a terminal can mend it. */
function askAgain({ output }: CommandContext): Promise<boolean> {
  if (!output.stderr.isTerminal) return Promise.resolve(false);
  const settled = new AbortController().signal;
  return askYesNo(output, { text: "edit it again? [y/N]", after: Promise.resolve(), settled });
}
