import type { Signal } from "@preact/signals";
import { isEnded, type Job } from "coopd-core";
import { useEffect, useState } from "preact/hooks";
import { henHref, jobHref, shortName } from "../../app/addresses.ts";
import { place } from "../../app/router.ts";
import { Button } from "../../kit/button.tsx";
import { LongText } from "../../kit/long-text.tsx";
import { Markdown } from "../../kit/markdown.tsx";
import { PlainText } from "../../kit/plain-text.tsx";
import { StateBadge } from "../../kit/state-badge.tsx";
import { Time } from "../../kit/time.tsx";
import type { LiveTurn } from "./follow-job.ts";
import type { Story, StoryTurn } from "./read-story.ts";
import { Item, Saying, Turn, TurnRule } from "./turn-view.tsx";

/** Turns that are drawn at first; the earlier ones come when they are asked for. */
const TURNS_SHOWN = 60;

/** The job as a story: what was asked, what the hen said and did, and how it ended. */
export function StoryView(props: {
  readonly job: Job;
  readonly story: Story;
  readonly live: Signal<ReadonlyMap<number, LiveTurn>>;
}) {
  const { job, story, live } = props;
  const wanted = Number(place.value.query.get("turn") ?? 0);
  const [shown, setShown] = useState(() => shownFor(story, wanted));
  useEffect(() => {
    if (wanted > 0) document.getElementById(`turn-${wanted}`)?.scrollIntoView();
  }, [wanted]);
  const isOver = isEnded(job.status);
  const earlier = Math.max(0, story.turns.length - shown);
  const turns = story.turns.slice(earlier);
  const known = new Set(story.turns.map(({ turn }) => turn));
  const fresh = [...live.value].filter(([turn]) => !known.has(turn));
  return (
    <div class="story-page">
      <div class="story">
        <Asked job={job} story={story} />
        {story.before.map((item, at) => (
          <Item key={at} item={item} job={job} isLast={false} />
        ))}
        {earlier > 0 && (
          <p class="story-earlier">
            <Button isSmall onClick={() => setShown(shown + TURNS_SHOWN)}>
              Show {Math.min(earlier, TURNS_SHOWN)} of {earlier} earlier turns
            </Button>
          </p>
        )}
        {turns.map((turn) => (
          <Turn
            key={turn.turn}
            turn={turn}
            job={job}
            live={turn.response === undefined ? live.value.get(turn.turn) : undefined}
            isLast={turn === story.turns.at(-1)}
          />
        ))}
        {fresh.map(([turn, said]) => (
          <section class="story-turn" key={turn} aria-label={`Turn ${turn}`}>
            <TurnRule turn={turn} />
            <Saying said={said} />
          </section>
        ))}
        {!isOver && job.status === "RUNNING" && story.turns.length === 0 && fresh.length === 0 && (
          <p class="story-thinking">Scratching the ground…</p>
        )}
        {isOver && <Ending job={job} story={story} />}
      </div>
      {turns.length > 1 && <Outline turns={turns} />}
    </div>
  );
}

/** Where the turns are, beside the story where there is room. */
function Outline({ turns }: { readonly turns: readonly StoryTurn[] }) {
  return (
    <nav class="story-outline" aria-label="Turns">
      <ol>
        {turns.map(({ turn, items }) => (
          <li key={turn}>
            <button type="button" onClick={() => document.getElementById(`turn-${turn}`)?.scrollIntoView()}>
              <span class="amount">{turn}</span>{" "}
              <span class="muted">
                <PlainText
                  text={items.flatMap((it) => (it.kind === "tool" ? [it.run.name] : [])).join(", ")}
                  limit={60}
                />
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** The newest turns, or enough of them that the wanted one is among them. */
function shownFor(story: Story, wanted: number): number {
  const at = story.turns.findIndex(({ turn }) => turn === wanted);
  return at < 0 ? TURNS_SHOWN : Math.max(TURNS_SHOWN, story.turns.length - at + 5);
}

function Asked({ job, story }: { readonly job: Job; readonly story: Story }) {
  const { opened } = story;
  return (
    <section class="story-asked" aria-label="What was asked">
      <h2>Asked</h2>
      <LongText text={job.prompt} label="the prompt" />
      {opened !== undefined && (opened.system !== "" || opened.memory !== null || opened.tools.length > 0) && (
        <details class="fold">
          <summary>What the hen set out with</summary>
          <div class="stack">
            {opened.system !== "" && (
              <div>
                <h3>System text</h3>
                <LongText text={opened.system} label="the system text" />
              </div>
            )}
            {opened.memory !== null && (
              <div>
                <h3>Memory</h3>
                <LongText text={opened.memory} label="what it remembered" />
              </div>
            )}
            <p class="muted">
              Model <PlainText text={opened.model} />
              {opened.route !== undefined && ` (chosen by routing: ${opened.route.tier})`}; tools{" "}
              {opened.tools.length === 0 ? (
                "none"
              ) : (
                <PlainText text={opened.tools.map(({ name }) => name).join(", ")} />
              )}
            </p>
          </div>
        </details>
      )}
    </section>
  );
}

function Ending({ job, story }: { readonly job: Job; readonly story: Story }) {
  const children = story.turns.flatMap(({ items }) => items.flatMap((it) => (it.kind === "tool" ? [it.run] : [])));
  const handedOn = children.filter(({ child }) => child !== undefined);
  return (
    <section class={`story-end story-end-${job.status.toLowerCase()}`} aria-label="How it ended">
      <header class="spread">
        <h2>{END_TITLES[job.status as keyof typeof END_TITLES] ?? "The end"}</h2>
        <span class="muted">{job.ended_at !== null && <Time at={job.ended_at} />}</span>
      </header>
      {job.result !== null && job.result.trim() !== "" ? (
        <Markdown text={job.result} />
      ) : (
        <p class="muted">{job.status === "DONE" ? "It ended without a word." : "It left no result."}</p>
      )}
      {handedOn.length > 0 && (
        <ul class="story-children">
          {handedOn.map(({ child, childResult }) =>
            child === undefined ? null : (
              <li key={child.job_id}>
                <a href={jobHref(child.job_id)}>handed to {shortName(child.hen_id)}</a>{" "}
                {childResult !== undefined && <StateBadge state={childResult.status} />}{" "}
                <a class="muted" href={henHref(child.hen_id)}>
                  the hen
                </a>
              </li>
            ),
          )}
        </ul>
      )}
    </section>
  );
}

const END_TITLES = { DONE: "Laid", FAILED: "What was left", CANCELLED: "Called back" } as const;
