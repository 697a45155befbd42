import { type HenId, SPEND_FIELDS, type Spend } from "coopd-core";
import type { WriteScope } from "../rows/scope.ts";

/** Whose call it was, and when it was made. */
export interface ChargePlace {
  readonly day: number;
  readonly henId: HenId;
  readonly provider: string;
  readonly model: string;
}

const COLUMNS = SPEND_FIELDS.join(", ");
const VALUES = SPEND_FIELDS.map((field) => `$${field}`).join(", ");
const SUMS = SPEND_FIELDS.map((field) => `${field} = ${field} + excluded.${field}`).join(", ");

const CHARGE = `INSERT INTO spend (day, hen_id, provider, model, ${COLUMNS}) VALUES ($day, $henId, $provider, $model, ${VALUES})
  ON CONFLICT (day, hen_id, provider, model) DO UPDATE SET ${SUMS}`;

/** Adds to the sums of a day, hen and model. */
export function addCharge(scope: WriteScope, place: ChargePlace, spend: Spend): void {
  scope.sql.run(CHARGE, { ...place, ...spend });
}

/** The cost columns of a job; its tokens come with its progress (jobs/append.ts). */
export function addJobCost(scope: WriteScope, jobNo: number, spend: Spend): void {
  const { usd_micros, unpriced_tokens, uncertain_tokens, uncertain_usd_micros } = spend;
  if (usd_micros + unpriced_tokens + uncertain_tokens + uncertain_usd_micros === 0) return; // a script's calls, all of them
  scope.sql.run(
    `UPDATE jobs SET usd_micros = usd_micros + $usd_micros, unpriced_tokens = unpriced_tokens + $unpriced_tokens,
       uncertain_tokens = uncertain_tokens + $uncertain_tokens,
       uncertain_usd_micros = uncertain_usd_micros + $uncertain_usd_micros WHERE no = $jobNo`,
    { jobNo, usd_micros, unpriced_tokens, uncertain_tokens, uncertain_usd_micros },
  );
}

/** A hen that is deleted leaves what it has cost, but not its name: the farm's days stay what they were. */
export function forgetHenSpend(scope: WriteScope, henId: HenId): void {
  scope.sql.run(
    `INSERT INTO spend (day, hen_id, provider, model, ${COLUMNS})
       SELECT day, '', provider, model, ${COLUMNS} FROM spend WHERE hen_id = $henId
     ON CONFLICT (day, hen_id, provider, model) DO UPDATE SET ${SUMS}`,
    { henId },
  );
  scope.sql.run("DELETE FROM spend WHERE hen_id = $henId", { henId });
}
