import { CoopError, hostPatternFault } from "coopd-core";
import { Secret } from "../secret/secret.ts";

/** How the daemon proves to Azure who it is. */
export type AzureIdentity =
  /** A token that somebody else got; it cannot be renewed. */
  | { readonly kind: "token"; readonly token: Secret }
  /** A service principal. */
  | { readonly kind: "principal"; readonly tenant: string; readonly clientId: string; readonly clientSecret: Secret };

export interface AzureConfig {
  readonly identity: AzureIdentity;
  /** Key vaults are `https://<vault>.<suffix>`. */
  readonly dnsSuffix: string;
  /** Where tokens come from; an https origin without a path. */
  readonly authority: string;
}

/** Suffix of each cloud's key vaults → its authority (as Azure's own SDK has them). */
const CLOUDS: Readonly<Record<string, string>> = {
  "vault.azure.net": "https://login.microsoftonline.com",
  "vault.azure.cn": "https://login.chinacloudapi.cn",
  "vault.usgovcloudapi.net": "https://login.microsoftonline.us",
};

/** The daemon's variables that are about Azure, as they stand in its environment. */
export interface AzureVariables {
  readonly AZURE_KEYVAULT_TOKEN?: string | undefined;
  readonly AZURE_TENANT_ID?: string | undefined;
  readonly AZURE_CLIENT_ID?: string | undefined;
  readonly AZURE_CLIENT_SECRET?: string | undefined;
  readonly AZURE_KEYVAULT_DNS_SUFFIX?: string | undefined;
  readonly AZURE_AUTHORITY_HOST?: string | undefined;
}

/**
 * Reads the variables (contract §11); undefined when they name no identity. A static token comes before a service principal.
 * @throws CoopError `bad_request` naming the variable that cannot be used; values of secrets are not repeated
 */
export function readAzureConfig(variables: AzureVariables): AzureConfig | undefined {
  const text = (name: keyof AzureVariables) => variables[name]?.trim() || undefined;
  const dnsSuffix = (text("AZURE_KEYVAULT_DNS_SUFFIX") ?? "vault.azure.net").toLowerCase();
  if (hostPatternFault(dnsSuffix) !== null || dnsSuffix.startsWith("*.") || !/\.[a-z][a-z0-9-]*$/.test(dnsSuffix)) {
    throw unusable("AZURE_KEYVAULT_DNS_SUFFIX", "is no domain, as in vault.azure.net");
  }
  const authority = readAuthority(text("AZURE_AUTHORITY_HOST") ?? CLOUDS[dnsSuffix] ?? CLOUDS["vault.azure.net"] ?? "");
  const identity = readIdentity(text);
  return identity === undefined ? undefined : { identity, dnsSuffix, authority };
}

function readIdentity(text: (name: keyof AzureVariables) => string | undefined): AzureIdentity | undefined {
  const token = text("AZURE_KEYVAULT_TOKEN");
  if (token !== undefined) return { kind: "token", token: new Secret(token) };
  const [tenant, clientId] = [text("AZURE_TENANT_ID"), text("AZURE_CLIENT_ID")];
  const clientSecret = text("AZURE_CLIENT_SECRET");
  if (tenant === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,126}[A-Za-z0-9])?$/.test(tenant) || tenant.includes("..")) {
    throw unusable("AZURE_TENANT_ID", "is neither a GUID nor a domain");
  }
  return { kind: "principal", tenant, clientId, clientSecret: new Secret(clientSecret) };
}

/** Azure's own documentation writes it with and without the scheme. */
function readAuthority(text: string): string {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  try {
    const { origin, protocol, pathname, username, password, search, hash } = new URL(whole);
    const isBare = pathname === "/" && `${username}${password}${search}${hash}` === "";
    if (protocol === "https:" && isBare) return origin;
  } catch {
    // said below
  }
  throw unusable("AZURE_AUTHORITY_HOST", "is not https:// and a host");
}

function unusable(name: string, why: string): CoopError {
  return new CoopError("bad_request", `${name} ${why}`);
}
