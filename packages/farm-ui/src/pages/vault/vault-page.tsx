import { useComputed } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { henHref, shortName } from "../../app/addresses.ts";
import { UnlockForm } from "../../app/unlock-form.tsx";
import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { hens, vault } from "../../data/farm-state.ts";
import { vaultChanged } from "../../data/refresh.ts";
import { Button } from "../../kit/button.tsx";
import { Icon } from "../../kit/icon.tsx";
import { PlainText, toSeenText } from "../../kit/plain-text.tsx";
import { ChangePassphrase } from "./change-passphrase.tsx";
import { MakeVault } from "./make-vault.tsx";
import { SecretsPanel } from "./secrets-panel.tsx";

/** The vault: whether it is open, what is in it by name, and where each of its keys may go. Values go in here and never come out. */
export function VaultPage() {
  useEffect(vaultChanged, []);
  const status = vault.value;
  if (status === undefined) return <p class="loading">Trying the vault's handle…</p>;
  const isThere = status.path !== null && status.path !== undefined;
  return (
    <div class="vault">
      <h1 class="visually-hidden">Vault</h1>
      <div class="vault-main">
        <StatusPanel />
        {!status.unlocked && isThere && (
          <section class="panel">
            <h2>Open it</h2>
            <UnlockForm path={status.path ?? null} />
          </section>
        )}
        {!status.unlocked && !isThere && (
          <>
            <MakeVault />
            <details class="panel">
              <summary>There is one already, somewhere on the farm's host</summary>
              <UnlockForm path={null} />
            </details>
          </>
        )}
        {status.unlocked && <SecretsPanel path={status.path ?? "PATH"} />}
      </div>
      <WhatHensSee />
    </div>
  );
}

function StatusPanel() {
  const [isChanging, setChanging] = useState(false);
  const status = vault.value;
  if (status === undefined) return null;
  const { unlocked, path, secrets = 0 } = status;
  const isThere = path !== null && path !== undefined;
  const lock = async () => {
    await act(() => client.vault.lock(), "The vault is locked; its keys are forgotten");
    vaultChanged();
  };
  return (
    <section class="panel vault-status">
      <span class={`vault-door ${unlocked ? "vault-door-open" : ""}`} aria-hidden="true">
        <Icon name={unlocked ? "unlocked" : "vault"} />
      </span>
      <div>
        <h2>{unlocked ? "The vault is open" : isThere ? "The vault is locked" : "There is no vault yet"}</h2>
        <p class="muted">
          {unlocked
            ? `${secrets === 0 ? "Nothing is" : secrets === 1 ? "One key is" : `${secrets} keys are`} in it. It stays open until it is locked, or the daemon ends.`
            : isThere
              ? "Its keys are on disk only, sealed. Nobody reads them without the passphrase, this daemon neither."
              : "Keys of model providers lie in a sealed file of the farm's host. The passphrase is with you alone."}
        </p>
        {isThere && (
          <p class="muted vault-path">
            <code>{toSeenText(path)}</code>
          </p>
        )}
        <Waiting />
      </div>
      {unlocked && (
        <div class="row vault-tools">
          <Button isSmall onClick={() => setChanging(true)}>
            Change the passphrase…
          </Button>
          <Button isSmall tone="danger" onClick={lock}>
            Lock it
          </Button>
        </div>
      )}
      {isChanging && <ChangePassphrase onClose={() => setChanging(false)} />}
    </section>
  );
}

function Waiting() {
  const waiting = useComputed(() => [...hens.value.values()].filter(({ needs }) => needs === "vault")).value;
  if (waiting.length === 0) return null;
  return (
    <div class="vault-waiting" role="status">
      <strong>
        {waiting.length === 1
          ? "One hen waits for a key; its jobs are kept."
          : `${waiting.length} hens wait for a key; their jobs are kept.`}
      </strong>
      <ul>
        {waiting.slice(0, WAITING_MAX).map(({ id, needs_reason: reason }) => (
          <li key={id}>
            <a href={henHref(id)}>{toSeenText(shortName(id))}</a> <PlainText text={reason ?? ""} limit={160} />
          </li>
        ))}
      </ul>
      {waiting.length > WAITING_MAX && <p class="muted">And {waiting.length - WAITING_MAX} more.</p>}
    </div>
  );
}

/** Hens that are named; the rest is a number. */
const WAITING_MAX = 8;

function WhatHensSee() {
  return (
    <aside class="panel vault-aside" aria-label="What a hen sees of the vault">
      <h2>What a hen sees of it</h2>
      <p>
        <strong>Nothing.</strong> A hen's manifest names a key (<code>vault:NAME</code>); the daemon alone holds it, and
        puts it into the request to the model, on its own side of the walls.
      </p>
      <ul class="vault-facts">
        <li>
          No hen's process, folder, environment or transcript has a key in it. Should one come back in an answer, it is
          blacked out.
        </li>
        <li>
          A key goes to its provider's own host, and to the hosts that you bind it to. To no other, whatever a manifest
          says.
        </li>
        <li>This page sends a value once and forgets it. No request of the API reads one back, whoever asks.</li>
        <li>A hen whose key is locked away waits; its jobs are kept and go on when the vault is opened.</li>
      </ul>
      <p class="muted">
        Lost the passphrase? Then the keys are lost. Make a new vault, and put them in again from where you have them.
      </p>
    </aside>
  );
}
