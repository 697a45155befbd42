import { fromInstant, HEN_STATES, type Instant, JOB_STATUSES, type JobId, type OnceKey } from "coopd-core";
import type { ReadName } from "../../calls/names.ts";
import { henId, jobId } from "../samples.ts";
import { liveKey } from "./oracle-hens.ts";
import { byJobId, type OracleState } from "./oracle-state.ts";
import type { Random } from "./random.ts";
import type { RandomCalls } from "./random-calls.ts";

/** A read and what it must answer. */
export interface RandomRead {
  readonly name: ReadName;
  readonly args: readonly unknown[];
  readonly expected: { readonly value: unknown } | { readonly code: string };
}

/** One read with chosen arguments, and its answer worked out from the oracle by brute force. */
export function randomRead(random: Random, calls: RandomCalls, state: OracleState): RandomRead {
  const records = [...state.jobs.values()].sort(byJobId);
  const id = random.pick(records)?.job.id ?? jobId(0);
  const hen = henId(`h${random.below(11)}`);
  const limit = random.below(30);
  const journal = state.jobs.get(id)?.journal ?? [];
  const seq = random.below(journal.length + 2);
  const key: OnceKey = { key: `key-${random.below(40)}`, request: `r${random.below(3)}` };
  const call = { parentId: id, turn: 1 + random.below(2), callId: `c${random.below(2)}` };
  const reads: readonly (() => RandomRead)[] = [
    () => read("hen", [hen], state.hens.get(hen)?.hen),
    () => read("henUsage", [hen], state.hens.get(hen)?.usage),
    () => read("nextLeaseEnd", [], nextLeaseEnd(state)),
    () => read("manifestText", [hen], state.hens.get(hen)?.manifestText),
    () => read("job", [id], state.jobs.get(id)?.job),
    () => read("journal", [id, { after: seq, limit }], journal.slice(seq, seq + limit)),
    () => read("episodes", [hen, limit], limit === 0 ? [] : (state.episodes.get(hen) ?? []).slice(-limit)),
    () =>
      read(
        "latestJobs",
        [limit],
        records
          .map(({ job }) => job)
          .reverse()
          .slice(0, limit),
      ),
    () => read("childOfCall", [call], state.jobs.get(id)?.children.get(`${call.turn}:${call.callId}`)),
    () => readHens(random, state, limit),
    () => readJobs(random, state, limit),
    () => readMadeBy(state, key, calls),
    () => read("openChildren", [{ parentId: id }, { limit }], openChildren(state, id).slice(0, limit)),
    () => read("setting", ["key1"], state.settings.get("key1")),
  ];
  return (random.pick(reads) ?? (() => read("setting", ["key0"], state.settings.get("key0"))))();
}

function read(name: ReadName, args: readonly unknown[], value: unknown): RandomRead {
  return { name, args, expected: { value } };
}

function readHens(random: Random, state: OracleState, limit: number): RandomRead {
  const wanted = random.chance(0.5) ? random.pick(HEN_STATES) : undefined;
  const after = henId(`h${random.below(10)}`);
  const found = [...state.hens.values()]
    .map(({ hen }) => hen)
    .filter((hen) => hen.id > after && (wanted === undefined || hen.state === wanted))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return read("hens", [wanted === undefined ? {} : { state: wanted }, { limit, after }], found.slice(0, limit));
}

function readJobs(random: Random, state: OracleState, limit: number): RandomRead {
  const wanted = random.chance(0.6) ? JOB_STATUSES.filter(() => random.chance(0.4)) : undefined;
  const of = random.chance(0.5) ? henId(`h${random.below(10)}`) : undefined;
  const records = [...state.jobs.values()].sort(byJobId);
  const after = random.chance(0.5) ? random.pick(records)?.job.id : undefined;
  const found = records
    .map(({ job }) => job)
    .filter((job) => after === undefined || job.id > after)
    .filter((job) => (of === undefined || job.hen_id === of) && (wanted === undefined || wanted.includes(job.status)));
  const filter = { ...(of === undefined ? {} : { henId: of }), ...(wanted === undefined ? {} : { status: wanted }) };
  return read("jobs", [filter, { limit, ...(after === undefined ? {} : { after }) }], found.slice(0, limit));
}

function readMadeBy(state: OracleState, once: OnceKey, calls: RandomCalls): RandomRead {
  const known = liveKey(state, once.key, calls.now);
  const isOther = known !== undefined && known.request !== once.request;
  const expected = isOther ? { code: "idempotency_conflict" } : { value: known?.made };
  return { name: "madeBy", args: [once, calls.now], expected };
}

function openChildren(state: OracleState, parentId: JobId) {
  return [...(state.jobs.get(parentId)?.children.values() ?? [])]
    .flatMap((id) => state.jobs.get(id)?.job ?? [])
    .filter(({ status }) => status === "QUEUED" || status === "RUNNING")
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function nextLeaseEnd(state: OracleState): Instant | undefined {
  return [...state.hens.values()]
    .flatMap(({ leaseEnd }) => (leaseEnd === undefined || leaseEnd.isOver ? [] : (leaseEnd.expires ?? [])))
    .sort((a, b) => fromInstant(a) - fromInstant(b))[0];
}
