import { type Figure, quantile } from "../figure.ts";
import { hatchHens, readJobEnd, removeHens, type Wire } from "../wire.ts";

/** How long each figure is measured, after this much of warming up, ms. */
export interface Span {
  readonly warmMs: number;
  readonly measureMs: number;
}

/** Jobs that wait or run at once, over all hens: enough that the daemon never waits for the bench. */
const OPEN_JOBS = 400;
/** A hen's share of them: more only makes its queue longer. */
const OPEN_PER_HEN_MAX = 16;

/** What the brain of the measured hens is, and the prompt that makes it answer at once. */
export interface InstantHens {
  readonly label: string;
  readonly brain: string;
  readonly prompt: string;
}

/** Durable jobs a second, from submit to settled, with `count` hens that are never out of work. */
export async function measureJobs(
  wire: Wire,
  count: number,
  { label, brain, prompt }: InstantHens,
  span: Span,
  budget?: Figure["budget"],
): Promise<Figure> {
  const hens = await hatchHens(wire, `${label}-${count}`, count, brain);
  const openPerHen = Math.max(1, Math.min(OPEN_PER_HEN_MAX, Math.floor(OPEN_JOBS / count)));
  let [ended, failed, isOver] = [0, 0, false];
  const henOf = new Map<string, string>();
  const early = new Set<string>(); // the end of a job may be seen before the answer to its submit
  const errors: unknown[] = [];
  const feed = async (hen: string) => {
    if (isOver) return;
    try {
      const id = await wire.submit(hen, prompt);
      if (early.delete(id)) queueMicrotask(() => void feed(hen));
      else henOf.set(id, hen);
    } catch (error) {
      errors.push(error);
    }
  };
  const socket = await wire.watch((text) => {
    const end = readJobEnd(text);
    if (end === undefined) return;
    ended += 1;
    if (end.status !== "DONE") failed += 1;
    const hen = henOf.get(end.jobId);
    if (hen === undefined) early.add(end.jobId);
    else if (henOf.delete(end.jobId)) void feed(hen);
  });
  await Promise.all(hens.flatMap((hen) => Array.from({ length: openPerHen }, () => feed(hen))));
  await Bun.sleep(span.warmMs);
  const [before, startedAt] = [ended, performance.now()];
  await Bun.sleep(span.measureMs);
  const value = ((ended - before) * 1000) / (performance.now() - startedAt);
  isOver = true;
  await waitUntil(() => henOf.size === 0 || errors.length > 0);
  socket.close();
  if (errors.length + failed > 0) throw new Error(`${failed} jobs failed, ${errors.length} submits: ${errors[0]}`);
  await removeHens(wire, hens);
  const what = `jobs/s, ${count} hens, ${label} brain`;
  return { what, value, unit: "jobs/s", ...(budget === undefined ? {} : { budget }) };
}

/** How long a submit takes until it is durable, with 64 clients at once and the jobs running meanwhile. */
export async function measureSubmit(
  wire: Wire,
  { label, brain, prompt }: InstantHens,
  span: Span,
): Promise<readonly Figure[]> {
  const clients = 64;
  const hens = await hatchHens(wire, `submit-${label}`, clients, brain);
  const end = performance.now() + span.measureMs;
  const times: number[] = [];
  const client = async (hen: string) => {
    // 900 a client stay below the 1,000 that may wait for a hen.
    for (let sent = 0; sent < 900 && performance.now() < end; sent += 1) {
      const startedAt = performance.now();
      await wire.submit(hen, prompt);
      times.push(performance.now() - startedAt);
    }
  };
  await Promise.all(hens.map(client));
  await removeHens(wire, hens);
  return [
    { what: `submit p50, ${clients} clients`, value: quantile(times, 0.5), unit: "ms" },
    { what: `submit p99, ${clients} clients`, value: quantile(times, 0.99), unit: "ms" },
  ];
}

/** Longer than this the last jobs do not take, ms. */
const LAST_JOBS_MS_MAX = 60_000;

async function waitUntil(holds: () => boolean): Promise<void> {
  for (const deadline = performance.now() + LAST_JOBS_MS_MAX; !holds() && performance.now() < deadline; )
    await Bun.sleep(20);
}
