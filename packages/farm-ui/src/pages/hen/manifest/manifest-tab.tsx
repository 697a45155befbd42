import type { HenAnswer, ManifestText } from "coop-client";
import { CoopError } from "coopd-core";
import { useEffect, useRef, useState } from "preact/hooks";
import { client } from "../../../data/client.ts";
import { loginIfEnded } from "../../../data/login.ts";
import { henChanged } from "../../../data/refresh.ts";
import { useResource } from "../../../data/resource.ts";
import { Button } from "../../../kit/button.tsx";
import { confirm } from "../../../kit/confirm.tsx";
import { Dialog } from "../../../kit/dialog.tsx";
import { ErrorNote } from "../../../kit/error-note.tsx";
import { toSeenText } from "../../../kit/plain-text.tsx";
import { tell } from "../../../kit/toast.tsx";
import { DiffView } from "../../../manifest/diff-view.tsx";
import { ProblemList } from "../../../manifest/problem-list.tsx";
import { useManifestCheck, useManifestSchema } from "../../../manifest/use-manifest-check.ts";
import { useManifestWords } from "../../../manifest/use-manifest-words.ts";
import { type EditorReach, YamlEditor } from "../../../manifest/yaml-editor.tsx";
import type { HenTabProps } from "../hen-tab.ts";
import { ConflictNote } from "./conflict-note.tsx";
import { type Draft, draftOf, keepDraft } from "./manifest-drafts.ts";

/** The hen's agent.yaml, to be read and changed. */
export function ManifestTab({ hen }: HenTabProps) {
  const read = useResource((signal) => client.hens.manifest(hen.id, { signal }), [hen.id, hen.manifest_revision]);
  const latest = useRef<ManifestText>();
  if (read.value.value !== undefined) latest.current = read.value.value;
  const { current } = latest;
  if (read.error.value !== undefined && current === undefined) {
    return <ErrorNote error={read.error.value} title="Its manifest cannot be read" onRetry={read.reload} />;
  }
  if (current === undefined) return <p class="loading">Unrolling the manifest…</p>;
  if (current.revision === undefined) return <p class="problem">This daemon's manifests cannot be changed.</p>;
  return <ManifestDesk key={hen.id} hen={hen} theirs={{ text: current.text, revision: current.revision }} />;
}

function ManifestDesk({ hen, theirs }: { readonly hen: HenAnswer; readonly theirs: Draft["base"] }) {
  const { draft, setDraft, isChanged, isOvertaken } = useDraft(hen.id, theirs);
  const [isReviewing, setReviewing] = useState(false);
  const reach = useRef<EditorReach>(null);
  const check = useManifestCheck(draft.text);
  const schema = useManifestSchema();
  const words = useManifestWords();
  const isArchived = hen.state === "ARCHIVED";
  return (
    <div class="stack">
      <DeskHead
        draft={draft}
        theirs={theirs}
        isReady={isChanged && !isOvertaken && check.state === "checked" && check.faults.length === 0}
        onUndo={() => setDraft({ base: theirs, text: theirs.text })}
        onReview={() => setReviewing(true)}
      />
      {isArchived && <p class="muted">It is archived: its manifest can be read and no longer changed.</p>}
      {isOvertaken && isChanged && (
        <ConflictNote draft={draft} theirs={theirs} onSettle={(text) => setDraft({ base: theirs, text })} />
      )}
      <YamlEditor
        label={`agent.yaml of ${toSeenText(hen.id)}`}
        text={draft.text}
        onText={(text) => setDraft({ ...draft, text })}
        faults={check.faults}
        warnings={check.warnings}
        schema={schema}
        words={words}
        isReadOnly={isArchived}
        reach={reach}
      />
      <ProblemList check={check} onGoTo={({ line, column }) => reach.current?.goTo(line, column)} />
      {isReviewing && (
        <ReviewDialog
          hen={hen}
          draft={draft}
          onClose={() => setReviewing(false)}
          onApplied={(revision) => {
            setDraft({ base: { text: draft.text, revision }, text: draft.text });
            setReviewing(false);
          }}
        />
      )}
    </div>
  );
}

/** What is being written for the hen; as long as nothing is, it follows what the farm has. */
function useDraft(id: string, theirs: Draft["base"]) {
  const [draft, setDraftState] = useState<Draft>(() => draftOf(id) ?? { base: theirs, text: theirs.text });
  const setDraft = (next: Draft) => {
    keepDraft(id, next);
    setDraftState(next);
  };
  const isChanged = draft.text !== draft.base.text;
  const isOvertaken = draft.base.revision < theirs.revision;
  useEffect(() => {
    if (isOvertaken && (!isChanged || draft.text === theirs.text)) setDraft({ base: theirs, text: theirs.text });
  }, [theirs.revision, isOvertaken, isChanged]);
  return { draft, setDraft, isChanged, isOvertaken };
}

function DeskHead(props: {
  readonly draft: Draft;
  readonly theirs: Draft["base"];
  readonly isReady: boolean;
  readonly onUndo: () => void;
  readonly onReview: () => void;
}) {
  const { draft, theirs, isReady, onUndo, onReview } = props;
  const isChanged = draft.text !== draft.base.text;
  const undo = async () => {
    const question = {
      title: "Throw your changes away?",
      text: `The text becomes revision ${theirs.revision} again, as the farm has it.`,
      yes: "Throw them away",
      isDangerous: true,
    };
    if (await confirm(question)) onUndo();
  };
  return (
    <div class="row spread">
      <p class="muted">
        agent.yaml · revision {draft.base.revision}
        {isChanged ? " · changed here, not yet applied" : ""}
      </p>
      <div class="row">
        {isChanged && <Button onClick={undo}>Undo all</Button>}
        <Button tone="main" disabled={!isReady} onClick={onReview}>
          Review and apply…
        </Button>
      </div>
    </div>
  );
}

function ReviewDialog(props: {
  readonly hen: HenAnswer;
  readonly draft: Draft;
  readonly onClose: () => void;
  readonly onApplied: (revision: number) => void;
}) {
  const { hen, draft, onClose, onApplied } = props;
  const [error, setError] = useState<unknown>();
  const apply = async () => {
    setError(undefined);
    try {
      const bytes = new TextEncoder().encode(draft.text);
      const made = await client.hens.replaceManifest(hen.id, draft.base.revision, bytes);
      tell({ kind: "done", text: `Revision ${made.revision} holds: the network now, the rest from the next job` });
      for (const warning of made.warnings) tell({ kind: "trouble", text: warning });
      onApplied(made.revision);
    } catch (failure) {
      loginIfEnded(failure);
      if (failure instanceof CoopError && failure.code === "revision_conflict")
        onClose(); // both texts are shown there
      else setError(failure);
    }
    henChanged(hen.id);
  };
  return (
    <Dialog title="What changes" onClose={onClose} isWide>
      <DiffView before={draft.base.text} after={draft.text} label="Changes of the manifest" />
      <p class="muted">
        Made of revision {draft.base.revision}. The network holds at once, everything else from the next job.
      </p>
      {error !== undefined && (
        <ErrorNote
          error={error}
          title="It was not applied"
          kept={`The farm keeps revision ${draft.base.revision}, and your text stays in the editor.`}
        />
      )}
      <div class="row row-end">
        <Button onClick={onClose}>Go on writing</Button>
        <Button tone="main" onClick={apply}>
          Apply
        </Button>
      </div>
    </Dialog>
  );
}
