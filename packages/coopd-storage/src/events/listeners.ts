import type { FarmEvent, Log } from "coopd-core";

/** Hears of each commit's events, in the order of their seq. */
export type StoreListener = (events: readonly FarmEvent[]) => void;

/** Those who have subscribed. */
export interface Listeners {
  /** Returns the way to stop. */
  readonly add: (listener: StoreListener) => () => void;
  readonly deliver: StoreListener;
}

/** A listener that throws is a mistake of its own: it is logged, and neither the others nor the caller's answer suffer. */
export function createListeners(log: Log): Listeners {
  const subscriptions = new Set<{ readonly listener: StoreListener }>();
  return {
    add: (listener) => {
      const subscription = { listener };
      subscriptions.add(subscription);
      return () => {
        subscriptions.delete(subscription);
      };
    },
    deliver: (events) => {
      for (const { listener } of [...subscriptions]) {
        try {
          listener(events);
        } catch (error) {
          log.error("a listener to the store's events threw", { error });
        }
      }
    },
  };
}
