import { useState } from "preact/hooks";
import { keep, readKept } from "../data/browser-store.ts";
import { useTries } from "../data/tries.ts";
import { unlockVault } from "../data/unlock-vault.ts";
import { Button } from "../kit/button.tsx";
import { Field } from "../kit/field.tsx";

/** Where the file of the vault lay when it was last opened from this browser; a path, no secret. */
const PATH_KEY = "coop-vault-path";

interface UnlockFormProps {
  /** Null where the farm knows none; then a person says where it is. */
  readonly path: string | null;
  readonly hasFocus?: boolean;
  readonly onDone?: () => void;
  /** A way out, where there is something to go back to. */
  readonly onLeave?: () => void;
}

/** Opens a vault that is there. */
export function UnlockForm({ path: known, hasFocus, onDone, onLeave }: UnlockFormProps) {
  const [path, setPath] = useState(known ?? readKept(PATH_KEY) ?? "");
  const [passphrase, setPassphrase] = useState("");
  const tries = useTries();
  const unlock = async () => {
    const given = passphrase;
    setPassphrase("");
    const isOpen = await tries.run(async () => {
      await unlockVault(path, given);
      return true;
    });
    if (isOpen !== true) return;
    keep(PATH_KEY, path);
    onDone?.();
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void unlock();
      }}
    >
      {known === null && (
        <Field
          label="Its file, on the farm's host"
          value={path}
          onInput={setPath}
          placeholder="/home/you/.coop/vault.json"
          required
        />
      )}
      <Field
        label="Passphrase"
        type="password"
        value={passphrase}
        onInput={setPassphrase}
        problem={tries.problem}
        hint="It goes to the farm and is kept nowhere in this browser. Opening takes a moment on purpose: whoever guesses, guesses slowly."
        required
        hasFocus={hasFocus === true && path !== ""}
        autocomplete="current-password"
      />
      <div class="row row-end">
        {onLeave !== undefined && <Button onClick={onLeave}>Leave it</Button>}
        <Button tone="main" isSubmit disabled={passphrase === "" || path === "" || tries.waitSecs > 0}>
          Open the vault
        </Button>
      </div>
    </form>
  );
}
