import { attention, hens, isLoaded } from "../../data/farm-state.ts";
import { EmptyState } from "../../kit/empty-state.tsx";
import { PlainText } from "../../kit/plain-text.tsx";
import { StateBadge } from "../../kit/state-badge.tsx";
import { Table } from "../../kit/table.tsx";
import { Time } from "../../kit/time.tsx";

/** The first screen: what needs a person, and the flock. */
export function FarmPage() {
  if (!isLoaded.value) return <p class="loading">Looking over the fence…</p>;
  return (
    <>
      <section class="panel">
        <h2>Needs you</h2>
        {attention.value.length === 0 ? (
          <p class="muted">Nothing. The flock gets on by itself.</p>
        ) : (
          <p>{attention.value.length} things</p>
        )}
      </section>
      <section class="panel">
        <h2>Flock</h2>
        {hens.value.size === 0 ? (
          <EmptyState
            title="No hens yet"
            command={"coop hen create examples/demo.yaml\ncoop hen hatch local.coop/demo"}
          >
            A hen is an agent with a name, a brain and walls around it.
          </EmptyState>
        ) : (
          <Table
            label="Hens"
            rows={[...hens.value.values()]}
            keyOf={(hen) => hen.id}
            columns={[
              { head: "Hen", cell: (hen) => <PlainText text={hen.id} /> },
              { head: "State", kind: "narrow", cell: (hen) => <StateBadge state={hen.state} /> },
              { head: "Since", kind: "extra", cell: (hen) => <Time at={hen.updated_at} /> },
            ]}
          />
        )}
      </section>
    </>
  );
}
