import { AGENT_KINDS, SCOPES } from "coopd-core";
import { z } from "zod";
import { LeaseId } from "./job-body.ts";

// The shapes of JSON bodies: what a route parses with is what the OpenAPI document shows.

const Instant = z.iso.datetime({ offset: true, error: "expected an RFC 3339 instant" });
/** Longer is no token of ours or anybody's. */
const TOKEN_CHARS_MAX = 8_192;

/** `POST /auth/login`. */
export const LoginBody = z.object({ token: z.string().max(TOKEN_CHARS_MAX) });

/** `POST /tokens`. */
export const TokenBody = z.object({
  name: z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/, "1 to 64 letters, digits, dots, dashes and underscores"),
  scope: z.enum(SCOPES),
  expires_at: Instant.nullish(),
});

/** `POST /hens/:id/lease`. */
export const LeaseBody = z.object({
  renter: z.string().min(1).max(256),
  lease_id: LeaseId,
  expires_at: Instant.nullish(),
});

/** `POST /tasks`. */
export const TaskBody = z.object({
  prompt: z.string(),
  required_agent_kind: z.enum(AGENT_KINDS).nullish(),
  lease_id: LeaseId.nullish(),
});

/** `POST /vault/unlock`. */
export const UnlockBody = z.object({ path: z.string(), passphrase: z.string() });
/** `POST /vault/init`. */
export const InitBody = z.object({ passphrase: z.string() });
/** `PUT /vault/secrets`. */
export const PutBody = z.object({ name: z.string(), value: z.string(), hosts: z.array(z.string()).optional() });
/** `PUT /vault/secrets/:name/hosts`. */
export const HostsBody = z.object({ hosts: z.array(z.string()) });
/** `POST /vault/rotate`. */
export const RotateBody = z.object({ passphrase: z.string(), new_passphrase: z.string() });

/** Keys at once; a text goes into `keys`. */
const NAMED_KEYS_MAX = 256;

/** `POST /hens/:id/shell/send`. */
export const SendBody = z.object({
  keys: z.string().default("").describe("literal text"),
  no_enter: z.boolean().default(false),
  named_keys: z
    .array(z.string().max(40))
    .max(NAMED_KEYS_MAX)
    .default([])
    .describe("tmux's names, as in C-c, Enter, Up"),
});

/** The manifest's own bounds (coopd-core manifest/schema). */
const ceilingTokens = z.int().min(1).max(1_000_000_000_000).nullish();
const ceilingUsd = z.number().gt(0).max(1_000_000).nullish();

/**
 * `PUT /farm/limits`. Null takes a ceiling away; what is left out stays. Another key is an error: a ceiling must not be missed
 * by a typo.
 */
export const FarmLimitsBody = z.strictObject({
  job_tokens: ceilingTokens,
  job_cost_usd: ceilingUsd,
  hen_day_tokens: ceilingTokens,
  hen_day_cost_usd: ceilingUsd,
  day_tokens: ceilingTokens,
  day_cost_usd: ceilingUsd,
});
