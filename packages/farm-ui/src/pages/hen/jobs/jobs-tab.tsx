import { useComputed } from "@preact/signals";
import type { Job } from "coopd-core";
import { useState } from "preact/hooks";
import { jobHref } from "../../../app/addresses.ts";
import { act } from "../../../data/act.ts";
import { client } from "../../../data/client.ts";
import { jobs, progress } from "../../../data/farm-state.ts";
import { jobChanged } from "../../../data/refresh.ts";
import { useResource } from "../../../data/resource.ts";
import { Money, Tokens } from "../../../kit/amounts.tsx";
import { Button } from "../../../kit/button.tsx";
import { EmptyState } from "../../../kit/empty-state.tsx";
import { ErrorNote } from "../../../kit/error-note.tsx";
import { inOneLine } from "../../../kit/one-line.ts";
import { firstLine, PlainText, toSeenText } from "../../../kit/plain-text.tsx";
import { StateBadge } from "../../../kit/state-badge.tsx";
import { Elapsed, Time } from "../../../kit/time.tsx";
import type { HenTabProps } from "../hen-tab.ts";
import { DispatchBox } from "./dispatch-box.tsx";

/** Jobs of one step of the list. */
const PAGE_ROWS = 30;

/** The hen's jobs, the newest first, and the box that gives it another. */
export function JobsTab({ hen }: HenTabProps) {
  const [count, setCount] = useState(PAGE_ROWS);
  const read = useResource((signal) => newest(hen.id, count + 1, signal), [hen.id, count]);
  const rows = useComputed(() => {
    const known = new Map((read.value.value ?? []).map((job) => [job.id as string, job]));
    for (const job of jobs.value.values()) if (job.hen_id === hen.id) known.set(job.id, job);
    return [...known.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
  }).value;
  const hasMore = (read.value.value?.length ?? 0) > count;
  return (
    <div class="stack">
      <DispatchBox hen={hen} />
      {read.error.value !== undefined && (
        <ErrorNote error={read.error.value} title="Its jobs cannot be read" onRetry={read.reload} />
      )}
      {rows.length === 0 && read.value.value !== undefined && (
        <EmptyState title="No jobs yet" command={`coop job run ${hen.id} "say hello" --wait`}>
          Give it something to do above, or from a command line.
        </EmptyState>
      )}
      <ul class="hen-jobs">
        {rows.slice(0, Math.max(count, PAGE_ROWS)).map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
      {hasMore && (
        <p class="row">
          <Button onClick={() => setCount(count + PAGE_ROWS)}>Older ones</Button>
          <a href={`/jobs?hen=${encodeURIComponent(hen.id)}`}>All of them, with search</a>
        </p>
      )}
    </div>
  );
}

function JobRow({ job }: { readonly job: Job }) {
  const step = progress.value.get(job.id);
  const tokens = job.usage.input_tokens + job.usage.output_tokens + job.usage.cache_tokens;
  const isOpen = job.status === "RUNNING" || job.status === "QUEUED";
  return (
    <li class="hen-job">
      <StateBadge state={job.status} />
      <div class="hen-job-what">
        <a href={jobHref(job.id)}>
          <PlainText text={firstLine(job.prompt) || "(no words)"} limit={160} />
        </a>
        <p class="muted">
          {job.status === "RUNNING" && step !== undefined && (
            <>
              turn {step.turn}: <PlainText text={step.tool ?? "thinking"} limit={40} /> <Elapsed from={step.since} />
            </>
          )}
          {job.status === "DONE" && <PlainText text={inOneLine(job.result ?? "")} limit={140} />}
          {job.status === "FAILED" && <PlainText text={firstLine(job.error ?? "")} limit={200} />}
        </p>
      </div>
      <div class="hen-job-sums muted">
        <Time at={job.ended_at ?? job.created_at} />
        {job.started_at !== null && <Elapsed from={job.started_at} to={job.ended_at} />}
        {tokens > 0 && <Tokens count={tokens} />}
        {(job.cost.usd_micros !== 0 || tokens > 0) && (
          <Money micros={job.cost.usd_micros} known={job.cost.known_usd_micros} />
        )}
      </div>
      <div class="hen-job-do">
        {isOpen && (
          <Button
            isSmall
            onClick={() => cancel(job.id)}
            label={`Cancel: ${toSeenText(firstLine(job.prompt).slice(0, 40))}`}
          >
            Cancel
          </Button>
        )}
        {(job.status === "FAILED" || job.status === "CANCELLED") && (
          <Button
            isSmall
            onClick={() => retry(job.id)}
            label={`Try again: ${toSeenText(firstLine(job.prompt).slice(0, 40))}`}
          >
            Try again
          </Button>
        )}
      </div>
    </li>
  );
}

async function cancel(id: string): Promise<void> {
  await act(() => client.jobs.cancel(id), "Cancelled; its processes are gone");
  jobChanged(id);
}

async function retry(id: string): Promise<void> {
  await act(() => client.jobs.retry(id), "Queued once more");
}

async function newest(henId: string, count: number, signal: AbortSignal): Promise<readonly Job[]> {
  const found: Job[] = [];
  for await (const job of client.jobs.list({ henId, order: "desc", pageRows: count, signal })) {
    found.push(job);
    if (found.length === count) break;
  }
  return found;
}
