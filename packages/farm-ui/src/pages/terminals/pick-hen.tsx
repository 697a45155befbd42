import { useState } from "preact/hooks";
import { hens } from "../../data/farm-state.ts";
import { Dialog } from "../../kit/dialog.tsx";
import { Field } from "../../kit/field.tsx";
import { PlainText } from "../../kit/plain-text.tsx";
import { StateBadge } from "../../kit/state-badge.tsx";

/** Shown at once; whoever looks for another types some letters of it. */
const SHOWN_MAX = 12;

/** Asks whose terminal is meant. */
export function PickHen({
  taken,
  onPick,
  onClose,
}: {
  /** Those whose terminals are live; they stand in the strip. */
  readonly taken: { has(id: string): boolean };
  readonly onPick: (id: string) => void;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState("");
  const fitting = [...hens.value.values()].filter(
    ({ id, state }) => state !== "ARCHIVED" && !taken.has(id) && id.includes(text.trim().toLowerCase()),
  );
  const first = fitting[0];
  return (
    <Dialog title="Whose terminal?" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (first !== undefined) onPick(first.id);
        }}
      >
        <Field label="Some letters of its name" type="search" value={text} onInput={setText} hasFocus />
        {first === undefined ? (
          <p class="muted">No hen without an open terminal is called that.</p>
        ) : (
          <ul class="pick-list">
            {fitting.slice(0, SHOWN_MAX).map(({ id, state, manifest }) => (
              <li key={id}>
                <button type="button" onClick={() => onPick(id)}>
                  <span aria-hidden="true">{manifest.visual?.emoji ?? "🐔"}</span>
                  <PlainText text={id} limit={60} />
                  <StateBadge state={state} />
                </button>
              </li>
            ))}
          </ul>
        )}
        {fitting.length > SHOWN_MAX && <p class="muted">And {fitting.length - SHOWN_MAX} more.</p>}
      </form>
    </Dialog>
  );
}
