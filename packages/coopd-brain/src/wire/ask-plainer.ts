import type { Attempt } from "./wire.ts";

/**
 * Asks, and where the server calls the request malformed, asks again in a plainer dialect, as long as `plainer` knows one.
 * @throws what the SDK throws
 */
export async function askPlainer<Dialect>(parts: {
  readonly ask: (dialect: Dialect) => Promise<Response>;
  readonly first: Dialect;
  readonly plainer: (
    dialect: Dialect,
    refusal: { readonly status: number; readonly body: string },
  ) => Dialect | undefined;
  readonly attempt: Attempt;
}): Promise<{ readonly response: Response; readonly dialect: Dialect }> {
  const { ask, first, plainer, attempt } = parts;
  let dialect = first;
  for (;;) {
    try {
      return { response: await ask(dialect), dialect };
    } catch (error) {
      const { refusal } = attempt.sealed;
      const isRefusal = refusal !== undefined && (error as { status?: unknown }).status === refusal.status;
      const next = isRefusal ? plainer(dialect, refusal) : undefined;
      if (next === undefined) throw error;
      dialect = next;
    }
  }
}
