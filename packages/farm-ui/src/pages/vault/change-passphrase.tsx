import { useState } from "preact/hooks";
import { client } from "../../data/client.ts";
import { vaultChanged } from "../../data/refresh.ts";
import { useTries } from "../../data/tries.ts";
import { Button } from "../../kit/button.tsx";
import { Dialog } from "../../kit/dialog.tsx";
import { Field } from "../../kit/field.tsx";
import { tell } from "../../kit/toast.tsx";

/** Seals the open vault under another passphrase. */
export function ChangePassphrase({ onClose }: { readonly onClose: () => void }) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const tries = useTries();
  const isSame = next === again;
  const change = async () => {
    const [old, fresh] = [current, next];
    setCurrent("");
    setNext("");
    setAgain("");
    const done = await tries.run(async () => {
      await client.vault.rotate(old, fresh);
      return true;
    });
    if (done !== true) return;
    tell({ kind: "done", text: "The vault has another passphrase; the old one opens it no more" });
    vaultChanged();
    onClose();
  };
  return (
    <Dialog title="Change the passphrase" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isSame) void change();
        }}
      >
        <Field
          label="The passphrase as it is"
          type="password"
          value={current}
          onInput={setCurrent}
          autocomplete="current-password"
          problem={tries.problem}
          hasFocus
        />
        <Field label="The new one" type="password" value={next} onInput={setNext} autocomplete="new-password" />
        <Field
          label="The new one once more"
          type="password"
          value={again}
          onInput={setAgain}
          autocomplete="new-password"
          problem={again !== "" && !isSame ? "The two are not the same." : undefined}
        />
        <p class="muted">Backups that were made before still open with the old one.</p>
        <div class="row row-end">
          <Button onClick={onClose}>Leave it</Button>
          <Button tone="main" isSubmit disabled={current === "" || next === "" || !isSame || tries.waitSecs > 0}>
            Change it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
