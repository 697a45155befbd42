import { CoopError, type Manifest } from "coopd-core";

/** The names of the files beside it that a manifest needs: the scripts of `model: file:PATH`. */
export function attachmentsOf(manifest: Manifest): readonly string[] {
  const links = [manifest.brain, ...manifest.brain.fallbacks];
  const scripts = links.filter((link) => link.provider === "script" && link.model.startsWith("file:"));
  return [...new Set(scripts.map((link) => link.model.slice("file:".length)))];
}

/** @throws CoopError `manifest_invalid` when a file was not sent along, or one was that nothing names. */
export function assertAttachments(manifest: Manifest, sent: Readonly<Record<string, string>>): void {
  const needed = attachmentsOf(manifest);
  const missing = needed.filter((name) => !Object.hasOwn(sent, name));
  if (missing.length > 0) {
    throw new CoopError("manifest_invalid", `the manifest names ${missing.join(", ")}, which was not sent along`, {
      next: "Create it with `coop hen create FILE`, which sends the files beside the manifest.",
      details: { missing },
    });
  }
  const extra = Object.keys(sent).filter((name) => !needed.includes(name));
  if (extra.length > 0) {
    throw new CoopError("manifest_invalid", `the manifest names no file ${extra.join(", ")}`, { details: { extra } });
  }
}
