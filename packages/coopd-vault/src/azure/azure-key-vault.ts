import { CoopError, formatSecretRef, type SecretRef } from "coopd-core";
import { Secret } from "../secret/secret.ts";
import type { AzureConfig, AzureIdentity } from "./azure-config.ts";
import { type AzureAnswer, type AzureFetch, askAzure, errorWord } from "./azure-http.ts";

type AzureRef = Extract<SecretRef, { kind: "azure-kv" }>;

export interface AzureParts {
  readonly config: AzureConfig;
  readonly fetch: AzureFetch;
  readonly clock: { nowMs(): number };
  /** Waits between tries; tests do not. */
  readonly pause?: (ms: number) => Promise<void>;
  /** Of one request, ms. */
  readonly timeoutMs?: number;
}

/** A secret is asked for again after this long, so that a new version is in use within five minutes. */
const SECRET_MS = 300_000;
/** A token is renewed this long before it ends, since a clock may be off and a request takes time. */
const TOKEN_MARGIN_MS = 60_000;
/** Of a token whose answer says nothing (contract §11). */
const TOKEN_SECS_DEFAULT = 3_600;
const TOKEN_SECS_MIN = 60;
/** Pauses before the second and third try, ms; with three requests of 10 s each an outage is told within 35 s. */
const PAUSES_MS: readonly number[] = [500, 2_000];
/** A longer wait that a server asks for is not waited for here: the job waits, not the request. */
const RETRY_AFTER_MS_MAX = 5_000;
/** Secrets that are kept; each is one reference in some manifest. */
const SECRETS_MAX = 256;
const API_VERSION = "7.4";

interface Kept {
  readonly secret: Secret;
  readonly untilMs: number;
}

/**
 * Secrets of Azure Key Vault over its REST interface, which is two requests (DECISIONS.md). Token and secrets are kept until
 * they expire; callers that ask for the same at once share one request. Whoever opened it closes it.
 */
export class AzureKeyVault {
  readonly #parts: AzureParts;
  readonly #secrets = new Map<string, Kept>();
  readonly #flights = new Map<string, Promise<Secret>>();
  #token: Kept | undefined;
  #tokenFlight: Promise<Secret> | undefined;

  constructor(parts: AzureParts) {
    this.#parts = parts;
  }

  /** The secret, the same object while it is the same value. @throws CoopError `secret_unavailable` saying what Azure refused or that it is away */
  secret(ref: AzureRef): Promise<Secret> {
    const name = formatSecretRef(ref);
    const kept = this.#secrets.get(name);
    if (kept !== undefined && kept.untilMs > this.#now()) return Promise.resolve(kept.secret);
    const flight = this.#flights.get(name) ?? this.#fetchSecret(ref, name).finally(() => this.#flights.delete(name));
    this.#flights.set(name, flight);
    return flight;
  }

  /** Overwrites token and secrets, and the identity's own. */
  close(): void {
    this.#token?.secret.close();
    for (const { secret } of this.#secrets.values()) secret.close();
    this.#secrets.clear();
    const { identity } = this.#parts.config;
    (identity.kind === "token" ? identity.token : identity.clientSecret).close();
  }

  async #fetchSecret(ref: AzureRef, name: string): Promise<Secret> {
    const host = `${ref.vault.toLowerCase()}.${this.#parts.config.dnsSuffix}`;
    const version = ref.version === null ? "" : `/${ref.version}`;
    const url = `https://${host}/secrets/${ref.secret}${version}?api-version=${API_VERSION}`;
    const used = this.#token?.secret;
    let answer = await this.#askWithToken(name, url);
    if (answer.status === 401 && used !== undefined) {
      if (this.#token?.secret === used) this.#forgetToken(); // revoked before its time
      answer = await this.#askWithToken(name, url);
    }
    if (answer.status !== 200) throw refusedSecret(name, answer, this.#parts.config.identity);
    return this.#keep(name, answer);
  }

  #askWithToken(name: string, url: string): Promise<AzureAnswer> {
    return this.#ask(name, url, async () => {
      const token = await this.#bearer(name);
      return { headers: { authorization: `Bearer ${token.reveal()}`, accept: "application/json" } };
    });
  }

  #keep(name: string, { body }: AzureAnswer): Secret {
    const { value, attributes } = body as { value?: unknown; attributes?: { exp?: unknown; enabled?: unknown } };
    if (typeof value !== "string" || value === "") throw away(name, "Azure's answer holds no value");
    if (attributes?.enabled === false) throw away(name, "the secret is disabled in Azure");
    const endMs = typeof attributes?.exp === "number" ? attributes.exp * 1_000 : Number.POSITIVE_INFINITY;
    if (endMs <= this.#now()) throw away(name, "the secret has expired in Azure");
    const fresh = new Secret(value);
    const known = this.#secrets.get(name)?.secret;
    const isSame = known?.equals(fresh) === true;
    (isSame ? fresh : known)?.close();
    const secret = isSame ? (known as Secret) : fresh;
    this.#secrets.delete(name);
    if (this.#secrets.size >= SECRETS_MAX) this.#forgetOldest();
    this.#secrets.set(name, { secret, untilMs: Math.min(this.#now() + SECRET_MS, endMs) });
    return secret;
  }

  #bearer(name: string): Promise<Secret> {
    const { identity } = this.#parts.config;
    if (identity.kind === "token") return Promise.resolve(identity.token);
    if (this.#token !== undefined && this.#token.untilMs > this.#now()) return Promise.resolve(this.#token.secret);
    this.#tokenFlight ??= this.#fetchToken(name, identity).finally(() => {
      this.#tokenFlight = undefined;
    });
    return this.#tokenFlight;
  }

  async #fetchToken(name: string, identity: Extract<AzureIdentity, { kind: "principal" }>): Promise<Secret> {
    const { authority, dnsSuffix } = this.#parts.config;
    const answer = await this.#ask(name, `${authority}/${identity.tenant}/oauth2/v2.0/token`, async () => ({
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: identity.clientId,
        client_secret: identity.clientSecret.reveal(),
        scope: `https://${dnsSuffix}/.default`,
      }).toString(),
    }));
    const { access_token: text, expires_in: secs } = answer.body as { access_token?: unknown; expires_in?: unknown };
    if (answer.status !== 200 || typeof text !== "string" || !/^[\x21-\x7e]+$/.test(text)) {
      throw away(name, `Azure refused the sign-in (${errorWord(answer) ?? answer.status})`, SIGN_IN);
    }
    const lives = Math.max(TOKEN_SECS_MIN, Number(secs) > 0 ? Number(secs) : TOKEN_SECS_DEFAULT) * 1_000;
    this.#forgetToken();
    this.#token = { secret: new Secret(text), untilMs: this.#now() + lives - TOKEN_MARGIN_MS };
    return this.#token.secret;
  }

  /** Tries again what another try may help: throttling, faults of the server, broken connections. */
  async #ask(name: string, url: string, toInit: () => Promise<RequestInit>): Promise<AzureAnswer> {
    const { fetch, pause = Bun.sleep, timeoutMs } = this.#parts;
    for (let attempt = 0; ; attempt += 1) {
      const init = await toInit();
      const outcome = await askAzure(fetch, url, init, timeoutMs).catch((error: unknown) => error);
      const isAnswer = !(outcome instanceof CoopError);
      const answer = outcome as AzureAnswer;
      if (isAnswer && answer.status !== 429 && answer.status < 500) return answer;
      const waitMs = (isAnswer ? answer.retryAfterMs : undefined) ?? PAUSES_MS[attempt];
      if (attempt >= PAUSES_MS.length || waitMs === undefined || waitMs > RETRY_AFTER_MS_MAX) {
        throw away(name, isAnswer ? `Azure answers ${answer.status}` : (outcome as CoopError).message);
      }
      await pause(waitMs);
    }
  }

  #forgetToken(): void {
    this.#token?.secret.close();
    this.#token = undefined;
  }

  #forgetOldest(): void {
    const [oldest] = this.#secrets;
    if (oldest === undefined) return;
    oldest[1].secret.close();
    this.#secrets.delete(oldest[0]);
  }

  #now(): number {
    return this.#parts.clock.nowMs();
  }
}

const SIGN_IN = "Check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, then start the daemon again.";

function refusedSecret(name: string, answer: AzureAnswer, identity: AzureIdentity): CoopError {
  const word = errorWord(answer) ?? answer.status;
  if (answer.status === 404) return away(name, `Azure has no such secret (${word})`, "Check vault, name and version.");
  if (answer.status === 401 && identity.kind === "token") {
    return away(
      name,
      "AZURE_KEYVAULT_TOKEN has expired or is for something else",
      "Get a new one, or use a service principal.",
    );
  }
  if (answer.status === 401 || answer.status === 403) {
    return away(name, `Azure does not let this identity read it (${word})`, "Give it the right to get secrets.");
  }
  return away(name, `Azure answers ${word}`);
}

function away(name: string, why: string, next = "It is tried again by itself."): CoopError {
  return new CoopError("secret_unavailable", `azure key vault: ${name}: ${why}`, { next });
}
