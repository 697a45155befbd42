import { toTrouble } from "../data/act.ts";
import { Button } from "./button.tsx";
import { toSeenText } from "./plain-text.tsx";

/** Says what happened, what was kept, and what to do. */
export function ErrorNote({
  error,
  title,
  kept,
  onRetry,
}: {
  readonly error: unknown;
  /** What could not be done. */
  readonly title: string;
  /** What is as it was. */
  readonly kept?: string;
  readonly onRetry?: () => void;
}) {
  const { what, next } = toTrouble(error);
  return (
    <div class="error-note" role="alert">
      <h3>{title}</h3>
      <p>{toSeenText(what)}</p>
      {kept !== undefined && <p>{kept}</p>}
      {next !== undefined && <p class="muted">{toSeenText(next)}</p>}
      {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}
