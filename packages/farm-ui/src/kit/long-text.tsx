import { useState } from "preact/hooks";
import { formatBytes } from "./amounts.tsx";
import { Button } from "./button.tsx";
import { CodeBlock } from "./code-block.tsx";

/** Shown of a text before anybody asks for more, and how much more each time. */
const FIRST_CHARS = 3_000;
const MORE_CHARS = 50_000;

/** A text as it was written, of any length: its beginning, and more of it when somebody wants it. */
export function LongText({ text, label }: { readonly text: string; readonly label: string }) {
  const [shown, setShown] = useState(FIRST_CHARS);
  const rest = text.length - shown;
  return (
    <div class="long-text">
      <CodeBlock text={rest > 0 ? `${text.slice(0, shown)}…` : text} copied={text} label={label} />
      {rest > 0 && (
        <Button isSmall onClick={() => setShown(shown + MORE_CHARS)}>
          Show more ({formatBytes(rest)} left)
        </Button>
      )}
    </div>
  );
}
