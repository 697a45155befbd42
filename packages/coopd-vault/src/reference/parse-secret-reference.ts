import { CoopError, parseSecretRef, SECRET_REF_FORM, type SecretRef } from "coopd-core";

/**
 * Where a key comes from, by the rule that manifests are checked with. Nothing is trimmed or decoded, and the text is
 * not repeated in the error, since what stands in its place by mistake is often the key itself.
 * @throws CoopError `bad_request` naming the part that is malformed
 */
export function parseSecretReference(text: string): SecretRef {
  const ref = parseSecretRef(text);
  if (ref.kind !== "fault") return ref;
  throw new CoopError("bad_request", `the secret reference ${ref.message}`, {
    next: `Write ${SECRET_REF_FORM}; a key itself never stands in a manifest.`,
  });
}
