import { useEffect, useState } from "preact/hooks";
import { HenFilter } from "../../app/hen-filter.tsx";
import { useKeys } from "../../app/keys.ts";
import { place, setQuery } from "../../app/router.ts";
import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { Button } from "../../kit/button.tsx";
import { Chips } from "../../kit/chips.tsx";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Field, SelectField } from "../../kit/field.tsx";
import { type EventLog, findSeq, openEventLog, ROWS_MAX } from "./event-log.ts";
import { EventRows } from "./event-rows.tsx";

/** Types of events, by what they are about: the filter's words. */
const GROUPS: readonly (readonly [key: string, title: string, types: readonly string[]])[] = [
  ["hens", "hens", ["hen_created", "hen_state_changed", "hen_manifest_changed", "hen_deleted"]],
  ["jobs", "jobs", ["job_submitted", "job_status_changed", "delegated"]],
  ["tasks", "tasks", ["task_submitted", "task_status_changed"]],
  ["memory", "memory", ["memory_recorded", "memory_forgotten"]],
  ["egress", "egress", ["egress_denied", "egress_allowed"]],
];

const WORDS = GROUPS.map(([key, title]) => [key, title] as const);

/** Events that the log begins with when nobody asks for older ones. */
const FIRST_ROWS = 200;
/** Finding a time takes some twenty looks; longer than this something is wrong, ms. */
const FIND_MS = 15_000;
const SPANS: readonly (readonly [key: string, word: string])[] = [
  ["", "from just now on"],
  ["600000", "from ten minutes ago"],
  ["3600000", "from an hour ago"],
  ["86400000", "from a day ago"],
  ["seq", "from a number on"],
];

/** What happens on the farm, as it happens, and what happened before. */
export function EventsPage() {
  const { query } = place.value;
  const hen = query.get("hen") ?? undefined;
  const groups = (query.get("types") ?? "").split(",").filter((key) => GROUPS.some(([it]) => it === key));
  const since = /^\d{1,15}$/.test(query.get("since") ?? "") ? Number(query.get("since")) : undefined;
  const log = useLog(hen, groups, since);
  const [isPaused, pause] = usePause(log);
  useKeys(
    [
      { keys: "p", does: "pause or go on", group: "Events", run: () => pause(!isPaused) },
      { keys: "/", does: "search the events", group: "Events", run: focusSearch },
    ],
    [log, isPaused],
  );
  return (
    <section class="panel events">
      <h1 class="visually-hidden">Events</h1>
      <div class="jobs-filters">
        <div id="events-text">
          <Field
            label="Text in an event"
            isLabelHidden
            type="search"
            placeholder="Search what is here"
            value={query.get("q") ?? ""}
            onInput={(value) => setQuery("q", value)}
          />
        </div>
        <HenFilter hen={hen} onChange={(id) => setQuery("hen", id)} />
        <Replay since={since} />
        <Chips
          label="About"
          options={WORDS}
          chosen={groups}
          onChange={(chosen) => setQuery("types", chosen.join(","))}
        />
        <Button tone={isPaused ? "go" : "plain"} onClick={() => pause(!isPaused)} keyHint="p">
          {isPaused ? `Go on${log !== undefined && log.held.value > 0 ? `, ${log.held.value} wait` : ""}` : "Pause"}
        </Button>
      </div>
      {log?.error.value !== undefined && (
        <ErrorNote
          error={log.error.value}
          title="The events could not be followed"
          kept="It is tried again by itself."
        />
      )}
      {log !== undefined && (
        <EventRows log={log} text={query.get("q") ?? ""} isPaused={isPaused} onLookBack={() => pause(true)} />
      )}
      <p class="muted events-foot">
        The newest {ROWS_MAX.toLocaleString("en")} are kept on this page; the farm keeps more.
      </p>
    </section>
  );
}

/** Whether the log stands still, and the way to say so; another log goes on. */
function usePause(log: EventLog | undefined): readonly [boolean, (next: boolean) => void] {
  const [isPaused, setPaused] = useState(false);
  useEffect(() => setPaused(false), [log]);
  const pause = (next: boolean) => {
    setPaused(next);
    log?.setPaused(next);
  };
  return [isPaused, pause];
}

function focusSearch(): void {
  document.querySelector<HTMLElement>("#events-text input")?.focus();
}

function useLog(hen: string | undefined, groups: readonly string[], since: number | undefined): EventLog | undefined {
  const [log, setLog] = useState<EventLog>();
  useEffect(() => {
    const stop = new AbortController();
    let opened: EventLog | undefined;
    const types = GROUPS.flatMap(([key, , list]) => (groups.includes(key) ? list : []));
    void startOf(since, stop.signal).then((from) => {
      if (stop.signal.aborted) return;
      opened = openEventLog({ since: from, types, hen });
      setLog(opened);
    });
    return () => {
      stop.abort();
      opened?.close();
    };
  }, [hen, groups.join(","), since]);
  return log;
}

async function startOf(since: number | undefined, signal: AbortSignal): Promise<number> {
  if (since !== undefined) return since;
  const farm = await client.farm({ signal }).catch(() => undefined);
  return Math.max(0, (farm?.event_seq ?? 0) - FIRST_ROWS);
}

/** From where on: a time, which is looked for, or a number, which stands in the address then. */
function Replay({ since }: { readonly since: number | undefined }) {
  const [isAsking, setAsking] = useState(since !== undefined);
  const choose = async (key: string) => {
    setAsking(key === "seq");
    if (key === "") setQuery("since", undefined);
    else if (key === "seq") setQuery("since", String(since ?? 0));
    else {
      const found = await act(() => findSeq(Date.now() - Number(key), AbortSignal.timeout(FIND_MS)));
      if (found !== undefined) {
        setAsking(true);
        setQuery("since", String(found));
      }
    }
  };
  return (
    <div class="row events-replay">
      <SelectField
        label="From when"
        isLabelHidden
        value={isAsking ? "seq" : ""}
        options={SPANS}
        onChange={(key) => void choose(key)}
      />
      {isAsking && (
        <Field
          label="Behind the event with this number"
          isLabelHidden
          type="number"
          value={String(since ?? 0)}
          onInput={(value) => setQuery("since", value)}
        />
      )}
    </div>
  );
}
