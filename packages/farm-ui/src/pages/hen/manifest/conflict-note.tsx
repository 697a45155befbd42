import { useState } from "preact/hooks";
import { Button } from "../../../kit/button.tsx";
import { confirm } from "../../../kit/confirm.tsx";
import { DiffView } from "../../../manifest/diff-view.tsx";
import type { Draft } from "./manifest-drafts.ts";

/**
 * Somebody else changed the manifest meanwhile. Nothing of either is lost: both changes are shown, and the farmer says which text
 * goes on; it then is a change of theirs, to be looked over before it is applied.
 */
export function ConflictNote({
  draft,
  theirs,
  onSettle,
}: {
  readonly draft: Draft;
  readonly theirs: Draft["base"];
  readonly onSettle: (text: string) => void;
}) {
  const [shown, setShown] = useState<"theirs" | "mine">("theirs");
  const takeTheirs = async () => {
    const question = {
      title: "Take theirs?",
      text: "Your text is thrown away, and the editor shows what the farm has.",
      yes: "Take theirs",
      isDangerous: true,
    };
    if (await confirm(question)) onSettle(theirs.text);
  };
  return (
    <div class="conflict" role="alert">
      <h2>Somebody was quicker</h2>
      <p>
        The farm has revision {theirs.revision}; yours was made of {draft.base.revision}. Both are kept: yours is in the
        editor below, theirs is on the farm.
      </p>
      <fieldset class="row">
        <legend class="visually-hidden">Which change is shown</legend>
        <button
          type="button"
          class="button button-small"
          aria-pressed={shown === "theirs"}
          onClick={() => setShown("theirs")}
        >
          What they changed
        </button>
        <button
          type="button"
          class="button button-small"
          aria-pressed={shown === "mine"}
          onClick={() => setShown("mine")}
        >
          From theirs to yours
        </button>
      </fieldset>
      {shown === "theirs" ? (
        <DiffView before={draft.base.text} after={theirs.text} label="What they changed" />
      ) : (
        <DiffView before={theirs.text} after={draft.text} label="From theirs to yours" />
      )}
      <div class="row">
        <Button tone="main" onClick={() => onSettle(draft.text)}>
          Go on with mine, on top of theirs
        </Button>
        <Button onClick={takeTheirs}>Take theirs…</Button>
      </div>
    </div>
  );
}
