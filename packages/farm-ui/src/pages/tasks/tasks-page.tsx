import type { TaskAnswer } from "coop-client";
import { useEffect, useState } from "preact/hooks";
import { place, setQuery } from "../../app/router.ts";
import { client } from "../../data/client.ts";
import { onFarmItem } from "../../data/follow-farm.ts";
import { atMostEvery } from "../../data/frame.ts";
import { useResource } from "../../data/resource.ts";
import { Button } from "../../kit/button.tsx";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Tabs } from "../../kit/tabs.tsx";
import { NewTask } from "./new-task.tsx";
import { TaskRow } from "./task-row.tsx";

/** Rows of each status, and of the list of all at a time. */
const PAGE_ROWS = 100;
const REST_MS = 1_000;

/** Events after which a task may be another, or wait for something else. */
const TRIGGERS: ReadonlySet<string> = new Set([
  "task_submitted",
  "task_status_changed",
  "hen_state_changed",
  "hen_created",
  "hen_deleted",
  "hen_manifest_changed",
  "attention_changed",
  "terminal_changed",
  "link_opened",
  "gap",
]);

/** Prompts for any hen with a command-line agent: who has them, what the others wait for, and a new one. */
export function TasksPage() {
  const show = place.value.query.get("show") === "all" ? "all" : "open";
  const [pages, setPages] = useState(1);
  const found = useResource((signal) => (show === "all" ? readAll(pages, signal) : readOpen(signal)), [show, pages]);
  useEffect(() => {
    const again = atMostEvery(REST_MS, async () => found.reload());
    return onFarmItem((item) => {
      if (TRIGGERS.has(item.type)) again();
    });
  }, [show, pages]);
  const list = found.value.value;
  const isFull = list !== undefined && show === "all" && list.length === pages * PAGE_ROWS;
  return (
    <>
      <section class="panel">
        <h1 class="visually-hidden">Tasks</h1>
        <NewTask onMade={found.reload} />
      </section>
      <section class="panel">
        <Tabs
          label="Which tasks"
          open={show}
          onOpen={(key) => setQuery("show", key === "open" ? undefined : key)}
          tabs={[
            { key: "open", title: "Open", count: show === "open" ? list?.length : undefined },
            { key: "all", title: "All, newest first" },
          ]}
        >
          {found.error.value !== undefined && (
            <ErrorNote error={found.error.value} title="The tasks could not be read" onRetry={found.reload} />
          )}
          {list === undefined && found.error.value === undefined && <p class="loading">Looking at the board…</p>}
          {list?.length === 0 && (
            <p class="loading">
              {show === "open" ? "Nothing is open. The board is clean." : "No task was ever left here."}
            </p>
          )}
          <ul class="task-rows" aria-label="Tasks">
            {list?.map((task) => (
              <TaskRow key={task.id} task={task} onChanged={found.reload} />
            ))}
          </ul>
          {isFull && <Button onClick={() => setPages(pages + 1)}>Older ones</Button>}
        </Tabs>
      </section>
    </>
  );
}

/** Those that a hen has, then those that wait, the oldest first as they are given out. */
async function readOpen(signal: AbortSignal): Promise<readonly TaskAnswer[]> {
  const of = (status: "DISPATCHED" | "PENDING") => client.tasks.list({ status, limit: PAGE_ROWS, signal });
  return (await Promise.all([of("DISPATCHED"), of("PENDING")])).flat();
}

async function readAll(pages: number, signal: AbortSignal): Promise<readonly TaskAnswer[]> {
  const found: TaskAnswer[] = [];
  for (let page = 0; page < pages; page += 1) {
    const rows = await client.tasks.list({ limit: PAGE_ROWS, after: found.at(-1)?.id, signal });
    found.push(...rows);
    if (rows.length < PAGE_ROWS) break;
  }
  return found;
}
