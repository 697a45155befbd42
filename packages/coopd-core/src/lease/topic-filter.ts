import type { TopicFilter } from "../manifest/manifest.ts";

/** Whether a text passes, and by which rule it does not. */
export type TopicVerdict =
  | { readonly pass: true }
  | { readonly pass: false; readonly reason: "denied_keyword"; readonly keyword: string }
  | { readonly pass: false; readonly reason: "no_allowed_keyword" };

/**
 * Decides whether a leased hen may be given this text: substring match, both sides in lower case (contract/domain.md
 * §3). A deny keyword wins; then a non-empty allow list must have one that occurs. Empty keywords never match, so
 * an allow list of only empty strings refuses everything.
 */
export function judgeTopic(filter: TopicFilter, text: string): TopicVerdict {
  const lower = text.toLowerCase();
  const occurs = (keyword: string) => keyword !== "" && lower.includes(keyword.toLowerCase());
  const denied = filter.deny_keywords.find(occurs);
  if (denied !== undefined) return { pass: false, reason: "denied_keyword", keyword: denied };
  if (filter.allow_keywords.length > 0 && !filter.allow_keywords.some(occurs)) {
    return { pass: false, reason: "no_allowed_keyword" };
  }
  return { pass: true };
}
