const MICROS = 1_000_000;

/** Millionths of a dollar as `$1.20`; small sums keep two figures that count. */
export function formatMicros(micros: number): string {
  const dollars = micros / MICROS;
  if (dollars === 0) return "$0";
  if (dollars < 0.01) return `$${dollars.toPrecision(2)}`;
  return `$${dollars.toFixed(2)}`;
}

/** `950`, `12.3k`, `4.1M`. */
export function formatTokens(count: number): string {
  if (count < 1_000) return String(count);
  if (count < 999_500) return `${(count / 1_000).toFixed(count < 99_950 ? 1 : 0)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

/** `0 B`, `12.3 kB`, `4.1 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** step;
  return `${step === 0 ? value : value.toFixed(value < 100 ? 1 : 0)} ${units[step]}`;
}

/** Cost as the wire has it: null is unknown, and at least `known`. */
export function Money({ micros, known }: { readonly micros: number | null; readonly known?: number }) {
  if (micros !== null) return <span class="amount">{formatMicros(micros)}</span>;
  const least = known === undefined || known === 0 ? "unknown cost" : `≥ ${formatMicros(known)}`;
  return (
    <span class="amount" title="a model's price is not known">
      {least}
    </span>
  );
}

/** A number of tokens. */
export function Tokens({ count }: { readonly count: number }) {
  return (
    <span class="amount" title={`${count.toLocaleString("en")} tokens`}>
      {formatTokens(count)} tok
    </span>
  );
}
