import { inputOf, isEnded, type Job } from "coopd-core";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { formatMicros, formatTokens } from "../../kit/amounts.tsx";
import { CodeBlock } from "../../kit/code-block.tsx";
import { LongText } from "../../kit/long-text.tsx";
import { Markdown } from "../../kit/markdown.tsx";
import { PlainText } from "../../kit/plain-text.tsx";
import { formatSecs, formatTimer, now, Time } from "../../kit/time.tsx";
import type { LiveTurn } from "./follow-job.ts";
import type { StoryItem, StoryTurn } from "./read-story.ts";
import { ToolCall } from "./tool-call.tsx";

/** Where a turn begins. */
export function TurnRule({ turn, children }: { readonly turn: number; readonly children?: ComponentChildren }) {
  return (
    <header class="turn-rule" id={`turn-${turn}`}>
      <h2>Turn {turn}</h2>
      {children}
    </header>
  );
}

/** One turn: what was said and done in it, and what goes on just now. */
export function Turn(props: {
  readonly turn: StoryTurn;
  readonly job: Job;
  readonly live: LiveTurn | undefined;
  readonly isLast: boolean;
}) {
  const { turn, job, live, isLast } = props;
  const isOpen = turn.response === undefined && !isEnded(job.status);
  const askedAgain = turn.requests.length - 1 - turn.items.filter(({ kind }) => kind === "failed").length;
  return (
    <section class="story-turn" aria-label={`Turn ${turn.turn}`}>
      <TurnRule turn={turn.turn}>
        <TurnFacts turn={turn} />
      </TurnRule>
      {askedAgain > 0 && turn.response !== undefined && (
        <p class="story-note">
          The brain was asked again: an answer was lost on the way, and may have been charged all the same.
        </p>
      )}
      {turn.items.map((item, at) => (
        <Item key={at} item={item} job={job} isLast={isLast && at === turn.items.length - 1} />
      ))}
      {live !== undefined && <Saying said={live} />}
      {isOpen && live === undefined && <Asking turn={turn} />}
    </section>
  );
}

function TurnFacts({ turn }: { readonly turn: StoryTurn }) {
  const { response } = turn;
  if (response === undefined) return null;
  const { usage, call } = response;
  const input = inputOf(usage);
  return (
    <p class="turn-facts">
      {call !== undefined && <PlainText text={call.model} limit={40} />}
      <span class="amount">{formatSecs(response.latency_ms)}</span>
      <span class="amount" title="tokens in → tokens out">
        {formatTokens(input)} → {formatTokens(usage.output_tokens)}
      </span>
      <span class="amount">{call === undefined ? "" : costWord(call.usd_micros)}</span>
      {call?.cached === true && <span>from the cache</span>}
    </p>
  );
}

function costWord(micros: number | null): string {
  return micros === null ? "price unknown" : formatMicros(micros);
}

function Asking({ turn }: { readonly turn: StoryTurn }) {
  const at = turn.requests.at(-1)?.at;
  return (
    <p class="story-thinking">
      Thinking… {at !== undefined && <span class="amount">{formatTimer(now.value - Date.parse(at))}</span>}
    </p>
  );
}

/** What the brain says just now. */
export function Saying({ said }: { readonly said: LiveTurn }) {
  if (said.text === "" && said.thinking === "") return <p class="story-thinking">Thinking…</p>;
  return (
    <div class="saying" data-testid="saying">
      {said.isCut && <p class="muted">Its beginning was missed; it will stand here whole when the turn is done.</p>}
      {said.thinking !== "" && <Thinking text={said.thinking} isLive={said.text === ""} />}
      {said.text !== "" && <LiveText text={said.text} />}
    </div>
  );
}

/** Markdown is read anew with each piece, so of a long text only the end is, and only as text. */
const LIVE_MARKDOWN_CHARS = 12_000;
const LIVE_SHOWN_CHARS = 30_000;

function LiveText({ text }: { readonly text: string }) {
  if (text.length <= LIVE_MARKDOWN_CHARS) {
    return (
      <div class="live-text">
        <Markdown text={text} />
      </div>
    );
  }
  return (
    <div class="live-text pre-text">
      {text.length > LIVE_SHOWN_CHARS && <p class="muted">… {text.length - LIVE_SHOWN_CHARS} characters before this</p>}
      <PlainText text={text.slice(-LIVE_SHOWN_CHARS)} />
    </div>
  );
}

function Thinking({ text, isLive, isRedacted }: { text: string; isLive?: boolean; isRedacted?: boolean | undefined }) {
  const [isOpen, setOpen] = useState(isLive === true);
  useEffect(() => {
    if (isLive === false) setOpen(false); // it has begun to speak
  }, [isLive]);
  if (isRedacted === true)
    return <p class="story-note">It thought about this; the provider keeps the thought to itself.</p>;
  return (
    <details class="fold thought" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{isLive === true ? "Thinking…" : "Thought"}</summary>
      {isOpen && <LongText text={text} label="the thought" />}
    </details>
  );
}

/** One thing that happened. */
export function Item({ item, job, isLast }: { readonly item: StoryItem; readonly job: Job; readonly isLast: boolean }) {
  switch (item.kind) {
    case "text":
      if (isLast && job.status === "DONE" && item.text === job.result) return null; // it stands below, as the result
      return <Markdown text={item.text} />;
    case "thinking":
      return <Thinking text={item.text} isRedacted={item.isRedacted} />;
    case "tool":
      return <ToolCall run={item.run} isOver={isEnded(job.status)} />;
    case "failed":
      return (
        <p class="story-note story-trouble">
          <PlainText text={item.entry.model} limit={60} /> did not answer:{" "}
          <PlainText text={item.entry.error} limit={600} /> <code>{item.entry.error_code}</code>
          {item.entry.may_be_charged && <span class="muted"> It may have been charged.</span>}
        </p>
      );
    case "note":
      return (
        <p class="story-note">
          <PlainText text={item.entry.text} limit={2_000} />{" "}
          <span class="muted">
            · <Time at={item.entry.at} />
          </span>
        </p>
      );
    case "resumed":
      return (
        <p class="story-note story-resumed">
          Taken up again from its journal{" "}
          <span class="muted">
            · <Time at={item.at} />
          </span>
        </p>
      );
    case "other":
      return (
        <details class="fold">
          <summary>Something that this version does not know</summary>
          <CodeBlock text={JSON.stringify(item.block, null, 2).slice(0, 20_000)} label="as it came" />
        </details>
      );
  }
}
