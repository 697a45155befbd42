/** What of the official SDK is used. */
type Sdk = Awaited<ReturnType<typeof importSdk>>;

let loading: Promise<Sdk> | undefined;

/** Loads the SDK on first use, so that a daemon whose hens use other brains starts without it. */
export function loadSdk(): Promise<Sdk> {
  loading ??= importSdk();
  return loading;
}

async function importSdk() {
  const [{ Anthropic, APIConnectionError, APIError }, { Stream }] = await Promise.all([
    import("@anthropic-ai/sdk"),
    import("@anthropic-ai/sdk/streaming"),
  ]);
  return { Anthropic, APIConnectionError, APIError, Stream };
}
