/** Where a scripted brain's script comes from: `model` of a manifest with `provider: script`. */
export type ScriptRef =
  /** The job's own prompt is the script. */
  | { readonly kind: "prompt" }
  /** A script that is shipped with Coop. */
  | { readonly kind: "shipped"; readonly name: string }
  /** A file beside the manifest, sent along when the hen is created; `path` is relative and never leads upwards. */
  | { readonly kind: "file"; readonly path: string };

/** How a script reference is written, for an error's expected form. */
export const SCRIPT_REF_FORM = "the name of a shipped script (demo), file:PATH beside the manifest, or prompt";

const SHIPPED_NAME = /^[a-z][a-z0-9-]{0,63}$/;
const PATH_MAX = 512;

/** Reads `model` of a scripted brain; anything else gives words for a message: `is …`, `has …`. */
export function parseScriptRef(model: string): ScriptRef | { readonly kind: "fault"; readonly message: string } {
  if (model === "prompt") return { kind: "prompt" };
  if (model.startsWith("file:")) {
    const path = model.slice("file:".length);
    const message = pathFault(path);
    return message === null ? { kind: "file", path } : { kind: "fault", message };
  }
  if (SHIPPED_NAME.test(model)) return { kind: "shipped", name: model };
  return { kind: "fault", message: model === "" ? "is empty" : "names no script" };
}

function pathFault(path: string): string | null {
  if (path === "") return "has no path behind `file:`";
  if (path.length > PATH_MAX) return `has a path of more than ${PATH_MAX} characters`;
  if (path.startsWith("/")) return "has an absolute path; the script lies beside the manifest";
  if (/[\p{Cc}\\]/u.test(path)) return "has a control character or a backslash in its path";
  if (path.split("/").some((part) => part === ".." || part === "." || part === "")) {
    return "has an empty part, `.` or `..` in its path";
  }
  return null;
}
