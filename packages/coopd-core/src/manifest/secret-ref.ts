/** Where a key comes from (contract/brain-vault-storage.md §1). */
export type SecretRef =
  | { readonly kind: "none" }
  | { readonly kind: "vault"; readonly name: string }
  /** `version` null means the latest. */
  | { readonly kind: "azure-kv"; readonly vault: string; readonly secret: string; readonly version: string | null }
  /** A variable of the daemon's environment; only those that `COOP_ENV_SECRETS` lists can be used. */
  | { readonly kind: "env"; readonly name: string }
  /** A file on the daemon's host, absolute, open to nobody but the daemon's user. */
  | { readonly kind: "file"; readonly path: string };

/** How a secret reference is written, for an error's expected form. */
export const SECRET_REF_FORM = "none, vault:NAME, azure-kv://VAULT/SECRET[/VERSION], env:NAME or file:/PATH";

const SECRET_NAME = /^[A-Za-z0-9._-]{1,128}$/;
/** POSIX names of variables; lower case too, as some programs use. */
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
/** Below PATH_MAX (4096) with room for what a filesystem adds. */
const PATH_LENGTH_MAX = 1024;
/** Azure's own rule for vault names, so that the name can be nothing but one DNS label (weaknesses C2). */
const AZURE_VAULT = /^[A-Za-z0-9](?:-?[A-Za-z0-9]){0,23}$/;
const AZURE_SECRET = /^[A-Za-z0-9-]{1,127}$/;
const AZURE_VERSION = /^[A-Za-z0-9]{1,64}$/;

/** Reads a secret reference; anything that is not exactly one gives words for a message: `is …`, `has …`. */
export function parseSecretRef(text: string): SecretRef | { readonly kind: "fault"; readonly message: string } {
  if (text === "none") return { kind: "none" };
  if (text.startsWith("vault:")) {
    const name = text.slice("vault:".length);
    return SECRET_NAME.test(name)
      ? { kind: "vault", name }
      : fault("has a secret name that is not 1-128 of A-Z a-z 0-9 . _ -");
  }
  if (text.startsWith("env:")) {
    const name = text.slice("env:".length);
    return ENV_NAME.test(name) ? { kind: "env", name } : fault("has no name of a variable behind env:");
  }
  if (text.startsWith("file:")) return parseFile(text.slice("file:".length));
  if (text.startsWith("azure-kv://")) return parseAzure(text.slice("azure-kv://".length));
  return fault(text === "" ? "is empty" : "is not a secret reference");
}

/** True for a name that a vault's secret can have in a manifest. */
export function isSecretName(text: string): boolean {
  return SECRET_NAME.test(text);
}

/** The reference as it is written. */
export function formatSecretRef(ref: SecretRef): string {
  switch (ref.kind) {
    case "none":
      return "none";
    case "vault":
      return `vault:${ref.name}`;
    case "env":
      return `env:${ref.name}`;
    case "file":
      return `file:${ref.path}`;
    case "azure-kv":
      return `azure-kv://${ref.vault}/${ref.secret}${ref.version === null ? "" : `/${ref.version}`}`;
  }
}

function parseFile(path: string): ReturnType<typeof parseSecretRef> {
  if (!path.startsWith("/")) return fault("has no absolute path behind file:");
  if (path.length > PATH_LENGTH_MAX) return fault(`has a path of more than ${PATH_LENGTH_MAX} characters`);
  const isPlain = path.split("/").every((part, at) => at === 0 || (part !== "" && part !== "." && part !== ".."));
  return isPlain && !/\p{Cc}/u.test(path)
    ? { kind: "file", path }
    : fault("has a path with an empty part, `.`, `..` or a control character in it");
}

function parseAzure(rest: string): ReturnType<typeof parseSecretRef> {
  const [vault = "", secret = "", version = "", ...more] = rest.split("/");
  if (!AZURE_VAULT.test(vault) || vault.length > 24) {
    return fault("has a vault name that is not 1-24 letters, digits and single hyphens");
  }
  if (!AZURE_SECRET.test(secret)) return fault("has a secret name that is not 1-127 letters, digits and hyphens");
  if (more.length > 0) return fault("has more parts than vault, secret and version");
  // `vault/secret/` means the latest version, as in the original
  if (version !== "" && !AZURE_VERSION.test(version)) return fault("has a version that is not 1-64 letters and digits");
  return { kind: "azure-kv", vault, secret, version: version === "" ? null : version };
}

function fault(message: string): { readonly kind: "fault"; readonly message: string } {
  return { kind: "fault", message };
}
