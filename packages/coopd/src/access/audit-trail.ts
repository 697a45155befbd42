import { type AccessStore, type AuditFact, type AuditState, type Clock, toInstant } from "coopd-core";

/** Longer names are cut: a line of the trail is read by people. */
const TEXT_CHARS_MAX = 300;

/** What the door knows of a request when it writes it down. */
export type AuditNote = Omit<AuditFact, "at">;

/** Writes down who did what; the store chains it. */
export interface AuditTrail {
  /** Resolves when it is durable. @throws CoopError `disk_full`, `store_unavailable` */
  record(note: AuditNote): Promise<void>;
}

/** Texts that come from outside are cut and freed of control characters. */
export function createAuditTrail(store: AccessStore, clock: Clock): AuditTrail {
  return {
    async record(note) {
      await store.appendAudit({
        ...note,
        at: toInstant(clock.nowMs()),
        actor: plain(note.actor),
        target: note.target === null ? null : plain(note.target),
        before: note.before === null ? null : plainState(note.before),
        after: note.after === null ? null : plainState(note.after),
      });
    },
  };
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?").slice(0, TEXT_CHARS_MAX);
}

function plainState(state: AuditState): AuditState {
  const entries = Object.entries(state).map(([key, value]) => [key, typeof value === "string" ? plain(value) : value]);
  return Object.fromEntries(entries) as AuditState;
}
