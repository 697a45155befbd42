import { join } from "node:path";
import { promptHen } from "../../../packages/coopd/src/testing/index.ts";
import type { ErrorEnvelope, Job } from "../../../packages/coopd-core/src/index.ts";
import { type DaemonProcess, startDaemon } from "./daemon-process.ts";
import { waitUntilIdle } from "./farmer.ts";
import { readFarm } from "./read-farm.ts";
import { openSmallDisk, type SmallDisk } from "./small-disk.ts";
import { toTag } from "./workload.ts";

type Driver = NonNullable<Awaited<DaemonProcess["up"]>>;

/** Submits of 200 kB until a full disk must have said so: the disk has 48 MB. */
const SUBMITS_MAX = 400;
const PROMPT_CHARS = 200_000;
/** A write that is held is tried again after at most 30 s (coopd's durable-writes), so this is time enough, s. */
const GO_ON_SECS_MAX = 60;
const READING_TURNS = 12;

/**
 * A disk that fills up and one that stops taking writes: clients are told so by code, the process stays healthy, what
 * was accepted ends when the disk is back, and nothing is damaged. One sentence for each promise that broke.
 */
export async function proveBadDisk(folder: string): Promise<readonly string[]> {
  const broken: string[] = [];
  const expect = (name: string, found: unknown, wanted: unknown) => {
    if (JSON.stringify(found) !== JSON.stringify(wanted)) {
      broken.push(`${name}: ${JSON.stringify(found)} and not ${JSON.stringify(wanted)}`);
    }
  };
  using disk = openSmallDisk(folder);
  const farm = new DiskFarm(join(disk.path, "farm"), expect);
  await proveFull(disk, farm, expect);
  await proveFrozen(disk, farm, expect);
  await proveReadOnlyStart(disk, farm, expect);
  return broken;
}

type Expect = (name: string, found: unknown, wanted: unknown) => void;

/** Jobs accepted on the small disk, and what became of them. */
class DiskFarm {
  readonly dataDir: string;
  readonly accepted: string[] = [];
  hen = "";
  #tags = 0;
  readonly #expect: Expect;

  constructor(dataDir: string, expect: Expect) {
    this.dataDir = dataDir;
    this.#expect = expect;
  }

  /** A job of many turns whose tools touch no disk, so that only the store meets the fault. */
  async submit(driver: Driver, padding = 0): Promise<number> {
    const turns = Array.from({ length: padding === 0 ? READING_TURNS : 0 }, () => ({
      tools: [{ name: "file_read", input: { path: "nothing" } }],
      delay_ms: 150,
    }));
    const text = `${toTag(this.#tags++)} ${"x".repeat(padding)}`;
    const body = { prompt: JSON.stringify([...turns, { text }]) };
    const { status, json } = await driver.call("POST", `/hens/${encodeURIComponent(this.hen)}/jobs`, body);
    if (status === 202) this.accepted.push((json as { job_id: string }).job_id);
    else this.#expect("a refusal has a code", typeof (json as ErrorEnvelope).code, "string");
    return status;
  }

  async expectHealthy(driver: Driver): Promise<void> {
    this.#expect("healthz", (await driver.call("GET", "/healthz")).status, 200);
  }

  async expectAllDone(driver: Driver): Promise<void> {
    await waitUntilIdle(driver, GO_ON_SECS_MAX);
    for (const id of this.accepted) {
      const { status } = (await driver.call("GET", `/jobs/${id}`)).json as Job;
      this.#expect(`job ${id}`, status, "DONE");
    }
  }

  async expectSound(): Promise<void> {
    const { faults, stories } = await readFarm(this.dataDir);
    this.#expect("faults of the store", faults, []);
    for (const { job, journal } of stories) {
      const answers = journal.flatMap((entry) => (entry.kind === "brain.response" ? [entry.turn] : []));
      this.#expect(`turns of ${job.id}`, new Set(answers).size, answers.length);
    }
  }
}

async function proveFull(disk: SmallDisk, farm: DiskFarm, expect: Expect): Promise<void> {
  const daemon = startDaemon(farm.dataDir);
  const driver = await requireUp(daemon);
  farm.hen = await driver.hatch(promptHen("small-disk"));
  await farm.submit(driver);
  await Bun.sleep(300); // the job is in the middle of its turns
  disk.fill();
  let refused: number | undefined;
  for (let submit = 0; submit < SUBMITS_MAX && refused === undefined; submit += 1) {
    const status = await farm.submit(driver, PROMPT_CHARS);
    if (status !== 202) refused = status;
  }
  expect("a submit on a full disk", refused, 507);
  await farm.expectHealthy(driver);
  expect("a listing on a full disk", (await driver.call("GET", "/jobs?limit=5")).status, 200);
  await Bun.sleep(1_500); // the job under way meets the full disk too, and waits
  disk.free();
  expect("a submit when space is back", await farm.submit(driver), 202);
  await farm.expectAllDone(driver);
  await stop(daemon, expect);
  await farm.expectSound();
}

async function proveFrozen(disk: SmallDisk, farm: DiskFarm, expect: Expect): Promise<void> {
  const daemon = startDaemon(farm.dataDir);
  const driver = await requireUp(daemon);
  await farm.submit(driver);
  await Bun.sleep(300);
  disk.freeze();
  expect("a submit on a disk that takes no writes", await farm.submit(driver), 503);
  await farm.expectHealthy(driver);
  daemon.signal("SIGKILL");
  await daemon.ended;
  disk.unmount();
  disk.mount();
  const second = startDaemon(farm.dataDir);
  await farm.expectAllDone(await requireUp(second));
  await stop(second, expect);
  await farm.expectSound();
}

async function proveReadOnlyStart(disk: SmallDisk, farm: DiskFarm, expect: Expect): Promise<void> {
  disk.unmount();
  disk.mount(true);
  const daemon = startDaemon(farm.dataDir);
  expect("a start on a read-only disk comes up", (await daemon.up) !== undefined, false);
  await daemon.ended;
  expect("and says why", /read-only|Read-only|EROFS/.test(daemon.stderr()), true);
  disk.unmount();
  disk.mount();
  await farm.expectSound();
}

async function requireUp(daemon: DaemonProcess): Promise<Driver> {
  const driver = await daemon.up;
  if (driver === undefined) throw new Error(`the daemon did not come up:\n${daemon.stderr()}`);
  return driver;
}

async function stop(daemon: DaemonProcess, expect: Expect): Promise<void> {
  daemon.signal("SIGTERM");
  expect("exit code after SIGTERM", (await daemon.ended).exitCode, 0);
}
