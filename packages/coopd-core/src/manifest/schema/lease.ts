import * as z from "zod";
import { TOOL_NAMES } from "../tool-names.ts";
import { flag, oneOf, orNull, text, whole } from "./leaves.ts";

/** Every prompt is searched for every keyword. */
const KEYWORDS_MAX = 256;

const keywords = () =>
  z
    .array(text({ max: 256 }))
    .max(KEYWORDS_MAX)
    .default([]);

const TOPIC_FILTER = z.strictObject({
  deny_keywords: keywords().describe("A prompt that has one of these in it is refused."),
  allow_keywords: keywords().describe("When there are any, a prompt must have one of these in it."),
});

/** `lease:` (contract/manifest.md, lease). */
export const leaseSchema = z.strictObject({
  allow_lease: flag().default(false).describe("True lets this hen be leased to another farmer."),
  base_price_grain_per_hour: orNull(whole(0, Number.MAX_SAFE_INTEGER), "Not used."),
  min_renter_trust: orNull(whole(0, 4_294_967_295), "Not used."),
  stream_enabled: flag().default(false).describe("Not used."),
  spectator_enabled: flag().default(false).describe("Not used."),
  intervention_allowed: flag().default(false).describe("Not used."),
  require_framework: flag().default(true).describe("True lets only claude-code, codex and gh-copilot hens be leased."),
  allowed_tools: orNull(z.array(oneOf(TOOL_NAMES)), "The tools that jobs of a lease may use. Left out: all; []: none."),
  topic_filter: orNull(TOPIC_FILTER, "What jobs of a lease may be about."),
});
