import { isEnded, type Job } from "coopd-core";
import { useMemo, useState } from "preact/hooks";
import { jobHref } from "../../app/addresses.ts";
import { useKeys } from "../../app/keys.ts";
import { goTo, place, setQuery } from "../../app/router.ts";
import { Button } from "../../kit/button.tsx";
import { PlainText } from "../../kit/plain-text.tsx";
import { Table } from "../../kit/table.tsx";
import { formatSecs, formatSpan, now } from "../../kit/time.tsx";
import { VirtualList } from "../../kit/virtual-list.tsx";
import { readSpans, type Span } from "./read-spans.ts";
import type { Story } from "./read-story.ts";

const ROW_PX = 32;
/** A table of more is no help to anybody. */
const TABLE_ROWS_MAX = 500;

/** Turns and tools over the time that they took, as bars or as a table. */
export function TimelineView({ job, story }: { readonly job: Job; readonly story: Story }) {
  const spans = useMemo(() => readSpans(job, story), [story, job.started_at]);
  const [chosen, setChosen] = useState<string>();
  const isTable = place.value.query.get("as") === "table";
  const startMs = Date.parse(job.started_at ?? job.created_at);
  const endMs = job.ended_at !== null ? Date.parse(job.ended_at) : isEnded(job.status) ? startMs : now.value;
  const totalMs = Math.max(1, endMs - startMs, ...spans.slice(-50).map(({ toMs, fromMs }) => toMs ?? fromMs));
  const step = (by: number) => {
    setChosen((last) => {
      const at = spans.findIndex(({ key }) => key === last);
      return spans[Math.min(spans.length - 1, Math.max(0, at + by))]?.key;
    });
  };
  const one = spans.find(({ key }) => key === chosen);
  const group = "Timeline";
  useKeys(
    [
      { keys: "j", does: "next stretch", group, run: () => step(1) },
      { keys: "k", does: "stretch before", group, run: () => step(-1) },
      { keys: "Enter", does: "read it in the story", group, run: () => one !== undefined && openTurn(job, one.turn) },
    ],
    [spans, chosen],
    !isTable,
  );
  if (spans.length === 0) return <p class="muted">Nothing has taken any time yet.</p>;
  const queuedMs = startMs - Date.parse(job.created_at);
  return (
    <div class="timeline">
      <div class="spread">
        <p class="muted">
          {formatSecs(totalMs)} from its start{queuedMs > 500 && `, after ${formatSpan(queuedMs)} in the queue`}
        </p>
        <Button isSmall onClick={() => setQuery("as", isTable ? undefined : "table")}>
          {isTable ? "As bars" : "As a table"}
        </Button>
      </div>
      {isTable ? (
        <SpanTable spans={spans} />
      ) : (
        <>
          <Axis totalMs={totalMs} />
          <VirtualList
            label="Turns and tools in the order of their beginning"
            rows={spans}
            rowHeight={ROW_PX}
            keyOf={({ key }) => key}
            selected={chosen}
          >
            {(span) => (
              <Bar span={span} totalMs={totalMs} isChosen={span.key === chosen} onChoose={() => setChosen(span.key)} />
            )}
          </VirtualList>
          {one !== undefined && <Chosen span={one} job={job} />}
        </>
      )}
    </div>
  );
}

function openTurn(job: Job, turn: number): void {
  goTo(`${jobHref(job.id)}?turn=${turn}`);
}

function Axis({ totalMs }: { readonly totalMs: number }) {
  return (
    <div class="press-row span-row span-axis" aria-hidden="true">
      <span />
      <span class="span-ticks">
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <span key={share}>{share === 0 ? "0" : formatSecs(totalMs * share)}</span>
        ))}
      </span>
      <span />
    </div>
  );
}

function tookOf(span: Span): string {
  if (span.isUnknown) return "unknown";
  return span.toMs === undefined ? "going on" : formatSecs(span.toMs - span.fromMs);
}

function Bar(props: {
  readonly span: Span;
  readonly totalMs: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const { span, totalMs, isChosen, onChoose } = props;
  const toMs = span.toMs ?? totalMs;
  const left = Math.min(100, (span.fromMs / totalMs) * 100);
  const width = Math.min(100 - left, Math.max(0, ((toMs - span.fromMs) / totalMs) * 100));
  const tone = span.isUnknown ? "unknown" : span.isBad ? "bad" : span.kind;
  return (
    <button type="button" class="press-row span-row" aria-pressed={isChosen} onClick={onChoose}>
      <span class={`span-title span-title-${span.kind}`}>
        {span.kind === "brain" ? span.title : <PlainText text={span.title} limit={40} />}
      </span>
      <span class="span-track">
        <span
          class={`span-bar span-${tone}${span.toMs === undefined ? " span-open" : ""}`}
          style={{ left: `${left}%`, width: `${width}%` }}
        />
      </span>
      <span class="span-took amount">
        {span.isBad && <span title="it failed">✕ </span>}
        {tookOf(span)}
      </span>
    </button>
  );
}

function Chosen({ span, job }: { readonly span: Span; readonly job: Job }) {
  return (
    <p class="span-chosen" aria-live="polite">
      <strong>
        Turn {span.turn}
        {span.kind === "brain" ? ", the brain" : ""}
      </strong>{" "}
      {span.kind !== "brain" && <code>{<PlainText text={span.title} limit={40} />}</code>}{" "}
      <PlainText text={span.gist} /> · began at {formatSecs(span.fromMs)}, took {tookOf(span)} ·{" "}
      <a href={`${jobHref(job.id)}?turn=${span.turn}`}>read it in the story</a>
    </p>
  );
}

function SpanTable({ spans }: { readonly spans: readonly Span[] }) {
  return (
    <>
      <Table
        label="Turns and tools"
        rows={spans.slice(0, TABLE_ROWS_MAX)}
        keyOf={({ key }) => key}
        columns={[
          { head: "Turn", kind: "number", cell: ({ turn }) => turn },
          {
            head: "What",
            cell: ({ kind, title }) => (kind === "brain" ? "brain" : <PlainText text={title} limit={40} />),
          },
          { head: "Detail", kind: "extra", cell: ({ gist }) => <PlainText text={gist} /> },
          { head: "Began at", kind: "number", cell: ({ fromMs }) => formatSecs(fromMs) },
          { head: "Took", kind: "number", cell: tookOf },
          { head: "Came out", kind: "narrow", cell: (it) => (it.isUnknown ? "unknown" : it.isBad ? "failed" : "well") },
        ]}
      />
      {spans.length > TABLE_ROWS_MAX && <p class="muted">The first {TABLE_ROWS_MAX}; the bars show all.</p>}
    </>
  );
}
