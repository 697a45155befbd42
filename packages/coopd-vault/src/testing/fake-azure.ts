import type { AzureFetch } from "../azure/azure-http.ts";
import { TEST_CERTIFICATE } from "./test-certificate.ts";

/** One request as the fake saw it. */
export interface SeenAzureRequest {
  /** Host that was asked for, by TLS and header. */
  readonly host: string;
  readonly path: string;
  readonly authorization: string | null;
  readonly form: Readonly<Record<string, string>>;
}

/**
 * Azure's token and secret endpoints on loopback, over TLS, checked as real ones are. What it answers can be overridden. Whoever
 * opens it closes it.
 */
export interface FakeAzure {
  /** Sends every host to the fake; certificate and name are verified. */
  readonly fetch: AzureFetch;
  readonly seen: SeenAzureRequest[];
  /** `vault/name[/version]` → value and attributes. */
  readonly secrets: Map<string, { value: string; attributes?: Readonly<Record<string, unknown>> }>;
  /** Tokens that are taken, by what was given out. */
  readonly tokens: Set<string>;
  /** The next answers to requests whose path begins with this, in order, in place of the usual ones. */
  answer(start: string, ...responses: (() => Response | Promise<Response>)[]): void;
  expiresIn: number;
  close(): Promise<void>;
}

/** Listens on loopback, at once. */
export function openFakeAzure(): FakeAzure {
  const seen: SeenAzureRequest[] = [];
  const secrets: FakeAzure["secrets"] = new Map();
  const tokens = new Set<string>();
  const overrides: { start: string; respond: () => Response | Promise<Response> }[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { ...TEST_CERTIFICATE },
    async fetch(request) {
      const url = new URL(request.url);
      const form = Object.fromEntries(new URLSearchParams(await request.text()));
      const authorization = request.headers.get("authorization");
      const host = request.headers.get("host") ?? "";
      seen.push({ host, path: url.pathname + url.search, authorization, form });
      const at = overrides.findIndex(({ start }) => url.pathname.startsWith(start));
      if (at >= 0) return (overrides.splice(at, 1)[0] as { respond: () => Response }).respond();
      return url.pathname.endsWith("/oauth2/v2.0/token") ? grant(form) : readSecret(host, url, authorization);
    },
  });
  const fake = { seen, secrets, tokens, expiresIn: 3_600 };

  function grant(form: Readonly<Record<string, string>>): Response {
    if (form.client_secret !== "client-secret" || form.grant_type !== "client_credentials") {
      const error_description = `AADSTS7000215: invalid client secret ${form.client_secret}`;
      return Response.json({ error: "invalid_client", error_description }, { status: 401 });
    }
    const token = `token-${tokens.size + 1}-for-${form.scope}`;
    tokens.add(token);
    return Response.json({ token_type: "Bearer", expires_in: fake.expiresIn, access_token: token });
  }

  function readSecret(host: string, { pathname, searchParams }: URL, authorization: string | null): Response {
    if (!tokens.has((authorization ?? "").replace("Bearer ", ""))) {
      return Response.json({ error: { code: "Unauthorized", message: `bad ${authorization}` } }, { status: 401 });
    }
    if (searchParams.get("api-version") !== "7.4") return new Response(null, { status: 400 });
    const found = secrets.get(`${host.split(".")[0]}${pathname.replace("/secrets", "")}`);
    if (found === undefined) return Response.json({ error: { code: "SecretNotFound" } }, { status: 404 });
    return Response.json({ ...found, id: `https://${host}${pathname}` });
  }

  return Object.assign(fake, {
    fetch: (url: string, init: RequestInit = {}) => {
      const { host, pathname, search } = new URL(url);
      return fetch(`https://127.0.0.1:${server.port}${pathname}${search}`, {
        ...init,
        headers: { ...(init.headers as Record<string, string>), host },
        tls: { ca: TEST_CERTIFICATE.cert, serverName: host },
      } as RequestInit);
    },
    answer: (start: string, ...responses: (() => Response | Promise<Response>)[]) => {
      for (const respond of responses) overrides.push({ start, respond });
    },
    close: () => server.stop(true),
  });
}
