import { useEffect, useState } from "preact/hooks";
import { useKeys } from "../../app/keys.ts";
import { goTo, place } from "../../app/router.ts";
import { isLoaded } from "../../data/farm-state.ts";
import { Button } from "../../kit/button.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import { ErrorNote } from "../../kit/error-note.tsx";
import { followTerminals, terminals, terminalsChanged, terminalsError } from "../../terminal/live-terminals.ts";
import { TerminalView } from "../../terminal/terminal-view.tsx";
import { readPanes, terminalsHref } from "./panes.ts";
import { PickHen } from "./pick-hen.tsx";
import { TerminalStrip } from "./terminal-strip.tsx";

/** All live terminals in a strip, and up to four of them side by side; the address says which. */
export function TerminalsPage() {
  useEffect(followTerminals, []);
  const [isPicking, setPicking] = useState(false);
  const live = terminals.value;
  const asked = readPanes(place.value.query);
  const open = asked.length > 0 ? asked : [...(live?.keys() ?? [])].slice(0, 1);
  useStripKeys([...(live?.keys() ?? [])], () => setPicking(true));
  if (live === undefined || !isLoaded.value) {
    return terminalsError.value === undefined ? (
      <p class="loading">Listening at the hen house door…</p>
    ) : (
      <ErrorNote error={terminalsError.value} title="The terminals could not be read" onRetry={terminalsChanged} />
    );
  }
  const pick = (id: string) => {
    setPicking(false);
    goTo(terminalsHref([id]));
  };
  return (
    <>
      <h1 class="visually-hidden">Terminals</h1>
      <TerminalStrip live={live} open={open} onNew={() => setPicking(true)} />
      {open.length === 0 ? (
        <section class="panel">
          <EmptyState title="No terminal is open" command="coop shell local.coop/NAME">
            Every hen has one: a program behind its walls, which goes on when you look away.
          </EmptyState>
          <div class="row terminals-start">
            <Button tone="main" onClick={() => setPicking(true)} keyHint="n">
              Open a hen's terminal
            </Button>
          </div>
        </section>
      ) : (
        <div class={`terminal-panes terminal-panes-${open.length}`}>
          {open.map((id) => (
            <TerminalView
              key={id}
              henId={id}
              onClose={open.length > 1 ? () => goTo(terminalsHref(open.filter((other) => other !== id))) : undefined}
            />
          ))}
        </div>
      )}
      {isPicking && <PickHen taken={live} onPick={pick} onClose={() => setPicking(false)} />}
    </>
  );
}

function useStripKeys(ids: readonly string[], onNew: () => void): void {
  const group = "Terminals";
  const numbers = ids.slice(0, 9).map((id, at) => ({
    keys: String(at + 1),
    does: `show ${id}`,
    group,
    run: () => goTo(terminalsHref([id])),
  }));
  const news = { keys: "n", does: "open a hen's terminal", group, run: onNew };
  useKeys([...numbers, news], [ids.join()]);
}
