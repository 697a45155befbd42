import { type AccessStore, type AuditFact, type AuditState, type Clock, type Log, toInstant } from "coopd-core";

/** Longer names are cut: a line of the trail is read by people. */
const TEXT_CHARS_MAX = 300;

/** What the door knows of a request when it writes it down. */
export type AuditNote = Omit<AuditFact, "at">;

/** Writes down who did what; the store chains it. */
export interface AuditTrail {
  /** Resolves when it is durable. @throws CoopError `disk_full`, `store_unavailable` */
  record(note: AuditNote): Promise<void>;
  /**
   * The same without waiting, for what leaves its own trace in the same moment, as a job does: its entry is in the next
   * commit. Waits only while BEHIND_MAX entries are under way; what fails is logged.
   */
  recordSoon(note: AuditNote): Promise<void>;
  /** Resolves when nothing is under way any more; the store must not be closed before. */
  settled(): Promise<void>;
}

/** Entries under way; at 64 clients that submit as fast as they can there are some hundred. */
const BEHIND_MAX = 1_000;

/** Texts that come from outside are cut and freed of control characters. */
export function createAuditTrail(store: AccessStore, clock: Clock, log: Log): AuditTrail {
  const underWay = new Set<Promise<void>>();
  const record = async (note: AuditNote) => {
    await store.appendAudit({
      ...note,
      at: toInstant(clock.nowMs()),
      actor: plain(note.actor),
      target: note.target === null ? null : plain(note.target),
      before: note.before === null ? null : plainState(note.before),
      after: note.after === null ? null : plainState(note.after),
    });
  };
  return {
    record,
    async recordSoon(note) {
      const writing: Promise<void> = record(note)
        .catch((error) => log.error("an entry of the audit trail is lost", { error, request_id: note.request_id }))
        .finally(() => underWay.delete(writing));
      underWay.add(writing);
      if (underWay.size >= BEHIND_MAX) await writing;
    },
    async settled() {
      await Promise.all(underWay);
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
