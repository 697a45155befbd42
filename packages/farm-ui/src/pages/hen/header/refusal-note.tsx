import type { HenAnswer } from "coop-client";
import { CoopError } from "coopd-core";
import { henHref, jobHref, shortName } from "../../../app/addresses.ts";
import { toTrouble } from "../../../data/act.ts";
import { Button } from "../../../kit/button.tsx";
import { toSeenText } from "../../../kit/plain-text.tsx";
import { doMove, type Refused } from "./do-move.ts";

/** Says why a move was refused, what stayed, and what to do: it stands until it is put away or the next move goes well. */
export function RefusalNote({
  refused,
  hen,
  onDone,
}: {
  readonly refused: Refused;
  readonly hen: HenAnswer;
  readonly onDone: () => void;
}) {
  const { move, error } = refused;
  const { what, next } = toTrouble(error);
  const code = error instanceof CoopError ? error.code : undefined;
  const jobId = error instanceof CoopError ? error.details?.job_id : undefined;
  const canForce = code === "hen_busy" && ["sleep", "archive", "delete", "release"].includes(move.key);
  return (
    <div class="error-note" role="alert">
      <h3>
        {toSeenText(shortName(hen.id))} was not {move.past}
      </h3>
      <p>{toSeenText(what)}</p>
      <p>It stays as it was.</p>
      {next !== undefined && <p class="muted">{toSeenText(next)}</p>}
      <div class="row">
        {WAYS.filter(([codes]) => code !== undefined && codes.includes(code)).map(([, title, to]) => (
          <a key={title} class="button" href={to(hen.id)}>
            {title}
          </a>
        ))}
        {typeof jobId === "string" && (
          <a class="button" href={jobHref(jobId)}>
            See its job
          </a>
        )}
        {canForce && (
          <Button
            tone="danger"
            onClick={() => doMove(hen.id, move, true, (again) => (again === undefined ? onDone() : undefined))}
          >
            Cancel its jobs and do it
          </Button>
        )}
        {!canForce && (
          <Button onClick={() => doMove(hen.id, move, false, (again) => (again === undefined ? onDone() : undefined))}>
            Try again
          </Button>
        )}
        <Button onClick={onDone}>Leave it</Button>
      </div>
    </div>
  );
}

/** Where what is missing can be seen and mended. */
const WAYS: readonly (readonly [codes: readonly string[], title: string, to: (id: string) => string])[] = [
  [["walls_missing", "sandbox_failed"], "See its walls", (id) => henHref(id, "walls")],
  [["vault_locked", "secret_unavailable", "secret_not_allowed"], "Open the vault", () => "/vault"],
  [
    ["walls_missing", "agent_missing", "brain_unsupported", "policy_denied", "secret_not_allowed"],
    "Change its manifest",
    (id) => henHref(id, "manifest"),
  ],
];
