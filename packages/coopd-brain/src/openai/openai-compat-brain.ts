import { type Brain, type BrainChunk, type BrainKey, CoopError, quote } from "coopd-core";
import { AnswerCollector } from "./answer-collector.ts";
import { brokenOff, toBrainError } from "./brain-error.ts";
import { type Dialect, FULL_DIALECT, plainerDialect } from "./dialect.ts";
import { openCall } from "./open-call.ts";
import { openClient } from "./open-client.ts";
import { readAnswer } from "./read-answer.ts";
import { type BrainFetch, type SealedFetch, sealFetch } from "./sealed-fetch.ts";
import { toChatRequest } from "./to-chat-request.ts";

export interface OpenAiCompatParts {
  /** As in the manifest; a trailing slash makes no difference. */
  readonly baseUrl: string;
  readonly model: string;
  /** The only way to the network. */
  readonly fetch: BrainFetch;
  /** Sent as a Bearer token; undefined for a server that wants none. */
  readonly key?: BrainKey | undefined;
  /** For a whole answer, its retries and waits included; 180 s unless given (contract/brain-vault-storage.md §3). */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 180_000;

/**
 * A model behind an OpenAI-compatible server (`provider: openai-compat`), with a key or without one. It streams where the
 * server can. What a server was seen to refuse is left out of later calls; nothing else is kept.
 * @throws CoopError `brain_unsupported` when `baseUrl` is none that an http client can use
 */
export function createOpenAiCompatBrain(parts: OpenAiCompatParts): Brain {
  const baseUrl = parseBaseUrl(parts.baseUrl);
  const timeoutMs = parts.timeoutMs ?? TIMEOUT_MS;
  let dialect = FULL_DIALECT;
  return {
    label: `openai-compat ${parts.model}`,
    async *stream(request, signal) {
      const call = openCall(signal, timeoutMs);
      const sealed = sealFetch(parts.fetch, call.controller.signal, parts.key);
      try {
        const client = await openClient(baseUrl, sealed, timeoutMs);
        const ask = (asked: Dialect) =>
          client.chat.completions
            .create(toChatRequest(parts.model, request, asked), { signal: call.controller.signal })
            .asResponse();
        const answer = await askPlainer(ask, dialect, sealed);
        dialect = answer.dialect;
        const collector = new AnswerCollector();
        const texts = readAnswer(answer.response, collector, { controller: call.controller, client });
        for await (const delta of texts) yield { type: "text", delta } satisfies BrainChunk;
        call.refuseStopped(); // the SDK ends a stream without an error when it is aborted
        refuseCutOff(collector, sealed);
        yield { type: "final", response: { ...collector.finish(), latency_ms: call.elapsedMs() } };
      } catch (error) {
        call.refuseStopped(error);
        throw await toBrainError(error, baseUrl, sealed.refusal);
      } finally {
        call.close();
      }
    },
  };
}

/** Asks, and where the server calls the request malformed, asks again in a plainer dialect. */
async function askPlainer(
  ask: (dialect: Dialect) => Promise<Response>,
  first: Dialect,
  sealed: SealedFetch,
): Promise<{ readonly response: Response; readonly dialect: Dialect }> {
  let dialect = first;
  for (;;) {
    try {
      return { response: await ask(dialect), dialect };
    } catch (error) {
      const isRefusal = (error as { status?: unknown }).status === sealed.refusal?.status;
      const plainer = isRefusal && sealed.refusal !== undefined ? plainerDialect(dialect, sealed.refusal) : undefined;
      if (plainer === undefined) throw error;
      dialect = plainer;
    }
  }
}

/** A stream that ends without a reason and without `[DONE]` was cut off, by a proxy perhaps that ended it in good order. */
function refuseCutOff(collector: AnswerCollector, sealed: SealedFetch): void {
  if (collector.isComplete || sealed.tail.includes("[DONE]")) return;
  throw brokenOff();
}

function parseBaseUrl(text: string): string {
  const fault = (what: string) =>
    new CoopError("brain_unsupported", `brain.base_url ${what}`, { next: "Write it as http://127.0.0.1:11434/v1." });
  if (!URL.canParse(text)) throw fault(`${quote(text)} is no URL`);
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw fault(`${quote(text)} is neither http nor https`);
  if (url.username !== "" || url.password !== "") throw fault("has a name or a password in it");
  if (url.search !== "" || url.hash !== "") throw fault(`${quote(text)} has a query or a fragment`);
  return url.href.replace(/\/+$/, "");
}
