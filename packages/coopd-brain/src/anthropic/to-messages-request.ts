import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  TextBlockParam,
  Tool,
} from "@anthropic-ai/sdk/resources/messages";
import type { BrainRequest, ContentBlock, Message } from "coopd-core";
import type { Dialect } from "./dialect.ts";
import { withSafeCallIds } from "./safe-call-ids.ts";

/** Cached for five minutes from its last use, which is the time between two turns of a job and two jobs of a busy hen. */
const MARK = { cache_control: { type: "ephemeral" } } as const;

/** The body of `POST /v1/messages` (contract/brain-vault-storage.md §3); what is empty is left out. */
export function toMessagesRequest(
  model: string,
  request: BrainRequest,
  dialect: Dialect,
): MessageCreateParamsStreaming {
  const { system, tools, temperature, max_tokens, stop_seq } = request;
  const messages = withSafeCallIds(request.messages).flatMap((message) => toMessageParam(message, dialect));
  return {
    model,
    max_tokens,
    ...(system === "" ? {} : { system: toSystem(system, dialect) }),
    messages: dialect.cache && tools.length > 0 ? withMarks(messages) : messages,
    ...(tools.length === 0 ? {} : { tools: toTools(tools, dialect.cache && system === "") }),
    ...(dialect.temperature ? { temperature } : {}),
    ...(stop_seq.length === 0 ? {} : { stop_sequences: [...stop_seq] }),
    stream: true,
  };
}

/** Types of blocks in the request that this version does not know; a refusal may name one. */
export function unknownTypesIn({ messages }: BrainRequest): readonly string[] {
  const blocks = messages.flatMap(({ content }) => (typeof content === "string" ? [] : content));
  const types = blocks.map((block) => (block.type === "unknown" ? block.block.type : undefined));
  return [...new Set(types.filter((type) => typeof type === "string"))];
}

/** Tools and system text are the same in every call of a hen, so the mark behind them serves its next jobs too. */
function toSystem(system: string, dialect: Dialect): string | TextBlockParam[] {
  return dialect.cache ? [{ type: "text", text: system, ...MARK }] : system;
}

function toTools(tools: BrainRequest["tools"], isMarked: boolean): Tool[] {
  return tools.map(({ name, description, input_schema }, index) => ({
    name,
    description,
    input_schema: { ...input_schema, type: "object" },
    ...(isMarked && index === tools.length - 1 ? MARK : {}),
  }));
}

function toMessageParam({ role, content }: Message, dialect: Dialect): readonly MessageParam[] {
  if (typeof content === "string") return [{ role, content: [{ type: "text", text: content }] }];
  const blocks = content.flatMap((block) => toBlock(block, dialect));
  return blocks.length === 0 ? [] : [{ role, content: blocks }]; // an empty message is refused
}

function toBlock(block: ContentBlock, dialect: Dialect): readonly ContentBlockParam[] {
  switch (block.type) {
    case "text":
      return block.text.trim() === "" ? [] : [{ type: "text", text: block.text }];
    case "thinking":
      return dialect.thinking ? toThinking(block) : [];
    case "tool_call":
      return [{ type: "tool_use", id: block.id, name: block.name, input: toInput(block.input) }];
    case "tool_result":
      return [
        { type: "tool_result", tool_use_id: block.tool_use_id, content: block.content, is_error: block.is_error },
      ];
    case "unknown":
      if (block.wire !== "anthropic" || !dialect.unknown) return [];
      return [block.block as unknown as ContentBlockParam]; // as it came; the server knows it
  }
}

/** Thinking that nobody signed came from another provider, and would be refused. */
function toThinking({ text, signature, redacted }: Extract<ContentBlock, { type: "thinking" }>): ContentBlockParam[] {
  if (redacted !== undefined) return [{ type: "redacted_thinking", data: redacted }];
  return signature === undefined ? [] : [{ type: "thinking", thinking: text, signature }];
}

/** The wire takes objects only, so what is none is wrapped in one. */
function toInput(input: unknown): Record<string, unknown> {
  const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
  return isObject ? (input as Record<string, unknown>) : { raw: input };
}

/**
 * Marks the ends of the last two user messages: the one before finds what the call before has written, the last writes
 * what the next call will find. With the one behind the system text that is three of the four marks that are allowed.
 */
function withMarks(messages: readonly MessageParam[]): MessageParam[] {
  const ends = messages.flatMap(({ role }, index) => (role === "user" ? [index] : [])).slice(-2);
  return messages.map((message, index) => {
    if (message.role !== "user" || !ends.includes(index) || typeof message.content === "string") return message;
    const last = message.content.at(-1);
    if (last === undefined || (last.type !== "text" && last.type !== "tool_result")) return message;
    return { ...message, content: [...message.content.slice(0, -1), { ...last, ...MARK }] };
  });
}
