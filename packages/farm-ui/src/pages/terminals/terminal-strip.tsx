import type { TerminalView as LiveTerminal } from "coopd-core";
import { shortName } from "../../app/addresses.ts";
import { goTo } from "../../app/router.ts";
import { Button } from "../../kit/button.tsx";
import { Icon } from "../../kit/icon.tsx";
import { toSeenText } from "../../kit/plain-text.tsx";
import { PANES_MAX, terminalsHref } from "./panes.ts";

/** One entry for each live terminal, and for those that are shown though they are not live. */
export function TerminalStrip({
  live,
  open,
  onNew,
}: {
  readonly live: ReadonlyMap<string, LiveTerminal>;
  readonly open: readonly string[];
  readonly onNew: () => void;
}) {
  const ids = [...live.keys(), ...open.filter((id) => !live.has(id))];
  if (ids.length === 0) return null;
  return (
    <nav class="terminal-strip" aria-label="Terminals">
      <ul>
        {ids.map((id, at) => (
          <Entry key={id} id={id} terminal={live.get(id)} open={open} number={at + 1} />
        ))}
      </ul>
      <Button isSmall onClick={onNew} keyHint="n">
        Open another
      </Button>
    </nav>
  );
}

function Entry({
  id,
  terminal,
  open,
  number,
}: {
  readonly id: string;
  readonly terminal: LiveTerminal | undefined;
  readonly open: readonly string[];
  readonly number: number;
}) {
  const name = toSeenText(shortName(id));
  const isOpen = open.includes(id);
  const others = open.filter((other) => other !== id);
  const canJoin = !isOpen && open.length > 0 && open.length < PANES_MAX;
  return (
    <li class={`terminal-entry${isOpen ? " terminal-entry-open" : ""}`}>
      <a href={terminalsHref([id])} aria-current={isOpen ? "true" : undefined} title={tell(terminal)}>
        <span class={`terminal-dot${terminal === undefined ? " terminal-dot-off" : ""}`} aria-hidden="true" />
        <span>{name}</span>
        <small class="muted">
          {terminal === undefined ? "not open" : toSeenText(terminal.command[0] ?? "")}
          {terminal?.task_id ? " · task" : ""}
        </small>
        {terminal !== undefined && number < 10 && <kbd>{number}</kbd>}
      </a>
      {canJoin && (
        <button
          type="button"
          class="icon-button"
          aria-label={`Show ${name} beside`}
          title="Show it beside"
          onClick={() => goTo(terminalsHref([...open, id]))}
        >
          <Icon name="beside" />
        </button>
      )}
      {isOpen && others.length > 0 && (
        <button
          type="button"
          class="icon-button"
          aria-label={`Take ${name} off this page`}
          title="Take it off this page"
          onClick={() => goTo(terminalsHref(others))}
        >
          <Icon name="close" />
        </button>
      )}
    </li>
  );
}

function tell(terminal: LiveTerminal | undefined): string {
  if (terminal === undefined) return "no terminal is live";
  const { viewers, cols, rows, launches, command } = terminal;
  const writers = viewers.filter(({ read_only: isReadOnly }) => !isReadOnly).length;
  const again = launches > 1 ? `, started ${launches} times` : "";
  return `${toSeenText(command.join(" "))}, ${cols} × ${rows}${again}; ${viewers.length} here, ${writers} with keys`;
}
