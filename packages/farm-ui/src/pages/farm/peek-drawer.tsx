import type { HenAnswer } from "coop-client";
import { isEnded, type Job, type JournalEntry, usedTokens } from "coopd-core";
import { useEffect, useRef, useState } from "preact/hooks";
import { henHref, jobHref } from "../../app/addresses.ts";
import { useKeys } from "../../app/keys.ts";
import { setQuery } from "../../app/router.ts";
import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { hens, progress } from "../../data/farm-state.ts";
import { onceKey } from "../../data/once-key.ts";
import { useResource } from "../../data/resource.ts";
import { Money, Tokens } from "../../kit/amounts.tsx";
import { BirdDrawing } from "../../kit/bird.tsx";
import { Button } from "../../kit/button.tsx";
import { CodeBlock } from "../../kit/code-block.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import { Icon } from "../../kit/icon.tsx";
import { Markdown } from "../../kit/markdown.tsx";
import { PlainText, toSeenText } from "../../kit/plain-text.tsx";
import { StateBadge } from "../../kit/state-badge.tsx";
import { Elapsed, Time } from "../../kit/time.tsx";
import { giveWork } from "./dispatch-box.tsx";
import { brainOf, jobOf } from "./flock.ts";
import { WallBadge } from "./flock-list.tsx";
import { useLiveJob } from "./live-job.ts";

/** A look at one hen without leaving the first screen: what it says now, what it last did, and a box to answer it. */
export function PeekDrawer({ henId }: { readonly henId: string }) {
  const ref = useRef<HTMLElement>(null);
  const hen = hens.value.get(henId);
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.focus();
    return () => {
      const isLost = document.activeElement === null || document.activeElement === document.body;
      if (isLost && before instanceof HTMLElement) before.focus();
    };
  }, [henId]);
  useKeys([{ keys: "Escape", does: "close the drawer", group: "Drawer", run: close }]);
  return (
    <aside class="peek" ref={ref} tabIndex={-1} aria-label={`A look at ${toSeenText(henId)}`}>
      {hen === undefined ? (
        <>
          <CloseButton />
          <EmptyState title="That hen is not here" command="coop hen list">
            <PlainText text={henId} /> is no hen of this farm, or not any more.
          </EmptyState>
        </>
      ) : (
        <Look hen={hen} />
      )}
    </aside>
  );
}

function close(): void {
  setQuery("peek", undefined);
}

function CloseButton() {
  return (
    <button type="button" class="icon-button peek-close" onClick={close} aria-label="Close the drawer">
      <Icon name="close" />
    </button>
  );
}

function Look({ hen }: { readonly hen: HenAnswer }) {
  const job = useLastJob(hen.id);
  return (
    <>
      <header class="peek-head">
        <BirdDrawing hen={hen} />
        <div>
          <h2>
            <PlainText text={hen.id} />
          </h2>
          <p class="row">
            <StateBadge state={hen.state} />
            <WallBadge member={{ hen }} />
            <span class="muted">
              <PlainText text={brainOf(hen)} limit={40} />
            </span>
          </p>
        </div>
        <CloseButton />
      </header>
      <nav class="peek-links row" aria-label="Of this hen">
        {job !== undefined && <a href={jobHref(job.id)}>Job</a>}
        <a href={henHref(hen.id, "terminal")}>Terminal</a>
        <a href={henHref(hen.id)}>Hen</a>
      </nav>
      {hen.needs_reason != null && (
        <p class="peek-want">
          <PlainText text={hen.needs_reason} /> {hen.needs_next != null && <PlainText text={hen.needs_next} />}
        </p>
      )}
      {job === undefined ? (
        <EmptyState title="Nothing yet" command={`coop job run ${hen.id} "look around" --wait`}>
          It has not worked. Write below what it shall do.
        </EmptyState>
      ) : (
        <JobLook key={job.id} job={job} />
      )}
      <ReplyBox hen={hen} />
    </>
  );
}

/** The job that says most; asked for where the page does not keep one of this hen. */
function useLastJob(henId: string): Job | undefined {
  const known = jobOf(henId);
  const isKnown = known !== undefined;
  const asked = useResource(
    async (signal) => {
      if (isKnown) return undefined;
      for await (const job of client.jobs.list({ henId, order: "desc", pageRows: 1, signal })) return job;
      return undefined;
    },
    [henId, isKnown],
  );
  return known ?? asked.value.value;
}

function JobLook({ job }: { readonly job: Job }) {
  const isRunning = !isEnded(job.status);
  return (
    <section class="peek-job" aria-label="Its job">
      <p class="peek-prompt">
        <PlainText text={job.prompt} limit={600} />
      </p>
      <p class="row muted">
        <StateBadge state={job.status} />
        {job.started_at !== null && <Elapsed from={job.started_at} to={job.ended_at} />}
        <span>turn {job.turns}</span>
        <Spent job={job} />
        {job.ended_at !== null && <Time at={job.ended_at} />}
        {isRunning && (
          <Button isSmall tone="danger" onClick={() => act(() => client.jobs.cancel(job.id), "Cancelled")}>
            Cancel
          </Button>
        )}
      </p>
      {isRunning ? <RunningLook job={job} /> : <EndedLook job={job} />}
    </section>
  );
}

function Spent({ job }: { readonly job: Job }) {
  const tokens = progress.value.get(job.id)?.tokens ?? usedTokens(job.usage);
  return (
    <>
      <Tokens count={tokens} />
      <Money micros={job.cost.usd_micros} known={job.cost.known_usd_micros} />
    </>
  );
}

/** What was said in turns that are whole, then the turn under way as it comes. */
function RunningLook({ job }: { readonly job: Job }) {
  const live = useLiveJob(job.id, true).value;
  const step = progress.value.get(job.id);
  const [said] = useState(() => createSaid(job.id)); // the component is this job's own
  const past = useResource(said.read, [job.id, live.turn, step?.tool ?? null]);
  const shown = (past.value.value ?? []).filter(({ turn }) => turn !== live.turn || live.text === "");
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }, [live.text, shown.length]);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys (WCAG 2.1.1) */}
      <section class="peek-output" ref={box} tabIndex={0} aria-label="What it says">
        {shown.map(({ turn, text }) => (
          <p key={turn} class="peek-said">
            <PlainText text={text} />
          </p>
        ))}
        {live.text === "" && live.thinking !== "" && (
          <p class="peek-said muted">
            <PlainText text={live.thinking.slice(-600)} />
          </p>
        )}
        {live.text !== "" && (
          <p class="peek-said peek-live">
            <PlainText text={live.text} />
          </p>
        )}
      </section>
      <p class="peek-step">
        {step === undefined ? (
          job.status === "QUEUED" ? (
            "It waits its turn"
          ) : (
            "Starting"
          )
        ) : (
          <>
            <span class="badge badge-busy">
              {step.tool === null ? "thinking" : <PlainText text={step.tool} limit={40} />}
            </span>{" "}
            <Elapsed from={step.since} />
          </>
        )}
      </p>
    </>
  );
}

interface Said {
  readonly turn: number;
  readonly text: string;
}

/** Texts of turns in the drawer at most; the job's page has all. */
const SAID_MAX = 6;

/** Reads what a job has said; each time only what its journal has more than before. */
function createSaid(jobId: string): { readonly read: (signal: AbortSignal) => Promise<readonly Said[]> } {
  let said: readonly Said[] = [];
  let after = 0;
  return {
    async read(signal) {
      for await (const entry of client.jobs.journal(jobId, { after, signal })) {
        if (entry.seq <= after) continue; // a reading that was given up may still have had some
        after = entry.seq;
        const text = textOf(entry);
        if (text !== undefined) said = [...said, text].slice(-SAID_MAX);
      }
      return said;
    },
  };
}

function textOf(entry: JournalEntry): Said | undefined {
  if (entry.kind !== "brain.response") return undefined;
  const text = entry.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  return text === "" ? undefined : { turn: entry.turn, text };
}

function EndedLook({ job }: { readonly job: Job }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys (WCAG 2.1.1)
    <section class="peek-output" tabIndex={0} aria-label="What it came to">
      {job.error !== null && <CodeBlock text={job.error} label="what went wrong" isQuiet />}
      {job.result !== null && job.result !== "" && <Markdown text={job.result} />}
      {job.error === null && (job.result ?? "") === "" && <p class="muted">It ended without a word.</p>}
    </section>
  );
}

function ReplyBox({ hen }: { readonly hen: HenAnswer }) {
  const [text, setText] = useState("");
  const key = useRef(onceKey());
  if (hen.state === "ARCHIVED" || hen.state === "DEFINED") return null;
  const isTerminal = hen.manifest.agent_kind !== "anthropic";
  const send = async () => {
    if (text.trim() === "") return;
    const done = await act(async () => {
      await giveWork(hen.id, text.trim(), key.current);
      return true;
    });
    if (done !== true) return;
    key.current = onceKey();
    setText("");
  };
  return (
    <form
      class="peek-reply"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label for="peek-reply" class="visually-hidden">
        {isTerminal ? "Type into its terminal" : "Its next job"}
      </label>
      <textarea
        id="peek-reply"
        class="bare"
        rows={2}
        value={text}
        placeholder={isTerminal ? "Type into its terminal…" : "Reply: its next job…"}
        onInput={(event) => {
          setText(event.currentTarget.value);
          key.current = onceKey();
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
          else if (event.key === "Enter" && event.ctrlKey) void send();
          else return;
          event.preventDefault(); // Escape leaves the field, and no more: what was written stays
        }}
      />
      <Button tone="main" isSubmit disabled={text.trim() === ""}>
        Send
      </Button>
    </form>
  );
}
