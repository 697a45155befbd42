import type { Episode } from "coopd-core";
import { useEffect } from "preact/hooks";
import { henHref, jobHref, shortName } from "../../../app/addresses.ts";
import { act } from "../../../data/act.ts";
import { client } from "../../../data/client.ts";
import { onFarmItem } from "../../../data/follow-farm.ts";
import { useResource } from "../../../data/resource.ts";
import { Button } from "../../../kit/button.tsx";
import { confirm } from "../../../kit/confirm.tsx";
import { EmptyState } from "../../../kit/empty-state.tsx";
import { ErrorNote } from "../../../kit/error-note.tsx";
import { Markdown } from "../../../kit/markdown.tsx";
import { firstLine, PlainText, toSeenText } from "../../../kit/plain-text.tsx";
import { Time } from "../../../kit/time.tsx";
import type { HenTabProps } from "../hen-tab.ts";

/** As many as the daemon tells at most. */
const EPISODES_MAX = 1_000;
/** Drawn; older ones are remembered all the same. */
const SHOWN_MAX = 200;

/** What the hen remembers of its jobs, the newest first. */
export function MemoryTab({ hen }: HenTabProps) {
  const read = useResource((signal) => client.hens.memory(hen.id, { limit: EPISODES_MAX, signal }), [hen.id]);
  useEffect(
    () =>
      onFarmItem((item) => {
        const isMemory = item.type === "memory_recorded" || item.type === "memory_forgotten";
        if (isMemory && item.hen_id === hen.id) read.reload();
      }),
    [hen.id],
  );
  const episodes = read.value.value;
  return (
    <div class="stack">
      <MemoryHead hen={hen} count={episodes?.length} onForgotten={read.reload} />
      {read.error.value !== undefined && (
        <ErrorNote error={read.error.value} title="Its memory cannot be read" onRetry={read.reload} />
      )}
      {episodes?.length === 0 && (
        <EmptyState title="A clear head">It remembers a job when the job is done or has failed.</EmptyState>
      )}
      <ol class="episodes">
        {(episodes ?? [])
          .slice(-SHOWN_MAX)
          .toReversed()
          .map((episode) => (
            <EpisodeRow key={episode.id} episode={episode} />
          ))}
      </ol>
      {(episodes?.length ?? 0) > SHOWN_MAX && <p class="muted">and {(episodes?.length ?? 0) - SHOWN_MAX} older ones</p>}
    </div>
  );
}

function MemoryHead(props: HenTabProps & { readonly count: number | undefined; readonly onForgotten: () => void }) {
  const { hen, count, onForgotten } = props;
  const { episodic_retention_days: days, inherit_from: from } = hen.manifest.memory ?? {};
  const forget = async () => {
    const isSure = await confirm({
      title: `Make ${toSeenText(shortName(hen.id))} forget?`,
      text: `${count ?? 0} episodes go for good. Its jobs and their journals stay; it only no longer knows of them.`,
      yes: "Forget them",
      isDangerous: true,
    });
    if (!isSure) return;
    await act(() => client.hens.forget(hen.id), "It has forgotten");
    onForgotten();
  };
  return (
    <div class="row spread">
      <p class="muted">
        {count === undefined ? "…" : `${count} ${count === 1 ? "episode" : "episodes"}`} ·{" "}
        {days === null || days === undefined || days === 0 ? "kept for ever" : `each kept for ${days} days`}
        {from !== null && from !== undefined && (
          <>
            {" · began with the memory of "}
            <a href={henHref(from)}>{toSeenText(shortName(from))}</a>
          </>
        )}
      </p>
      <div class="row">
        <a class="button button-small" href={`/raise?inherit=${encodeURIComponent(hen.id)}`}>
          Raise an heir
        </a>
        <Button isSmall tone="danger" onClick={forget} disabled={(count ?? 0) === 0}>
          Forget…
        </Button>
      </div>
    </div>
  );
}

function EpisodeRow({ episode }: { readonly episode: Episode }) {
  return (
    <li class={`episode episode-${episode.outcome}`}>
      <p>
        <span class="episode-mark" aria-hidden="true">
          {episode.outcome === "done" ? "✓" : "✕"}
        </span>
        <span class="visually-hidden">{episode.outcome}: </span>
        <a href={jobHref(episode.job_id)}>
          <PlainText text={firstLine(episode.prompt)} limit={140} />
        </a>
      </p>
      <div class="episode-said">
        <Markdown text={episode.summary} />
      </div>
      <p class="muted">
        <Time at={episode.at} /> · {episode.turns} {episode.turns === 1 ? "turn" : "turns"}
      </p>
    </li>
  );
}
