import type { ContentBlock, Message } from "coopd-core";

/** What this wire takes for the id of a call. */
const SAFE = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * The conversation with ids that this wire takes, and each only once. Calls that another model made, before a fallback came
 * to this one, may be named `functions.bash:0`, and be numbered from zero in every answer.
 */
export function withSafeCallIds(messages: readonly Message[]): readonly Message[] {
  const used = new Set<string>();
  let names = new Map<string, string>();
  const nameFor = (id: string): string => {
    const base = SAFE.test(id) ? id : `call_${id.replaceAll(/[^a-zA-Z0-9_-]/g, "_").slice(0, 40)}`;
    let name = base;
    for (let number = 2; used.has(name); number += 1) name = `${base.slice(0, 56)}_${number}`;
    used.add(name);
    return name;
  };
  const renamed = (block: ContentBlock): ContentBlock => {
    if (block.type === "tool_call") {
      const name = nameFor(block.id);
      names.set(block.id, name);
      return { ...block, id: name };
    }
    if (block.type !== "tool_result") return block;
    return { ...block, tool_use_id: names.get(block.tool_use_id) ?? block.tool_use_id };
  };
  return messages.map((message) => {
    if (typeof message.content === "string") return message;
    if (message.role === "assistant") names = new Map();
    return { ...message, content: message.content.map(renamed) };
  });
}
