import type { StoreReport } from "coopd-core";
import { useState } from "preact/hooks";
import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { formatBytes } from "../../kit/amounts.tsx";
import { Button } from "../../kit/button.tsx";
import { PlainText } from "../../kit/plain-text.tsx";

/** What the farm keeps on disk, measured when asked: it takes up to some seconds. */
export function StorePanel() {
  const [report, setReport] = useState<StoreReport | undefined>(undefined);
  const measure = async () => {
    const found = await act(() => client.storeReport());
    if (found !== undefined) setReport(found);
  };
  return (
    <section class="panel">
      <div class="spread">
        <h2>What it keeps</h2>
        <Button isSmall onClick={measure}>
          {report === undefined ? "Look for faults" : "Look again"}
        </Button>
      </div>
      {report === undefined ? (
        <p class="muted">
          Everything is in one file of the data folder. Looking through it finds faults and says how large it is; how
          long ended jobs and events are kept is set where the daemon is started.
        </p>
      ) : (
        <Found report={report} />
      )}
    </section>
  );
}

function Found({ report }: { readonly report: StoreReport }) {
  const {
    ok,
    problems,
    database_bytes: size,
    unused_bytes: unused,
    rows,
    quarantined,
    disk,
    oldest_event: oldest,
  } = report;
  return (
    <>
      <p class={ok ? "" : "problem"}>{ok ? "✓ No fault in it." : `✕ ${problems.length} faults:`}</p>
      {problems.map((problem) => (
        <p key={problem} class="problem">
          <PlainText text={problem} limit={300} />
        </p>
      ))}
      <dl class="settings-facts">
        <div>
          <dt>size</dt>
          <dd>{formatBytes(size)}</dd>
        </div>
        <div>
          <dt>of it unused</dt>
          <dd>{formatBytes(unused)}</dd>
        </div>
        <div>
          <dt>disk free</dt>
          <dd>
            {formatBytes(disk.free_bytes)} of {formatBytes(disk.total_bytes)}
          </dd>
        </div>
        {oldest !== null && (
          <div>
            <dt>events since</dt>
            <dd>{new Date(oldest.at).toLocaleDateString()}</dd>
          </div>
        )}
        {quarantined > 0 && (
          <div>
            <dt>set aside</dt>
            <dd>{quarantined} rows that could not be read</dd>
          </div>
        )}
        {Object.entries(rows)
          .filter(([, count]) => count > 0)
          .map(([table, count]) => (
            <div key={table}>
              <dt>{table.replaceAll("_", " ")}</dt>
              <dd class="amount">{count.toLocaleString("en")}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}
