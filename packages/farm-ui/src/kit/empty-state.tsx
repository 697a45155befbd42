import type { ComponentChildren } from "preact";
import { CodeBlock } from "./code-block.tsx";

/** What stands where nothing is yet: why, and the next command. */
export function EmptyState({
  title,
  children,
  command,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What to type next; several lines are several commands. */
  readonly command?: string;
}) {
  return (
    <div class="empty">
      <svg viewBox="0 0 120 60" width="120" height="60" aria-hidden="true">
        <path
          class="empty-nest"
          d="M14 40c8 16 84 16 92 0-4 2-10-2-16 1-6-4-12 1-18-1-8 3-14-1-22 1-8-3-14 1-20-1-6 2-12-2-16 0Z"
        />
        <ellipse class="empty-egg" cx="60" cy="30" rx="11" ry="14" />
      </svg>
      <h3>{title}</h3>
      <p>{children}</p>
      {command !== undefined && <CodeBlock text={command} />}
    </div>
  );
}
