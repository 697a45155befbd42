import { CoopError } from "coopd-core";

/** Where a key comes from: a manifest's `provider_id` (contract/brain-vault-storage.md §1, §11). */
export type SecretReference =
  /** No key at all. */
  | { readonly kind: "none" }
  /** The sealed vault file. */
  | { readonly kind: "vault"; readonly name: string }
  /** Azure Key Vault; without `version` the newest. */
  | { readonly kind: "azure-kv"; readonly vault: string; readonly secret: string; readonly version?: string };

/** Names are keys of the vault's map and are typed at a shell, so they are words without quotes or spaces. */
const VAULT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
/**
 * Azure's own naming rules. The vault's name becomes a host name and the others a path: a `?`, `#`, `@`, `:` or `/` in
 * them would send the Azure token to a host of the manifest's choice (weaknesses C2).
 */
const AZURE_VAULT = /^[A-Za-z](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,23}$/;
const AZURE_SECRET = /^[A-Za-z0-9-]{1,127}$/;
const AZURE_VERSION = /^[A-Za-z0-9]{1,64}$/;

const AZURE_SCHEME = "azure-kv://";

/**
 * Reads `none`, `vault:NAME` or `azure-kv://VAULT/SECRET[/VERSION]`. Nothing is trimmed or decoded, and the text is not
 * repeated in an error, since what stands here by mistake is often the key itself.
 * @throws CoopError `bad_request` naming the part that is malformed
 */
export function parseSecretReference(text: string): SecretReference {
  if (text === "none") return { kind: "none" };
  if (text.startsWith("vault:")) {
    const name = text.slice("vault:".length);
    check(
      name,
      VAULT_NAME,
      "the name behind `vault:`",
      "1 to 128 letters, digits, `.`, `_` or `-`, first a letter or digit",
    );
    return { kind: "vault", name };
  }
  if (text.startsWith(AZURE_SCHEME)) return parseAzure(text.slice(AZURE_SCHEME.length));
  throw new CoopError("bad_request", "this is no secret reference", {
    next: "Write `none`, `vault:NAME` or `azure-kv://VAULT/SECRET`; a key itself never stands in a manifest.",
  });
}

function parseAzure(rest: string): SecretReference {
  const [vault = "", secret = "", version = "", ...more] = rest.split("/");
  check(vault, AZURE_VAULT, "the Azure vault", "1 to 24 letters, digits and single hyphens, first a letter");
  check(secret, AZURE_SECRET, "the Azure secret", "1 to 127 letters, digits or hyphens");
  if (more.length > 0) {
    throw new CoopError("bad_request", "an Azure secret reference has at most three parts", {
      next: "Write `azure-kv://VAULT/SECRET` or `azure-kv://VAULT/SECRET/VERSION`.",
    });
  }
  if (version === "") return { kind: "azure-kv", vault, secret };
  check(version, AZURE_VERSION, "the Azure secret's version", "1 to 64 letters or digits");
  return { kind: "azure-kv", vault, secret, version };
}

function check(part: string, form: RegExp, what: string, expected: string): void {
  if (form.test(part)) return;
  const fault = part === "" ? "is missing" : "is malformed";
  throw new CoopError("bad_request", `${what} ${fault}`, { next: `It has ${expected}.` });
}
