import type { BrainRequest, ContentBlock, Message } from "coopd-core";
import type {
  ChatCompletionCreateParams,
  ChatCompletionMessageFunctionToolCall,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions";
import type { Dialect } from "./dialect.ts";

type ToolCall = Extract<ContentBlock, { type: "tool_call" }>;
type ToolResult = Extract<ContentBlock, { type: "tool_result" }>;

/** The body of `POST /chat/completions` (contract/brain-vault-storage.md §4); empty lists are left out. */
export function toChatRequest(model: string, request: BrainRequest, dialect: Dialect): ChatCompletionCreateParams {
  const { system, messages, tools, temperature, max_tokens, stop_seq } = request;
  const head: ChatCompletionMessageParam[] = system === "" ? [] : [{ role: "system", content: system }];
  return {
    model,
    messages: [...head, ...messages.flatMap((message) => toChatMessages(message, dialect))],
    ...(tools.length === 0 ? {} : { tools: tools.map(toChatTool) }),
    ...(dialect.temperature ? { temperature } : {}),
    [dialect.tokenLimit]: max_tokens,
    ...(stop_seq.length === 0 ? {} : { stop: [...stop_seq] }),
    ...(dialect.stream ? { stream: true } : {}),
    ...(dialect.stream && dialect.streamUsage ? { stream_options: { include_usage: true } } : {}),
  };
}

function toChatTool({ name, description, input_schema }: BrainRequest["tools"][number]) {
  return { type: "function" as const, function: { name, description, parameters: { ...input_schema } } };
}

function toChatMessages(message: Message, dialect: Dialect): readonly ChatCompletionMessageParam[] {
  const { role, content } = message;
  if (typeof content === "string") return [{ role, content }];
  const text = content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
  if (role === "assistant") return toAssistantMessages(text, content, dialect);
  // Results come first: they answer the calls of the message before, and a server refuses anything between.
  const results = content.filter((block) => block.type === "tool_result").map(toToolMessage);
  return text === "" ? results : [...results, { role: "user", content: text }];
}

function toAssistantMessages(
  text: string,
  blocks: readonly ContentBlock[],
  dialect: Dialect,
): readonly ChatCompletionMessageParam[] {
  const calls = blocks.filter((block) => block.type === "tool_call").map(toChatCall);
  if (calls.length > 0) {
    const reasoning = dialect.reasoning ? { reasoning_content: thoughtsOf(blocks) } : {};
    return [{ role: "assistant", content: text === "" ? null : text, tool_calls: calls, ...reasoning }];
  }
  return text === "" ? [] : [{ role: "assistant", content: text }]; // providers reject an empty message
}

/** What the model thought; another provider's signed thinking is not for this one. */
function thoughtsOf(blocks: readonly ContentBlock[]): string {
  const own = blocks.filter((block) => block.type === "thinking" && block.signature === undefined);
  return own.map((block) => (block.type === "thinking" ? block.text : "")).join("\n");
}

/** Servers whose templates parse the arguments fail on anything but an object, so what is none is wrapped in one. */
function toChatCall({ id, name, input }: ToolCall): ChatCompletionMessageFunctionToolCall {
  const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
  return { id, type: "function", function: { name, arguments: JSON.stringify(isObject ? input : { raw: input }) } };
}

/** The wire has no field for a failed call, so the text says it (weaknesses F8). */
function toToolMessage({ tool_use_id, content, is_error }: ToolResult): ChatCompletionMessageParam {
  const text = is_error && !content.startsWith("ERROR") ? `ERROR: ${content}` : content;
  return { role: "tool", tool_call_id: tool_use_id, content: text };
}
