import { type CallPlan, type HenId, lostCharge } from "coopd-core";
import type { Scope, WriteScope } from "../rows/scope.ts";
import { addCharge, addJobCost } from "./charge.ts";

/** A call under way, as it was begun. */
export interface OpenCall {
  readonly no: number;
  readonly day: number;
  readonly plan: CallPlan;
}

interface OpenCallRow {
  readonly no: number;
  readonly job_no: number | null;
  readonly hen_id: HenId;
  readonly day: number;
  readonly plan: string;
}

const COLUMNS = "no, job_no, hen_id, day, plan";

/** The call that a job has under way. */
export function openCallOf(scope: Scope, jobNo: number): OpenCall | undefined {
  return toOpenCall(scope.sql.get<OpenCallRow>(`SELECT ${COLUMNS} FROM open_calls WHERE job_no = $jobNo`, { jobNo }));
}

/** A call that belongs to no job, by its id. */
export function openCallNamed(scope: Scope, id: string): OpenCall | undefined {
  return toOpenCall(scope.sql.get<OpenCallRow>(`SELECT ${COLUMNS} FROM open_calls WHERE call_id = $id`, { id }));
}

/** Reserves a call's worst case. @returns its number */
export function openCall(
  scope: WriteScope,
  call: {
    readonly jobNo: number | null;
    /** Of a call that belongs to no job. */
    readonly id: string | null;
    readonly henId: HenId;
    readonly day: number;
    readonly plan: CallPlan;
  },
): number {
  const { worst } = call.plan;
  return scope.sql.insert(
    `INSERT INTO open_calls (job_no, call_id, hen_id, day, tokens, usd_micros, plan)
     VALUES ($jobNo, $id, $henId, $day, $tokens, $micros, $plan)`,
    {
      ...call,
      plan: JSON.stringify(call.plan),
      tokens: worst.input_tokens + worst.output_tokens,
      micros: worst.usd_micros,
    },
  );
}

/** The call is over; whoever ends it charges what it used. */
export function closeCall(scope: WriteScope, no: number): void {
  scope.sql.run("DELETE FROM open_calls WHERE no = $no", { no });
}

/** The call that a job has under way, if any, is given up: nobody waits for its answer, and it may be charged all the same. */
export function chargeLostCallOf(scope: WriteScope, jobNo: number): void {
  const row = scope.sql.get<OpenCallRow>(`SELECT ${COLUMNS} FROM open_calls WHERE job_no = $jobNo`, { jobNo });
  if (row !== undefined) chargeLost(scope, row);
}

/** Nobody is left whose calls they are. */
export function chargeLostCallsOfHen(scope: WriteScope, henId: HenId): void {
  const rows = scope.sql.all<OpenCallRow>(`SELECT ${COLUMNS} FROM open_calls WHERE hen_id = $henId`, { henId });
  for (const row of rows) chargeLost(scope, row);
}

/** Calls of a daemon that is gone: nobody knows what became of them, so each is charged at its worst case. */
export function chargeLostCalls(scope: WriteScope): void {
  for (const row of scope.sql.all<OpenCallRow>(`SELECT ${COLUMNS} FROM open_calls`)) chargeLost(scope, row);
}

function chargeLost(scope: WriteScope, row: OpenCallRow): void {
  const charge = lostCharge(JSON.parse(row.plan) as CallPlan);
  closeCall(scope, row.no);
  if (charge === undefined) return;
  const { provider, model, spend } = charge;
  addCharge(scope, { day: row.day, henId: row.hen_id, provider, model }, spend);
  if (row.job_no !== null) addJobCost(scope, row.job_no, spend);
}

function toOpenCall(row: OpenCallRow | undefined): OpenCall | undefined {
  return row === undefined ? undefined : { no: row.no, day: row.day, plan: JSON.parse(row.plan) as CallPlan };
}
