import { type UsageRow, usedTokens } from "coopd-core";
import { formatMicros, formatTokens, Money, Tokens } from "../../../kit/amounts.tsx";
import { Table } from "../../../kit/table.tsx";

const DAY_MS = 86_400_000;
const HEIGHT = 72;
const STEP = 20;
const BAR = 14;
/** Every so many days have their name written below, today among them. */
const LABEL_STEP = 7;

/** Tokens by day as bars, and the same as a table for whoever cannot see them or wants the numbers. */
export function DayBars({ rows, count }: { readonly rows: readonly UsageRow[]; readonly count: number }) {
  const known = new Map(rows.map((row) => [row.day ?? "", row]));
  const days = Array.from({ length: count }, (_, at) =>
    new Date(Date.now() - (count - 1 - at) * DAY_MS).toISOString().slice(0, 10),
  );
  const most = Math.max(1, ...rows.map(usedTokens));
  return (
    <figure class="day-bars">
      <svg viewBox={`0 0 ${count * STEP} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {days.map((day, at) => {
          const row = known.get(day);
          const tokens = row === undefined ? 0 : usedTokens(row);
          const height = tokens === 0 ? 0 : Math.max(2, (tokens / most) * (HEIGHT - 14));
          return (
            <g key={day}>
              <title>{`${day}: ${formatTokens(tokens)} tokens${row === undefined ? "" : `, ${toCost(row)}`}`}</title>
              <rect class="day-hit" x={at * STEP} y="0" width={STEP} height={HEIGHT} />
              <rect class="day-bar" x={at * STEP + 3} y={HEIGHT - height} width={BAR} height={height} />
            </g>
          );
        })}
      </svg>
      <ol class="day-names" style={{ "--days": count }} aria-hidden="true">
        {days.map((day, at) => (
          <li key={day}>{at % LABEL_STEP === (count - 1) % LABEL_STEP && day.slice(5)}</li>
        ))}
      </ol>
      <figcaption class="muted">most on one day: {formatTokens(most)} tokens · days are in UTC</figcaption>
      <details>
        <summary>As a table</summary>
        <Table
          label="Usage by day"
          rows={rows.toReversed()}
          keyOf={(row) => row.day ?? ""}
          columns={[
            { head: "Day", cell: (row) => row.day },
            { head: "Calls", kind: "number", cell: (row) => row.calls },
            { head: "Tokens", kind: "number", cell: (row) => <Tokens count={usedTokens(row)} /> },
            {
              head: "Cost",
              kind: "number",
              cell: (row) => <Money micros={row.cost.usd_micros} known={row.cost.known_usd_micros} />,
            },
          ]}
        />
      </details>
    </figure>
  );
}

function toCost({ cost }: UsageRow): string {
  return cost.usd_micros === null ? `at least ${formatMicros(cost.known_usd_micros)}` : formatMicros(cost.usd_micros);
}
