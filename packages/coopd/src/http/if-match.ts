import { CoopError } from "coopd-core";
import type { Context } from "hono";

const NEXT = "Read the manifest first and send the ETag that came with it as If-Match.";

/**
 * The one revision that the client saw; undefined where it says none. Several, weak tags and `*` are refused: each would let a
 * change overwrite one that its maker never saw. @throws CoopError `bad_request`
 */
export function readRevision(c: Context): number | undefined {
  const tag = c.req.header("if-match");
  if (tag === undefined) return undefined;
  const found = /^"(\d{1,15})"$/.exec(tag.trim());
  if (found === null) {
    throw new CoopError("bad_request", "If-Match is not one revision as the daemon gives it", { next: NEXT });
  }
  return Number(found[1]);
}

/** The same where a change must say it. @throws CoopError `revision_missing`, `bad_request` */
export function requireRevision(c: Context): number {
  const revision = readRevision(c);
  if (revision !== undefined) return revision;
  throw new CoopError("revision_missing", "a change must say which revision it was made of", { next: NEXT });
}
