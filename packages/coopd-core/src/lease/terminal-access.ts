import type { Hen } from "../hen/hen.ts";

/**
 * Whether keys may be typed into the hen's terminal. What is typed passes neither the topic filter nor the tool grants of
 * a lease, so while it holds the terminal can only be watched, unless the lease has no filter and lets `bash` be used
 * (weaknesses D6). Nobody's keys, the owner's neither: they would work in the renter's workdir.
 */
export function leaseAllowsTerminal(hen: Hen): boolean {
  if (hen.lease.kind === "owner") return true;
  const { topic_filter: filter = null, allowed_tools: tools = null } = hen.manifest.lease ?? {};
  return filter === null && (tools === null || tools.includes("bash"));
}
