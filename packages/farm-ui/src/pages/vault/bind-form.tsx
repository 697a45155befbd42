import type { SecretAnswer } from "coop-client";
import { useState } from "preact/hooks";
import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { Button } from "../../kit/button.tsx";
import { Dialog } from "../../kit/dialog.tsx";
import { Field } from "../../kit/field.tsx";
import { toSeenText } from "../../kit/plain-text.tsx";
import { toHosts } from "./hosts.ts";

/** Says where a key may go besides its provider's own host. */
export function BindForm({
  secret,
  onClose,
  onDone,
}: {
  readonly secret: SecretAnswer;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const [text, setText] = useState(secret.hosts.join("\n"));
  const name = toSeenText(secret.name);
  const bind = async () => {
    const hosts = toHosts(text);
    const said =
      hosts.length === 0 ? `${name} goes to its provider's own host alone` : `${name} is bound to ${hosts.length}`;
    const done = await act(async () => {
      await client.vault.bind(secret.name, hosts);
      return true;
    }, said);
    if (done === true) onDone();
  };
  return (
    <Dialog title={`Where ${name} may go`} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void bind();
        }}
      >
        <Field
          label="Hosts besides its provider's own"
          value={text}
          onInput={setText}
          rows={4}
          placeholder="openrouter.ai"
          hint="One a line. With none it goes to its provider's own host alone. It holds from the next call of a model."
          hasFocus
        />
        <div class="row row-end">
          <Button onClick={onClose}>Leave it</Button>
          <Button tone="main" isSubmit>
            Bind it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
