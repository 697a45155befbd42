import type { Hen } from "../hen/hen.ts";
import type { RouteTier } from "./model-book.ts";

/** What a job's model was chosen by, once for the whole job. */
export interface Route {
  readonly tier: RouteTier;
  /** The row of {@link ROUTE_RULES} that fitted. */
  readonly rule: string;
  readonly model: string;
}

/** What the rules look at: the job as it was given, never what tools said later (weaknesses F6). */
export interface RouteInput {
  readonly prompt: string;
  /** Characters of everything that the first request says: system text, memory and prompt. */
  readonly chars: number;
  readonly hasTools: boolean;
}

/** Words of work that wants the largest model (contract/brain-vault-storage.md §6). */
const HARD_WORDS = [
  "architect",
  "design a system",
  "debug",
  "refactor",
  "optimize",
  "prove",
  "trace through",
  "plan a",
  "step by step",
  "long-form",
  "novel",
];
/** Words of work that the smallest does. */
const SIMPLE_WORDS = ["summarize one", "say hi", "what is the", "yes or no", "rate", "classify", "translate"];
const LONG_CHARS = 20_000;
const SIMPLE_CHARS = 600;
const SHORT_CHARS = 300;

interface RouteRule {
  readonly name: string;
  readonly tier: RouteTier;
  readonly fits: (input: RouteInput) => boolean;
}

/** The first that fits decides. */
export const ROUTE_RULES: readonly RouteRule[] = [
  { name: "hard words", tier: "large", fits: ({ prompt }) => hasWord(prompt, HARD_WORDS) },
  { name: "long", tier: "large", fits: ({ chars }) => chars > LONG_CHARS },
  {
    name: "simple words",
    tier: "small",
    fits: ({ prompt, chars, hasTools }) => !hasTools && chars < SIMPLE_CHARS && hasWord(prompt, SIMPLE_WORDS),
  },
  { name: "short", tier: "small", fits: ({ chars, hasTools }) => !hasTools && chars < SHORT_CHARS },
  { name: "otherwise", tier: "medium", fits: () => true },
];

/** Chooses a job's model. The same job gets the same one wherever and whenever it is asked. */
export function chooseRoute(input: RouteInput, models: Readonly<Record<RouteTier, string>>): Route {
  const rule = ROUTE_RULES.find(({ fits }) => fits(input));
  if (rule === undefined) throw new Error("the last rule fits everything");
  return { tier: rule.tier, rule: rule.name, model: models[rule.tier] };
}

/** The hen with the model that its job was routed to; the hen itself where it was not. */
export function withRoute(hen: Hen, route: Route | undefined): Hen {
  if (route === undefined) return hen;
  const { manifest } = hen;
  return { ...hen, manifest: { ...manifest, brain: { ...manifest.brain, model: route.model } } };
}

/** Whole words only: "generate" has no "rate" in it, and "improve" no "prove" (weaknesses F6). */
function hasWord(text: string, words: readonly string[]): boolean {
  return words.some((word) => {
    const pattern = word.replace(/\s+/g, "\\s+");
    return new RegExp(`(?<![\\p{L}\\p{N}_])${pattern}(?![\\p{L}\\p{N}_])`, "iu").test(text);
  });
}
