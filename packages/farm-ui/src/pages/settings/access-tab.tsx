import type { Me, TokenAnswer } from "coop-client";
import { useState } from "preact/hooks";
import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { useResource } from "../../data/resource.ts";
import { Button } from "../../kit/button.tsx";
import { confirm } from "../../kit/confirm.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import { ErrorNote } from "../../kit/error-note.tsx";
import { PlainText, toSeenText } from "../../kit/plain-text.tsx";
import { Table } from "../../kit/table.tsx";
import { Time } from "../../kit/time.tsx";
import { AdminOnly } from "./admin-only.tsx";
import { TokenForm } from "./token-form.tsx";

/** This browser, every other login, and the tokens of programs. */
export function AccessTab({ me }: { readonly me: Me | undefined }) {
  if (me === undefined) return <p class="loading">Asking at the door…</p>;
  if (me.kind === "anyone") {
    return (
      <section class="panel">
        <h2>The gate is open</h2>
        <p>
          This farm asks nobody for a token (<code>COOP_AUTH=none</code>): whoever reaches its address may do
          everything. Start the daemon without it, and it makes a token at its first start.
        </p>
      </section>
    );
  }
  return <Credentials me={me} />;
}

function Credentials({ me }: { readonly me: Me }) {
  const isAdmin = me.scope === "admin";
  const list = useResource((signal) => (isAdmin ? client.access.tokens({ signal }) : Promise.resolve([])), [isAdmin]);
  const all = list.value.value;
  const logins = all?.filter(({ kind }) => kind === "login").toSorted((a, b) => lastSign(b) - lastSign(a)) ?? [];
  const tokens = all?.filter(({ kind }) => kind === "token") ?? [];
  return (
    <>
      <MePanel me={me} logins={logins} />
      {list.error.value !== undefined && (
        <ErrorNote error={list.error.value} title="Tokens and logins could not be read" onRetry={list.reload} />
      )}
      <TokensPanel me={me} tokens={tokens} isLoaded={all !== undefined} reload={list.reload} />
      {isAdmin && (
        <section class="panel">
          <h2>Logins of browsers</h2>
          <CredentialTable label="Logins" rows={logins} me={me} reload={list.reload} />
        </section>
      )}
    </>
  );
}

function lastSign({ last_used_at: used, created_at: made }: TokenAnswer): number {
  return Date.parse(used ?? made);
}

function MePanel({ me, logins }: { readonly me: Me; readonly logins: readonly TokenAnswer[] }) {
  const leave = () => location.assign("/login");
  const logOut = async () => {
    await act(() => client.access.logOut());
    leave();
  };
  const everywhere = async () => {
    const isSure = await confirm({
      title: "Log out everywhere?",
      text: `${logins.length === 1 ? "This login ends" : `All ${logins.length} logins end`}, on every browser and phone. Tokens of programs go on.`,
      yes: "Log out everywhere",
      isDangerous: true,
    });
    if (!isSure) return;
    for (const { id } of logins) if (id !== me.id) await act(() => client.access.revokeToken(id));
    await logOut();
  };
  return (
    <section class="panel spread">
      <div>
        <h2>This browser</h2>
        <p class="muted">
          Came in with the {toSeenText(me.name.replace(/^login /, ""))}; may {SCOPES[me.scope]} (<code>{me.scope}</code>
          ){me.expires_at === null ? "" : `, until ${new Date(me.expires_at).toLocaleDateString()}`}.
        </p>
      </div>
      <div class="row">
        <Button isSmall onClick={logOut}>
          Log out
        </Button>
        {me.scope === "admin" && (
          <Button isSmall tone="danger" onClick={everywhere}>
            Log out everywhere…
          </Button>
        )}
      </div>
    </section>
  );
}

function TokensPanel({
  me,
  tokens,
  isLoaded,
  reload,
}: {
  readonly me: Me;
  readonly tokens: readonly TokenAnswer[];
  readonly isLoaded: boolean;
  readonly reload: () => void;
}) {
  const [isMaking, setMaking] = useState(false);
  return (
    <section class="panel">
      <div class="spread">
        <h2>Tokens of programs</h2>
        {me.scope === "admin" && (
          <Button tone="main" isSmall onClick={() => setMaking(true)}>
            Make a token…
          </Button>
        )}
      </div>
      {me.scope !== "admin" ? (
        <AdminOnly me={me} what="Seeing and making them" />
      ) : isLoaded && tokens.length === 0 ? (
        <EmptyState title="No named tokens" command="coop token create ci --scope read">
          Give each program its own, with no more than it needs; then one can be taken back without the others.
        </EmptyState>
      ) : (
        <CredentialTable label="Tokens" rows={tokens} me={me} reload={reload} />
      )}
      {isMaking && (
        <TokenForm
          onClose={() => {
            setMaking(false);
            reload();
          }}
        />
      )}
    </section>
  );
}

function CredentialTable({
  label,
  rows,
  me,
  reload,
}: {
  readonly label: string;
  readonly rows: readonly TokenAnswer[];
  readonly me: Me;
  readonly reload: () => void;
}) {
  return (
    <Table
      label={label}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          head: "Name",
          cell: ({ id, name }) => (
            <>
              <PlainText text={name} /> {id === me.id && <span class="badge badge-good">you</span>}
            </>
          ),
        },
        { head: "May", kind: "narrow", cell: ({ scope }) => <ScopeWord scope={scope} /> },
        { head: "Used", kind: "narrow", cell: ({ last_used_at: at }) => (at === null ? "never" : <Time at={at} />) },
        { head: "Made", kind: "extra", cell: ({ created_at: at }) => <Time at={at} /> },
        {
          head: "Ends",
          kind: "extra",
          cell: ({ expires_at: at }) => (at === null ? "when revoked" : new Date(at).toLocaleDateString()),
        },
        {
          head: "",
          kind: "narrow",
          cell: (row) =>
            row.id === me.id ? null : (
              <Button
                isSmall
                tone="danger"
                label={`Revoke ${row.kind} ${row.name}`}
                onClick={() => revoke(row, reload)}
              >
                Revoke…
              </Button>
            ),
        },
      ]}
    />
  );
}

async function revoke({ id, kind, name }: TokenAnswer, reload: () => void): Promise<void> {
  const isSure = await confirm({
    title: `Revoke the ${kind} ${toSeenText(name)}?`,
    text: `Whoever uses it is shut out at once, and what it holds open is closed.${kind === "token" ? " Logins that came from it end too." : ""}`,
    yes: "Revoke it",
    isDangerous: true,
  });
  if (!isSure) return;
  await act(() => client.access.revokeToken(id), "Revoked");
  reload();
}

const SCOPES = { read: "look", operate: "look, and work with hens", admin: "do everything" } as const;

function ScopeWord({ scope }: { readonly scope: Me["scope"] }) {
  return <span title={SCOPES[scope]}>{scope}</span>;
}
