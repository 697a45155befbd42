import type { Job, JournalEntry } from "coopd-core";
import { useMemo, useState } from "preact/hooks";
import { useKeys } from "../../app/keys.ts";
import { place, setQuery } from "../../app/router.ts";
import { act } from "../../data/act.ts";
import { Button } from "../../kit/button.tsx";
import { Field } from "../../kit/field.tsx";
import { LongText } from "../../kit/long-text.tsx";
import { firstLine, PlainText } from "../../kit/plain-text.tsx";
import { formatClock } from "../../kit/time.tsx";
import { VirtualList } from "../../kit/virtual-list.tsx";
import { gistOf } from "./read-story.ts";

const ROW_PX = 30;
const GIST_CHARS = 160;

/** The journal as it is kept, entry by entry: to search, to look into, to take along. */
export function JournalView({ job, entries }: { readonly job: Job; readonly entries: readonly JournalEntry[] }) {
  const text = place.value.query.get("find") ?? "";
  const [chosen, setChosen] = useState<string>();
  const found = useMemo(() => findEntries(entries, text), [entries, text]);
  const step = (by: number) => {
    setChosen((last) => {
      const at = found.findIndex(({ seq }) => String(seq) === last);
      return found[Math.min(found.length - 1, Math.max(0, at + by))]?.seq.toString();
    });
  };
  const group = "Journal";
  useKeys(
    [
      { keys: "j", does: "next entry", group, run: () => step(1) },
      { keys: "k", does: "entry before", group, run: () => step(-1) },
      { keys: "/", does: "search the journal", group, run: focusSearch },
    ],
    [found, chosen],
  );
  const one = found.find(({ seq }) => String(seq) === chosen);
  return (
    <div class="journal">
      <div class="spread journal-tools" id="journal-search">
        <Field
          label="Search the journal"
          isLabelHidden
          type="search"
          value={text}
          placeholder="Search"
          onInput={(value) => setQuery("find", value)}
        />
        <span class="muted">
          {text === "" ? `${entries.length} entries` : `${found.length} of ${entries.length} entries`}
        </span>
        <TakeAlong job={job} entries={found} />
      </div>
      {found.length === 0 ? (
        <p class="muted">{entries.length === 0 ? "Nothing is written yet." : "No entry has that in it."}</p>
      ) : (
        <VirtualList
          label="Entries"
          rows={found}
          rowHeight={ROW_PX}
          keyOf={({ seq }) => String(seq)}
          selected={chosen}
          maxHeight="50vh"
        >
          {(entry) => (
            <Row entry={entry} isChosen={String(entry.seq) === chosen} onChoose={() => setChosen(String(entry.seq))} />
          )}
        </VirtualList>
      )}
      {one !== undefined && <LongText key={one.seq} text={JSON.stringify(one, null, 2)} label={`entry ${one.seq}`} />}
    </div>
  );
}

function TakeAlong({ job, entries }: { readonly job: Job; readonly entries: readonly JournalEntry[] }) {
  return (
    <div class="row">
      <Button isSmall onClick={() => act(() => copyAll(entries), "Copied as JSON")}>
        Copy as JSON
      </Button>
      <Button isSmall onClick={() => save(job, entries)}>
        Save
      </Button>
    </div>
  );
}

function Row(props: { readonly entry: JournalEntry; readonly isChosen: boolean; readonly onChoose: () => void }) {
  const { entry, isChosen, onChoose } = props;
  return (
    <button type="button" class="press-row journal-row" aria-pressed={isChosen} onClick={onChoose}>
      <span class="muted amount">{entry.seq}</span>
      <span class="journal-kind">{entry.kind}</span>
      <span class="journal-gist">
        <PlainText text={firstLine(gist(entry))} limit={GIST_CHARS} />
      </span>
      <span class="muted amount journal-at">{formatClock(entry.at)}</span>
    </button>
  );
}

function focusSearch(): void {
  document.querySelector<HTMLInputElement>("#journal-search input")?.focus();
}

/** The text of an entry is made once, when somebody searches. */
const searched = new WeakMap<JournalEntry, string>();

function findEntries(entries: readonly JournalEntry[], text: string): readonly JournalEntry[] {
  if (text === "") return entries;
  const wanted = text.toLowerCase();
  return entries.filter((entry) => {
    const known = searched.get(entry) ?? searchTextOf(entry);
    searched.set(entry, known);
    return known.includes(wanted);
  });
}

/** As it reads, not as JSON writes it: a search for `"a"` shall find it. */
function searchTextOf(entry: JournalEntry): string {
  const words: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === "string") words.push(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
    else if (value !== null && value !== undefined) words.push(String(value));
  };
  visit(entry);
  return words.join("\n").toLowerCase();
}

function gist(entry: JournalEntry): string {
  switch (entry.kind) {
    case "opened":
      return entry.model;
    case "brain.request":
      return `turn ${entry.turn}${entry.call === undefined ? "" : ` · ${entry.call.model}`}`;
    case "brain.failed":
      return entry.error;
    case "brain.response":
      return entry.content
        .map((block) =>
          block.type === "text" ? block.text : block.type === "tool_call" ? `→ ${block.name}` : block.type,
        )
        .join(" ");
    case "tool.intent":
      return `${entry.tool} ${gistOf(entry.input)}`;
    case "tool.result":
      return entry.outcome === "unknown" ? "outcome unknown" : entry.content;
    case "child.spawned":
      return `${entry.hen_id} · ${entry.job_id}`;
    case "child.result":
      return `${entry.job_id} ${entry.status}`;
    case "note":
      return entry.text;
    case "settled":
      return `${entry.status} ${entry.error ?? entry.result ?? ""}`;
    default:
      return "";
  }
}

async function copyAll(entries: readonly JournalEntry[]): Promise<void> {
  if (navigator.clipboard === undefined) throw new Error("this browser copies only on https or loopback; use Save");
  await navigator.clipboard.writeText(JSON.stringify(entries, null, 2));
}

function save(job: Job, entries: readonly JournalEntry[]): void {
  const href = URL.createObjectURL(new Blob([JSON.stringify(entries, null, 2)], { type: "application/json" }));
  const anchor = document.createElement("a");
  anchor.href = href;
  anchor.download = `journal-${job.id}.json`;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000); // the browser has it by then
}
