import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { CoopError, parseSecretRef, type SecretRef } from "coopd-core";
import { type FakeAzure, openFakeAzure } from "../testing/fake-azure.ts";
import { type AzureVariables, readAzureConfig } from "./azure-config.ts";
import { AzureKeyVault } from "./azure-key-vault.ts";

const PRINCIPAL = { AZURE_TENANT_ID: "tenant-1", AZURE_CLIENT_ID: "client-1", AZURE_CLIENT_SECRET: "client-secret" };
const PUBLIC_SCOPE = "https://vault.azure.net/.default";

let azure: FakeAzure;
let nowMs: number;
let pauses: number[];
beforeEach(() => {
  azure = openFakeAzure();
  azure.secrets.set("farm/key", { value: "canary-key-1" });
  nowMs = 1_000_000;
  pauses = [];
});
afterEach(() => azure.close());

function open(variables: AzureVariables = PRINCIPAL, timeoutMs?: number): AzureKeyVault {
  const config = readAzureConfig(variables);
  if (config === undefined) throw new Error("no identity");
  const pause = async (ms: number) => void pauses.push(ms);
  return new AzureKeyVault({
    config,
    fetch: azure.fetch,
    clock: { nowMs: () => nowMs },
    pause,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

const ref = (text: string) => parseSecretRef(text) as Extract<SecretRef, { kind: "azure-kv" }>;
const KEY = ref("azure-kv://Farm/key");
const ask = async (vault: AzureKeyVault, of = KEY) => (await vault.secret(of)).reveal();
const paths = () => azure.seen.map(({ host, path }) => `${host}${path.replace("?api-version=7.4", "")}`);
const refusal = async (vault: AzureKeyVault, of = KEY): Promise<CoopError> => {
  const error = await vault.secret(of).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(CoopError);
  expect((error as CoopError).code).toBe("secret_unavailable");
  const text = JSON.stringify([error.message, error.next, error.details, String(error.cause), error.stack]);
  expect(text).not.toMatch(/canary|client-secret|token-\d/);
  return error as CoopError;
};

describe("Azure's settings are refused", () => {
  const bad: readonly (readonly [keyof AzureVariables, string])[] = [
    ["AZURE_KEYVAULT_DNS_SUFFIX", "evil.example/x"],
    ["AZURE_KEYVAULT_DNS_SUFFIX", "evil.example#"],
    ["AZURE_KEYVAULT_DNS_SUFFIX", "*.azure.net"],
    ["AZURE_KEYVAULT_DNS_SUFFIX", "net"],
    ["AZURE_KEYVAULT_DNS_SUFFIX", "127.0.0.1"],
    ["AZURE_AUTHORITY_HOST", "http://login.microsoftonline.com"],
    ["AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com/evil"],
    ["AZURE_AUTHORITY_HOST", "https://user@login.microsoftonline.com"],
    ["AZURE_AUTHORITY_HOST", "file:///etc"],
    ["AZURE_TENANT_ID", "tenant/../x"],
    ["AZURE_TENANT_ID", "a..b"],
    ["AZURE_TENANT_ID", "t?x=1"],
  ];
  for (const [name, value] of bad) {
    test(`${name}=${value}`, () => {
      expect(() => readAzureConfig({ ...PRINCIPAL, [name]: value })).toThrow(
        expect.objectContaining({ code: "bad_request" }),
      );
    });
  }

  test("and there is no identity unless it is whole", () => {
    for (const name of Object.keys(PRINCIPAL)) {
      expect(readAzureConfig({ ...PRINCIPAL, [name]: " " })).toBeUndefined();
    }
  });
});

test("a hostile vault name never becomes a reference, so no token goes to it", () => {
  for (const text of ["evil.example?x=", "evil.example#", "user@evil", "evil:8443", "evil.example", "a/../b", "a%2f"]) {
    expect(parseSecretRef(`azure-kv://${text}/s`).kind).toBe("fault");
  }
});

describe("a service principal", () => {
  test("gets a token for its cloud, then the secret; both are kept until they expire", async () => {
    const vault = open();
    expect(await ask(vault)).toBe("canary-key-1");
    expect(await ask(vault)).toBe("canary-key-1");
    expect(paths()).toEqual([
      "login.microsoftonline.com/tenant-1/oauth2/v2.0/token",
      "farm.vault.azure.net/secrets/key",
    ]);
    expect(azure.seen[0]?.form).toEqual({
      grant_type: "client_credentials",
      client_id: "client-1",
      client_secret: "client-secret",
      scope: PUBLIC_SCOPE,
    });
    nowMs += 300_001; // the secret's time is over, the token's is not
    azure.secrets.set("farm/key", { value: "canary-key-2" });
    const before = await vault.secret(KEY);
    expect(before.reveal()).toBe("canary-key-2");
    expect(paths().length).toBe(3);
    nowMs += 3_300_000;
    expect(await vault.secret(KEY)).toBe(before); // the same value is the same object
    expect(paths().slice(3)).toEqual([
      "login.microsoftonline.com/tenant-1/oauth2/v2.0/token",
      "farm.vault.azure.net/secrets/key",
    ]);
  });

  test("of a sovereign cloud asks that cloud's authority for that cloud's scope", async () => {
    const vault = open({ ...PRINCIPAL, AZURE_KEYVAULT_DNS_SUFFIX: "vault.azure.cn" });
    expect(await ask(vault, ref("azure-kv://farm/key/"))).toBe("canary-key-1");
    expect(paths()).toEqual(["login.chinacloudapi.cn/tenant-1/oauth2/v2.0/token", "farm.vault.azure.cn/secrets/key"]);
    expect(azure.seen[0]?.form.scope).toBe("https://vault.azure.cn/.default");
  });

  test("asked by many at once sends one request for the token and one for each secret", async () => {
    azure.secrets.set("farm/other/v1", { value: "canary-other" });
    const vault = open();
    const other = ref("azure-kv://farm/other/v1");
    const all = await Promise.all([...Array(20)].map((_, at) => ask(vault, at % 2 === 0 ? KEY : other)));
    expect(new Set(all)).toEqual(new Set(["canary-key-1", "canary-other"]));
    expect(paths().sort()).toEqual([
      "farm.vault.azure.net/secrets/key",
      "farm.vault.azure.net/secrets/other/v1",
      "login.microsoftonline.com/tenant-1/oauth2/v2.0/token",
    ]);
  });

  test("whose token was revoked before its time gets another one, once", async () => {
    const vault = open();
    await ask(vault);
    azure.tokens.clear();
    nowMs += 300_001;
    expect(await ask(vault)).toBe("canary-key-1");
    azure.tokens.clear();
    nowMs += 300_001;
    azure.answer("/tenant-1", () => Response.json({ access_token: "token-9", expires_in: 3_600 }));
    expect((await refusal(vault)).message).toContain("does not let this identity read it (Unauthorized)");
  });

  test("with a wrong secret is told so in Azure's one word, never in its sentences", async () => {
    const vault = open({ ...PRINCIPAL, AZURE_CLIENT_SECRET: "canary-wrong" });
    expect((await refusal(vault)).message).toContain("Azure refused the sign-in (invalid_client)");
  });
});

describe("a static token", () => {
  test("is sent as it is, comes before a service principal, and is never renewed", async () => {
    azure.tokens.add("token-static");
    const vault = open({ ...PRINCIPAL, AZURE_KEYVAULT_TOKEN: " token-static " });
    expect(await ask(vault)).toBe("canary-key-1");
    expect(paths()).toEqual(["farm.vault.azure.net/secrets/key"]);
    azure.tokens.clear();
    nowMs += 300_001;
    expect((await refusal(vault)).message).toContain("AZURE_KEYVAULT_TOKEN has expired");
    expect(paths().length).toBe(2);
  });
});

describe("a secret", () => {
  test("that is missing, disabled, expired or empty is refused with the reason", async () => {
    azure.secrets.set("farm/off", { value: "canary", attributes: { enabled: false } });
    azure.secrets.set("farm/old", { value: "canary", attributes: { exp: 999 } });
    azure.secrets.set("farm/void", { value: "" });
    const vault = open();
    for (const [name, why] of Object.entries({
      nothing: "no such secret (SecretNotFound)",
      off: "disabled",
      old: "expired",
      void: "holds no value",
    })) {
      expect((await refusal(vault, ref(`azure-kv://farm/${name}`))).message).toContain(why);
    }
  });

  test("is asked for again when its own time is over, however short", async () => {
    azure.secrets.set("farm/key", { value: "canary-key-1", attributes: { exp: 1_010 } });
    const vault = open();
    await ask(vault);
    nowMs = 1_010_000;
    azure.secrets.set("farm/key", { value: "canary-key-2" });
    expect(await ask(vault)).toBe("canary-key-2");
  });

  test("is overwritten when the key vault is closed", async () => {
    const vault = open();
    const secret = await vault.secret(KEY);
    vault.close();
    expect(secret.isClosed).toBe(true);
  });
});

describe("when Azure does not answer as it should", () => {
  const busy =
    (headers: Record<string, string> = {}) =>
    () =>
      new Response("canary", { status: 429, headers });
  const broken = () => new Response("canary", { status: 503 });

  test("throttling and faults are tried again, as long as Azure asks or a little", async () => {
    azure.answer("/secrets", busy({ "retry-after": "3" }), broken);
    expect(await ask(open())).toBe("canary-key-1");
    expect(pauses).toEqual([3_000, 2_000]);
  });

  test("three faults in a row, or a long Retry-After, are told", async () => {
    azure.answer("/secrets", broken, broken, broken);
    expect((await refusal(open())).message).toContain("Azure answers 503");
    expect(pauses).toEqual([500, 2_000]);
    azure.answer("/secrets", busy({ "retry-after": "600" }));
    expect((await refusal(open())).message).toContain("Azure answers 429");
    expect(await ask(open())).toBe("canary-key-1"); // nothing of the outage is kept
  });

  test("a request that hangs ends at its deadline", async () => {
    azure.answer("/secrets", ...Array(3).fill(() => new Promise<Response>(() => {})));
    expect((await refusal(open(PRINCIPAL, 50))).message).toContain("did not answer within 0.05 s");
  });

  test("an outage is told, and over when it is over", async () => {
    const vault = open();
    const { fetch } = azure;
    Object.assign(azure, { fetch: () => Promise.reject(Object.assign(new Error("x"), { code: "ECONNREFUSED" })) });
    expect((await refusal(open())).message).toContain("cannot be reached (ECONNREFUSED)");
    Object.assign(azure, { fetch });
    expect(await ask(vault)).toBe("canary-key-1");
  });

  test("a redirect is not followed: the token would go along", async () => {
    azure.answer("/secrets", () => Response.redirect("https://farm.vault.azure.net/secrets/elsewhere", 302));
    expect((await refusal(open())).message).toContain("Azure answers 302");
    expect(paths()).not.toContain("farm.vault.azure.net/secrets/elsewhere");
  });

  test("an endless, empty or foreign body is an answer without a value", async () => {
    const endless = () => new Response("x".repeat(300_000));
    azure.answer("/secrets", endless, endless, endless);
    expect((await refusal(open())).message).toContain("answered more than a secret can be");
    for (const body of ["", "<html>canary</html>", "[]", "null", '{"value":1}']) {
      azure.answer("/secrets", () => new Response(body));
      expect((await refusal(open())).message).toContain("holds no value");
    }
  });

  test("a server with another name's certificate gets nothing", async () => {
    const vault = open({ ...PRINCIPAL, AZURE_AUTHORITY_HOST: "https://login.evil.example" });
    await refusal(vault);
    expect(azure.seen).toEqual([]);
  });
});
