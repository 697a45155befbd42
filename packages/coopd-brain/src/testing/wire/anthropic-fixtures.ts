import { ANSWERS } from "./anthropic-answers.ts";
import { FAILURES } from "./anthropic-failures.ts";
import type { WireFixture } from "./serve-wire.ts";

/** What the adapter must make of Messages. */
export const ANTHROPIC_FIXTURES: readonly WireFixture[] = [...ANSWERS, ...FAILURES];
