/** How an agent has died so far. */
export interface AgentDeaths {
  /** One after the other, none of which came after a good while of life. */
  readonly count: number;
}

/** What to do about an agent that has ended. */
export type AgentVerdict =
  | { readonly again: true; readonly waitMs: number; readonly deaths: AgentDeaths }
  | { readonly again: false; readonly reason: "left" | "dies_too_often" };

/** No deaths yet. */
export const NO_DEATHS: AgentDeaths = { count: 0 };

/** An agent that dies this often in a row does not start here, and trying on would only hide that. */
export const RELAUNCHES_MAX = 3;

/** An agent that has lived this long has started well, ms; a later death begins a new row. */
const GOOD_LIFE_MS = 60_000;

/** Before the first start again, ms; twice as long before each further one. */
const FIRST_WAIT_MS = 500;

/** Exit 0 is an agent that somebody told to leave; anything else is a death (contract/domain.md §9, weaknesses G5). */
export function judgeAgentEnd(
  end: { readonly exitCode: number; readonly livedMs: number },
  before: AgentDeaths,
): AgentVerdict {
  if (end.exitCode === 0) return { again: false, reason: "left" };
  const count = (end.livedMs >= GOOD_LIFE_MS ? 0 : before.count) + 1;
  if (count > RELAUNCHES_MAX) return { again: false, reason: "dies_too_often" };
  return { again: true, waitMs: FIRST_WAIT_MS * 2 ** (count - 1), deaths: { count } };
}
