import type { HenAnswer } from "coop-client";

/** What every tab of a hen gets. */
export interface HenTabProps {
  readonly hen: HenAnswer;
}
