import type { SecretAnswer } from "coop-client";
import { useState } from "preact/hooks";
import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { hens } from "../../data/farm-state.ts";
import { vaultChanged } from "../../data/refresh.ts";
import { useResource } from "../../data/resource.ts";
import { Button } from "../../kit/button.tsx";
import { confirm } from "../../kit/confirm.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import { ErrorNote } from "../../kit/error-note.tsx";
import { PlainText, toSeenText } from "../../kit/plain-text.tsx";
import { Table } from "../../kit/table.tsx";
import { BindForm } from "./bind-form.tsx";
import { SecretForm } from "./secret-form.tsx";

type Doing =
  | { readonly kind: "add" }
  | { readonly kind: "replace" | "bind"; readonly secret: SecretAnswer }
  | undefined;

/** What is in the open vault, by name. */
export function SecretsPanel({ path }: { readonly path: string }) {
  const secrets = useResource((signal) => client.vault.secrets({ signal }), [path]);
  const [doing, setDoing] = useState<Doing>(undefined);
  const list = secrets.value.value;
  const done = () => {
    setDoing(undefined);
    secrets.reload();
    vaultChanged();
  };
  return (
    <section class="panel">
      <div class="spread">
        <h2>Keys in it</h2>
        <Button tone="main" isSmall onClick={() => setDoing({ kind: "add" })}>
          Add a key…
        </Button>
      </div>
      {secrets.error.value !== undefined && (
        <ErrorNote error={secrets.error.value} title="The names could not be read" onRetry={secrets.reload} />
      )}
      {list?.length === 0 && (
        <EmptyState title="An empty vault" command={`coop vault put ${path} byok-anthropic`}>
          Put a provider's key in, and name it in a manifest: <code>provider_id: vault:byok-anthropic</code>.
        </EmptyState>
      )}
      {list !== undefined && list.length > 0 && <Secrets list={list} onDoing={setDoing} onRemoved={done} />}
      {doing?.kind === "bind" && <BindForm secret={doing.secret} onClose={() => setDoing(undefined)} onDone={done} />}
      {(doing?.kind === "add" || doing?.kind === "replace") && (
        <SecretForm
          name={doing.kind === "replace" ? doing.secret.name : undefined}
          names={(list ?? []).map(({ name }) => name)}
          onClose={() => setDoing(undefined)}
          onDone={done}
        />
      )}
    </section>
  );
}

function Secrets({
  list,
  onDoing,
  onRemoved,
}: {
  readonly list: readonly SecretAnswer[];
  readonly onDoing: (doing: Doing) => void;
  readonly onRemoved: () => void;
}) {
  return (
    <Table
      label="Keys in the vault"
      rows={list}
      keyOf={({ name }) => name}
      columns={[
        { head: "Name", cell: ({ name }) => <PlainText text={name} /> },
        { head: "May go to", cell: ({ hosts }) => <Hosts hosts={hosts} /> },
        { head: "Used by", kind: "extra", cell: ({ name }) => <UsedBy name={name} /> },
        {
          head: "",
          kind: "narrow",
          cell: (secret) => (
            <div class="row row-end vault-acts">
              <Button isSmall label={`Bind ${secret.name} to hosts`} onClick={() => onDoing({ kind: "bind", secret })}>
                Bind…
              </Button>
              <Button
                isSmall
                label={`Replace the value of ${secret.name}`}
                onClick={() => onDoing({ kind: "replace", secret })}
              >
                Replace…
              </Button>
              <Button isSmall tone="danger" label={`Remove ${secret.name}`} onClick={() => remove(secret, onRemoved)}>
                Remove…
              </Button>
            </div>
          ),
        },
      ]}
    />
  );
}

function Hosts({ hosts }: { readonly hosts: readonly string[] }) {
  return (
    <>
      <span class="muted">its provider's own host</span>
      {hosts.map((host) => (
        <div key={host}>
          <code>{toSeenText(host)}</code>
        </div>
      ))}
    </>
  );
}

function hensWith(name: string): readonly string[] {
  return [...hens.value.values()]
    .filter(({ manifest }) => manifest.brain.provider_id === `vault:${name}`)
    .map(({ id }) => id);
}

function UsedBy({ name }: { readonly name: string }) {
  const count = hensWith(name).length;
  return <span class="muted">{count === 0 ? "no hen" : count === 1 ? "1 hen" : `${count} hens`}</span>;
}

async function remove({ name }: SecretAnswer, onRemoved: () => void): Promise<void> {
  const users = hensWith(name).length;
  const who =
    users === 0
      ? "No hen names it now."
      : `${users === 1 ? "One hen names" : `${users} hens name`} it; their jobs wait then.`;
  const isSure = await confirm({
    title: `Remove ${toSeenText(name)}?`,
    text: `The key is gone from the vault for good: nobody can read it back. ${who}`,
    yes: "Remove it",
    isDangerous: true,
  });
  if (!isSure) return;
  await act(() => client.vault.remove(name), `${toSeenText(name)} is gone`);
  onRemoved();
}
