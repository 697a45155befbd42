import { type CoopClient, DEFAULT_BASE_URL, type Fetch, openClient, parseBaseUrl } from "coop-client";
import { bypassProxyFor } from "./environment.ts";
import { EXIT_CODES } from "./failures/exit-codes.ts";
import type { OptionValues } from "./invocation/option-values.ts";
import type { Output } from "./output/output.ts";
import type { Settings } from "./settings.ts";

/** Everything a command works with. */
export interface CommandContext {
  readonly args: readonly string[];
  readonly options: OptionValues;
  readonly settings: Settings;
  readonly output: Output;
  /** The daemon; reads the token when there is one to read. @throws CoopError `bad_request` */
  client(unlessAsked?: { readonly timeoutMs?: number }): Promise<CoopClient>;
  /** Aborted by the first Ctrl-C or SIGTERM; a second one ends the process as usual. For commands that wait. */
  interrupted(): AbortSignal;
  /** 130 or 143, by the signal that came. */
  interruptCode(): number;
}

/** What a context is made of: the command line, taken apart, and the way to print. */
export interface ContextParts {
  readonly args: readonly string[];
  readonly options: OptionValues;
  readonly settings: Settings;
  readonly output: Output;
}

/** Opens nothing by itself: the token is read and signals are listened to when a command asks for them. */
export function createContext(parts: ContextParts): CommandContext {
  const stop = new AbortController();
  let code = 0;
  let isListening = false;
  const listen = (signal: "SIGINT" | "SIGTERM", exitCode: number) =>
    process.once(signal, () => {
      code = exitCode;
      stop.abort();
    });
  return {
    ...parts,
    async client(unlessAsked = {}) {
      const { settings } = parts;
      const baseUrl = parseBaseUrl(settings.baseUrl ?? DEFAULT_BASE_URL);
      const client = openClient({
        baseUrl,
        token: await settings.token(baseUrl),
        timeoutMs: settings.timeoutMs,
        fetch: settings.showsRequests ? shownFetch(parts.output) : undefined,
        ...(settings.timeoutMs === undefined ? unlessAsked : {}),
      });
      bypassProxyFor(client.baseUrl);
      return client;
    },
    interrupted() {
      if (!isListening) {
        listen("SIGINT", EXIT_CODES.interrupted);
        listen("SIGTERM", EXIT_CODES.terminated);
      }
      isListening = true;
      return stop.signal;
    },
    interruptCode: () => code,
  };
}

/** `--log debug`: one line a request on stderr, without headers, which hold the token. */
function shownFetch(output: Output): Fetch {
  return async (url, init) => {
    const startMs = performance.now();
    const response = await fetch(url, init).catch(async (error) => {
      await output.debug(`${init.method} ${url}: ${error instanceof Error ? error.message : error}`);
      throw error;
    });
    const tookMs = Math.round(performance.now() - startMs);
    await output.debug(`${init.method} ${url}: ${response.status} in ${tookMs} ms`);
    return response;
  };
}
