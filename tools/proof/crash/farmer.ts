import { promptHen } from "../../../packages/coopd/src/testing/index.ts";
import type { DaemonProcess } from "./daemon-process.ts";
import { type Random, toTag, writePrompt } from "./workload.ts";

type Driver = NonNullable<Awaited<DaemonProcess["up"]>>;

/** Jobs that wait, at most: enough that every claim finds some, few enough that the end is soon after the last kill. */
const QUEUED_MAX = 60;

/** Submits jobs to whatever daemon is up, and keeps what it was promised. */
export class Farmer {
  /** Job id → tag of every submit that was answered 202. */
  readonly accepted = new Map<string, string>();
  /** Every tag that was ever sent, answered or not. */
  readonly sent = new Set<string>();
  readonly hens: string[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  async hatch(driver: Driver, name: string): Promise<void> {
    this.hens.push(await driver.hatch(promptHen(name)));
  }

  /**
   * Submits one job after the other until the daemon is gone or `until` says stop. A submit that finds no answer is not
   * repeated: its tag stays in `sent` only, so that a job which exists all the same is no surprise.
   */
  async feed(driver: Driver, until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      try {
        if ((await countQueued(driver)) < QUEUED_MAX) await this.submit(driver);
      } catch (error) {
        if (isGone(error)) return;
        throw error;
      }
      await Bun.sleep(this.#random(15));
    }
  }

  async submit(driver: Driver): Promise<void> {
    const tag = toTag(this.sent.size);
    this.sent.add(tag);
    const hen = this.hens[this.#random(this.hens.length)] ?? "";
    this.accepted.set(await driver.submit(hen, writePrompt(tag, this.#random)), tag);
  }
}

/** Resolves when nothing is queued or running any more. @throws Error after `secondsMax` */
export async function waitUntilIdle(driver: Driver, secondsMax: number): Promise<void> {
  const deadline = performance.now() + secondsMax * 1000;
  for (;;) {
    const { jobs } = (await driver.call("GET", "/farm")).json as Farm;
    if (jobs.queued + jobs.running === 0) return;
    if (performance.now() > deadline) {
      throw new Error(`after ${secondsMax} s ${jobs.queued} jobs are queued and ${jobs.running} running`);
    }
    await Bun.sleep(50);
  }
}

interface Farm {
  readonly jobs: { readonly queued: number; readonly running: number };
}

async function countQueued(driver: Driver): Promise<number> {
  return ((await driver.call("GET", "/farm")).json as Farm).jobs.queued;
}

/** What a client sees of a daemon that was killed: a connection refused, reset or closed. */
export function isGone(error: unknown): boolean {
  const code = (error as { readonly code?: string }).code ?? "";
  return ["ConnectionRefused", "ECONNRESET", "ConnectionClosed", "ECONNREFUSED", "EPIPE"].includes(code);
}
