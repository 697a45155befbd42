/** A provider whose key people keep in a variable, and what a first manifest says to use it. */
export interface KeyedProvider {
  readonly name: string;
  readonly variable: string;
  readonly provider: "anthropic" | "openai" | "openai-compat";
  readonly baseUrl: string | undefined;
  /** Where the key goes, where that is not the provider's own host. */
  readonly host: string | undefined;
  readonly model: string;
}

/** In the order in which the first one found is taken. */
export const KEYED_PROVIDERS: readonly KeyedProvider[] = [
  {
    name: "anthropic",
    variable: "ANTHROPIC_API_KEY",
    provider: "anthropic",
    baseUrl: undefined,
    host: undefined,
    model: "claude-sonnet-4-5-20250929",
  },
  {
    name: "openai",
    variable: "OPENAI_API_KEY",
    provider: "openai",
    baseUrl: undefined,
    host: undefined,
    model: "gpt-5-mini",
  },
  {
    name: "openrouter",
    variable: "OPENROUTER_API_KEY",
    provider: "openai-compat",
    baseUrl: "https://openrouter.ai/api/v1",
    host: "openrouter.ai",
    model: "openrouter/auto",
  },
];

/** Where local model servers listen: Ollama, LM Studio, vLLM, llama.cpp. Loopback only; nothing else is ever asked. */
export const LOCAL_SERVERS: readonly string[] = [
  "http://127.0.0.1:11434/v1",
  "http://127.0.0.1:1234/v1",
  "http://127.0.0.1:8000/v1",
  "http://127.0.0.1:8080/v1",
];

/** A local server answers in a few ms; nobody should wait for one that is not there. */
const PROBE_MS_MAX = 250;
/** Of a list of models; a longer one is no list that a first manifest needs. */
const LIST_BYTES_MAX = 1_048_576;

/** A model server on this machine, and the first model that it has. */
export interface LocalServer {
  readonly baseUrl: string;
  readonly model: string;
}

/** Providers whose variable is set; `variable` reads one. */
export function findKeys(variable: (name: string) => string | undefined): readonly KeyedProvider[] {
  return KEYED_PROVIDERS.filter((provider) => (variable(provider.variable) ?? "").trim() !== "");
}

/** The model servers that answer on this machine; asks for their list of models, which costs nothing. */
export async function findLocalServers(baseUrls: readonly string[] = LOCAL_SERVERS): Promise<readonly LocalServer[]> {
  const found = await Promise.all(baseUrls.map(askForModels));
  return found.filter((server) => server !== undefined);
}

async function askForModels(baseUrl: string): Promise<LocalServer | undefined> {
  try {
    const answer = await fetch(`${baseUrl}/models`, { signal: AbortSignal.timeout(PROBE_MS_MAX), redirect: "error" });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (!answer.ok || bytes.length > LIST_BYTES_MAX) return undefined;
    const body = JSON.parse(new TextDecoder().decode(bytes)) as { data?: { id?: unknown }[] };
    const model = body.data?.[0]?.id;
    // What a stranger's server says ends up on a terminal and in a manifest: plain names only.
    return typeof model === "string" && /^[\w.:/@+-]{1,100}$/.test(model) ? { baseUrl, model } : undefined;
  } catch {
    return undefined; // nobody there, or something that is no model server
  }
}
