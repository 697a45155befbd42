import { isTerminalKind } from "coopd-core";
import { TerminalView } from "../../terminal/terminal-view.tsx";
import type { HenTabProps } from "./hen-tab.ts";

/** The hen's terminal, and what it is. */
export function TerminalTab({ hen }: HenTabProps) {
  const livesThere = isTerminalKind(hen.manifest.agent_kind);
  return (
    <div class="stack hen-terminal">
      <p class="muted">
        {livesThere
          ? "This hen lives in its terminal: it is typed to, and takes tasks there."
          : "A shell in this hen's folder, behind the same walls as its jobs."}{" "}
        <a href={`/terminals?hen=${encodeURIComponent(hen.id)}`}>Beside others</a>
      </p>
      <TerminalView henId={hen.id} />
    </div>
  );
}
