import { classify } from "../wire/classify.ts";
import { parseSaid } from "../wire/said.ts";

/** Which optional parts of the wire format a model and its server take. */
export interface Dialect {
  /** Newer models refuse one that is set. */
  readonly temperature: boolean;
  /** Marks what may be cached; compatible servers may not know it. */
  readonly cache: boolean;
  /** Gives signed thinking back. A model refuses what another has signed, and what a server has altered. */
  readonly thinking: boolean;
  /** Gives blocks back that this version does not know. */
  readonly unknown: boolean;
}

/** What is tried first. */
export const FULL_DIALECT: Dialect = { temperature: true, cache: true, thinking: true, unknown: true };

/**
 * A plainer dialect to ask again in after a server refused a request as malformed: without what the refusal names.
 * Undefined when it names nothing that can be left out. Each step is taken once, so a request is asked at most five times.
 */
export function plainerDialect(
  dialect: Dialect,
  refusal: { readonly status: number; readonly body: string },
  unknownTypes: readonly string[],
): Dialect | undefined {
  const { status, body } = refusal;
  if (status !== 400 && status !== 422) return undefined;
  if (classify(status, parseSaid(body)) !== "brain_bad_request") return undefined;
  const names = (field: string) => body.includes(field);
  if (dialect.temperature && names("temperature")) return { ...dialect, temperature: false };
  if (dialect.cache && names("cache_control")) return { ...dialect, cache: false };
  if (dialect.thinking && (names("thinking") || names("signature"))) return { ...dialect, thinking: false };
  if (dialect.unknown && unknownTypes.some(names)) return { ...dialect, unknown: false };
  return undefined;
}
