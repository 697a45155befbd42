/** Upper bounds of the histogram of answers, seconds: from a look-up in memory to a wait for a disk. */
const BUCKETS_SECS: readonly number[] = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];

/** One figure that is read when it is asked for. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly type: "gauge" | "counter";
  /** A number, or one for each value of the label. */
  readonly read: () => number | Promise<number> | Promise<Readonly<Record<string, number>>>;
  readonly label?: string;
}

interface Timing {
  readonly counts: number[];
  sum: number;
  total: number;
}

/** Figures of the daemon in the text format of Prometheus (prometheus.io/docs/instrumenting/exposition_formats, 0.0.4). */
export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #timings = new Map<string, Timing>();
  readonly #gauges: Gauge[] = [];

  /** One answer. `route` is a row of the table of operations or a fixed word, so there are only so many. */
  answered(route: string, status: number, seconds: number): void {
    const key = `route="${route}",status="${status}"`;
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
    const timing = this.#timings.get(route) ?? { counts: BUCKETS_SECS.map(() => 0), sum: 0, total: 0 };
    this.#timings.set(route, timing);
    const bucket = BUCKETS_SECS.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) timing.counts[bucket] = (timing.counts[bucket] ?? 0) + 1;
    timing.sum += seconds;
    timing.total += 1;
  }

  /** Adds a figure to the page. */
  gauge(gauge: Gauge): void {
    this.#gauges.push(gauge);
  }

  /** The whole page. */
  async render(): Promise<string> {
    const lines: string[] = [];
    lines.push(
      "# HELP coop_http_requests_total Answers, by route and status.",
      "# TYPE coop_http_requests_total counter",
    );
    for (const [labels, count] of this.#requests) lines.push(`coop_http_requests_total{${labels}} ${count}`);
    const name = "coop_http_request_seconds";
    lines.push(`# HELP ${name} From the first line of a request to its answer.`, `# TYPE ${name} histogram`);
    for (const [route, { counts, sum, total }] of this.#timings) {
      let below = 0;
      BUCKETS_SECS.forEach((bound, i) => {
        below += counts[i] ?? 0;
        lines.push(`${name}_bucket{route="${route}",le="${bound}"} ${below}`);
      });
      lines.push(`${name}_bucket{route="${route}",le="+Inf"} ${total}`);
      lines.push(`${name}_sum{route="${route}"} ${sum}`, `${name}_count{route="${route}"} ${total}`);
    }
    for (const gauge of this.#gauges) lines.push(...(await renderGauge(gauge)));
    return `${lines.join("\n")}\n`;
  }
}

async function renderGauge({ name, help, type, read, label = "value" }: Gauge): Promise<readonly string[]> {
  const value = await read();
  const rows = typeof value === "number" ? [`${name} ${value}`] : [];
  const labelled = typeof value === "number" ? [] : Object.entries(value);
  for (const [key, count] of labelled) rows.push(`${name}{${label}="${key.replace(/[\\"\n]/g, "_")}"} ${count}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...rows];
}
