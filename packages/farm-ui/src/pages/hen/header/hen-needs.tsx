import type { HenAnswer } from "coop-client";
import { henHref } from "../../../app/addresses.ts";
import { jobs } from "../../../data/farm-state.ts";
import { toSeenText } from "../../../kit/plain-text.tsx";

/** What keeps the hen from its jobs, and the way to mend it. */
export function HenNeeds({ hen }: { readonly hen: HenAnswer }) {
  if (hen.needs === null || hen.needs === undefined) return null;
  const waiting = [...jobs.value.values()].filter((job) => job.hen_id === hen.id && job.status === "QUEUED").length;
  const isVault = hen.needs === "vault";
  return (
    <div class="hen-needs">
      <h2>{isVault ? "It waits for a key" : "It waits for its walls"}</h2>
      <p>{toSeenText(hen.needs_reason ?? "")}</p>
      <p class="muted">
        {waiting === 0 ? "" : `${waiting === 1 ? "One job waits" : `${waiting} jobs wait`}; nothing is lost. `}
        {toSeenText(hen.needs_next ?? "")}
      </p>
      <p class="row">
        {isVault ? (
          <a class="button button-go" href="/vault">
            Open the vault
          </a>
        ) : (
          <a class="button button-go" href={henHref(hen.id, "walls")}>
            See what is missing
          </a>
        )}
      </p>
    </div>
  );
}
