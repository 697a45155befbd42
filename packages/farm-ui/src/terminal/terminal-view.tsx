import { useComputed } from "@preact/signals";
import { leaseAllowsTerminal } from "coopd-core";
import type { ComponentChildren } from "preact";
import { useId, useMemo, useRef, useState } from "preact/hooks";
import { henHref, shortName } from "../app/addresses.ts";
import { act } from "../data/act.ts";
import { hens } from "../data/farm-state.ts";
import { ErrorNote } from "../kit/error-note.tsx";
import { toSeenText } from "../kit/plain-text.tsx";
import { copyText } from "./copy-text.ts";
import { FindBar, type Found } from "./find-bar.tsx";
import type { TerminalSession } from "./session.ts";
import { TerminalBar } from "./terminal-bar.tsx";
import { takeKey } from "./terminal-keys.ts";
import { TerminalNote } from "./terminal-note.tsx";
import { type DrawnSession, useSession } from "./use-session.ts";

/** Whose terminal, and where it stands. */
export interface TerminalViewProps {
  readonly henId: string;
  /** In place of the hen's name. */
  readonly title?: ComponentChildren;
  /** Takes it away from the page. */
  readonly onClose?: (() => void) | undefined;
}

/**
 * A hen's terminal: it shows the live one, read-only until the keys are taken, and starts one when asked. It fills the height that CSS
 * gives it by `--terminal-height`. Leaving the page detaches; the program goes on.
 */
export function TerminalView({ henId, title, onClose }: TerminalViewProps) {
  const place = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLElement>(null);
  const hintId = useId();
  const name = toSeenText(shortName(henId));
  const [found, setFound] = useState<Found | undefined>(undefined);
  const [isFinding, setFinding] = useState(false);
  const at = useRef<DrawnSession | undefined>(undefined);
  const copy = () => void act(async () => copyText(at.current?.screen.text() ?? ""), "Copied");
  const events = useMemo(
    () => ({
      onFound: setFound,
      onKey: (event: KeyboardEvent) =>
        takeKey(event, {
          leave: () => frame.current?.querySelector<HTMLElement>(".terminal-bar [role=switch]")?.focus(),
          copy,
          find: () => setFinding(true),
          hasKeys: () => at.current?.session.hasKeys.peek() === true,
        }),
    }),
    [],
  );
  const drawn = useSession(henId, place, { label: `Terminal of ${name}`, hintId }, events);
  at.current = drawn instanceof Error ? undefined : drawn;
  if (drawn instanceof Error) {
    return (
      <ErrorNote
        error={drawn}
        title="The terminal's program for this page did not arrive"
        kept="The hen's own goes on."
        onRetry={() => location.reload()}
      />
    );
  }
  const closeFind = () => {
    setFinding(false);
    drawn?.screen.focus();
  };
  return (
    <section class="term-view" ref={frame} aria-label={`Terminal of ${name}`}>
      <Bar
        henId={henId}
        title={title ?? <a href={henHref(henId)}>{name}</a>}
        session={drawn?.session}
        onFind={() => setFinding(!isFinding)}
        onCopy={copy}
        onTaken={() => drawn?.screen.focus()}
        onClose={onClose}
      />
      <div class="terminal-body">
        <div class="terminal-place" ref={place} />
        {isFinding && drawn !== undefined && <FindBar screen={drawn.screen} found={found} onClose={closeFind} />}
        {drawn !== undefined && (
          <TerminalNote henId={henId} session={drawn.session} onStarted={() => drawn.screen.focus()} />
        )}
      </div>
      <Hint id={hintId} session={drawn?.session} />
    </section>
  );
}

function Bar({
  henId,
  session,
  onTaken,
  ...rest
}: {
  readonly henId: string;
  readonly session: TerminalSession | undefined;
  readonly title: ComponentChildren;
  readonly onFind: () => void;
  readonly onCopy: () => void;
  readonly onTaken: () => void;
  readonly onClose: (() => void) | undefined;
}) {
  const hen = useComputed(() => hens.value.get(henId)).value;
  const refusal =
    hen === undefined || leaseAllowsTerminal(hen) ? undefined : "Leased: its lease lets nobody type, only watch";
  return (
    <TerminalBar
      name={toSeenText(shortName(henId))}
      {...rest}
      state={session?.state.value.kind ?? "opening"}
      company={session?.company.value}
      hasKeys={session?.hasKeys.value ?? false}
      keysRefusal={refusal}
      onKeys={(areWanted) => {
        void (areWanted ? session?.takeKeys() : session?.leaveKeys());
        if (areWanted) onTaken();
      }}
    />
  );
}

function Hint({ id, session }: { readonly id: string; readonly session: TerminalSession | undefined }) {
  const size = session?.size.value;
  const isLive = session?.state.value.kind === "live";
  return (
    <footer class="terminal-hint muted" id={id}>
      <span>
        {!isLive ? (
          "Nothing that you type goes in."
        ) : session?.hasKeys.value === true ? (
          <>
            Every key goes in. <kbd>Ctrl</kbd> <kbd>]</kbd> leads out.
          </>
        ) : (
          "You only watch: nothing that you type goes in."
        )}
      </span>
      {isLive && size !== undefined && (
        <span class="amount">
          {size.cols} × {size.rows}
        </span>
      )}
    </footer>
  );
}
