import type { Me } from "coop-client";
import type { AuditEntry } from "coopd-core";
import { useEffect, useState } from "preact/hooks";
import { client } from "../../data/client.ts";
import { useResource } from "../../data/resource.ts";
import { Button } from "../../kit/button.tsx";
import { CodeBlock } from "../../kit/code-block.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import { ErrorNote } from "../../kit/error-note.tsx";
import { PlainText } from "../../kit/plain-text.tsx";
import { Table } from "../../kit/table.tsx";
import { Time } from "../../kit/time.tsx";
import { AdminOnly } from "./admin-only.tsx";
import { canVerify, type TrailVerdict, verifyTrail } from "./verify-trail.ts";

/** Entries on a page of the list. */
const PAGE_ROWS = 50;

/** Who did what, the newest first, and whether the trail is whole. */
export function AuditTab({ me }: { readonly me: Me | undefined }) {
  if (me === undefined) return <p class="loading">Asking at the door…</p>;
  if (me.scope !== "admin") {
    return (
      <section class="panel">
        <AdminOnly me={me} what="The audit trail" />
      </section>
    );
  }
  return (
    <>
      <VerifyPanel />
      <Trail />
    </>
  );
}

function Trail() {
  const [pages, setPages] = useState(1);
  const trail = useResource(async (signal) => readNewest(pages * PAGE_ROWS, signal), [pages]);
  const found = trail.value.value;
  return (
    <section class="panel">
      <div class="spread">
        <h2>Who did what</h2>
        <Button isSmall onClick={trail.reload}>
          Read again
        </Button>
      </div>
      {trail.error.value !== undefined && (
        <ErrorNote error={trail.error.value} title="The trail could not be read" onRetry={trail.reload} />
      )}
      {found?.entries.length === 0 && (
        <EmptyState title="Nothing was changed yet">Every change is written down here.</EmptyState>
      )}
      {found !== undefined && found.entries.length > 0 && <Entries entries={found.entries} />}
      {found?.hasOlder === true && (
        <div class="row settings-more">
          <Button isSmall onClick={() => setPages(pages + 1)}>
            Older ones
          </Button>
        </div>
      )}
    </section>
  );
}

async function readNewest(count: number, signal: AbortSignal) {
  const { seq, base } = await client.access.auditHead({ signal });
  const after = Math.max(base.seq, seq - Math.min(count, LIST_MAX));
  const entries = await client.access.audit({ after, limit: LIST_MAX, signal });
  return { entries: entries.toReversed(), hasOlder: after > base.seq && count < LIST_MAX };
}

/** More than this is for `coop audit`, which can be searched. */
const LIST_MAX = 1_000;

function Entries({ entries }: { readonly entries: readonly AuditEntry[] }) {
  return (
    <Table
      label="Audit trail"
      rows={entries}
      keyOf={({ seq }) => String(seq)}
      columns={[
        { head: "", kind: "number", cell: ({ seq }) => <span class="muted">{seq}</span> },
        { head: "When", kind: "narrow", cell: ({ at }) => <Time at={at} /> },
        {
          head: "What",
          cell: ({ action, target, status }) => (
            <>
              <code>{action.replace("/api/v1", "")}</code> {target !== null && <PlainText text={target} limit={80} />}{" "}
              {status >= 400 && <span class="badge badge-bad">refused {status}</span>}
            </>
          ),
        },
        {
          head: "Changed",
          kind: "extra",
          cell: ({ before, after }) => <Change before={before} after={after} />,
        },
        {
          head: "Who",
          kind: "extra",
          cell: ({ actor, origin }) => (
            <>
              <PlainText text={actor} limit={60} /> <span class="muted">{origin}</span>
            </>
          ),
        },
      ]}
    />
  );
}

function Change({ before, after }: Pick<AuditEntry, "before" | "after">) {
  const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changed = keys.filter((key) => before?.[key] !== after?.[key]);
  const tell = (value: unknown) => (value === undefined || value === null ? "–" : String(value));
  const text = changed.map((key) => `${key} ${tell(before?.[key])} → ${tell(after?.[key])}`).join(", ");
  return <PlainText text={text} limit={160} />;
}

type Checking = { readonly at: number } | TrailVerdict | { readonly error: unknown } | undefined;

function VerifyPanel() {
  const [found, setFound] = useState<Checking>(undefined);
  const [stop] = useState(() => new AbortController());
  useEffect(() => () => stop.abort(), []);
  const verify = async () => {
    setFound({ at: 0 });
    try {
      setFound(await verifyTrail((at) => setFound({ at }), stop.signal));
    } catch (error) {
      if (!stop.signal.aborted) setFound({ error });
    }
  };
  return (
    <section class="panel">
      <div class="spread">
        <div>
          <h2>Is it whole?</h2>
          <p class="muted">
            Each entry carries a hash over itself and the one before. This browser reads all of them and computes every
            hash itself.
          </p>
        </div>
        {canVerify && (
          <Button tone="main" isSmall onClick={verify}>
            Verify the trail
          </Button>
        )}
      </div>
      {!canVerify && (
        <>
          <p class="muted">
            This browser computes hashes only over https or on the farm's own host. The command line can:
          </p>
          <CodeBlock text="coop audit verify" label="The command" />
        </>
      )}
      <div role="status">{found !== undefined && <Verdict found={found} />}</div>
    </section>
  );
}

function Verdict({ found }: { readonly found: NonNullable<Checking> }) {
  if ("error" in found) return <ErrorNote error={found.error} title="It could not be read to its end" />;
  if ("at" in found && !("kind" in found)) return <p class="muted">Checked up to entry {found.at}…</p>;
  if (found.kind === "broken") {
    return (
      <p class="problem">
        ✕ Broken at entry {found.at}: {found.reason}.
      </p>
    );
  }
  return (
    <>
      <p class="verified">
        ✓ Whole: entries {found.first} to {found.last}. Note its end elsewhere, and a later look can tell whether it was
        cut:
      </p>
      <CodeBlock text={`coop audit verify --head ${found.hash}`} label="The command" />
    </>
  );
}
