import { type DoctorRow, OPTIONAL_ROWS, probeHost } from "coopd-sandbox";
import { withLocalSandbox } from "./local-sandbox.ts";

/** What a daemon of this account would find on this host. */
export function measureHere(): Promise<{ readonly ok: boolean; readonly rows: readonly DoctorRow[] }> {
  return withLocalSandbox(async (sandbox) => {
    const rows = await probeHost(sandbox);
    return { ok: rows.every((row) => row.holds || OPTIONAL_ROWS.includes(row.id)), rows };
  });
}
