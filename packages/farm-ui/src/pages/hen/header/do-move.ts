import { CoopError } from "coopd-core";
import { shortName } from "../../../app/addresses.ts";
import { goTo } from "../../../app/router.ts";
import { loginIfEnded } from "../../../data/login.ts";
import { henChanged } from "../../../data/refresh.ts";
import { tell } from "../../../kit/toast.tsx";
import type { Move } from "./moves.ts";

/** A move that the farm refused. */
export interface Refused {
  readonly move: Move;
  readonly error: unknown;
}

/** Moves it; a refusal is told to `onRefused`. With `force` what runs is cancelled first. */
export async function doMove(
  id: string,
  move: Move,
  force: boolean,
  onRefused: (refused: Refused | undefined) => void,
): Promise<void> {
  try {
    await move.run(id, force);
    onRefused(undefined);
    tell({ kind: "done", text: `${shortName(id)}: ${move.done.toLowerCase()}` });
    if (move.key === "delete") goTo("/");
    else henChanged(id);
  } catch (error) {
    loginIfEnded(error);
    const isGone = error instanceof CoopError && error.code === "hen_not_found" && move.key === "delete";
    if (isGone) return goTo("/"); // somebody was quicker, and it is as it was wanted
    onRefused({ move, error });
    henChanged(id);
  }
}
