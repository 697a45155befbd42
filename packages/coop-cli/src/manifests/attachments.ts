import { CoopError } from "coopd-core";
import { readInputFile } from "../files/read-input-file.ts";

/**
 * The scripts that a manifest names (`model: file:PATH` with `provider: script`), read from beside it. Nothing is loaded for
 * a manifest that names none. One that does not parse gets none either: the daemon's refusal names its faults.
 * @throws CoopError `path_refused` for a link that leads out of the manifest's folder, `bad_request` for a missing file
 */
export async function readAttachments(
  manifestPath: string,
  manifest: Uint8Array,
): Promise<Readonly<Record<string, string>>> {
  if (!new TextDecoder().decode(manifest).includes("file:")) return {};
  const { dirname, join } = await import("node:path");
  const folder = manifestPath === "-" ? "." : dirname(manifestPath);
  const attachments: Record<string, string> = {};
  for (const name of await scriptsOf(manifest)) {
    await assertInside(folder, join(folder, name), name);
    attachments[name] = new TextDecoder().decode(await readInputFile(join(folder, name)));
  }
  return attachments;
}

async function scriptsOf(manifest: Uint8Array): Promise<readonly string[]> {
  const { parseManifestBytes } = await import("coopd-core/manifest");
  try {
    const { brain } = parseManifestBytes(manifest).manifest;
    const links = [brain, ...brain.fallbacks].filter(
      ({ provider, model }) => provider === "script" && model.startsWith("file:"),
    );
    return [...new Set(links.map(({ model }) => model.slice("file:".length)))];
  } catch (error) {
    if (error instanceof CoopError) return [];
    throw error;
  }
}

/** A manifest from somewhere else must not make this command send a private file away, by a link that it brought along. */
async function assertInside(folder: string, path: string, name: string): Promise<void> {
  const { realpath } = await import("node:fs/promises");
  const [inside, real] = await Promise.all([realpath(folder), realpath(path)]).catch((error) => {
    throw new CoopError("bad_request", `the manifest names ${name}, which is not beside it`, {
      next: `Put the script at ${path}.`,
      cause: error,
    });
  });
  if (real.startsWith(inside === "/" ? "/" : `${inside}/`)) return;
  throw new CoopError("path_refused", `${path} is a link that leads out of ${folder}`, {
    next: "Put the script itself beside the manifest.",
  });
}
