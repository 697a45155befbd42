import type { Actor } from "./actor.ts";
import type { Attempts } from "./attempts.ts";
import type { AuditTrail } from "./audit-trail.ts";
import type { KeyRing } from "./key-ring.ts";
import type { OnceLinks } from "./once-links.ts";

/** What the front door of the API is made of. */
export interface Door {
  /** Undefined with `COOP_AUTH=none`. */
  readonly keys: KeyRing | undefined;
  readonly attempts: Attempts;
  readonly links: OnceLinks;
  readonly trail: AuditTrail;
  /** Any Host is answered; `X-Forwarded-Proto` is believed. */
  readonly isPublic: boolean;
  readonly allowedHosts: readonly string[];
}

/** What the door found out about a request, for the routes behind it. */
export interface Visit {
  readonly actor: Actor;
  /** By cookie: a browser sends that by itself, so more is asked of such a request. */
  readonly byCookie: boolean;
}
