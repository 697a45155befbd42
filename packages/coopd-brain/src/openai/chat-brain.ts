import type { Brain, BrainRequest } from "coopd-core";
import { askPlainer } from "../wire/ask-plainer.ts";
import { parseBaseUrl } from "../wire/base-url.ts";
import { brokenOff } from "../wire/broken-off.ts";
import type { Attempt, Surfaced, Whole } from "../wire/wire.ts";
import { createWireBrain, type WireBrainParts } from "../wire/wire-brain.ts";
import { AnswerCollector } from "./answer-collector.ts";
import { COMPAT_DIALECT, type Dialect, OPENAI_DIALECT, plainerDialect } from "./dialect.ts";
import { openClient } from "./open-client.ts";
import { readChatAnswer } from "./read-chat-answer.ts";
import { loadSdk } from "./sdk.ts";
import { toChatRequest } from "./to-chat-request.ts";

export interface ChatBrainParts extends WireBrainParts {
  /** `openai` speaks as its own models want it; `openai-compat` as most servers do. */
  readonly provider: "openai" | "openai-compat";
  /** As in the manifest; a trailing slash makes no difference. */
  readonly baseUrl: string;
}

/** Where `provider: openai` goes without a `base_url`. */
export const OPENAI_BASE_URL = "https://api.openai.com/v1";

/**
 * A model behind OpenAI's Chat Completions, or a server that is compatible with them (`provider: openai-compat`). It streams
 * where the server can. What a server was seen to refuse is left out of later calls; nothing else is kept.
 * @throws CoopError `brain_unsupported` when `baseUrl` is none that an http client can use
 */
export function createChatBrain(parts: ChatBrainParts): Brain {
  const { provider: name, model } = parts;
  const baseUrl = parseBaseUrl(parts.baseUrl, parts.key !== undefined);
  let dialect = name === "openai" ? OPENAI_DIALECT : COMPAT_DIALECT;

  async function* answer(request: BrainRequest, attempt: Attempt): AsyncGenerator<Surfaced | Whole> {
    const { call, sealed } = attempt;
    const { client, options } = await openClient(baseUrl, attempt);
    const ask = (asked: Dialect) =>
      client.chat.completions
        .create(toChatRequest(model, request, asked), { ...options, signal: call.controller.signal })
        .asResponse();
    const asked = await askPlainer({ ask, first: dialect, plainer: plainerDialect, attempt });
    dialect = asked.dialect;
    const collector = new AnswerCollector(name);
    yield* readChatAnswer(asked.response, collector, { controller: call.controller, client, name });
    call.refuseStopped();
    // A stream that ends without a reason and without `[DONE]` was cut off, by a proxy perhaps that ended it in good order.
    if (!collector.isComplete && !sealed.tail.includes("[DONE]")) throw brokenOff(name);
    yield { type: "whole", response: collector.finish() };
  }

  return createWireBrain(
    {
      name,
      baseUrl,
      endpoint: `${baseUrl}/chat/completions`,
      headersFor: (key): Record<string, string> => (key === undefined ? {} : { authorization: `Bearer ${key}` }),
      answer,
      loadErrors: loadSdk,
    },
    parts,
  );
}
