import type { EgressEntry } from "coopd-core";
import { useEffect, useMemo } from "preact/hooks";
import { jobHref } from "../../../app/addresses.ts";
import { place, setQuery } from "../../../app/router.ts";
import { client } from "../../../data/client.ts";
import { onFarmItem } from "../../../data/follow-farm.ts";
import { atMostEvery } from "../../../data/frame.ts";
import { useResource } from "../../../data/resource.ts";
import { formatBytes } from "../../../kit/amounts.tsx";
import { Button } from "../../../kit/button.tsx";
import { EmptyState } from "../../../kit/empty-state.tsx";
import { ErrorNote } from "../../../kit/error-note.tsx";
import { PlainText, toSeenText } from "../../../kit/plain-text.tsx";
import { Time } from "../../../kit/time.tsx";
import type { HenTabProps } from "../hen-tab.ts";
import { allowTarget, isLetOut } from "./allow-host.ts";
import { PolicyPanel } from "./policy-panel.tsx";

/** The newest; the whole log is a command away. */
const ROWS_MAX = 200;
/** A hen that hammers at a host makes many rows a second; nobody reads more often, ms. */
const REST_MS = 400;

const SHOWN = [
  ["", "All"],
  ["denied", "Denied"],
  ["allowed", "Allowed"],
] as const;

/** What the hen may reach, and what it asked for, as it asks. */
export function EgressTab({ hen }: HenTabProps) {
  const asked = place.value.query.get("verdict");
  const verdict = asked === "denied" || asked === "allowed" ? asked : undefined;
  const read = useResource((signal) => newest(hen.id, verdict, signal), [hen.id, verdict]);
  const again = useMemo(() => atMostEvery(REST_MS, async () => read.reload()), [read]);
  useEffect(
    () =>
      onFarmItem((item) => {
        const isEgress = item.type === "egress_denied" || item.type === "egress_allowed";
        if ((isEgress && item.hen_id === hen.id) || item.type === "gap") again();
      }),
    [hen.id],
  );
  const rows = read.value.value;
  return (
    <div class="egress">
      <PolicyPanel hen={hen} />
      <div class="stack egress-log">
        <div class="row spread">
          <h2>What it asked for</h2>
          <fieldset class="row">
            <legend class="visually-hidden">Which are shown</legend>
            {SHOWN.map(([key, title]) => (
              <button
                key={key}
                type="button"
                class="button button-small"
                aria-pressed={(verdict ?? "") === key}
                onClick={() => setQuery("verdict", key)}
              >
                {title}
              </button>
            ))}
          </fieldset>
        </div>
        {read.error.value !== undefined && (
          <ErrorNote error={read.error.value} title="Its egress log cannot be read" onRetry={read.reload} />
        )}
        {rows?.length === 0 && (
          <EmptyState title={verdict === "denied" ? "Nothing was denied" : "It asked for nothing yet"}>
            Whatever its commands and tools ask of the network stands here as they ask.
          </EmptyState>
        )}
        <ul class="egress-rows" aria-label="Egress, the newest first">
          {(rows ?? []).map((row) => (
            <EgressRow key={row.seq} row={row} isOpenNow={isLetOut(hen.manifest.network, row.host, row.port)} />
          ))}
        </ul>
        {rows?.length === ROWS_MAX && (
          <p class="muted">
            The newest {ROWS_MAX}. All of them: <code>coop hen egress {toSeenText(hen.id)}</code>
          </p>
        )}
      </div>
    </div>
  );
}

function EgressRow({ row, isOpenNow }: { readonly row: EgressEntry; readonly isOpenNow: boolean }) {
  const isDenied = row.verdict === "denied";
  const { allow } = row;
  return (
    <li class={`egress-row egress-${row.verdict}`}>
      <span class={`badge badge-${isDenied ? "bad" : "good"}`}>
        <span class="badge-shape" aria-hidden="true">
          {isDenied ? "✕" : "✓"}
        </span>
        {row.verdict}
      </span>
      <div class="egress-what">
        <p>
          <strong>
            <PlainText text={row.port === 0 ? row.host : `${row.host}:${row.port}`} limit={260} />
          </strong>
          {row.count > 1 && <span class="muted"> × {row.count}</span>}{" "}
          <span class="muted">
            {row.method !== null && <PlainText text={`${row.method} ${row.path ?? ""}`} limit={120} />} by {row.via}
          </span>
        </p>
        <p class="muted">
          <PlainText
            text={isDenied ? (row.reason ?? row.code ?? "") : `let out by ${row.rule ?? "its policy"}`}
            limit={300}
          />
        </p>
      </div>
      <p class="egress-sums muted">
        <Time at={row.at} />
        {row.bytes_up + row.bytes_down > 0 && (
          <span class="amount">
            ↑ {formatBytes(row.bytes_up)} ↓ {formatBytes(row.bytes_down)}
          </span>
        )}
        {row.job_id !== null && <a href={jobHref(row.job_id)}>its job</a>}
      </p>
      <div class="egress-do">
        {isDenied && isOpenNow && <span class="muted">open now</span>}
        {isDenied && !isOpenNow && allow !== null && (
          <Button
            isSmall
            tone="go"
            label={`Allow this host: ${toSeenText(allow)}`}
            onClick={() => allowTarget(row.hen_id, allow, row.code === "private_address")}
          >
            Allow this host
          </Button>
        )}
        {isDenied && !isOpenNow && allow === null && <span class="muted">nothing opens it</span>}
      </div>
    </li>
  );
}

async function newest(
  id: string,
  verdict: "allowed" | "denied" | undefined,
  signal: AbortSignal,
): Promise<readonly EgressEntry[]> {
  const found: EgressEntry[] = [];
  for await (const row of client.hens.egress(id, { verdict, order: "desc", pageRows: ROWS_MAX, signal })) {
    found.push(row);
    if (found.length === ROWS_MAX) break;
  }
  return found;
}
