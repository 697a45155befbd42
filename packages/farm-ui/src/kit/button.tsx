import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

/** What a button is like. */
export interface ButtonProps {
  readonly children: ComponentChildren;
  /** A promise keeps the button busy until it has ended, so that nothing is done twice. */
  readonly onClick?: (() => unknown) | undefined;
  /** `plain` where it is one of many, `main` for what the page is for, `go` for what lets things on, `danger` for what ends something. */
  readonly tone?: "plain" | "main" | "go" | "danger" | undefined;
  readonly isSmall?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  /** Submits its form. */
  readonly isSubmit?: boolean | undefined;
  /** What it does, where its text alone does not say it. */
  readonly label?: string | undefined;
  /** A key that does the same, shown beside the text. */
  readonly keyHint?: string | undefined;
}

/** A button. */
export function Button({
  children,
  onClick,
  tone = "plain",
  isSmall,
  disabled,
  isSubmit,
  label,
  keyHint,
}: ButtonProps) {
  const [isBusy, setBusy] = useState(false);
  const press = () => {
    const work = onClick?.();
    if (!(work instanceof Promise)) return;
    setBusy(true);
    void work.finally(() => setBusy(false));
  };
  return (
    <button
      type={isSubmit === true ? "submit" : "button"}
      class={`button button-${tone}${isSmall === true ? " button-small" : ""}`}
      onClick={press}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy}
      aria-label={label}
      aria-keyshortcuts={keyHint}
    >
      {children}
      {keyHint !== undefined && <span class="key-hint">{keyHint}</span>}
    </button>
  );
}
