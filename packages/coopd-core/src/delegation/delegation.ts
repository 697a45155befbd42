import { CoopError } from "../errors/coop-error.ts";
import type { HenId } from "../ids/hen-id.ts";

/** A farmer's job has depth 0; every hop adds one (contract/domain.md §8). */
export const DELEGATION_DEPTH_MAX = 3;

/** A hen and the hens it waits for while none of its slots is free; an edge list of who waits for whom. */
export interface WaitEdge {
  readonly waits: HenId;
  readonly for: HenId;
}

/**
 * Decides whether a job on `from` may hand work to `to`, before anything is queued.
 * @param ancestors the hens of the job's chain, the farmer's first, `from` last
 * @param waits what waits now: an edge for every hen all of whose slots wait for a child
 * @throws CoopError `delegation_refused` for self, too deep, or a circle, with the path in message and details
 */
export function assertDelegable(parts: {
  readonly from: HenId;
  readonly to: HenId;
  readonly depth: number;
  readonly ancestors: readonly HenId[];
  readonly waits: readonly WaitEdge[];
}): void {
  const { from, to, depth, ancestors } = parts;
  if (from === to) throw refused(`${from} cannot delegate to itself`, [from, to], "Do the work in this job.");
  if (depth + 1 > DELEGATION_DEPTH_MAX) {
    const path = [...ancestors, to];
    throw refused(
      `delegation would be ${depth + 1} deep; the limit is ${DELEGATION_DEPTH_MAX}: ${path.join(" -> ")}`,
      path,
      "Do the work in this job.",
    );
  }
  const circle = ancestors.includes(to) ? [...ancestors.slice(ancestors.indexOf(to)), to] : waitCircle(parts);
  if (circle !== undefined) {
    throw refused(
      `${to} waits, through others, for ${from}, so this would wait for ever: ${circle.join(" -> ")}`,
      circle,
      "Delegate to another hen, or do the work in this job.",
    );
  }
}

/** The way from `to` back to `from` along what waits, if there is one; breadth first, so the shortest. */
function waitCircle(parts: { readonly from: HenId; readonly to: HenId; readonly waits: readonly WaitEdge[] }) {
  const cameFrom = new Map<HenId, HenId | undefined>([[parts.to, undefined]]);
  const queue: HenId[] = [parts.to];
  for (let hen = queue.shift(); hen !== undefined; hen = queue.shift()) {
    if (hen === parts.from) return [parts.from, ...walkBack(cameFrom, hen)];
    for (const edge of parts.waits) {
      if (edge.waits !== hen || cameFrom.has(edge.for)) continue;
      cameFrom.set(edge.for, hen);
      queue.push(edge.for);
    }
  }
  return undefined;
}

function walkBack(cameFrom: ReadonlyMap<HenId, HenId | undefined>, end: HenId): readonly HenId[] {
  const path: HenId[] = [];
  for (let hen: HenId | undefined = end; hen !== undefined; hen = cameFrom.get(hen)) path.unshift(hen);
  return path;
}

function refused(message: string, path: readonly HenId[], next: string): CoopError {
  return new CoopError("delegation_refused", message, { next, details: { path } });
}
