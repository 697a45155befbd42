import type { Brain, BrainRequest } from "coopd-core";
import { askPlainer } from "../wire/ask-plainer.ts";
import { parseBaseUrl } from "../wire/base-url.ts";
import { brokenOff } from "../wire/broken-off.ts";
import type { Attempt, Surfaced, Whole } from "../wire/wire.ts";
import { createWireBrain, type WireBrainParts } from "../wire/wire-brain.ts";
import { type Dialect, FULL_DIALECT, plainerDialect } from "./dialect.ts";
import { MessageCollector } from "./message-collector.ts";
import { openClient } from "./open-client.ts";
import { readMessage } from "./read-message.ts";
import { loadSdk } from "./sdk.ts";
import { toMessagesRequest, unknownTypesIn } from "./to-messages-request.ts";

export interface MessagesBrainParts extends WireBrainParts {
  /** As in the manifest; a trailing slash or `/v1` makes no difference. */
  readonly baseUrl: string;
}

/** Where `provider: anthropic` goes without a `base_url`. */
export const ANTHROPIC_BASE_URL = "https://api.anthropic.com";

/** The wire's version (contract/brain-vault-storage.md §3), which compatible servers know too. */
const API_VERSION = "2023-06-01";

const NAME = "anthropic";

/**
 * A model behind Anthropic's Messages. Thinking is given back as it came; tools, system text and what was said are marked
 * for the provider's cache. What a server was seen to refuse is left out of later calls; nothing else is kept.
 * @throws CoopError `brain_unsupported` when `baseUrl` is none that an http client can use
 */
export function createMessagesBrain(parts: MessagesBrainParts): Brain {
  const baseUrl = parseBaseUrl(parts.baseUrl, parts.key !== undefined).replace(/\/v1$/, "");
  let dialect = FULL_DIALECT;

  async function* answer(request: BrainRequest, attempt: Attempt): AsyncGenerator<Surfaced | Whole> {
    const { call } = attempt;
    const client = await openClient(baseUrl, attempt);
    const ask = (asked: Dialect) =>
      client.messages
        .create(toMessagesRequest(parts.model, request, asked), { signal: call.controller.signal })
        .asResponse();
    const unknown = unknownTypesIn(request);
    const asked = await askPlainer({
      ask,
      first: dialect,
      plainer: (former, refusal) => plainerDialect(former, refusal, unknown),
      attempt,
    });
    dialect = asked.dialect;
    const collector = new MessageCollector(NAME);
    yield* readMessage(asked.response, collector, { controller: call.controller, name: NAME });
    call.refuseStopped();
    if (!collector.isComplete) throw brokenOff(NAME);
    yield { type: "whole", response: collector.finish() };
  }

  return createWireBrain(
    {
      name: NAME,
      baseUrl,
      endpoint: `${baseUrl}/v1/messages`,
      headersFor: (key): Record<string, string> => ({
        "anthropic-version": API_VERSION,
        ...(key === undefined ? {} : { "x-api-key": key }),
      }),
      answer,
      loadErrors: loadSdk,
    },
    parts,
  );
}
