import type { Me } from "coop-client";
import { isKeyMapOpen } from "../../app/key-map.tsx";
import { type Theme, theme } from "../../app/theme.ts";
import { client } from "../../data/client.ts";
import { farm } from "../../data/farm-state.ts";
import { useResource } from "../../data/resource.ts";
import { Button } from "../../kit/button.tsx";
import { CodeBlock } from "../../kit/code-block.tsx";
import { ErrorNote } from "../../kit/error-note.tsx";
import { SelectField } from "../../kit/field.tsx";
import { toSeenText } from "../../kit/plain-text.tsx";
import { CeilingsPanel } from "./ceilings-panel.tsx";
import { StorePanel } from "./store-panel.tsx";

/** The farm as a whole: what it may cost, where it is, what it keeps, how it is saved; and how this page looks. */
export function FarmTab({ me }: { readonly me: Me | undefined }) {
  return (
    <div class="settings-columns">
      <CeilingsPanel canSet={me?.scope === "admin"} />
      <PlacesPanel />
      <StorePanel />
      <BackupPanel />
      <PagePanel />
    </div>
  );
}

function PlacesPanel() {
  const place = useResource((signal) => client.location({ signal }), []);
  const found = place.value.value;
  return (
    <section class="panel">
      <h2>Where it can be opened</h2>
      {place.error.value !== undefined && (
        <ErrorNote error={place.error.value} title="That could not be read" onRetry={place.reload} />
      )}
      {found?.urls.map(({ label, url }) => (
        <div key={url} class="settings-place">
          <span class="muted">{toSeenText(label)}</span>
          <CodeBlock text={url} label={label} />
        </div>
      ))}
      {found?.loopback_only === true && (
        <p class="muted">
          Only from its own host. From elsewhere: a tunnel (<code>ssh -L</code>), or an address of your network with TLS
          before it.
        </p>
      )}
      <p class="muted">
        <code>coop open</code> makes a link that logs a browser in once.
      </p>
    </section>
  );
}

function BackupPanel() {
  return (
    <section class="panel">
      <h2>Backups</h2>
      <p class="muted">
        The whole farm in one file, of one moment, while it works: hens, jobs, journals, memory, workdirs, the sealed
        vault.
      </p>
      <CodeBlock text={"coop backup farm.coop\ncoop --data-dir NEW restore farm.coop"} label="Commands" />
    </section>
  );
}

function PagePanel() {
  return (
    <section class="panel stack">
      <h2>This page</h2>
      <SelectField
        label="Light or dark"
        value={theme.value}
        onChange={(value) => (theme.value = value as Theme)}
        options={[
          ["system", "as the machine has it"],
          ["light", "light: the farm by day"],
          ["dark", "dark: the farm by night"],
        ]}
      />
      <div class="spread">
        <span class="muted">Everything has a key.</span>
        <Button isSmall onClick={() => (isKeyMapOpen.value = true)} keyHint="?">
          Show the keys
        </Button>
      </div>
      <p class="muted">
        Coop {farm.value?.coopd_version ?? ""}, the farm <code>{farm.value?.coop_id ?? ""}</code>. Apache-2.0. It loads
        nothing from elsewhere and tells nobody anything.
      </p>
    </section>
  );
}
