/** Headers in which providers say when the limit that was met is lifted; `remaining` of 0 tells which one it was. */
const RESETS: readonly { readonly reset: string; readonly remaining: string }[] = [
  ...["requests", "tokens", "input-tokens", "output-tokens"].map((kind) => ({
    reset: `anthropic-ratelimit-${kind}-reset`,
    remaining: `anthropic-ratelimit-${kind}-remaining`,
  })),
  ...["requests", "tokens"].map((kind) => ({
    reset: `x-ratelimit-reset-${kind}`,
    remaining: `x-ratelimit-remaining-${kind}`,
  })),
];

/**
 * How long a refusal asks to wait, ms from `nowMs`; undefined when it says nothing that can be read. Retry-After is
 * seconds or an HTTP date (RFC 9110 §10.2.3); Anthropic's resets are instants, OpenAI's are spans as in `6m0.5s`.
 */
export function readRetryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const ms = headers.get("retry-after-ms");
  if (ms !== null && /^\d+(?:\.\d+)?$/.test(ms.trim())) return Math.ceil(Number(ms));
  const after = headers.get("retry-after")?.trim();
  if (after !== undefined) {
    if (/^\d+(?:\.\d+)?$/.test(after)) return Math.ceil(Number(after) * 1_000);
    const atMs = /[a-z]/i.test(after) ? Date.parse(after) : Number.NaN;
    if (!Number.isNaN(atMs)) return Math.max(0, atMs - nowMs);
  }
  const waits = RESETS.filter(({ remaining }) => headers.get(remaining)?.trim() === "0")
    .map(({ reset }) => readReset(headers.get(reset)?.trim() ?? "", nowMs))
    .filter((wait) => wait !== undefined);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

function readReset(text: string, nowMs: number): number | undefined {
  const span = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/.exec(text);
  if (span !== null && text !== "") {
    const [hours, minutes, seconds, ms] = span.slice(1).map((part) => Number(part ?? 0)) as [
      number,
      number,
      number,
      number,
    ];
    return Math.ceil(hours * 3_600_000 + minutes * 60_000 + seconds * 1_000 + ms);
  }
  const atMs = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
