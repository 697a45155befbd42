import type { HenAnswer } from "coop-client";
import { useState } from "preact/hooks";
import { shortName } from "../../../app/addresses.ts";
import { hens, jobs } from "../../../data/farm-state.ts";
import { Button } from "../../../kit/button.tsx";
import { confirm } from "../../../kit/confirm.tsx";
import { toSeenText } from "../../../kit/plain-text.tsx";
import { doMove, type Refused } from "./do-move.ts";
import { LeaseDialog } from "./lease-dialog.tsx";
import { type Move, movesOf } from "./moves.ts";

/** The legal moves, as buttons. What is refused is told to `onRefused`, for a note that stays. */
export function HenMoves({
  hen,
  onRefused,
}: {
  readonly hen: HenAnswer;
  readonly onRefused: (refused: Refused | undefined) => void;
}) {
  const [isLeasing, setLeasing] = useState(false);
  const press = async (move: Move) => {
    onRefused(undefined);
    if (move.key === "lease") return setLeasing(true);
    const isBusy = isWorking(hen.id);
    const question = move.ask?.(toSeenText(shortName(hen.id)), isBusy);
    if (question !== undefined && !(await confirm(question))) return undefined;
    return doMove(hen.id, move, isBusy, onRefused);
  };
  return (
    <div class="hen-moves">
      {hen.state === "HATCHING" && <span class="muted">the shell is cracking…</span>}
      {movesOf(hen).map((move) => (
        <Button key={move.key} tone={move.tone} onClick={() => press(move)}>
          {move.label}
        </Button>
      ))}
      {isLeasing && <LeaseDialog hen={hen} onClose={() => setLeasing(false)} />}
    </div>
  );
}

function isWorking(id: string): boolean {
  if (hens.peek().get(id)?.state === "WORKING") return true;
  return [...jobs.peek().values()].some((job) => job.hen_id === id && job.status === "RUNNING");
}
