import type { BrainLink } from "../manifest/manifest.ts";
import type { ModelPrice } from "../spend/price.ts";

/** What is known of a model; what is undefined is unknown, which is never the same as no. */
export interface ModelFacts {
  readonly price: ModelPrice | undefined;
  /** Tokens that it can read. */
  readonly context_window: number | undefined;
  readonly tool_use: boolean | undefined;
  readonly vision: boolean | undefined;
}

/** Nothing is known. */
export const UNKNOWN_MODEL: ModelFacts = {
  price: undefined,
  context_window: undefined,
  tool_use: undefined,
  vision: undefined,
};

/** The sizes that `auto_route` chooses among. */
export type RouteTier = "small" | "medium" | "large";

/** What the farm knows of models: a dated table, and what the farmer has added to it. */
export interface ModelBook {
  /** The day of the table, `2026-11-26`. */
  readonly asOf: string;
  facts(link: Pick<BrainLink, "provider" | "base_url" | "model">): ModelFacts;
  readonly routes: Readonly<Record<RouteTier, string>>;
}
