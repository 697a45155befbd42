import { isMetadataHost } from "../../net/metadata-host.ts";
import type { BrainLink } from "../manifest.ts";
import type { Draft } from "../read/draft.ts";
import { parseScriptRef, SCRIPT_REF_FORM } from "../script-ref.ts";
import { parseSecretRef, SECRET_REF_FORM } from "../secret-ref.ts";
import type { Report, Rule } from "./report.ts";

/** Brain and fallbacks; only for hens that think in the daemon, the others never build one (contract/manifest.md). */
export const judgeBrain: Rule = (draft, report) => {
  if (draft.agent_kind !== "anthropic" || draft.brain === undefined) return;
  judgeLink(draft.brain, "brain", report);
  for (const [index, link] of draft.brain.fallbacks?.entries() ?? []) {
    if (link !== undefined) judgeLink(link, `brain.fallbacks[${index}]`, report);
  }
};

function judgeLink(link: Draft<BrainLink>, path: string, report: Report): void {
  const { provider, provider_id: secret, model, base_url: baseUrl } = link;
  if (secret !== undefined) judgeSecret(secret, provider, `${path}.provider_id`, report);
  if (model === "") report(`${path}.model`, "is empty", { expected: "the name of a model" });
  else if (model !== undefined && provider === "script") {
    const ref = parseScriptRef(model);
    if (ref.kind === "fault") report(`${path}.model`, ref.message, { expected: SCRIPT_REF_FORM });
  }
  if (provider !== "openai-compat" || baseUrl === undefined) return;
  if (baseUrl === null) {
    report(`${path}.base_url`, "is missing, and provider openai-compat needs it", { expected: BASE_URL_FORM });
  } else {
    const fault = baseUrlFault(baseUrl);
    if (fault !== null) report(`${path}.base_url`, fault, { expected: BASE_URL_FORM });
  }
}

function judgeSecret(secret: string, provider: BrainLink["provider"] | undefined, path: string, report: Report): void {
  const ref = parseSecretRef(secret);
  if (ref.kind === "fault") report(path, ref.message, { expected: SECRET_REF_FORM });
  else if (provider === "script" && ref.kind !== "none") {
    report(path, "names a key, and provider script has no use for one", { expected: "none" });
  }
}

const BASE_URL_FORM = "an address, as in http://127.0.0.1:11434/v1";

/**
 * What is wrong with the address of a model server; null when nothing is. The key goes wherever it points, so it must
 * mean one thing only: no spelling that one URL reader takes otherwise than another, and never a metadata service.
 */
export function baseUrlFault(text: string): string | null {
  if (!/^https?:\/\//.test(text)) return "does not start with http:// or https://";
  if (/[\s\p{Cc}\\]/u.test(text)) return "has a space, a control character or a backslash in it";
  const url = toUrl(text);
  if (url === undefined) return "is not an address";
  if (url.username !== "" || url.password !== "" || authorityOf(text).includes("@")) {
    return "has credentials in it; the key belongs into the vault, under provider_id";
  }
  if (/[?#]/.test(text)) return "has `?` or `#` in it";
  if (isMetadataHost(url.hostname)) return `points to a cloud's metadata service (${url.hostname})`;
  return null;
}

function toUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function authorityOf(text: string): string {
  return /^https?:\/\/([^/?#]*)/.exec(text)?.[1] ?? "";
}
