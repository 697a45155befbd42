import { type DoctorRow, OPTIONAL_ROWS, probeHost, type Sandbox } from "coopd-sandbox";

/** What this host enforces, measured. */
export interface DoctorReport {
  /** True when nothing that confinement is made of is missing. */
  readonly ok: boolean;
  readonly rows: readonly DoctorRow[];
}

/** Asks the host; nothing in it is assumed, and nothing older than the call is told. */
export interface Doctor {
  report(): Promise<DoctorReport>;
}

/** A report starts several processes, so callers that come while one is made share it. */
export function createDoctor(sandbox: Sandbox): Doctor {
  let under: Promise<DoctorReport> | undefined;
  const measure = async () => {
    const rows = await probeHost(sandbox);
    return { ok: rows.every((row) => row.holds || OPTIONAL_ROWS.includes(row.id)), rows };
  };
  return {
    report() {
      under ??= measure().finally(() => {
        under = undefined;
      });
      return under;
    },
  };
}
