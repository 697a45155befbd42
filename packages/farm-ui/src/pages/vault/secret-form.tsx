import { useState } from "preact/hooks";
import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { attentionChanged, vaultChanged } from "../../data/refresh.ts";
import { Button } from "../../kit/button.tsx";
import { Dialog } from "../../kit/dialog.tsx";
import { Field } from "../../kit/field.tsx";
import { toSeenText } from "../../kit/plain-text.tsx";
import { toHosts } from "./hosts.ts";

/** Puts a key in, or another value under the same name. */
export function SecretForm({
  name: known,
  names,
  onClose,
  onDone,
}: {
  /** Of the one whose value is replaced; undefined for a new one. */
  readonly name: string | undefined;
  readonly names: readonly string[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const [name, setName] = useState(known ?? "");
  const [value, setValue] = useState("");
  const [hosts, setHosts] = useState("");
  const isThere = known === undefined && names.includes(name.trim());
  const put = async () => {
    const given = value;
    setValue(""); // sent once, and kept nowhere on the page
    const bound = known === undefined && hosts.trim() !== "" ? toHosts(hosts) : undefined;
    const putting = async () => {
      await client.vault.put(name.trim(), given, bound);
      return true;
    };
    if ((await act(putting, `${toSeenText(name.trim())} is in the vault, and on disk`)) !== true) return;
    vaultChanged();
    attentionChanged();
    onDone();
  };
  return (
    <Dialog title={known === undefined ? "Add a key" : `Another value for ${toSeenText(known)}`} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isThere) void put();
        }}
      >
        {known === undefined && <NameField name={name} onInput={setName} isThere={isThere} />}
        <Field
          label="Value"
          type="password"
          value={value}
          onInput={setValue}
          autocomplete="new-password"
          hint="It is sent once and never shown again, here or anywhere."
          hasFocus={known !== undefined}
        />
        {known === undefined && <HostsField hosts={hosts} onInput={setHosts} />}
        <Ways
          text={known === undefined ? "Put it in" : "Replace it"}
          isReady={name.trim() !== "" && value !== "" && !isThere}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}

function NameField({
  name,
  onInput,
  isThere,
}: {
  readonly name: string;
  readonly onInput: (name: string) => void;
  readonly isThere: boolean;
}) {
  return (
    <Field
      label="Name"
      value={name}
      onInput={onInput}
      placeholder="byok-anthropic"
      hint={
        <>
          Manifests call it <code>vault:{toSeenText(name.trim()) || "NAME"}</code>.
        </>
      }
      problem={isThere ? "There is one of that name. Replace its value instead." : undefined}
      hasFocus
    />
  );
}

function HostsField({ hosts, onInput }: { readonly hosts: string; readonly onInput: (hosts: string) => void }) {
  return (
    <Field
      label="Hosts besides its provider's own"
      value={hosts}
      onInput={onInput}
      placeholder="none"
      hint="For servers of your own that speak a provider's wire, as openrouter.ai. Empty is right for most."
    />
  );
}

function Ways({
  text,
  isReady,
  onClose,
}: {
  readonly text: string;
  readonly isReady: boolean;
  readonly onClose: () => void;
}) {
  return (
    <div class="row row-end">
      <Button onClick={onClose}>Leave it</Button>
      <Button tone="main" isSubmit disabled={!isReady}>
        {text}
      </Button>
    </div>
  );
}
