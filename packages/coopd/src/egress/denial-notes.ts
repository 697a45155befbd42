import type { EgressOfJob, JobId } from "coopd-core";

/** Notes of one tool call; whoever wants all of them reads the egress log. */
const NOTES_MAX = 10;

/** What was denied in the name of a job since it was last asked, as notes for its journal: the farmer reads them, the model does not. */
export class DenialNotes {
  readonly #byJob = new Map<JobId, Map<string, EgressOfJob>>();

  add(row: EgressOfJob): void {
    if (row.verdict !== "denied" || row.job_id === null || row.count === 0) return;
    const rows = this.#byJob.get(row.job_id) ?? new Map<string, EgressOfJob>();
    this.#byJob.set(row.job_id, rows);
    const key = JSON.stringify([row.host, row.port, row.code]);
    const known = rows.get(key);
    if (known === undefined && rows.size > NOTES_MAX) return; // one more than is shown, to know that there were more
    rows.set(key, known === undefined ? row : { ...known, count: known.count + row.count });
  }

  /** A line a host and port, each with the command that would allow it. */
  take(jobId: JobId): readonly string[] {
    const rows = [...(this.#byJob.get(jobId)?.values() ?? [])];
    this.#byJob.delete(jobId);
    const lines = rows.slice(0, NOTES_MAX).map(toNote);
    if (rows.length > NOTES_MAX) lines.push(`more was denied: coop hen egress ${rows[0]?.hen_id} --denied`);
    return lines;
  }
}

function toNote({ host, port, code, reason, count, next }: EgressOfJob): string {
  const target = port === 0 ? host : `${host}:${port}`;
  const times = count > 1 ? ` (${count} times)` : "";
  const step = next === null ? "" : `; allow it: ${next}`;
  return `not let out: ${target}${times}: ${reason} (${code})${step}`;
}
