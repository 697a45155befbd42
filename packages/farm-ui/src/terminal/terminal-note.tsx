import { useComputed } from "@preact/signals";
import { agentProgramOf, leaseAllowsTerminal } from "coopd-core";
import { shortName } from "../app/addresses.ts";
import { hens } from "../data/farm-state.ts";
import { Button } from "../kit/button.tsx";
import { EmptyState } from "../kit/empty-state.tsx";
import { toSeenText } from "../kit/plain-text.tsx";
import type { TerminalSession } from "./session.ts";

interface NoteProps {
  readonly henId: string;
  readonly session: TerminalSession;
  readonly onStarted: () => void;
}

/** What lies over the screen when there is something to say: no terminal yet, the line lost, the end. */
export function TerminalNote({ henId, session, onStarted }: NoteProps) {
  const state = session.state.value;
  const start = () => {
    onStarted();
    return session.takeKeys();
  };
  switch (state.kind) {
    case "none":
      return <NoTerminal henId={henId} start={start} />;
    case "lost":
      return (
        <div class="terminal-note terminal-note-lost" role="status">
          <strong>The line to the farm is lost; it is tried again.</strong>
          <span>What you see is as it was. Keys wait until it is back. ({toSeenText(state.reason)})</span>
        </div>
      );
    case "ended":
      return (
        <div class="terminal-note" role="status">
          <strong>{state.isFault ? "The terminal is gone." : "The terminal has ended."}</strong>
          <span>{toSeenText(state.reason)}</span>
          <Button tone="main" isSmall onClick={start}>
            Start it anew
          </Button>
        </div>
      );
    default:
      return null;
  }
}

const FIRST: Readonly<Record<string, string>> = {
  DEFINED: "It is still an egg: it hatches first.",
  SLEEPING: "It sleeps: it is woken first.",
  DORMANT: "It dozes: it is woken first.",
};

function NoTerminal({ henId, start }: { readonly henId: string; readonly start: () => Promise<void> }) {
  const hen = useComputed(() => hens.value.get(henId)).value;
  const name = toSeenText(shortName(henId));
  if (hen === undefined) {
    return (
      <div class="terminal-cover">
        <EmptyState title={`No hen is called ${name}`} command="coop hen list">
          It may have been deleted.
        </EmptyState>
      </div>
    );
  }
  if (hen.state === "ARCHIVED") {
    return (
      <div class="terminal-cover">
        <EmptyState title={`${name} is archived`}>It hangs on the wall now, and has no terminal any more.</EmptyState>
      </div>
    );
  }
  const isFree = leaseAllowsTerminal(hen);
  return (
    <div class="terminal-cover">
      <EmptyState title={`${name} has no terminal open`} command={`coop shell ${henId}`}>
        {isFree ? (
          <>
            Starting it runs <code>{toSeenText(agentProgramOf(hen.manifest).argv.join(" "))}</code> behind {name}'s
            walls. {FIRST[hen.state] ?? ""} It goes on when you leave.
          </>
        ) : (
          "It is leased, and its lease lets nobody type. When one is open, it can be watched here."
        )}
      </EmptyState>
      {isFree && (
        <Button tone="main" onClick={start}>
          Start the terminal
        </Button>
      )}
    </div>
  );
}
