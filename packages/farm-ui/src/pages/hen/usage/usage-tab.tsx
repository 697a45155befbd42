import type { HenUsageAnswer } from "coop-client";
import { inputOf, type UsageRow, usedTokens } from "coopd-core";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { client } from "../../../data/client.ts";
import { onFarmItem } from "../../../data/follow-farm.ts";
import { atMostEvery } from "../../../data/frame.ts";
import { useResource } from "../../../data/resource.ts";
import { Money, Tokens } from "../../../kit/amounts.tsx";
import { EmptyState } from "../../../kit/empty-state.tsx";
import { ErrorNote } from "../../../kit/error-note.tsx";
import { PlainText } from "../../../kit/plain-text.tsx";
import { Table } from "../../../kit/table.tsx";
import type { HenTabProps } from "../hen-tab.ts";
import { DayBars } from "./day-bars.tsx";

/** Days of the picture, today's included. */
const DAYS = 30;
const DAY_MS = 86_400_000;
/** Sums over many rows; as often as they are read by a person, ms. */
const REST_MS = 2_000;

/** What the hen has used and cost: in all, by day, by model. */
export function UsageTab({ hen }: HenTabProps) {
  const read = useResource((signal) => readUsage(hen.id, signal), [hen.id]);
  const again = useMemo(() => atMostEvery(REST_MS, async () => read.reload()), [read]);
  useEffect(
    () =>
      onFarmItem((item) => {
        if (item.type === "job_status_changed" && item.hen_id === hen.id) again();
      }),
    [hen.id],
  );
  if (read.error.value !== undefined) {
    return <ErrorNote error={read.error.value} title="Its sums cannot be read" onRetry={read.reload} />;
  }
  const sums = read.value.value;
  if (sums === undefined) return <p class="loading">Adding it up…</p>;
  const { total, days, models } = sums;
  return (
    <div class="stack">
      <Sums total={total} />
      {days.length === 0 ? (
        <EmptyState title="It has asked no model yet">Tokens and cost stand here by day and by model.</EmptyState>
      ) : (
        <>
          <h2>The last {DAYS} days</h2>
          <DayBars rows={days} count={DAYS} />
          <h2>By model</h2>
          <Table
            label="Usage by model"
            rows={models}
            keyOf={(row) => row.model ?? ""}
            columns={[
              { head: "Model", cell: (row) => <PlainText text={row.model ?? "?"} limit={120} /> },
              { head: "Calls", kind: "number", cell: (row) => row.calls },
              { head: "Tokens", kind: "number", cell: (row) => <Tokens count={usedTokens(row)} /> },
              { head: "Cost", kind: "number", cell: (row) => <Cost row={row} /> },
            ]}
          />
        </>
      )}
    </div>
  );
}

function Sums({ total }: { readonly total: HenUsageAnswer }) {
  const spent = total.spend;
  return (
    <dl class="sums">
      <Sum label="jobs done">{total.jobs.done}</Sum>
      <Sum label="failed">{total.jobs.failed}</Sum>
      <Sum label="cancelled">{total.jobs.cancelled}</Sum>
      <Sum label="turns">{total.turns}</Sum>
      <Sum label="tokens in">
        <Tokens count={inputOf(total)} />
      </Sum>
      <Sum label="tokens out">
        <Tokens count={total.output_tokens} />
      </Sum>
      {spent !== undefined && (
        <Sum label="cost, in all">
          <Money micros={spent.cost.usd_micros} known={spent.cost.known_usd_micros} />
        </Sum>
      )}
      {total.today !== undefined && (
        <Sum label="cost today">
          <Money micros={total.today.cost.usd_micros} known={total.today.cost.known_usd_micros} />
        </Sum>
      )}
    </dl>
  );
}

function Cost({ row }: { readonly row: UsageRow }) {
  return <Money micros={row.cost.usd_micros} known={row.cost.known_usd_micros} />;
}

function Sum({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

async function readUsage(henId: string, signal: AbortSignal) {
  const since = new Date(Date.now() - (DAYS - 1) * DAY_MS).toISOString().slice(0, 10);
  const [total, days, models] = await Promise.all([
    client.hens.usage(henId, { signal }),
    client.usage({ by: "day", henId, since, signal }),
    client.usage({ by: "model", henId, since, signal }),
  ]);
  return { total, days: days.rows, models: models.rows };
}
