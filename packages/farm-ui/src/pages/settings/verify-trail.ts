import { type AuditEntry, auditText, followAudit } from "coopd-core";
import { client } from "../../data/client.ts";

/** What following the chain came to. */
export type TrailVerdict =
  | { readonly kind: "whole"; readonly first: number; readonly last: number; readonly hash: string }
  | { readonly kind: "broken"; readonly at: number; readonly reason: string };

const PAGE_ROWS = 1_000;

/** Whether this browser can: hashes are for pages of a secure context only (https, or loopback). */
export const canVerify = globalThis.crypto?.subtle !== undefined;

/**
 * Follows the whole trail and computes every hash in this browser, so that nobody's word is taken for it. `progress` is told how far
 * it came. @throws CoopError
 */
export async function verifyTrail(progress: (seq: number) => void, signal: AbortSignal): Promise<TrailVerdict> {
  const head = await client.access.auditHead({ signal });
  let place: { readonly seq: number; readonly hash: string } = head.base;
  while (place.seq < head.seq) {
    const entries = await client.access.audit({ after: place.seq, limit: PAGE_ROWS, signal });
    const digests = await digestAll(place.hash, entries);
    const next = followAudit(place, entries, (text) => digests.get(text) ?? "");
    if ("broken" in next) return { kind: "broken", at: next.broken, reason: "its hash does not fit" };
    if (next.seq === place.seq) break;
    place = next;
    progress(place.seq);
  }
  if (place.seq < head.seq) return { kind: "broken", at: place.seq + 1, reason: "the end of the trail is missing" };
  if (place.seq === head.seq && place.hash !== head.hash) {
    return { kind: "broken", at: place.seq, reason: "the end is not the one that the farm knows" };
  }
  return { kind: "whole", first: head.base.seq + 1, last: place.seq, hash: place.hash };
}

/** Digests by what they are taken of. Each entry names the hash that the next one hangs on, so all are computed at once. */
async function digestAll(from: string, entries: readonly AuditEntry[]): Promise<ReadonlyMap<string, string>> {
  const texts = entries.map((entry, at) =>
    auditText(at === 0 ? from : (entries[at - 1]?.hash ?? ""), entry.seq, entry),
  );
  const digests = await Promise.all(texts.map(sha256));
  return new Map(texts.map((text, at) => [text, digests[at] ?? ""]));
}

async function sha256(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
