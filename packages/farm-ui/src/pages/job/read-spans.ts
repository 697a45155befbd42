import type { Job } from "coopd-core";
import { firstLine } from "../../kit/plain-text.tsx";
import { gistOf, type Story, type ToolRun } from "./read-story.ts";

/** A stretch of time in which one thing was done. */
export interface Span {
  readonly key: string;
  readonly turn: number;
  readonly kind: "brain" | "tool" | "handed";
  readonly title: string;
  /** A line about it, of a hen or a model. */
  readonly gist: string;
  /** Since the job was first started, ms. */
  readonly fromMs: number;
  /** Undefined while it goes on, or when nobody knows. */
  readonly toMs: number | undefined;
  readonly isBad: boolean;
  readonly isUnknown: boolean;
}

/** Of a gist, so that a row stays a row. */
const GIST_CHARS = 120;

/** What took how long, in the order of its beginning. */
export function readSpans(job: Job, story: Story): readonly Span[] {
  const startMs = Date.parse(job.started_at ?? job.created_at);
  const since = (at: string) => Math.max(0, Date.parse(at) - startMs);
  const spans: Span[] = [];
  for (const { turn, requests, response, items } of story.turns) {
    const failures = items.flatMap((it) => (it.kind === "failed" ? [it.entry] : []));
    for (const [at, request] of requests.entries()) {
      const failure = failures.find(({ seq }) => seq > request.seq && seq < (requests[at + 1]?.seq ?? Infinity));
      const isLast = at === requests.length - 1;
      const end = failure ?? (isLast ? response : requests[at + 1]);
      spans.push({
        key: `b${request.seq}`,
        turn,
        kind: "brain",
        title: `Turn ${turn}`,
        gist: request.call?.model ?? story.opened?.model ?? "",
        fromMs: since(request.at),
        toMs: end === undefined ? undefined : since(end.at),
        isBad: failure !== undefined,
        isUnknown: failure === undefined && !isLast,
      });
    }
    for (const item of items) {
      const span = item.kind === "tool" ? spanOf(item.run, turn, since) : undefined;
      if (span !== undefined) spans.push(span);
    }
  }
  return spans;
}

function spanOf(run: ToolRun, turn: number, since: (at: string) => number): Span | undefined {
  const { intent, result } = run;
  if (intent === undefined) return undefined;
  return {
    key: `t${intent.seq}`,
    turn,
    kind: run.child === undefined ? "tool" : "handed",
    title: run.name,
    gist: firstLine(gistOf(run.input ?? intent.input)).slice(0, GIST_CHARS),
    fromMs: since(intent.at),
    toMs: result === undefined ? undefined : since(result.at),
    isBad: result?.is_error === true,
    isUnknown: result?.outcome === "unknown",
  };
}
