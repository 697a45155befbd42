/** Variables that usually hold a provider's key. */
const KEY_VARIABLES = ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "AZURE_OPENAI_API_KEY", "OPENROUTER_API_KEY"];
/** Where local model servers listen: Ollama, LM Studio, llama.cpp. Loopback only; nothing else is ever asked. */
const LOCAL_SERVERS = ["http://127.0.0.1:11434/v1", "http://127.0.0.1:1234/v1", "http://127.0.0.1:8080/v1"];
/** A local server answers in a few ms; the second start must stay under two seconds. */
const PROBE_MS_MAX = 250;

/** A model server on this machine, and a model that it has. */
export interface LocalServer {
  readonly baseUrl: string;
  readonly model: string;
}

/** Names of the variables that are set; their values are not read. */
export function findKeys(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return KEY_VARIABLES.filter((name) => (environment[name] ?? "") !== "");
}

/** The model servers that answer on this machine; asks for their list of models, which costs nothing. */
export async function findLocalServers(baseUrls: readonly string[] = LOCAL_SERVERS): Promise<readonly LocalServer[]> {
  const found = await Promise.all(baseUrls.map(askForModels));
  return found.filter((server) => server !== undefined);
}

async function askForModels(baseUrl: string): Promise<LocalServer | undefined> {
  try {
    const answer = await fetch(`${baseUrl}/models`, { signal: AbortSignal.timeout(PROBE_MS_MAX), redirect: "error" });
    const body = (await answer.json()) as { data?: { id?: unknown }[] };
    const model = body.data?.[0]?.id;
    // What a stranger's server says ends up on a terminal: plain names only.
    return typeof model === "string" && /^[\w.:/@+-]{1,100}$/.test(model) ? { baseUrl, model } : undefined;
  } catch {
    return undefined; // nobody there, or something that is no model server
  }
}

/** What a reader could do with what was found; nothing of it is used unasked. */
export function renderSources(keys: readonly string[], servers: readonly LocalServer[]): string {
  const aboutKeys = keys.map(
    (name) => `${name} is set. It is not used: this version has no key vault yet (docs/limits.md).\n`,
  );
  const aboutServers = servers.map(
    ({ baseUrl, model }) =>
      `A model server answers at ${baseUrl}. It is not used unasked; a hen thinks with it when its manifest says\n` +
      `    brain: { provider: openai-compat, provider_id: none, base_url: "${baseUrl}", model: "${model}" }\n`,
  );
  return [...aboutKeys, ...aboutServers].join("");
}
