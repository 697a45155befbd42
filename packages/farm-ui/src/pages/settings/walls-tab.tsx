import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { doctor } from "../../data/farm-state.ts";
import { Button } from "../../kit/button.tsx";
import { CodeBlock } from "../../kit/code-block.tsx";
import { PlainText } from "../../kit/plain-text.tsx";

/** What the farm's host enforces, and how that was seen. */
export function WallsTab() {
  const report = doctor.value;
  const measure = async () => {
    const found = await act(() => client.doctor(), "Measured anew");
    if (found !== undefined) doctor.value = found;
  };
  const missing = report?.rows.filter(({ holds }) => !holds).length ?? 0;
  return (
    <section class="panel">
      <div class="spread">
        <div>
          <h2>
            {report === undefined
              ? "Measuring…"
              : missing === 0
                ? "Every wall holds"
                : `${missing} of ${report.rows.length} do not hold`}
          </h2>
          <p class="muted">
            Each row was tried on this host, not assumed. What does not hold is refused to the hens that need it;
            nothing falls back to less.
          </p>
        </div>
        <Button isSmall onClick={measure}>
          Measure again
        </Button>
      </div>
      <ul class="wall-rows">
        {report?.rows.map(({ id, title, holds, detail }) => (
          <li key={id} class={holds ? "" : "wall-missing"}>
            <span class={`badge ${holds ? "badge-good" : "badge-bad"}`}>
              <span class="badge-shape" aria-hidden="true">
                {holds ? "✓" : "✕"}
              </span>
              {holds ? "holds" : "missing"}
            </span>
            <div>
              <strong>{title}</strong> <code class="muted">{id}</code>
              <p class="muted">
                <PlainText text={detail} limit={600} />
              </p>
            </div>
          </li>
        ))}
      </ul>
      <h3>Try to break them</h3>
      <p class="muted">The command line attacks every wall from inside, and says how far it came.</p>
      <CodeBlock text="coop doctor --attack" label="The command" />
    </section>
  );
}
