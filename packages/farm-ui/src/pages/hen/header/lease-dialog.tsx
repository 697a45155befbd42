import type { HenAnswer } from "coop-client";
import { useState } from "preact/hooks";
import { henHref, shortName } from "../../../app/addresses.ts";
import { client } from "../../../data/client.ts";
import { loginIfEnded } from "../../../data/login.ts";
import { henChanged } from "../../../data/refresh.ts";
import { Button } from "../../../kit/button.tsx";
import { Dialog } from "../../../kit/dialog.tsx";
import { ErrorNote } from "../../../kit/error-note.tsx";
import { Field, SelectField } from "../../../kit/field.tsx";
import { toSeenText } from "../../../kit/plain-text.tsx";
import { tell } from "../../../kit/toast.tsx";

const HOUR_MS = 3_600_000;
const SPANS: readonly (readonly [string, string])[] = [
  ["1", "for an hour"],
  ["8", "for eight hours"],
  ["24", "for a day"],
  ["168", "for a week"],
  ["", "until I release it"],
];

/** Lets the hen to somebody: who, under which name, and how long. */
export function LeaseDialog({ hen, onClose }: { readonly hen: HenAnswer; readonly onClose: () => void }) {
  const [renter, setRenter] = useState("");
  const [leaseId, setLeaseId] = useState(() => `lease-${new Date().toISOString().slice(0, 16).replaceAll(":", "")}`);
  const [hours, setHours] = useState("8");
  const [error, setError] = useState<unknown>();
  const isAllowed = hen.manifest.lease?.allow_lease === true;
  const let_ = async () => {
    setError(undefined);
    const expiresAt = hours === "" ? undefined : new Date(Date.now() + Number(hours) * HOUR_MS).toISOString();
    try {
      await client.hens.lease(hen.id, { renter: renter.trim(), leaseId: leaseId.trim(), expiresAt });
    } catch (failure) {
      loginIfEnded(failure);
      setError(failure);
      return;
    }
    tell({ kind: "done", text: `${shortName(hen.id)} is let to ${renter.trim()}` });
    henChanged(hen.id);
    onClose();
  };
  return (
    <Dialog title={`Let ${toSeenText(shortName(hen.id))} to somebody`} onClose={onClose}>
      <p class="muted">
        From then on it runs only jobs of this lease, under the tools and topics of its manifest. Your own jobs wait.
      </p>
      {!isAllowed && (
        <p class="problem">
          Its manifest does not allow it: <code>lease.allow_lease</code> is not true.{" "}
          <a href={henHref(hen.id, "manifest")}>Change it</a>
        </p>
      )}
      <Field label="To whom" value={renter} onInput={setRenter} placeholder="coop.example/barn" required />
      <Field label="Name of the lease" value={leaseId} onInput={setLeaseId} hint="Jobs under it carry this name." />
      <SelectField label="How long" value={hours} options={SPANS} onChange={setHours} />
      {error !== undefined && <ErrorNote error={error} title="It was not let" kept="The hen is yours, as before." />}
      <div class="row row-end">
        <Button onClick={onClose}>Leave it</Button>
        <Button tone="main" onClick={let_} disabled={renter.trim() === "" || leaseId.trim() === ""}>
          Let it
        </Button>
      </div>
    </Dialog>
  );
}
