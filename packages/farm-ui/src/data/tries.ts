import { useSignal } from "@preact/signals";
import { CoopError } from "coopd-core";
import { now } from "../kit/time.tsx";
import { toTrouble } from "./act.ts";
import { loginIfEnded } from "./login.ts";

/** What a form with a passphrase knows of its last try. */
export interface Tries {
  /** What was wrong; it counts down while no more is heard. */
  readonly problem: string | undefined;
  /** Seconds until the next one is heard; 0 when it is. */
  readonly waitSecs: number;
  /** Tries. Answers what it came to; undefined when it failed. */
  run<T>(work: () => Promise<T>): Promise<T | undefined>;
}

/** Follows the tries of a form: a wrong passphrase is said beside its field, and too many are waited out with a count. */
export function useTries(): Tries {
  const failed = useSignal<string | undefined>(undefined);
  const untilMs = useSignal(0);
  const waitSecs = Math.max(0, Math.ceil((untilMs.value - now.value) / 1_000));
  const problem =
    waitSecs > 0
      ? `Too many wrong passphrases. The next one is heard in ${waitSecs} s.`
      : untilMs.value > 0
        ? undefined
        : failed.value;
  return {
    problem,
    waitSecs,
    async run(work) {
      failed.value = undefined;
      untilMs.value = 0;
      try {
        return await work();
      } catch (error) {
        loginIfEnded(error);
        const { what, next } = toTrouble(error);
        failed.value = next === undefined ? `${what}.` : `${what}. ${next}`;
        const secs = error instanceof CoopError ? Number(error.details?.retry_after_secs ?? 0) : 0;
        if (secs > 0) untilMs.value = Date.now() + secs * 1_000;
        return undefined;
      }
    },
  };
}
