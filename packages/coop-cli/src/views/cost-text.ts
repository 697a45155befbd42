import type { CostView } from "coopd-core";

/** `$0.0123`; four digits behind the point, since a call costs less than a cent; a part that is unknown is said so. */
export function toCostText(cost: CostView): string {
  const { usd_micros, known_usd_micros, unpriced_tokens, uncertain_tokens, uncertain_usd_micros } = cost;
  const unknown = `unknown (${unpriced_tokens} tokens have no known price)`;
  const sum =
    usd_micros !== null ? toDollars(usd_micros) : [known(known_usd_micros), unknown].filter(Boolean).join(" + ");
  if (uncertain_tokens === 0) return sum;
  const more = uncertain_usd_micros === 0 ? `${uncertain_tokens} tokens` : toDollars(uncertain_usd_micros);
  return `${sum}, and at most ${more} for calls whose end is not known`;
}

/** The same for a narrow column: `$0.0123`, `$0.0123 + ?` or `?`. */
export function toShortCost({ usd_micros, known_usd_micros }: CostView): string {
  if (usd_micros !== null) return toDollars(usd_micros);
  return [known(known_usd_micros), "?"].filter(Boolean).join(" + ");
}

function known(micros: number): string {
  return micros === 0 ? "" : toDollars(micros);
}

/** Rounded up, so that what cost something is never shown as nothing. */
export function toDollars(micros: number): string {
  return `$${(Math.ceil(micros / 100) / 10_000).toFixed(4)}`;
}
