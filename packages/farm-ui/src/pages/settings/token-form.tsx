import type { NewToken } from "coop-client";
import type { Scope } from "coopd-core";
import { useState } from "preact/hooks";
import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { Button } from "../../kit/button.tsx";
import { CodeBlock } from "../../kit/code-block.tsx";
import { Dialog } from "../../kit/dialog.tsx";
import { Field, SelectField } from "../../kit/field.tsx";

const DAY_MS = 86_400_000;

const SCOPES = [
  ["read", "read: look at everything but secrets"],
  ["operate", "operate: also give work to the hens that are there"],
  ["admin", "admin: everything"],
] as const;

const ENDS = [
  ["7", "in a week"],
  ["90", "in 90 days"],
  ["365", "in a year"],
  ["", "when it is revoked"],
] as const;

/** Makes a named token and shows its secret, this once. */
export function TokenForm({ onClose }: { readonly onClose: () => void }) {
  const [made, setMade] = useState<NewToken | undefined>(undefined);
  if (made !== undefined) return <MadeToken made={made} onClose={onClose} />;
  return <NewTokenForm onMade={setMade} onClose={onClose} />;
}

function NewTokenForm({
  onMade,
  onClose,
}: {
  readonly onMade: (made: NewToken) => void;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Scope>("read");
  const [days, setDays] = useState("90");
  const make = async () => {
    const expiresAt = days === "" ? undefined : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
    const made = await act(() => client.access.createToken({ name: name.trim(), scope, expiresAt }));
    if (made !== undefined) onMade(made);
  };
  return (
    <Dialog title="Make a token" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <Field
          label="Name"
          value={name}
          onInput={setName}
          placeholder="ci"
          hint="The program, or the person, that it is for."
          hasFocus
        />
        <SelectField label="It may" value={scope} onChange={(value) => setScope(value as Scope)} options={SCOPES} />
        <SelectField label="It ends" value={days} onChange={setDays} options={ENDS} />
        <div class="row row-end">
          <Button onClick={onClose}>Leave it</Button>
          <Button tone="main" isSubmit disabled={name.trim() === ""}>
            Make it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function MadeToken({ made, onClose }: { readonly made: NewToken; readonly onClose: () => void }) {
  return (
    <Dialog title={`The token ${made.name}`} onClose={onClose}>
      <div class="stack">
        <p>
          <strong>It is shown this once.</strong> The farm keeps a digest of it and cannot tell it again.
        </p>
        <CodeBlock text={made.token} label="The new token" />
        <p class="muted">
          Programs send it as <code>Authorization: Bearer …</code>, the command line takes it from{" "}
          <code>COOP_API_TOKEN</code>.
        </p>
        <div class="row row-end">
          <Button tone="main" onClick={onClose}>
            I have it
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
