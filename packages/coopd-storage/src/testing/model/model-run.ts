import type { Call } from "../../calls/messages.ts";
import { type ChildProcess, startChild } from "../child-process.ts";
import { applyCall, dumpOracle, type Expected } from "./oracle.ts";
import { createOracleState, type OracleState } from "./oracle-state.ts";
import { createRandom, type Random } from "./random.ts";
import { RandomCalls } from "./random-calls.ts";
import { randomRead } from "./random-reads.ts";

/** What to run. */
export interface ModelRunParts {
  readonly calls: number;
  readonly seed: number;
  readonly dataDir: string;
  readonly onProgress?: (report: ModelReport) => void;
}

/** What has happened; a run stops at its first fault. */
export interface ModelReport {
  readonly passed: number;
  readonly refused: number;
  readonly reads: number;
  readonly comparisons: number;
  readonly kills: number;
  readonly reopens: number;
  /** What differed, with the call; undefined when nothing did. */
  readonly fault: string | undefined;
}

/** Calls made at once; they share commits, so a kill falls into the middle of a batch. */
const GROUP_MAX = 24;
const COMPARE_EVERY = 200;
/** Often enough that a thousand operations see several, each between other calls. */
const KILL_SHARE = 1 / 15;
const REOPEN_SHARE = 1 / 90;

/**
 * Makes random calls against a store in another process and against the oracle, and compares every answer, every so often
 * everything, and everything after each restart. After kill -9 the store must hold exactly what it had answered for, and
 * perhaps the next calls in their order, none of them in part.
 */
export async function runModel(parts: ModelRunParts): Promise<ModelReport> {
  const run = new ModelRun(parts);
  try {
    await run.start();
    while (run.report.passed < parts.calls && run.report.fault === undefined) {
      await run.step();
      parts.onProgress?.(run.report);
    }
    if (run.report.fault === undefined) await run.finish();
  } catch (error) {
    run.fail(`the run itself: ${error instanceof Error ? error.stack : error}`);
  } finally {
    await run.stop();
  }
  return run.report;
}

class ModelRun {
  readonly #parts: ModelRunParts;
  readonly #random: Random;
  readonly #calls: RandomCalls;
  #state: OracleState = createOracleState();
  #child: ChildProcess | undefined;
  #lastId = 0;
  #comparedAt = 0;
  report: ModelReport = { passed: 0, refused: 0, reads: 0, comparisons: 0, kills: 0, reopens: 0, fault: undefined };

  constructor(parts: ModelRunParts) {
    this.#parts = parts;
    this.#random = createRandom(parts.seed);
    this.#calls = new RandomCalls(this.#random);
  }

  async start(): Promise<void> {
    this.#child = startChild("model/store-host.ts", [this.#parts.dataDir]);
    const line = await this.#child.readLine();
    if (line !== '{"ready":true}') throw new Error(`the store did not open: ${line}`);
  }

  async stop(): Promise<void> {
    await this.#child?.kill();
  }

  async step(): Promise<void> {
    if (this.#random.chance(KILL_SHARE)) await this.#killAmid();
    else if (this.#random.chance(REOPEN_SHARE)) await this.#reopen();
    else await this.#group();
    if (this.report.passed - this.#comparedAt >= COMPARE_EVERY) await this.#compareAll();
  }

  async finish(): Promise<void> {
    await this.#reopen();
    await this.#compareAll();
  }

  fail(fault: string): void {
    this.report = { ...this.report, fault: `seed ${this.#parts.seed}, after ${this.report.passed} calls: ${fault}` };
  }

  /** Calls at once, then perhaps reads at once. */
  async #group(): Promise<void> {
    const made = this.#makeCalls(1 + this.#random.below(GROUP_MAX));
    this.#send(made.map(({ call }) => call));
    for (const { call, expected } of made) if (!this.#check(call, expected, await this.#answer())) return;
    if (!this.#random.chance(0.3)) return;
    const reads = Array.from({ length: 1 + this.#random.below(6) }, () =>
      randomRead(this.#random, this.#calls, this.#state),
    );
    this.#send(reads.map(({ name, args }) => this.#number({ name, args })));
    for (const read of reads) {
      if (!this.#check({ id: 0, ...read }, read.expected, await this.#answer(), "reads")) return;
    }
  }

  /** Each call is made for the state that the one before it leaves, and applied to the oracle at once. */
  #makeCalls(count: number): readonly { readonly call: Call; readonly expected: Expected }[] {
    return Array.from({ length: count }, () => {
      const call = this.#number(this.#calls.next(this.#state));
      return { call, expected: applyCall(this.#state, call) };
    });
  }

  async #killAmid(): Promise<void> {
    let held = structuredClone(this.#state);
    const made = this.#makeCalls(GROUP_MAX);
    this.#send(made.map(({ call }) => call));
    const heard = this.#random.below(GROUP_MAX);
    const answers: unknown[] = [];
    while (answers.length < heard) answers.push(await this.#answer());
    await this.#child?.kill();
    for (let line = await this.#child?.readLine(); line !== undefined; line = await this.#child?.readLine()) {
      answers.push(JSON.parse(line));
    }
    for (const [index, answer] of answers.entries()) {
      const { call, expected } = made[index] as (typeof made)[number];
      if (!this.#check(call, expected, answer)) return;
      applyCall(held, call);
    }
    await this.start();
    this.report = { ...this.report, kills: this.report.kills + 1 };
    const found = await this.#dump(held.events[0] === undefined ? held.lastSeq : held.events[0].seq - 1);
    const first = fingerprint(dumpOracle(held));
    for (const { call } of made.slice(answers.length)) {
      if (isSame(dumpOracle(held), found)) break;
      const next = structuredClone(held);
      applyCall(next, call);
      held = next;
    }
    if (!isSame(dumpOracle(held), found)) {
      this.fail(
        `after kill -9 the store holds none of the states it may\n${firstDifference(JSON.parse(first), found)}`,
      );
      return;
    }
    this.#adopt(held);
    await this.#takeOver();
  }

  async #reopen(): Promise<void> {
    this.#child?.write('{"close":true}');
    await this.#child?.finish();
    await this.start();
    this.report = { ...this.report, reopens: this.report.reopens + 1 };
    await this.#takeOver();
  }

  /** What a daemon does first; it also lets go of what a former one held. */
  async #takeOver(): Promise<void> {
    const call = this.#number({ name: "takeOver", args: [this.#calls.now] });
    const expected = applyCall(this.#state, call);
    this.#send([call]);
    this.#check(call, expected, await this.#answer());
  }

  async #compareAll(): Promise<void> {
    const since = this.#state.lastSeq - this.#state.events.length;
    const [expected, found] = [dumpOracle(this.#state), await this.#dump(since)];
    if (!isSame(expected, found)) this.fail(`the store differs from the oracle\n${firstDifference(expected, found)}`);
    this.#adopt(this.#state);
  }

  #adopt(state: OracleState): void {
    this.#state = state;
    this.#state.events.length = 0;
    this.#comparedAt = this.report.passed;
    this.report = { ...this.report, comparisons: this.report.comparisons + 1 };
  }

  #check(call: Call, expected: Expected, answer: unknown, kind: "passed" | "reads" = "passed"): boolean {
    const { id: _, cause, ...found } = answer as Record<string, unknown>;
    if (!isSame(expected, found)) {
      this.fail(`${call.name} ${JSON.stringify(call.args)}\n${firstDifference(expected, found)} ${cause ?? ""}`);
      return false;
    }
    const refused = this.report.refused + ("code" in expected ? 1 : 0);
    this.report = { ...this.report, refused, [kind]: this.report[kind] + 1 };
    return true;
  }

  #number(call: Pick<Call, "name" | "args">): Call {
    this.#lastId += 1;
    return { id: this.#lastId, ...call };
  }

  #send(calls: readonly Call[]): void {
    this.#child?.write(JSON.stringify(calls));
  }

  async #answer(): Promise<unknown> {
    const line = await this.#child?.readLine();
    if (line === undefined) throw new Error("the store's process ended");
    return JSON.parse(line);
  }

  async #dump(since: number): Promise<unknown> {
    this.#child?.write(JSON.stringify({ dump: since }));
    return ((await this.#answer()) as { readonly dump: unknown }).dump;
  }
}

/** As JSON, with keys in order: undefined and an absent key are the same. */
function fingerprint(value: unknown): string {
  return JSON.stringify(value, (_, one) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return fingerprint(a) === fingerprint(b);
}

/** The path to the first place where two values differ, and both sides of it. */
function firstDifference(expected: unknown, found: unknown, path = ""): string {
  const areObjects = [expected, found].every((value) => typeof value === "object" && value !== null);
  if (!areObjects) return `${path || "value"}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;
  const [a, b] = [expected, found] as [Record<string, unknown>, Record<string, unknown>];
  const key = [...Object.keys(a), ...Object.keys(b)].find((one) => !isSame(a[one] ?? null, b[one] ?? null));
  return key === undefined ? "no difference" : firstDifference(a[key] ?? null, b[key] ?? null, `${path}.${key}`);
}
