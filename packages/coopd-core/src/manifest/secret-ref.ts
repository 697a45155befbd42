/** Where a key comes from (contract/brain-vault-storage.md §1). */
export type SecretRef =
  | { readonly kind: "none" }
  | { readonly kind: "vault"; readonly name: string }
  /** `version` null means the latest. */
  | { readonly kind: "azure-kv"; readonly vault: string; readonly secret: string; readonly version: string | null };

/** How a secret reference is written, for an error's expected form. */
export const SECRET_REF_FORM = "none, vault:NAME or azure-kv://VAULT/SECRET[/VERSION]";

const SECRET_NAME = /^[A-Za-z0-9._-]{1,128}$/;
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
  if (text.startsWith("azure-kv://")) return parseAzure(text.slice("azure-kv://".length));
  return fault(text === "" ? "is empty" : "is not a secret reference");
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
