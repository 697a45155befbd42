import type { ContentBlock } from "coopd-core";
import { recordOf, textOf } from "../wire/loose-json.ts";
import type { Surfaced } from "../wire/wire.ts";

type Fields = Readonly<Record<string, unknown>>;

/** One block of an answer as it comes together. */
export interface Slot {
  /** Takes the block as it begins, and each delta of it; says what can be shown, and how many characters came. */
  add(fields: Fields): { readonly shown: readonly Surfaced[]; readonly chars: number };
  /** The block; undefined for empty text. */
  finish(): ContentBlock | undefined;
}

/** The slot for a block that begins like this. */
export function openSlot(block: Fields): Slot {
  switch (block.type) {
    case "text":
      return openText();
    case "thinking":
      return openThinking();
    case "redacted_thinking":
      return openRedacted();
    case "tool_use":
      return openCall();
    default:
      return openUnknown();
  }
}

function openText(): Slot {
  let text = "";
  return {
    add(fields) {
      const delta = textOf(fields.text);
      text += delta;
      return { shown: delta === "" ? [] : [{ type: "text", delta }], chars: delta.length };
    },
    finish: () => (text === "" ? undefined : { type: "text", text }),
  };
}

function openThinking(): Slot {
  let text = "";
  let signature = "";
  return {
    add(fields) {
      const delta = textOf(fields.thinking);
      text += delta;
      signature += textOf(fields.signature);
      const chars = delta.length + textOf(fields.signature).length;
      return { shown: delta === "" ? [] : [{ type: "thinking", delta }], chars };
    },
    finish: () => ({ type: "thinking", text, ...(signature === "" ? {} : { signature }) }),
  };
}

function openRedacted(): Slot {
  let redacted = "";
  return {
    add(fields) {
      redacted += textOf(fields.data);
      return { shown: [], chars: textOf(fields.data).length };
    },
    finish: () => ({ type: "thinking", text: "", redacted }),
  };
}

function openCall(): Slot {
  let id = "";
  let name = "";
  let json = "";
  let whole: unknown;
  return {
    add(fields) {
      id ||= textOf(fields.id);
      name ||= textOf(fields.name);
      json += textOf(fields.partial_json);
      if (fields.input !== undefined) whole = fields.input;
      const chars = textOf(fields.partial_json).length;
      return { shown: [], chars };
    },
    finish: () => (name === "" ? undefined : { type: "tool_call", id, name, input: inputOf(json, whole) }),
  };
}

/** A block of a type that this version does not know: its fields, and what its deltas add to them. */
function openUnknown(): Slot {
  const block: Record<string, unknown> = {};
  let json = "";
  return {
    add({ type, partial_json, ...fields }) {
      block.type ??= type;
      json += textOf(partial_json);
      for (const [name, value] of Object.entries(fields)) {
        const former = block[name];
        block[name] = typeof former === "string" && typeof value === "string" ? former + value : value;
      }
      return { shown: [], chars: JSON.stringify(fields).length + textOf(partial_json).length };
    },
    finish() {
      if (json !== "") block.input = inputOf(json, block.input);
      return { type: "unknown", wire: "anthropic", block };
    },
  };
}

/** Blank JSON is what the block began with, or an empty object; what does not parse stays the raw text, for the tool to refuse by name. */
function inputOf(json: string, whole: unknown): unknown {
  if (json.trim() === "") return whole === null || whole === undefined || whole === "" ? {} : whole;
  try {
    return JSON.parse(json) ?? recordOf(whole);
  } catch {
    return json;
  }
}
