import { signal } from "@preact/signals";
import { Icon } from "./icon.tsx";
import { toSeenText } from "./plain-text.tsx";

/** A short word about what a button did. */
export interface Notice {
  readonly kind: "done" | "trouble";
  readonly text: string;
  /** What to do about it. */
  readonly next?: string | undefined;
  /** Leads to what it is about. */
  readonly href?: string | undefined;
}

const notices = signal<readonly (Notice & { readonly id: number })[]>([]);
let count = 0;

/** Trouble stays longer: it is read word by word. */
const SHOWN_MS = { done: 5_000, trouble: 15_000 };
/** More at once would hide the page. */
const NOTICES_MAX = 4;

/** Shows a word for a while. */
export function tell(notice: Notice): void {
  count += 1;
  const id = count;
  notices.value = [...notices.peek(), { ...notice, id }].slice(-NOTICES_MAX);
  setTimeout(() => dismiss(id), SHOWN_MS[notice.kind]);
}

function dismiss(id: number): void {
  notices.value = notices.peek().filter((notice) => notice.id !== id);
}

/** Where they appear; the shell has one. */
export function Toasts() {
  return (
    <div class="toasts">
      {notices.value.map(({ id, kind, text, next, href }) => (
        <div key={id} class={`toast toast-${kind}`} role={kind === "trouble" ? "alert" : undefined}>
          <span class="toast-shape" aria-hidden="true">
            {kind === "done" ? "✓" : "!"}
          </span>
          <div>
            {href === undefined ? <p>{toSeenText(text)}</p> : <a href={href}>{toSeenText(text)}</a>}
            {next !== undefined && <p class="muted">{toSeenText(next)}</p>}
          </div>
          <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => dismiss(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
