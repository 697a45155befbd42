/** What of the official SDK is used. */
type Sdk = Awaited<ReturnType<typeof importSdk>>;

let loading: Promise<Sdk> | undefined;

/** Loads the SDK on first use: it takes 80 ms, and a daemon whose hens use other brains starts without it. */
export function loadSdk(): Promise<Sdk> {
  loading ??= importSdk();
  return loading;
}

async function importSdk() {
  const [{ OpenAI, APIConnectionError, APIError }, { vertex }, { Stream }] = await Promise.all([
    import("openai"),
    import("openai/providers/vertex"),
    import("openai/streaming"),
  ]);
  return { OpenAI, APIConnectionError, APIError, vertex, Stream };
}
