import { signal } from "@preact/signals";
import type { TerminalView } from "coopd-core";
import { client } from "../data/client.ts";
import { onFarmItem } from "../data/follow-farm.ts";
import { atMostEvery } from "../data/frame.ts";

/** Live terminals by hen id; undefined before the first answer. Somebody must have called {@link followTerminals}. */
export const terminals = signal<ReadonlyMap<string, TerminalView> | undefined>(undefined);
/** Why they could not be read, when they could not. */
export const terminalsError = signal<unknown>(undefined);

/** The least time between two readings, ms. */
const REST_MS = 200;

let isFollowing = false;

/** Keeps the list true from now on; every further call does nothing. */
export function followTerminals(): void {
  if (isFollowing) return;
  isFollowing = true;
  onFarmItem(({ type }) => {
    if (type === "terminal_changed" || type === "link_opened" || type === "gap") terminalsChanged();
  });
  terminalsChanged();
}

/** The list may be another: it is read, soon. */
export const terminalsChanged = atMostEvery(REST_MS, async () => {
  try {
    terminals.value = new Map((await client.terminals.list()).map((terminal) => [terminal.hen_id, terminal]));
    terminalsError.value = undefined;
  } catch (error) {
    terminalsError.value = error; // what was known stays; the farm's link tells when to ask again
  }
});
