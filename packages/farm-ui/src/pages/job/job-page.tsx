import { CoopError, isEnded, type Job, usedTokens } from "coopd-core";
import { useEffect, useMemo, useState } from "preact/hooks";
import { henHref, jobHref, shortName } from "../../app/addresses.ts";
import { useKeys } from "../../app/keys.ts";
import type { PageProps } from "../../app/page-props.ts";
import { goTo } from "../../app/router.ts";
import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { attentionChanged, jobChanged } from "../../data/refresh.ts";
import { Money, Tokens } from "../../kit/amounts.tsx";
import { Button } from "../../kit/button.tsx";
import { confirm } from "../../kit/confirm.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import { ErrorNote } from "../../kit/error-note.tsx";
import { firstLine, PlainText } from "../../kit/plain-text.tsx";
import { StateBadge } from "../../kit/state-badge.tsx";
import { Tabs } from "../../kit/tabs.tsx";
import { Elapsed, Time } from "../../kit/time.tsx";
import { CostView } from "./cost-view.tsx";
import { type FollowedJob, followJob } from "./follow-job.ts";
import { JournalView } from "./journal-view.tsx";
import { readStory } from "./read-story.ts";
import { StoryView } from "./story-view.tsx";
import { TimelineView } from "./timeline-view.tsx";
import { Waiting } from "./waiting.tsx";

const TABS = ["story", "timeline", "cost", "journal"] as const;
const TITLE_CHARS = 160;

/** One job: what was asked, what was done, what it cost, and what is still going on. */
export function JobPage({ params }: PageProps) {
  const { id = "", tab } = params;
  const [followed, setFollowed] = useState<FollowedJob>();
  useEffect(() => {
    const mine = followJob(id);
    setFollowed(mine);
    return mine.close;
  }, [id]);
  const job = followed?.job.value;
  if (followed?.error.value !== undefined && job === undefined) return <Missing id={id} followed={followed} />;
  if (followed === undefined || job === undefined || job.id !== id) return <p class="loading">Opening the book…</p>;
  return <OneJob job={job} followed={followed} tab={tab ?? "story"} />;
}

function Missing({ id, followed }: { readonly id: string; readonly followed: FollowedJob }) {
  const error = followed.error.value;
  if (error instanceof CoopError && error.code === "job_not_found") {
    return (
      <EmptyState title="No such job" command="coop job list">
        The farm has no job <code>{id}</code>. It may have gone with its hen, or by its retention.
      </EmptyState>
    );
  }
  return (
    <ErrorNote
      error={error}
      title="This job could not be read"
      kept="The job itself is where it was."
      onRetry={followed.reload}
    />
  );
}

function OneJob({ job, followed, tab }: { readonly job: Job; readonly followed: FollowedJob; readonly tab: string }) {
  const open = (TABS as readonly string[]).includes(tab) ? tab : "story";
  const entries = followed.entries.value;
  const story = useMemo(() => readStory(entries), [entries]);
  const openTab = (key: string) => goTo(key === "story" ? jobHref(job.id) : `${jobHref(job.id)}/${key}`, REPLACE);
  useKeys(
    TABS.map((key, at) => ({ keys: String(at + 1), does: `show the ${key}`, group: "Job", run: () => openTab(key) })),
    [job.id],
  );
  return (
    <>
      <Head job={job} />
      <section class="panel job-body">
        <Tabs
          label="About this job"
          open={open}
          onOpen={openTab}
          tabs={[
            { key: "story", title: "Story" },
            { key: "timeline", title: "Timeline" },
            { key: "cost", title: "Cost" },
            { key: "journal", title: "Journal", count: entries.length },
          ]}
        >
          {followed.isTooLong.value && (
            <p class="job-notice" role="note">
              This journal is longer than a page can hold: what follows is its beginning. The whole:{" "}
              <code>coop job logs {job.id}</code>
            </p>
          )}
          {open === "story" && <StoryView job={job} story={story} live={followed.live} />}
          {open === "timeline" && <TimelineView job={job} story={story} />}
          {open === "cost" && <CostView job={job} story={story} />}
          {open === "journal" && <JournalView job={job} entries={entries} />}
        </Tabs>
      </section>
    </>
  );
}

const REPLACE = { replace: true };

function Head({ job }: { readonly job: Job }) {
  return (
    <section class="panel job-head">
      <Where job={job} />
      <div class="spread job-title">
        <h1>
          <PlainText text={firstLine(job.prompt)} limit={TITLE_CHARS} />
        </h1>
        <Actions job={job} />
      </div>
      <Facts job={job} />
      {job.status === "QUEUED" && <Waiting job={job} />}
      {job.status === "FAILED" && <Failure job={job} />}
      {job.status === "CANCELLED" && job.error !== null && (
        <p class="job-notice">
          <PlainText text={job.error} />
        </p>
      )}
    </section>
  );
}

function Where({ job }: { readonly job: Job }) {
  return (
    <p class="job-where">
      <a href={henHref(job.hen_id)}>
        <PlainText text={shortName(job.hen_id)} />
      </a>
      <span aria-hidden="true">›</span>
      {job.parent_job_id !== null && (
        <>
          <a href={jobHref(job.parent_job_id)}>handed on by another job</a>
          <span aria-hidden="true">›</span>
        </>
      )}
      <span class="muted">
        job <code>{job.id.slice(-6)}</code>
      </span>
    </p>
  );
}

function Facts({ job }: { readonly job: Job }) {
  const tokens = usedTokens(job.usage);
  return (
    <p class="job-facts">
      <StateBadge state={job.status} />
      {job.started_at !== null && job.status !== "QUEUED" && (
        <span title="from its first start to its end">
          <Elapsed from={job.started_at} to={job.ended_at} />
        </span>
      )}
      {job.started_at !== null && (
        <>
          <span class="amount">{job.turns === 1 ? "1 turn" : `${job.turns} turns`}</span>
          <Tokens count={tokens} />
          <Money micros={job.cost.usd_micros} known={job.cost.known_usd_micros} />
        </>
      )}
      <span class="muted">
        asked <Time at={job.created_at} />
      </span>
      {job.lease_id !== null && (
        <span class="muted">
          under the lease <PlainText text={job.lease_id} limit={40} />
        </span>
      )}
    </p>
  );
}

function Failure({ job }: { readonly job: Job }) {
  const isLimit = job.error_code === "limit_reached" || job.error_code === "limit_cost";
  return (
    <div class="job-failure" role="note">
      <strong>{isLimit ? "Stopped by a limit" : "It failed"}</strong>{" "}
      {job.error_code !== null && <code class="job-code">{job.error_code}</code>}
      <p>
        <PlainText text={job.error ?? "no reason was given"} limit={4_000} />
      </p>
      {isLimit && (
        <p class="muted">
          What it had said by then is kept below. <a href={`${jobHref(job.id)}/cost`}>Its limits and what it used</a>
        </p>
      )}
    </div>
  );
}

function Actions({ job }: { readonly job: Job }) {
  const isOver = isEnded(job.status);
  const cancel = () => cancelJob(job);
  const retry = () => retryJob(job);
  useKeys([{ keys: "x", does: "cancel this job", group: "Job", run: () => void cancel() }], [job.id], !isOver);
  useKeys([{ keys: "r", does: "ask for it once more", group: "Job", run: () => void retry() }], [job.id], isOver);
  return (
    <div class="row">
      {isOver ? (
        <Button tone={job.status === "FAILED" ? "main" : "plain"} onClick={retry} keyHint="r">
          {job.status === "FAILED" ? "Try again" : "Run it again"}
        </Button>
      ) : (
        <Button tone="danger" onClick={cancel} keyHint="x">
          Cancel
        </Button>
      )}
    </div>
  );
}

async function cancelJob(job: Job): Promise<void> {
  const isSure = await confirm({
    title: "Cancel this job?",
    text:
      job.status === "RUNNING"
        ? "Its processes are ended at once. What it has done so far stays in its journal and in the hen's workdir."
        : "It leaves the queue and never runs. It can be asked for again at any time.",
    yes: "Cancel the job",
    isDangerous: true,
  });
  if (!isSure) return;
  await act(() => client.jobs.cancel(job.id), "Cancelled");
  jobChanged(job.id);
}

async function retryJob(job: Job): Promise<void> {
  const id = await act(() => client.jobs.retry(job.id), "Asked for once more");
  if (id === undefined) return;
  attentionChanged();
  goTo(jobHref(id));
}
