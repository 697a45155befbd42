import { type Signal, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { loginIfEnded } from "./login.ts";

/** Something that is read from the farm for one page. */
export interface Resource<T> {
  /** The last that was read; undefined before the first answer. It stays while a newer one is read, and when that fails. */
  readonly value: Signal<T | undefined>;
  readonly error: Signal<unknown>;
  /** Reads it again; a reading under way is given up. */
  readonly reload: () => void;
}

/**
 * Reads something when the component appears and whenever `keys` change; it is given up when the component goes. Call `reload` when
 * an event says that it may be another; nothing is read by the clock.
 */
export function useResource<T>(read: (signal: AbortSignal) => Promise<T>, keys: readonly unknown[]): Resource<T> {
  const [resource] = useState(() => openResource<T>());
  useEffect(() => {
    resource.start(read);
    return () => resource.stop();
  }, keys);
  return resource;
}

function openResource<T>() {
  const value = signal<T | undefined>(undefined);
  const error = signal<unknown>(undefined);
  let running: AbortController | undefined;
  let read: ((signal: AbortSignal) => Promise<T>) | undefined;
  const reload = () => {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    read?.(mine.signal).then(
      (found) => {
        if (mine.signal.aborted) return;
        value.value = found;
        error.value = undefined;
      },
      (failure: unknown) => {
        if (mine.signal.aborted) return;
        loginIfEnded(failure);
        error.value = failure;
      },
    );
  };
  return {
    value,
    error,
    reload,
    start(next: (signal: AbortSignal) => Promise<T>) {
      read = next;
      value.value = undefined;
      reload();
    },
    stop: () => running?.abort(),
  };
}
