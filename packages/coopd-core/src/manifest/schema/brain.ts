import * as z from "zod";
import { BRAIN_PROVIDERS } from "../manifest.ts";
import { SCRIPT_REF_FORM } from "../script-ref.ts";
import { SECRET_REF_FORM } from "../secret-ref.ts";
import { flag, oneOf, orNull, text, whole } from "./leaves.ts";

/** A chain longer than this hides a problem; each link may cost a timeout of minutes. */
const FALLBACKS_MAX = 16;

/** The largest unsigned 32-bit number, which the original's fields hold. */
const U32_MAX = 4_294_967_295;

/** What kind of agent it is decides over these (rules/brain.ts), so here they are any text. */
const LINK = {
  provider_id: text({ expected: SECRET_REF_FORM }).describe(`Where the key comes from: ${SECRET_REF_FORM}.`),
  provider: oneOf(BRAIN_PROVIDERS).default("anthropic").describe("Which kind of model server is behind it."),
  base_url: orNull(text(), "Address of the model server, as in http://127.0.0.1:11434/v1. Only for openai-compat."),
  model: text({ expected: "the name of a model" }).describe(
    `Name of the model; with provider script: ${SCRIPT_REF_FORM}.`,
  ),
};

const CAPABILITIES = z.strictObject({
  context_window: whole(0, U32_MAX).default(0).describe("Tokens that the model must be able to read."),
  tool_use: flag().default(false).describe("It must be able to call tools."),
  vision: flag().default(false).describe("It must be able to see pictures."),
});

/** `brain:`, with every default filled in (contract/manifest.md, Fields). */
export const brainSchema = z.strictObject({
  ...LINK,
  capabilities_required: orNull(
    CAPABILITIES,
    "What every model named here must be able to do; a hen whose model is known not to is not hatched.",
  ),
  fallbacks: z
    .array(z.strictObject(LINK))
    .max(FALLBACKS_MAX)
    .default([])
    .describe("Models to ask, in this order, when one cannot be reached, is overloaded or lacks its key."),
  fallback_provider_ids: z.array(text()).max(FALLBACKS_MAX).default([]).describe("Not used."),
  auto_route: flag()
    .default(false)
    .describe("Choose among Anthropic's models by the job's prompt, once a job. Only for provider anthropic."),
  cache: flag().default(false).describe("Answer requests that were answered before from the farm's memory."),
});
