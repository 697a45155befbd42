import type { Me } from "coop-client";

/** Says that more is there than this login may see. */
export function AdminOnly({ me, what }: { readonly me: Me; readonly what: string }) {
  return (
    <p class="muted">
      {what} needs the scope <strong>admin</strong>; you came in with <strong>{me.scope}</strong>. Log in with the
      farm's own token, or with one of that scope.
    </p>
  );
}
