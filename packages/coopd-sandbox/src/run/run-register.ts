import { CoopError, type HenId } from "coopd-core";

/** What runs just now, by hen, so that deleting a hen and closing the sandbox can end it. */
export interface RunRegister {
  /** Runs `work` with a signal that the caller's signal or this register aborts. */
  track<T>(henId: HenId, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Ends everything of the hen, and returns when it has ended. */
  end(henId: HenId): Promise<void>;
  /** Ends everything and refuses what comes later. */
  endAll(): Promise<void>;
}

/** An empty register of what runs. */
export function createRunRegister(): RunRegister {
  const runs = new Map<AbortController, { readonly henId: HenId; readonly done: Promise<unknown> }>();
  let isClosed = false;

  async function track<T>(henId: HenId, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (isClosed) throw new CoopError("shutting_down", "the daemon is stopping; no process is started any more");
    const controller = new AbortController();
    const result = work(AbortSignal.any([signal, controller.signal]));
    runs.set(controller, { henId, done: result.catch(() => undefined) });
    try {
      return await result;
    } finally {
      runs.delete(controller);
    }
  }

  async function endWhere(isMeant: (henId: HenId) => boolean): Promise<void> {
    const meant = Array.from(runs).filter(([, run]) => isMeant(run.henId));
    for (const [controller] of meant) controller.abort();
    await Promise.all(meant.map(([, run]) => run.done));
  }

  return {
    track,
    end: (henId) => endWhere((candidate) => candidate === henId),
    endAll: () => {
      isClosed = true;
      return endWhere(() => true);
    },
  };
}
