import type { ComponentChildren } from "preact";
import { Icon } from "../kit/icon.tsx";
import type { Company, SessionState } from "./session.ts";
import { FONT_PX, fontPx, isReaderOn, stepFont } from "./terminal-settings.ts";

/** What the bar shows and does. */
export interface TerminalBarProps {
  readonly title: ComponentChildren;
  /** Whose it is, for screen readers. */
  readonly name: string;
  readonly state: SessionState["kind"];
  readonly company: Company | undefined;
  readonly hasKeys: boolean;
  /** Why nobody may type; undefined when one may. */
  readonly keysRefusal: string | undefined;
  readonly onKeys: (areWanted: boolean) => void;
  readonly onFind: () => void;
  readonly onCopy: () => void;
  /** Takes it away from the page; left out where it cannot be. */
  readonly onClose?: (() => void) | undefined;
}

/** What stands above a terminal: whose it is, how it is, who is there, and its tools. */
export function TerminalBar(props: TerminalBarProps) {
  const { title, name, state, company, hasKeys, keysRefusal, onKeys } = props;
  const isLive = state === "live";
  return (
    <header class="terminal-bar">
      <div class="terminal-title">
        {title}
        <span class={`terminal-state terminal-state-${state}`}>{WORDS[state]}</span>
        {isLive && company !== undefined && <CompanyNote company={company} hasKeys={hasKeys} />}
      </div>
      <div class="terminal-tools" role="toolbar" aria-label={`Tools of the terminal of ${name}`}>
        {isLive && (
          <button
            type="button"
            role="switch"
            class="terminal-switch"
            aria-checked={hasKeys}
            disabled={keysRefusal !== undefined}
            title={keysRefusal ?? (hasKeys ? "What you type goes in" : "You only watch")}
            onClick={() => onKeys(!hasKeys)}
          >
            <span class="terminal-switch-track" aria-hidden="true" />
            Take the keys
          </button>
        )}
        <Tool name="search" label="Find (Ctrl-Shift-F)" onClick={props.onFind} />
        <Tool name="copy" label="Copy what is selected, or everything (Ctrl-Shift-C)" onClick={props.onCopy} />
        <LetterTools />
        {props.onClose !== undefined && (
          <span class="terminal-close">
            <Tool name="close" label="Take it off this page" onClick={props.onClose} />
          </span>
        )}
      </div>
    </header>
  );
}

const WORDS: Readonly<Record<SessionState["kind"], string>> = {
  opening: "opening…",
  live: "live",
  none: "not open",
  lost: "line lost",
  ended: "ended",
};

function CompanyNote({ company, hasKeys }: { readonly company: Company; readonly hasKeys: boolean }) {
  const { count, writers, isWriter } = company;
  const others = count - 1;
  const othersTyping = writers - (hasKeys ? 1 : 0);
  const who =
    others === 0
      ? hasKeys
        ? "only you are here"
        : "only you watch"
      : `${others} more here${othersTyping === 0 ? "" : `, ${othersTyping} with keys`}`;
  return (
    <span class="muted terminal-company">
      {who}
      {hasKeys && !isWriter ? " · the size is theirs until you type" : ""}
    </span>
  );
}

function LetterTools() {
  const px = fontPx.value;
  return (
    <>
      <button
        type="button"
        class="icon-button terminal-letter"
        aria-label="Smaller letters"
        disabled={px <= FONT_PX.min}
        onClick={() => stepFont(-1)}
      >
        <span aria-hidden="true">A−</span>
      </button>
      <button
        type="button"
        class="icon-button terminal-letter"
        aria-label={`Larger letters (now ${px} px)`}
        disabled={px >= FONT_PX.max}
        onClick={() => stepFont(1)}
      >
        <span aria-hidden="true">A+</span>
      </button>
      <button
        type="button"
        class="icon-button"
        aria-pressed={isReaderOn.value}
        aria-label="For screen readers: also write it as text"
        title="For screen readers: also write it as text"
        onClick={() => (isReaderOn.value = !isReaderOn.value)}
      >
        <Icon name="reader" />
      </button>
    </>
  );
}

function Tool({
  name,
  label,
  onClick,
}: {
  readonly name: string;
  readonly label: string;
  readonly onClick: () => void;
}) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onClick}>
      <Icon name={name} />
    </button>
  );
}
