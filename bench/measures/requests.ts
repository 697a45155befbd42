import { type Figure, quantile } from "../figure.ts";
import type { Wire } from "../wire.ts";
import type { Span } from "./jobs.ts";

/** Clients at once: more only wait in line on two cores. */
const CLIENTS = 32;

/** Answers a second and how long the slowest hundredth takes: a look at the farm, and a task that is durable when it answers. */
export async function measureRequests(wire: Wire, span: Span): Promise<readonly Figure[]> {
  const tasks: string[] = [];
  const get = await load(span, () => wire.call("GET", "/farm"));
  const post = await load(span, async () => {
    const { task_id } = (await wire.call("POST", "/tasks", { prompt: "tidy" })) as { readonly task_id: string };
    tasks.push(task_id);
  });
  for (const id of tasks) await wire.call("DELETE", `/tasks/${id}`);
  return [...figures("GET /farm", get), ...figures("POST /tasks", post)];
}

interface Load {
  readonly perSecond: number;
  readonly times: readonly number[];
}

function figures(what: string, { perSecond, times }: Load): readonly Figure[] {
  return [
    { what: `${what}, ${CLIENTS} clients`, value: perSecond, unit: "requests/s" },
    { what: `${what} p99, ${CLIENTS} clients`, value: quantile(times, 0.99), unit: "ms" },
  ];
}

async function load({ warmMs, measureMs }: Span, ask: () => Promise<unknown>): Promise<Load> {
  const times: number[] = [];
  const begin = performance.now() + warmMs;
  const end = begin + measureMs;
  const client = async () => {
    while (performance.now() < end) {
      const startedAt = performance.now();
      await ask();
      if (startedAt >= begin) times.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { perSecond: (times.length * 1000) / measureMs, times };
}
