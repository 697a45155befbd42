import { structuredPatch } from "diff";
import { toSeenText } from "../kit/plain-text.tsx";

/** Lines around a change that are shown with it. */
const CONTEXT_LINES = 3;

interface DiffLine {
  readonly kind: "same" | "gone" | "new" | "hunk";
  readonly text: string;
  /** Of the text it is in: the old one for what is gone. */
  readonly line: number | undefined;
}

/** What changes from one text to the other, line by line. */
export function DiffView({
  before,
  after,
  label,
}: {
  readonly before: string;
  readonly after: string;
  readonly label: string;
}) {
  const lines = toLines(before, after);
  if (lines.length === 0) return <p class="muted">Nothing changes.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys (WCAG 2.1.1)
    <section class="diff" tabIndex={0} aria-label={label}>
      {lines.map(({ kind, text, line }, at) => (
        <div key={`${at} ${kind}`} class={`diff-line diff-${kind}`}>
          <span class="diff-number">{line}</span>
          <span class="diff-sign">{SIGNS[kind]}</span>
          <code>
            {NAMES[kind] !== undefined && <span class="visually-hidden">{NAMES[kind]}: </span>}
            {toSeenText(text)}
          </code>
        </div>
      ))}
    </section>
  );
}

const SIGNS = { same: " ", gone: "−", new: "+", hunk: "⋯" } as const;
const NAMES: Readonly<Record<DiffLine["kind"], string | undefined>> = {
  same: undefined,
  hunk: undefined,
  gone: "goes",
  new: "comes",
};

function toLines(before: string, after: string): readonly DiffLine[] {
  const { hunks } = structuredPatch("", "", before, after, "", "", { context: CONTEXT_LINES });
  return hunks.flatMap(({ oldStart, newStart, lines }, at) => {
    let [old, now] = [oldStart, newStart];
    const rows = lines.map((line): DiffLine => {
      const text = line.slice(1);
      if (line.startsWith("-")) return { kind: "gone", text, line: old++ };
      if (line.startsWith("+")) return { kind: "new", text, line: now++ };
      if (line.startsWith("\\")) return { kind: "hunk", text: "no line end at the end", line: undefined };
      old += 1;
      return { kind: "same", text, line: now++ };
    });
    return at === 0 ? rows : [{ kind: "hunk", text: "", line: undefined } as DiffLine, ...rows];
  });
}
