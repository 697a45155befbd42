import { useState } from "preact/hooks";
import { client } from "../../data/client.ts";
import { vaultChanged } from "../../data/refresh.ts";
import { useTries } from "../../data/tries.ts";
import { Button } from "../../kit/button.tsx";
import { Field } from "../../kit/field.tsx";
import { tell } from "../../kit/toast.tsx";

/** Makes the first vault of a farm. */
export function MakeVault() {
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const tries = useTries();
  const isSame = passphrase === again;
  const make = async () => {
    const given = passphrase;
    setPassphrase("");
    setAgain("");
    const path = await tries.run(() => client.vault.init(given));
    if (path === undefined) return;
    tell({ kind: "done", text: `The vault is made and open: ${path}` });
    vaultChanged();
  };
  return (
    <section class="panel">
      <h2>Make one</h2>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isSame) void make();
        }}
      >
        <p class="muted">
          Choose a passphrase that you can find again. It is kept nowhere, and without it nobody opens the vault: not
          you, not us.
        </p>
        <Field
          label="Passphrase"
          type="password"
          value={passphrase}
          onInput={setPassphrase}
          autocomplete="new-password"
          problem={tries.problem}
          hint="Some words that nobody else would put together."
        />
        <Field
          label="Once more"
          type="password"
          value={again}
          onInput={setAgain}
          autocomplete="new-password"
          problem={again !== "" && !isSame ? "The two are not the same." : undefined}
        />
        <div class="row row-end">
          <Button tone="main" isSubmit disabled={passphrase === "" || !isSame}>
            Make the vault
          </Button>
        </div>
      </form>
    </section>
  );
}
