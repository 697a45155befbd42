import type { HenAnswer } from "coop-client";
import { isTerminalKind } from "coopd-core";
import { useState } from "preact/hooks";
import { henHref, shortName } from "../../../app/addresses.ts";
import { client } from "../../../data/client.ts";
import { loginIfEnded } from "../../../data/login.ts";
import { onceKey } from "../../../data/once-key.ts";
import { jobChanged } from "../../../data/refresh.ts";
import { Button } from "../../../kit/button.tsx";
import { ErrorNote } from "../../../kit/error-note.tsx";
import { toSeenText } from "../../../kit/plain-text.tsx";

/** Gives this hen a job. What was typed stays until the farm has it on disk. */
export function DispatchBox({ hen }: { readonly hen: HenAnswer }) {
  const name = toSeenText(shortName(hen.id));
  if (hen.state === "ARCHIVED") return <p class="muted">{name} is archived: it is read, and works no more.</p>;
  if (isTerminalKind(hen.manifest.agent_kind)) {
    return (
      <p class="muted">
        {name} takes no jobs: it lives in <a href={henHref(hen.id, "terminal")}>its terminal</a>, and takes{" "}
        <a href="/tasks">tasks</a> there.
      </p>
    );
  }
  return <PromptForm hen={hen} name={name} />;
}

function PromptForm({ hen, name }: { readonly hen: HenAnswer; readonly name: string }) {
  const [prompt, setPrompt] = useState("");
  const [key, setKey] = useState(onceKey);
  const [error, setError] = useState<unknown>();
  const send = async () => {
    if (prompt.trim() === "") return;
    setError(undefined);
    try {
      const id = await client.jobs.submit(hen.id, prompt, { idempotencyKey: key });
      setPrompt("");
      setKey(onceKey());
      jobChanged(id);
    } catch (failure) {
      loginIfEnded(failure);
      setError(failure);
    }
  };
  return (
    <form
      class="hen-dispatch"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label class="visually-hidden" for="hen-prompt">
        A job for {name}
      </label>
      <textarea
        id="hen-prompt"
        class="bare"
        rows={3}
        value={prompt}
        placeholder={`What shall ${name} do?`}
        onInput={(event) => setPrompt(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          void send();
        }}
      />
      <div class="row spread">
        <p class="muted hint">{WAITS[hen.state] ?? ""}</p>
        <Button tone="main" isSubmit disabled={prompt.trim() === ""} keyHint="Ctrl ↵">
          Give the job
        </Button>
      </div>
      {error !== undefined && (
        <ErrorNote error={error} title="The job was not taken" kept="What you wrote is still above." />
      )}
    </form>
  );
}

const WAITS: Readonly<Partial<Record<HenAnswer["state"], string>>> = {
  DEFINED: "It is an egg: a job hatches it.",
  SLEEPING: "It is asleep: a job wakes it.",
  DORMANT: "It dozed off by itself: a job wakes it.",
  LEASED: "It is let: your job waits until it is released.",
  WORKING: "It is at work: this one waits its turn.",
};
