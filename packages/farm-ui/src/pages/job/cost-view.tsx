import { type Job, spentOf } from "coopd-core";
import { formatMicros, formatTokens, Money } from "../../kit/amounts.tsx";
import { PlainText } from "../../kit/plain-text.tsx";
import { Table } from "../../kit/table.tsx";
import { formatSecs, now } from "../../kit/time.tsx";
import type { Story, StoryTurn } from "./read-story.ts";

/** Turns in the table; who has more reads the sums, and the journal. */
const TURNS_MAX = 500;
const MICROS = 1_000_000;

/** What the job cost, turn by turn, what of it is not certain, and how far it is from its limits. */
export function CostView({ job, story }: { readonly job: Job; readonly story: Story }) {
  const answered = story.turns.filter(({ response }) => response !== undefined);
  return (
    <div class="stack">
      <Total job={job} />
      <Limits job={job} />
      <h2>By turn</h2>
      {answered.length === 0 ? <p class="muted">No turn has been answered yet.</p> : <ByTurn turns={answered} />}
    </div>
  );
}

function Total({ job }: { readonly job: Job }) {
  const { cost, usage } = job;
  const parts: readonly (readonly [string, number])[] = [
    ["in", usage.input_tokens],
    ["from cache", usage.cache_tokens],
    ["into cache", usage.cache_write_tokens],
    ["out", usage.output_tokens],
  ];
  return (
    <div class="cost-total">
      <p class="cost-sum">
        <Money micros={cost.usd_micros} known={cost.known_usd_micros} />
      </p>
      <dl class="tool-fields">
        {parts.map(([word, count]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd class="amount">{formatTokens(count)} tok</dd>
          </div>
        ))}
      </dl>
      {cost.unpriced_tokens > 0 && (
        <p class="job-notice">
          {formatTokens(cost.unpriced_tokens)} tokens are of a model whose price is not known, so the whole is at least
          what stands above. Add the price to <code>prices.json</code> in the data directory.
        </p>
      )}
      {(cost.uncertain_tokens > 0 || cost.uncertain_usd_micros > 0) && (
        <p class="job-notice">
          Up to {formatTokens(cost.uncertain_tokens)} tokens ({formatMicros(cost.uncertain_usd_micros)}) more may have
          been charged: by calls whose end nobody knows, or that a server did not count. Limits count them.
        </p>
      )}
      {(cost.handed_tokens > 0 || cost.handed_usd_micros > 0) && (
        <p class="muted">
          Jobs that it handed on used {formatTokens(cost.handed_tokens)} tokens and{" "}
          {formatMicros(cost.handed_usd_micros)} besides; they count against its limits.
        </p>
      )}
      <p class="muted">By list price, with what the provider counted. The provider's bill is what counts.</p>
    </div>
  );
}

/** One limit, with how much of it is used. */
interface Meter {
  readonly name: string;
  readonly used: number;
  readonly limit: number | null;
  readonly show: (value: number) => string;
}

function Limits({ job }: { readonly job: Job }) {
  const { limits } = job;
  const spent = spentOf(job);
  const endMs = job.ended_at === null ? now.value : Date.parse(job.ended_at);
  const secs = job.started_at === null ? 0 : (endMs - Date.parse(job.started_at)) / 1_000;
  const count = (value: number) => String(value);
  const meters: readonly Meter[] = [
    { name: "max_turns", used: job.turns, limit: limits.max_turns, show: count },
    { name: "wall_secs", used: secs, limit: limits.wall_secs, show: (value) => formatSecs(value * 1_000) },
    { name: "output_tokens", used: job.usage.output_tokens, limit: limits.output_tokens, show: formatTokens },
    { name: "tokens", used: spent.tokens, limit: limits.tokens, show: formatTokens },
    {
      name: "cost_usd",
      used: spent.usd_micros,
      limit: limits.cost_usd === null ? null : limits.cost_usd * MICROS,
      show: formatMicros,
    },
  ];
  const isStopped = job.error_code === "limit_reached" || job.error_code === "limit_cost";
  const stopper = isStopped ? /stopped by ([\w. ]+):/.exec(job.error ?? "")?.[1] : undefined;
  const isElsewhere = stopper !== undefined && !meters.some(({ name }) => stopper === `limits.${name}`);
  return (
    <>
      <h2>Limits</h2>
      <ul class="meters">
        {meters.map((meter) => (
          <MeterRow key={meter.name} meter={meter} isStopper={stopper === `limits.${meter.name}`} />
        ))}
      </ul>
      {isElsewhere && (
        <p class="job-notice">
          It was stopped by a limit that is not its own: <code>{stopper}</code>
        </p>
      )}
    </>
  );
}

function MeterRow({ meter, isStopper }: { readonly meter: Meter; readonly isStopper: boolean }) {
  const { name, used, limit, show } = meter;
  const share = limit === null ? 0 : Math.min(1, used / Math.max(limit, 1e-9));
  return (
    <li class={`meter${isStopper ? " meter-stopper" : ""}`}>
      <code>{name}</code>
      {limit === null ? (
        <span class="muted">no limit</span>
      ) : (
        <span class="meter-track" aria-hidden="true">
          <span class={`meter-bar${share > 0.9 ? " meter-full" : ""}`} style={{ width: `${share * 100}%` }} />
        </span>
      )}
      <span class="amount">
        {show(used)}
        {limit !== null && ` of ${show(limit)}`}
        {isStopper && <strong> · stopped it</strong>}
      </span>
    </li>
  );
}

function ByTurn({ turns }: { readonly turns: readonly StoryTurn[] }) {
  const usageOf = ({ response }: StoryTurn) => response?.usage;
  return (
    <div class="cost-turns">
      <Table
        label="Cost by turn"
        rows={turns.slice(0, TURNS_MAX)}
        keyOf={({ turn }) => String(turn)}
        columns={[
          { head: "Turn", kind: "number", cell: ({ turn }) => turn },
          {
            head: "Model",
            cell: ({ response }) => <PlainText text={response?.call?.model ?? "not kept"} limit={60} />,
          },
          { head: "In", kind: "number", cell: (it) => formatTokens(usageOf(it)?.input_tokens ?? 0) },
          {
            head: "Cache",
            kind: "extra",
            cell: (it) =>
              `${formatTokens(usageOf(it)?.cache_tokens ?? 0)} / ${formatTokens(usageOf(it)?.cache_write_tokens ?? 0)}`,
          },
          { head: "Out", kind: "number", cell: (it) => formatTokens(usageOf(it)?.output_tokens ?? 0) },
          { head: "Cost", kind: "number", cell: turnCost },
        ]}
      />
      {turns.length > TURNS_MAX && (
        <p class="muted">
          The first {TURNS_MAX} of {turns.length}; the sums are of all.
        </p>
      )}
    </div>
  );
}

function turnCost({ response }: StoryTurn): string {
  if (response?.usage.unreported === true) return "not counted";
  const call = response?.call;
  if (call === undefined) return "not kept";
  if (call.cached === true) return "$0, cached";
  return call.usd_micros === null ? "unknown" : formatMicros(call.usd_micros);
}
