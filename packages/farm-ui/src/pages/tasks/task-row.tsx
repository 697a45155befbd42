import type { TaskAnswer } from "coop-client";
import { useState } from "preact/hooks";
import { henHref, shortName } from "../../app/addresses.ts";
import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { Button } from "../../kit/button.tsx";
import { confirm } from "../../kit/confirm.tsx";
import { firstLine, PlainText } from "../../kit/plain-text.tsx";
import { StateBadge } from "../../kit/state-badge.tsx";
import { Time } from "../../kit/time.tsx";

const LINE_CHARS = 300;
const PROMPT_CHARS = 20_000;

/** One task: what is asked, who has it and since when, or what it waits for. */
export function TaskRow({ task, onChanged }: { readonly task: TaskAnswer; readonly onChanged: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const isLong = task.prompt.length > LINE_CHARS || task.prompt.trim().includes("\n");
  return (
    <li class="task-row">
      <StateBadge state={task.status} />
      <div class="task-what">
        {isOpen ? (
          <p class="pre-text">
            <PlainText text={task.prompt} limit={PROMPT_CHARS} />
          </p>
        ) : (
          <p>
            <PlainText text={firstLine(task.prompt)} limit={LINE_CHARS} />
          </p>
        )}
        <p class="muted task-facts">
          <Facts task={task} />
          {isLong && (
            <button type="button" class="inert-link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? "less" : "the whole prompt"}
            </button>
          )}
        </p>
      </div>
      <Actions task={task} onChanged={onChanged} />
    </li>
  );
}

function Facts({ task }: { readonly task: TaskAnswer }) {
  const { claimed_by: hen, status, waiting_for: waits } = task;
  return (
    <>
      {hen !== null && (
        <span>
          {status === "DISPATCHED" ? "with " : "was with "}
          <a href={henHref(hen)}>
            <PlainText text={shortName(hen)} limit={60} />
          </a>
        </span>
      )}
      {status === "DISPATCHED" && hen !== null && (
        <>
          <span>
            since <Time at={task.updated_at} />
          </span>
          <a href={`/terminals?hen=${encodeURIComponent(hen)}`}>its terminal</a>
        </>
      )}
      {typeof waits === "string" && (
        <span class="task-waits">
          waits for <PlainText text={waits} limit={400} />
        </span>
      )}
      {task.required_agent_kind !== null && <span>for {task.required_agent_kind}</span>}
      {status !== "DISPATCHED" && (
        <span>
          left <Time at={task.created_at} />
        </span>
      )}
    </>
  );
}

function Actions({ task, onChanged }: { readonly task: TaskAnswer; readonly onChanged: () => void }) {
  const { id, status } = task;
  const doing = async (work: () => Promise<unknown>, done: string) => {
    await act(work, done);
    onChanged();
  };
  const cancel = async () => {
    const text = "Nobody has it yet, and nobody gets it any more. It stays in the list of all.";
    const isSure = await confirm({ title: "Cancel the task?", text, yes: "Cancel the task", isDangerous: true });
    if (isSure) await doing(() => client.tasks.cancel(id), "Cancelled");
  };
  return (
    <div class="row task-actions">
      {(status === "DISPATCHED" || status === "PENDING") && (
        <Button isSmall tone="go" onClick={() => doing(() => client.tasks.finish(id), "Done")}>
          Mark done
        </Button>
      )}
      {status === "DISPATCHED" && (
        <Button isSmall onClick={() => doing(() => client.tasks.retry(id), "Back on the board")}>
          Give out again
        </Button>
      )}
      {status === "PENDING" && (
        <Button isSmall tone="danger" onClick={cancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}
