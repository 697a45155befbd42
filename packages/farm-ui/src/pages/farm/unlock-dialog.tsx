import { UnlockForm } from "../../app/unlock-form.tsx";
import { vault } from "../../data/farm-state.ts";
import { Dialog } from "../../kit/dialog.tsx";
import { isUnlocking } from "./attention-answers.ts";

/** Asks for the passphrase and opens the vault, so that the jobs that wait for a key go on. */
export function UnlockDialog() {
  if (!isUnlocking.value) return null;
  return (
    <Dialog title="Open the vault" onClose={close}>
      <UnlockForm path={vault.value?.path ?? null} hasFocus onDone={close} onLeave={close} />
    </Dialog>
  );
}

function close(): void {
  isUnlocking.value = false;
}
