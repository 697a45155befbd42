import { useMemo, useState } from "preact/hooks";
import { henHref, jobHref, shortName } from "../../app/addresses.ts";
import type { NumberedEvent } from "../../data/farm-state.ts";
import { CodeBlock } from "../../kit/code-block.tsx";
import { PlainText } from "../../kit/plain-text.tsx";
import { VirtualList } from "../../kit/virtual-list.tsx";
import type { EventLog, LogRow } from "./event-log.ts";
import { describe, henOf, jobOf, markOf } from "./event-words.ts";

const ROW_PX = 30;
const WORDS_CHARS = 300;
/** So near to the end, px, a reader is taken to follow it. */
const NEAR_PX = 40;

/** The log's rows, the newest at the foot; whoever scrolls up looks back, and nothing moves under the pointer. */
export function EventRows(props: {
  readonly log: EventLog;
  readonly text: string;
  readonly isPaused: boolean;
  readonly onLookBack: () => void;
}) {
  const { log, text, isPaused, onLookBack } = props;
  const all = log.rows.value;
  const rows = useMemo(() => findRows(all, text), [all, text]);
  const [chosen, setChosen] = useState<string>();
  const one = rows.find(({ key }) => key === chosen);
  const onScroll = (event: Event) => {
    const box = event.target as HTMLElement;
    if (!isPaused && box.scrollHeight - box.scrollTop - box.clientHeight > NEAR_PX + ROW_PX * JUMP_ROWS) onLookBack();
  };
  if (rows.length === 0) {
    return (
      <p class="loading">{all.length === 0 ? "Nothing has happened yet. It is a quiet farm." : "No event has that."}</p>
    );
  }
  return (
    <div onScrollCapture={onScroll} onWheel={(event) => event.deltaY < 0 && !isPaused && onLookBack()}>
      <VirtualList
        label="Events, the newest last"
        rows={rows}
        rowHeight={ROW_PX}
        keyOf={({ key }) => key}
        selected={isPaused ? undefined : rows.at(-1)?.key}
        maxHeight="calc(100vh - 20rem)"
      >
        {(row) =>
          row.kind === "mark" ? (
            <p class={`event-mark${row.isLoss ? " event-loss" : ""}`}>{row.text}</p>
          ) : (
            <Row event={row.event} isChosen={row.key === chosen} onChoose={() => setChosen(row.key)} />
          )
        }
      </VirtualList>
      {one?.kind === "event" && <Chosen event={one.event} />}
    </div>
  );
}

/** A frame may bring so many rows before the list follows; that is no looking back. */
const JUMP_ROWS = 200;

function findRows(rows: readonly LogRow[], text: string): readonly LogRow[] {
  if (text === "") return rows;
  const wanted = text.toLowerCase();
  return rows.filter((row) => row.kind === "mark" || JSON.stringify(row.event).toLowerCase().includes(wanted));
}

function Row(props: { readonly event: NumberedEvent; readonly isChosen: boolean; readonly onChoose: () => void }) {
  const { event, isChosen, onChoose } = props;
  const hen = henOf(event);
  const [tone, shape] = markOf(event);
  return (
    <button type="button" class="press-row event-row" aria-pressed={isChosen} onClick={onChoose}>
      <span class="muted amount event-seq">{event.seq}</span>
      <time class="muted amount" dateTime={event.at} title={event.at}>
        {new Date(event.at).toLocaleTimeString("en-GB")}
      </time>
      <span class={`event-shape event-${tone}`} aria-hidden="true">
        {shape}
      </span>
      <span class="event-hen">{hen !== undefined && <PlainText text={shortName(hen)} limit={40} />}</span>
      <span class="event-words">
        <PlainText text={describe(event)} limit={WORDS_CHARS} />
      </span>
    </button>
  );
}

function Chosen({ event }: { readonly event: NumberedEvent }) {
  const hen = henOf(event);
  const job = jobOf(event);
  return (
    <div class="stack event-chosen">
      <p class="row">
        <strong>{event.type}</strong>
        {hen !== undefined && <a href={henHref(hen)}>the hen</a>}
        {job !== undefined && <a href={jobHref(job)}>the job</a>}
        <a href={`/events?since=${event.seq - 1}`}>everything from here on</a>
      </p>
      <CodeBlock text={JSON.stringify(event, null, 2)} label={`event ${event.seq}`} />
    </div>
  );
}
