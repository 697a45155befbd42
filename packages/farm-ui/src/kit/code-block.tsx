import { useState } from "preact/hooks";
import { Icon } from "./icon.tsx";
import { PlainText } from "./plain-text.tsx";

/** How long the button says that it copied, ms. */
const SAID_MS = 1_500;

/** Text of a fixed width with a button that copies it: a command, an output, a file. */
export function CodeBlock({
  text,
  copied = text,
  label,
  isQuiet,
}: {
  readonly text: string;
  /** What the button copies, where less than it is shown. */
  readonly copied?: string;
  /** What it is, for whoever cannot see it. */
  readonly label?: string;
  /** Without the button. */
  readonly isQuiet?: boolean;
}) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(copied).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), SAID_MS);
    });
  };
  return (
    <div class="code-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys (WCAG 2.1.1) */}
      <section class="code-scroll" tabIndex={0} aria-label={label ?? "text"}>
        <pre>
          <code>
            <PlainText text={text} />
          </code>
        </pre>
      </section>
      {isQuiet !== true && navigator.clipboard !== undefined && (
        <button type="button" class="icon-button" onClick={copy} aria-label={isCopied ? "Copied" : "Copy"}>
          {isCopied ? "✓" : <Icon name="copy" />}
        </button>
      )}
    </div>
  );
}
