import { type AgentKind, CLI_KINDS } from "coopd-core";
import { useState } from "preact/hooks";
import { useKeys } from "../../app/keys.ts";
import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { hens, isLoaded } from "../../data/farm-state.ts";
import { Button } from "../../kit/button.tsx";
import { CodeBlock } from "../../kit/code-block.tsx";
import { Field, SelectField } from "../../kit/field.tsx";

/** Leaves a prompt for any hen that fits, and says so beforehand where none does. */
export function NewTask({ onMade }: { readonly onMade: () => void }) {
  const [prompt, setPrompt] = useState("");
  const [kind, setKind] = useState<AgentKind | "">("");
  const submit = async () => {
    if (prompt.trim() === "") return;
    const id = await act(() => client.tasks.submit(prompt, kind === "" ? null : kind), "Left on the board");
    if (id === undefined) return; // the text stays
    setPrompt("");
    onMade();
  };
  useKeys([{ keys: "ctrl+Enter", does: "leave the task", group: "Tasks", run: () => void submit() }], [prompt, kind]);
  return (
    <form
      class="new-task"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field
        label="A task for whichever hen is free"
        value={prompt}
        onInput={setPrompt}
        rows={3}
        placeholder="Update the dependencies and run the tests"
        hint="It is typed into the terminal of a hen whose agent is idle."
      />
      <div class="row">
        <SelectField
          label="Agent"
          isLabelHidden
          value={kind}
          options={[["", "any command-line agent"], ...CLI_KINDS.map((it) => [it, it] as const)]}
          onChange={(value) => setKind(value as AgentKind | "")}
        />
        <Button tone="main" isSubmit disabled={prompt.trim() === ""}>
          Leave the task
        </Button>
      </div>
      <NoneFits kind={kind} />
    </form>
  );
}

function NoneFits({ kind }: { readonly kind: AgentKind | "" }) {
  if (!isLoaded.value) return null;
  const kinds: readonly AgentKind[] = kind === "" ? CLI_KINDS : [kind];
  const fits = [...hens.value.values()].some(
    ({ state, manifest }) => state !== "ARCHIVED" && kinds.includes(manifest.agent_kind),
  );
  if (fits) return null;
  return (
    <div class="job-notice" role="note">
      <p>
        No hen of this farm can take it: {kind === "" ? "none has a command-line agent" : `none is of kind ${kind}`} (
        <code>agent_kind: {kinds.join(" or ")}</code>). A task that is left all the same waits until one does. For a hen
        with a model of its own, give it a job instead.
      </p>
      <CodeBlock
        text={"coop hen create examples/claude-code.yaml\ncoop hen hatch local.coop/claude-code"}
        label="one way"
      />
    </div>
  );
}
