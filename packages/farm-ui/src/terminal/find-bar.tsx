import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../kit/icon.tsx";
import type { Screen } from "./screen.ts";

/** What a search found: which of how many. */
export interface Found {
  readonly at: number;
  readonly count: number;
}

/** Looks for a text in what a terminal keeps. Enter goes on, Shift-Enter back, Escape closes. */
export function FindBar({
  screen,
  found,
  onClose,
}: {
  readonly screen: Screen;
  readonly found: Found | undefined;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    field.current?.focus();
    return () => screen.endFind();
  }, []);
  const look = (wanted: string, way: "next" | "previous") => {
    if (wanted === "") screen.endFind();
    else screen.find(wanted, way);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") onClose();
    else look(text, event.shiftKey ? "previous" : "next");
  };
  return (
    <search class="terminal-find">
      <input
        ref={field}
        class="bare"
        type="text"
        aria-label="Find in this terminal"
        placeholder="Find"
        spellcheck={false}
        value={text}
        onInput={({ currentTarget: { value } }) => {
          setText(value);
          look(value, "previous"); // the newest is at the bottom
        }}
        onKeyDown={press}
      />
      <span class="muted amount" role="status">
        {text === "" ? "" : tellFound(found)}
      </span>
      <button type="button" class="icon-button" aria-label="The one before" onClick={() => look(text, "previous")}>
        <Icon name="up" />
      </button>
      <button type="button" class="icon-button" aria-label="The next one" onClick={() => look(text, "next")}>
        <Icon name="down" />
      </button>
      <button type="button" class="icon-button" aria-label="Close the search" onClick={onClose}>
        <Icon name="close" />
      </button>
    </search>
  );
}

function tellFound(found: Found | undefined): string {
  if (found === undefined || found.count === 0) return "nothing";
  return found.at < 0 ? `${found.count} or more` : `${found.at + 1} of ${found.count}`;
}
