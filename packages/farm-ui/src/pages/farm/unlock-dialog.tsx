import { useState } from "preact/hooks";
import { toTrouble } from "../../data/act.ts";
import { keep, readKept } from "../../data/browser-store.ts";
import { vault } from "../../data/farm-state.ts";
import { unlockVault } from "../../data/unlock-vault.ts";
import { Button } from "../../kit/button.tsx";
import { Dialog } from "../../kit/dialog.tsx";
import { Field } from "../../kit/field.tsx";
import { isUnlocking } from "./attention-answers.ts";

/** Where the file of the vault lay when it was last unlocked from this browser; a path, no secret. */
const PATH_KEY = "coop-vault-path";

/** Asks for the passphrase and unlocks the vault, so that the jobs that wait for a key go on. */
export function UnlockDialog() {
  if (!isUnlocking.value) return null;
  return (
    <Dialog title="Unlock the vault" onClose={close}>
      <UnlockForm />
    </Dialog>
  );
}

function close(): void {
  isUnlocking.value = false;
}

function UnlockForm() {
  const known = vault.value?.path ?? null;
  const [path, setPath] = useState(known ?? readKept(PATH_KEY) ?? "");
  const [passphrase, setPassphrase] = useState("");
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const unlock = async () => {
    setProblem(await tryToUnlock(path, passphrase));
    setPassphrase("");
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
          label="File of the vault, on the farm's machine"
          value={path}
          onInput={setPath}
          placeholder="~/.coop/vault.json"
          required
        />
      )}
      <Field
        label="Passphrase"
        type="password"
        value={passphrase}
        onInput={setPassphrase}
        problem={problem}
        hint="It goes to the farm and is kept nowhere in this browser."
        required
        hasFocus={path !== ""}
        autocomplete="off"
      />
      <div class="row row-end">
        <Button onClick={close}>Leave it</Button>
        <Button tone="main" isSubmit>
          Unlock
        </Button>
      </div>
    </form>
  );
}

/** Answers what went wrong, in words; undefined when the vault is open, and then the window is gone. */
async function tryToUnlock(path: string, passphrase: string): Promise<string | undefined> {
  try {
    await unlockVault(path, passphrase);
  } catch (error) {
    const { what, next } = toTrouble(error);
    return next === undefined ? what : `${what}. ${next}`;
  }
  keep(PATH_KEY, path);
  close();
  return undefined;
}
