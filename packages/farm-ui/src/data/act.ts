import { CoopError } from "coopd-core";
import { tell } from "../kit/toast.tsx";
import { loginIfEnded } from "./login.ts";

/** What a failure says to a person: what happened, and what to do. */
export interface Trouble {
  readonly what: string;
  readonly next: string | undefined;
}

/** Any error in words. */
export function toTrouble(error: unknown): Trouble {
  if (error instanceof CoopError) return { what: error.message, next: error.next };
  return { what: error instanceof Error ? error.message : String(error), next: undefined };
}

/**
 * Does what a button asks for and tells how it went, in a toast. Answers what it came to; undefined when it failed, which was told
 * then. A login that has ended leads to the login page.
 */
export async function act<T>(work: () => Promise<T>, done?: string): Promise<T | undefined> {
  try {
    const result = await work();
    if (done !== undefined) tell({ kind: "done", text: done });
    return result;
  } catch (error) {
    loginIfEnded(error);
    const { what, next } = toTrouble(error);
    tell({ kind: "trouble", text: what, next });
    return undefined;
  }
}
