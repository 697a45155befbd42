import { JOB_STATUSES, type Job, usedTokens } from "coopd-core";
import { useEffect, useState } from "preact/hooks";
import { jobHref, shortName } from "../../app/addresses.ts";
import { HenFilter } from "../../app/hen-filter.tsx";
import { useKeys } from "../../app/keys.ts";
import { goTo, place, setQuery } from "../../app/router.ts";
import { jobs as knownJobs } from "../../data/farm-state.ts";
import { onFarmItem } from "../../data/follow-farm.ts";
import { useResource } from "../../data/resource.ts";
import { Money, Tokens } from "../../kit/amounts.tsx";
import { Button } from "../../kit/button.tsx";
import { Chips } from "../../kit/chips.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Field, SelectField } from "../../kit/field.tsx";
import { firstLine, PlainText } from "../../kit/plain-text.tsx";
import { StateBadge, stateWord } from "../../kit/state-badge.tsx";
import { Elapsed, Time } from "../../kit/time.tsx";
import { type JobsPage as JobsFound, type JobsWish, readJobsPage, readWish, TIMES } from "./read-page.ts";

const PROMPT_CHARS = 200;
/** Ids that are counted as new; beyond it the count says "more than". */
const NEW_MAX = 1_000;

/** Every job of the farm, a page at a time, filtered; what is new waits above the list instead of pushing it about. */
export function JobsPage() {
  const { query } = place.value;
  const wish = readWish(query);
  const key = query.toString();
  const page = useResource((signal) => readJobsPage(wish, signal), [key]);
  const found = page.value.value;
  const fresh = useFresh(wish, found?.jobs, key);
  const reload = () => {
    fresh.forget();
    if (wish.after !== undefined || wish.before !== undefined) goTo(withPlace({}));
    else page.reload();
  };
  return (
    <section class="panel">
      <h1 class="visually-hidden">Jobs</h1>
      <Filters wish={wish} />
      <div class="spread jobs-fresh">
        <span class="muted">{found !== undefined && found.jobs.length > 0 && countWords(found)}</span>
        {fresh.count > 0 && (
          <Button tone="go" isSmall onClick={reload} keyHint="n">
            {fresh.count > NEW_MAX ? `more than ${NEW_MAX}` : fresh.count} new
            {wish.text !== undefined && ", of which some may fit"}
          </Button>
        )}
      </div>
      {page.error.value !== undefined && (
        <ErrorNote error={page.error.value} title="The jobs could not be read" onRetry={page.reload} />
      )}
      {found === undefined && page.error.value === undefined && <p class="loading">Turning the pages…</p>}
      {found !== undefined && (
        <List jobs={found.jobs} isFiltered={isFiltered(wish)} reload={fresh.count > 0 ? reload : undefined} key={key} />
      )}
      {found !== undefined && (found.hasOlder || found.hasNewer) && (
        <nav class="row jobs-turn" aria-label="Pages of the list">
          <Button disabled={!found.hasNewer} onClick={() => goTo(withPlace({ before: found.jobs[0]?.id }))}>
            ‹ Newer
          </Button>
          <Button disabled={!found.hasOlder} onClick={() => goTo(withPlace({ after: found.jobs.at(-1)?.id }))}>
            Older ›
          </Button>
          {found.hasNewer && <a href={withPlace({})}>The newest</a>}
        </nav>
      )}
    </section>
  );
}

function countWords({ jobs, hasOlder, hasNewer }: JobsFound): string {
  const count = jobs.length === 1 ? "1 job" : `${jobs.length} jobs`;
  return hasOlder || hasNewer ? `${count} on this page, the newest first` : `${count}, the newest first`;
}

function isFiltered({ hen, status, time, text }: JobsWish): boolean {
  return hen !== undefined || status.length > 0 || time !== undefined || text !== undefined;
}

/** The same filter at another place in the list. */
function withPlace(at: { readonly after?: string | undefined; readonly before?: string | undefined }): string {
  const query = new URLSearchParams(place.peek().query);
  query.delete("after");
  query.delete("before");
  for (const [name, value] of Object.entries(at)) if (value !== undefined) query.set(name, value);
  const text = query.toString();
  return text === "" ? "/jobs" : `/jobs?${text}`;
}

/** Another filter begins at the newest. */
function setFilter(name: string, value: string | undefined): void {
  setQuery("after", undefined);
  setQuery("before", undefined);
  setQuery(name, value);
}

function Filters({ wish }: { readonly wish: JobsWish }) {
  const [text, setText] = useState(wish.text ?? "");
  useEffect(() => {
    if (text === (wish.text ?? "")) return;
    const timer = setTimeout(() => setFilter("q", text.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useKeys([{ keys: "/", does: "search the jobs", group: "Jobs", run: () => focusOn("#jobs-text input") }]);
  return (
    <div class="jobs-filters">
      <div id="jobs-text">
        <Field
          label="Text in prompt or result"
          isLabelHidden
          type="search"
          value={text}
          placeholder="Search prompts and results"
          onInput={setText}
        />
      </div>
      <HenFilter hen={wish.hen} onChange={(id) => setFilter("hen", id)} />
      <SelectField
        label="Time"
        isLabelHidden
        value={wish.time ?? ""}
        options={[["", "at any time"], ...TIMES.map(([key, word]) => [key, word] as const)]}
        onChange={(value) => setFilter("time", value)}
      />
      <Chips
        label="Status"
        options={JOB_STATUSES.map((status) => [status, stateWord(status)] as const)}
        chosen={wish.status}
        onChange={(chosen) => setFilter("status", chosen.join(","))}
      />
    </div>
  );
}

/** A pause in typing that is taken for its end, ms: a search looks at every job. */
const TYPING_MS = 300;

function focusOn(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
}

function List(props: {
  readonly jobs: readonly Job[];
  readonly isFiltered: boolean;
  readonly reload: (() => void) | undefined;
}) {
  const { jobs, isFiltered, reload } = props;
  const [chosen, setChosen] = useState(-1);
  const step = (by: number) => setChosen((last) => Math.min(jobs.length - 1, Math.max(0, last + by)));
  const open = () => {
    const job = jobs[chosen];
    if (job !== undefined) goTo(jobHref(job.id));
  };
  const group = "Jobs";
  useKeys(
    [
      { keys: "j", does: "next job", group, run: () => step(1) },
      { keys: "k", does: "job before", group, run: () => step(-1) },
      { keys: "Enter", does: "open the job", group, run: open },
      { keys: "n", does: "show what is new", group, run: () => reload?.() },
    ],
    [jobs, chosen, reload],
  );
  useEffect(() => {
    document.querySelector(".job-row-chosen")?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  if (jobs.length === 0) {
    return isFiltered ? (
      <p class="loading">No job fits. {<a href="/jobs">Show all</a>}</p>
    ) : (
      <EmptyState title="No jobs yet" command={'coop job run local.coop/demo "Say hello."'}>
        A job is a prompt for one hen. It is kept from the moment it is accepted, whatever happens.
      </EmptyState>
    );
  }
  return (
    <ul class="job-rows" aria-label="Jobs, the newest first">
      {jobs.map((job, at) => (
        <Row key={job.id} job={knownJobs.value.get(job.id) ?? job} isChosen={at === chosen} />
      ))}
    </ul>
  );
}

function Row({ job, isChosen }: { readonly job: Job; readonly isChosen: boolean }) {
  return (
    <li class={`job-row${isChosen ? " job-row-chosen" : ""}`}>
      <a href={jobHref(job.id)} class="job-row-link">
        <span class="job-row-state">
          <StateBadge state={job.status} />
        </span>
        <span class="job-row-prompt">
          <PlainText text={firstLine(job.prompt)} limit={PROMPT_CHARS} />
          {job.status === "FAILED" && job.error !== null && (
            <span class="job-row-error">
              <PlainText text={firstLine(job.error)} limit={PROMPT_CHARS} />
            </span>
          )}
        </span>
        <span class="job-row-hen">
          <PlainText text={shortName(job.hen_id)} limit={40} />
        </span>
        <span class="job-row-facts muted">
          {job.started_at !== null && job.status !== "QUEUED" && (
            <>
              <Elapsed from={job.started_at} to={job.ended_at} />
              <Tokens count={usedTokens(job.usage)} />
              <Money micros={job.cost.usd_micros} known={job.cost.known_usd_micros} />
            </>
          )}
        </span>
        <span class="job-row-time muted">
          <Time at={job.created_at} />
        </span>
      </a>
    </li>
  );
}

/** Jobs that came, or came to a wanted status, since the list was read. They are counted, not put in. */
function useFresh(wish: JobsWish, shown: readonly Job[] | undefined, key: string) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    setIds(new Set());
  }, [shown]);
  useEffect(() => {
    if (shown === undefined) return;
    const known = new Set(shown.map(({ id }) => id));
    return onFarmItem((item) => {
      const isNew = item.type === "job_submitted";
      if (!isNew && item.type !== "job_status_changed") return;
      if (known.has(item.job_id) || (wish.hen !== undefined && item.hen_id !== wish.hen)) return;
      const status = isNew ? "QUEUED" : item.status;
      if (wish.status.length === 0 ? !isNew : !wish.status.includes(status)) return;
      setIds((last) => (last.size > NEW_MAX || last.has(item.job_id) ? last : new Set(last).add(item.job_id)));
    });
  }, [shown, key]);
  return { count: ids.size, forget: () => setIds(new Set()) };
}
