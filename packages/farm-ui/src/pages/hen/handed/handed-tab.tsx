import { type Job, usedTokens } from "coopd-core";
import { useEffect, useMemo } from "preact/hooks";
import { henHref, jobHref, shortName } from "../../../app/addresses.ts";
import { jobs, progress } from "../../../data/farm-state.ts";
import { onFarmItem } from "../../../data/follow-farm.ts";
import { atMostEvery } from "../../../data/frame.ts";
import { useResource } from "../../../data/resource.ts";
import { Money, Tokens } from "../../../kit/amounts.tsx";
import { EmptyState } from "../../../kit/empty-state.tsx";
import { ErrorNote } from "../../../kit/error-note.tsx";
import { firstLine, PlainText, toSeenText } from "../../../kit/plain-text.tsx";
import { StateBadge } from "../../../kit/state-badge.tsx";
import { Elapsed, Time } from "../../../kit/time.tsx";
import type { HenTabProps } from "../hen-tab.ts";
import { idsOf, type JobTree, readTrees, TREE_JOBS_MAX } from "./read-trees.ts";

/** Some requests a tree; as fast as a person can follow, ms. */
const REST_MS = 750;

/** Who handed work to whom: the trees in which the hen's newest jobs stand. */
export function HandedTab({ hen }: HenTabProps) {
  const read = useResource((signal) => readTrees(hen.id, signal), [hen.id]);
  const again = useMemo(() => atMostEvery(REST_MS, async () => read.reload()), [read]);
  const shownIds = () => idsOf(read.value.peek()?.trees ?? []);
  useEffect(
    () =>
      onFarmItem((item) => {
        const isOurs = item.type === "delegated" && (item.from === hen.id || item.to === hen.id);
        const isKnown = item.type === "delegated" && shownIds().size > 0;
        if (isOurs || isKnown || item.type === "gap") again();
        if (item.type === "job_status_changed" && shownIds().has(item.job_id)) again();
      }),
    [hen.id],
  );
  const found = read.value.value;
  if (read.error.value !== undefined) {
    return <ErrorNote error={read.error.value} title="Its jobs cannot be read" onRetry={read.reload} />;
  }
  if (found === undefined) return <p class="loading">Asking around…</p>;
  const { trees, isCut } = found;
  if (trees.length === 0) {
    return (
      <EmptyState title="It works alone">
        {hen.manifest.tools.includes("delegate")
          ? "None of its newest jobs handed anything on, or came from another hen."
          : "It has no tool to hand work on: `delegate` is not among its tools. Other hens may still hand work to it."}
      </EmptyState>
    );
  }
  return (
    <div class="stack">
      {trees.map((tree) => (
        <section key={tree.job.id} class="tree" aria-label={`Handed on from ${toSeenText(shortName(tree.job.hen_id))}`}>
          {tree.isOrphan === true && <p class="muted">The job that handed this on is not kept any more.</p>}
          <ul>
            <TreeRow tree={tree} henId={hen.id} />
          </ul>
        </section>
      ))}
      {isCut && (
        <p class="muted">
          These are {TREE_JOBS_MAX} jobs, and there are more.{" "}
          <a href={`/jobs?hen=${encodeURIComponent(hen.id)}`}>All of its jobs</a>
        </p>
      )}
    </div>
  );
}

function TreeRow({ tree, henId }: { readonly tree: JobTree; readonly henId: string }) {
  const job: Job = jobs.value.get(tree.job.id) ?? tree.job; // the live one, where the page has it
  const step = progress.value.get(job.id);
  const tokens = usedTokens(job.usage);
  return (
    <li>
      <div class={job.hen_id === henId ? "tree-job is-own" : "tree-job"}>
        <StateBadge state={job.status} />
        <div class="tree-what">
          <p>
            <a href={henHref(job.hen_id)}>{toSeenText(shortName(job.hen_id))}</a>
            <span class="muted">: </span>
            <a href={jobHref(job.id)}>
              <PlainText text={firstLine(job.prompt)} limit={120} />
            </a>
          </p>
          <p class="muted tree-sums">
            {step !== undefined && (
              <span>
                turn {step.turn}, <PlainText text={step.tool ?? "thinking"} limit={40} />
              </span>
            )}
            {job.started_at !== null && <Elapsed from={job.started_at} to={job.ended_at} />}
            {tokens > 0 && <Tokens count={tokens} />}
            <Money micros={job.cost.usd_micros} known={job.cost.known_usd_micros} />
            <Time at={job.created_at} />
          </p>
        </div>
      </div>
      {tree.children.length > 0 && (
        <ul>
          {tree.children.map((child) => (
            <TreeRow key={child.job.id} tree={child} henId={henId} />
          ))}
        </ul>
      )}
    </li>
  );
}
