import { type Figure, quantile } from "../figure.ts";
import { openInstantBrain } from "../instant-brain.ts";
import { hatchHens, removeHens, type Wire } from "../wire.ts";
import type { InstantHens, Span } from "./jobs.ts";

/** How many events a second reach `count` watchers while 50 hens work. */
export async function measureWatchers(wire: Wire, hens: InstantHens, span: Span, count = 500): Promise<Figure> {
  let received = 0;
  const sockets = await Promise.all(
    Array.from({ length: count }, () =>
      wire.watch(() => {
        received += 1;
      }),
    ),
  );
  const ids = await hatchHens(wire, "watched", 50, hens.brain);
  let isOver = false;
  const work = ids.map(async (hen) => {
    while (!isOver) await wire.submit(hen, hens.prompt).catch(() => Bun.sleep(50)); // a full queue is work enough
  });
  await Bun.sleep(span.warmMs);
  const [before, startedAt] = [received, performance.now()];
  await Bun.sleep(span.measureMs);
  const value = ((received - before) * 1000) / (performance.now() - startedAt);
  isOver = true;
  await Promise.all(work);
  for (const socket of sockets) socket.close();
  await removeHens(wire, ids);
  return { what: `events to ${count} watchers`, value, unit: "deliveries/s", budget: { least: 200_000 } };
}

/** How long healthz takes while 100 jobs call bash and wait for their brains. */
export async function measureHealthUnderLoad(wire: Wire, span: Span): Promise<readonly Figure[]> {
  const brain = openInstantBrain({ toolTurns: 12, delayMs: 50 });
  try {
    const source = `{provider_id: none, provider: openai-compat, base_url: "${brain.baseUrl}", model: instant}`;
    const hens = await hatchHens(wire, "busy", 100, source);
    let isOver = false;
    const work = hens.map(async (hen) => {
      while (!isOver) {
        const id = await wire.submit(hen, "work");
        while (!isOver && !(await hasEnded(wire, id))) await Bun.sleep(250);
      }
    });
    await Bun.sleep(span.warmMs);
    const times: number[] = [];
    for (const end = performance.now() + span.measureMs; performance.now() < end; await Bun.sleep(10)) {
      const startedAt = performance.now();
      await wire.call("GET", "/healthz");
      times.push(performance.now() - startedAt);
    }
    isOver = true;
    await Promise.all(work);
    await removeHens(wire, hens);
    return [
      { what: "healthz p50 while 100 jobs run", value: quantile(times, 0.5), unit: "ms" },
      { what: "healthz p99 while 100 jobs run", value: quantile(times, 0.99), unit: "ms", budget: { most: 50 } },
    ];
  } finally {
    await brain.close();
  }
}

async function hasEnded(wire: Wire, id: string): Promise<boolean> {
  const { status } = (await wire.call("GET", `/jobs/${id}`)) as { readonly status: string };
  return /^(?:DONE|FAILED|CANCELLED)$/i.test(status);
}
