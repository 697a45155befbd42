import { useComputed } from "@preact/signals";
import { type FarmLimits, usedTokens } from "coopd-core";
import { useEffect, useState } from "preact/hooks";
import { act } from "../../data/act.ts";
import { client } from "../../data/client.ts";
import { farm } from "../../data/farm-state.ts";
import { useResource } from "../../data/resource.ts";
import { formatMicros, formatTokens } from "../../kit/amounts.tsx";
import { Button } from "../../kit/button.tsx";
import { ErrorNote } from "../../kit/error-note.tsx";
import { Field } from "../../kit/field.tsx";

type Key = keyof FarmLimits;

const ROWS: readonly { readonly what: string; readonly tokens: Key; readonly cost: Key }[] = [
  { what: "Each job", tokens: "job_tokens", cost: "job_cost_usd" },
  { what: "Each hen a day", tokens: "hen_day_tokens", cost: "hen_day_cost_usd" },
  { what: "The farm a day", tokens: "day_tokens", cost: "day_cost_usd" },
];

/** What models may use and cost at most. Days are those of UTC. */
export function CeilingsPanel({ canSet }: { readonly canSet: boolean }) {
  const limits = useResource((signal) => client.limits({ signal }), []);
  const found = limits.value.value;
  return (
    <section class="panel">
      <h2>Ceilings</h2>
      <p class="muted">
        No model is called when the call could pass one of them. An empty field limits nothing; a manifest may set lower
        ones. <Today />
      </p>
      {limits.error.value !== undefined && (
        <ErrorNote error={limits.error.value} title="They could not be read" onRetry={limits.reload} />
      )}
      {found !== undefined && (
        <CeilingsForm key={JSON.stringify(found)} found={found} canSet={canSet} onSet={limits.reload} />
      )}
    </section>
  );
}

function Today() {
  const today = useComputed(() => farm.value?.today).value;
  if (today === undefined) return null;
  const tokens = usedTokens(today);
  const cost = today.cost.usd_micros ?? today.cost.known_usd_micros;
  return (
    <>
      Today so far: {formatTokens(tokens)} tokens, {today.cost.usd_micros === null ? "≥ " : ""}
      {formatMicros(cost)}.
    </>
  );
}

function CeilingsForm({
  found,
  canSet,
  onSet,
}: {
  readonly found: FarmLimits;
  readonly canSet: boolean;
  readonly onSet: () => void;
}) {
  const [texts, setTexts] = useState<Readonly<Record<Key, string>>>(() => toTexts(found));
  useEffect(() => setTexts(toTexts(found)), [found]);
  const faults = ROWS.flatMap(({ tokens, cost }) => [faultOf(tokens, texts[tokens]), faultOf(cost, texts[cost])]);
  const isChanged = JSON.stringify(texts) !== JSON.stringify(toTexts(found));
  const field = (key: Key, what: string, unit: string) => (
    <Field
      label={`${what}: ${unit}`}
      isLabelHidden
      value={texts[key]}
      onInput={(value) => setTexts({ ...texts, [key]: value })}
      placeholder="no ceiling"
      problem={faultOf(key, texts[key])}
    />
  );
  const save = async () => {
    await act(() => client.setLimits(toLimits(texts)), "The ceilings hold from the next call on");
    onSet();
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <fieldset class="ceilings" disabled={!canSet}>
        <legend class="visually-hidden">Ceilings</legend>
        <span />
        <span class="muted">tokens</span>
        <span class="muted">US dollars</span>
        {ROWS.map(({ what, tokens, cost }) => [
          <strong key={what}>{what}</strong>,
          <div key={tokens}>{field(tokens, what, "tokens")}</div>,
          <div key={cost}>{field(cost, what, "US dollars")}</div>,
        ])}
      </fieldset>
      {canSet && (
        <div class="row row-end">
          <Button tone="main" isSmall isSubmit disabled={!isChanged || faults.some((fault) => fault !== undefined)}>
            Set the ceilings
          </Button>
        </div>
      )}
    </form>
  );
}

function toTexts(limits: FarmLimits): Readonly<Record<Key, string>> {
  return Object.fromEntries(
    ROWS.flatMap(({ tokens, cost }) => [tokens, cost]).map((key) => [
      key,
      limits[key] === null ? "" : String(limits[key]),
    ]),
  ) as Record<Key, string>;
}

function toLimits(texts: Readonly<Record<Key, string>>): FarmLimits {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, text.trim() === "" ? null : Number(text)]),
  ) as unknown as FarmLimits;
}

function faultOf(key: Key, text: string): string | undefined {
  if (text.trim() === "") return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) return "A number above 0, or nothing.";
  return key.endsWith("tokens") && !Number.isInteger(value) ? "A whole number." : undefined;
}
