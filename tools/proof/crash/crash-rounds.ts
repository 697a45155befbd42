import { type DaemonProcess, type Doom, startDaemon } from "./daemon-process.ts";
import { type Farmer, isGone } from "./farmer.ts";
import type { KillPoint } from "./kill-points.ts";
import type { Random } from "./workload.ts";

/** A daemon that is not where it should be after this long hangs, ms. */
const ROUND_MS_MAX = 20_000;
/** The latest moment of a random kill, ms: of every third it counts from the start, of the others from being up. */
const RANDOM_KILL_MS_MAX = 700;
/** `during` a write: the worker has the call within microseconds and its commit ends within a few milliseconds. */
const DURING_MS_MAX = 3;
/** `during` a bash: from before the sandbox is up to its last line. */
const DURING_BASH_MS_MAX = 40;

/** What every round needs. */
export interface Rounds {
  readonly dataDir: string;
  readonly farmer: Farmer;
  readonly random: Random;
}

/** Starts a daemon, lets it work, and kills it at a random moment, which may lie in its start. */
export async function killAtRandom({ dataDir, farmer, random }: Rounds): Promise<void> {
  const daemon = startDaemon(dataDir);
  const from = random(3) === 0 ? Promise.resolve() : daemon.up;
  const moment = 10 + random(RANDOM_KILL_MS_MAX);
  const killed = from.then(() => Bun.sleep(moment)).then(() => daemon.signal("SIGKILL"));
  await work(daemon, farmer);
  await killed;
  const { signal, exitCode } = await daemon.ended;
  if (signal !== "SIGKILL") throw new Error(`the daemon ended by itself with ${exitCode}:\n${daemon.stderr()}`);
}

/** Starts a daemon that dies by itself at the point, and gives it what it needs to come there. */
export async function killAtPoint({ dataDir, farmer, random }: Rounds, point: KillPoint): Promise<void> {
  const duringMsMax = point.place.kind === "tool" ? DURING_BASH_MS_MAX : DURING_MS_MAX;
  const doom: Doom = {
    point: point.name,
    nth: point.isSingle === true ? 1 : 1 + random(4),
    duringMs: random(duringMsMax + 1),
  };
  const daemon = startDaemon(dataDir, doom);
  const late = setTimeout(() => daemon.signal("SIGTERM"), ROUND_MS_MAX);
  await work(daemon, farmer, async (driver) => {
    if (point.needs === "hatch") await farmer.hatch(driver, `late-${farmer.sent.size}`);
    if (point.needs !== "sigterm") return;
    await Bun.sleep(100); // jobs are under way by then
    daemon.signal("SIGTERM");
  });
  const { signal, exitCode } = await daemon.ended;
  clearTimeout(late);
  if (signal === "SIGKILL") return;
  throw new Error(
    `${point.name} (call ${doom.nth}) was not met; the daemon ended with ${exitCode}\n${daemon.stderr()}`,
  );
}

type Driver = NonNullable<Awaited<DaemonProcess["up"]>>;

/** Feeds the daemon from when it is up until it is gone. */
async function work(daemon: DaemonProcess, farmer: Farmer, besides?: (driver: Driver) => Promise<void>) {
  const driver = await daemon.up;
  if (driver === undefined) return;
  const gone = new AbortController();
  void daemon.ended.then(() => gone.abort());
  const others = besides?.(driver).catch((error) => {
    if (!isGone(error)) throw error;
  });
  await Promise.all([farmer.feed(driver, gone.signal), others]);
}
