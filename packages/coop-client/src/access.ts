import type { AuditEntry, AuditHead, Credential, Instant, Scope } from "coopd-core";
import { readObject, readRows } from "./http/answer-shape.ts";
import type { CallOptions, Transport } from "./http/transport.ts";

/** A token or a login, without its secret. */
export type TokenAnswer = Omit<Credential, "parent">;

/** A new token, with its secret: it is told this once. */
export type NewToken = TokenAnswer & { readonly token: string };

/** Who a client is to the farm. */
export interface Me {
  /** `anyone` where no token is asked for; `farm` for the farm's own token. */
  readonly kind: "anyone" | "farm" | "token" | "login";
  /** By which it is revoked; null for `anyone` and `farm`. */
  readonly id: string | null;
  readonly name: string;
  readonly scope: Scope;
  readonly expires_at: Instant | null;
}

/** `/tokens`, `/audit`, `/auth/links`: who may come in, and what was done. All but links need the scope `admin`. */
export interface AccessCalls {
  /** Who this client is. */
  me(options?: CallOptions): Promise<Me>;
  /** Revokes the login of the browser's cookie and takes the cookie away. */
  logOut(options?: CallOptions): Promise<void>;
  /** Tokens and logins, the oldest first. */
  tokens(options?: CallOptions): Promise<readonly TokenAnswer[]>;
  /** @throws CoopError `token_exists`, `limit_reached` */
  createToken(
    parts: { readonly name: string; readonly scope: Scope; readonly expiresAt?: string | undefined },
    options?: CallOptions,
  ): Promise<NewToken>;
  /** By name or id; with it go the logins that came from it. @throws CoopError `token_not_found` */
  revokeToken(nameOrId: string, options?: CallOptions): Promise<void>;
  /** Oldest first, strictly behind `after`; at most 1,000 at a time. */
  audit(
    page?: CallOptions & { readonly after?: number | undefined; readonly limit?: number | undefined },
  ): Promise<readonly AuditEntry[]>;
  auditHead(options?: CallOptions): Promise<AuditHead>;
  /** The address of a page that logs a browser in, once, within ten minutes, with the scope of this client. */
  onceLink(options?: CallOptions): Promise<{ readonly url: string; readonly expires_at: Instant }>;
}

/** The calls over one transport. */
export function accessCalls(transport: Transport): AccessCalls {
  return {
    async me(options = {}) {
      const answer = await transport.send("GET /auth/me", options);
      return readObject<Me>(transport, answer, { kind: "string", name: "string", scope: "string" });
    },
    async logOut(options = {}) {
      await transport.send("POST /auth/logout", options);
    },
    async tokens(options = {}) {
      const answer = await transport.send("GET /tokens", options);
      return readRows<TokenAnswer>(transport, answer, { id: "string", name: "string", scope: "string" });
    },
    async createToken({ name, scope, expiresAt }, options = {}) {
      const json = { name, scope, expires_at: expiresAt };
      const answer = await transport.send("POST /tokens", { ...options, json });
      return readObject<NewToken>(transport, answer, { id: "string", token: "string" });
    },
    async revokeToken(nameOrId, options = {}) {
      await transport.send("DELETE /tokens/{id}", { ...options, path: { id: nameOrId } });
    },
    async audit({ after, limit, signal } = {}) {
      const answer = await transport.send("GET /audit", { query: { after, limit }, signal });
      return readRows<AuditEntry>(transport, answer, { seq: "number", hash: "string", action: "string" });
    },
    async auditHead(options = {}) {
      const answer = await transport.send("GET /audit/head", options);
      return readObject<AuditHead>(transport, answer, { seq: "number", hash: "string", base: "object" });
    },
    async onceLink(options = {}) {
      const answer = await transport.send("POST /auth/links", options);
      const link = readObject<{ path: string; expires_at: Instant }>(transport, answer, { path: "string" });
      return { url: `${transport.baseUrl}${link.path}`, expires_at: link.expires_at };
    },
  };
}
