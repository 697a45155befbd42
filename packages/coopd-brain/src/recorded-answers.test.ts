import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrainUsage, ContentBlock } from "coopd-core";
import { ask, brainAt, messagesBrainAt, openModelServer } from "./testing/model-server.ts";
import { countOf, listOf, recordOf, textOf } from "./wire/loose-json.ts";

interface Row {
  readonly id: string;
  readonly wire: "openai" | "anthropic";
  readonly files: readonly string[];
  readonly derived_json?: string;
  readonly expected: Expected | { readonly must: string };
}

interface Expected {
  readonly content: readonly ContentBlock[];
  readonly finish_reason: string;
  readonly usage: BrainUsage;
}

const folder = join(import.meta.dir, "../../../../shared/fixtures/llm");

/** Blocks of Anthropic's wire that ours knows. */
const KNOWN = ["text", "thinking", "redacted_thinking", "tool_use"];

if (!existsSync(folder)) {
  test.skip("recorded answers: ../shared/fixtures/llm is absent", () => {});
  console.log("skipped: recorded answers of model servers, because ../shared/fixtures/llm is absent");
} else {
  const { rows } = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as { readonly rows: readonly Row[] };
  const recorded = rows.flatMap((row) => row.files.map((file) => ({ row, file })));
  const derived = rows.flatMap((row) => (row.derived_json === undefined ? [] : [{ row, file: row.derived_json }]));
  // The only row whose content is a list of parts lost its text when it was re-expressed, so nothing can be expected of it.
  const lost = derived.filter(({ row }) => "must" in row.expected);
  const files = [...recorded, ...derived.filter((it) => !lost.includes(it))];
  console.log(
    `recorded answers: ${rows.length} rows, ${files.length} bodies.` +
      ` Left out: ${lost.length} derived body without the recording's text (${lost.map((it) => it.file)})`,
  );

  describe("a recorded answer is read as the index says", () => {
    test.each(files.map(({ row, file }) => [file, row] as const))("%s", async (file, row) => {
      const bytes = readFileSync(join(folder, file));
      const type = file.endsWith(".sse") ? "text/event-stream" : "application/json";
      using server = openModelServer(() => new Response(bytes, { headers: { "content-type": type } }));
      const brain = row.wire === "openai" ? brainAt(server.baseUrl) : messagesBrainAt(server.baseUrl);
      const { deltas, response } = await ask(brain);
      const { content, finish_reason, usage } = response;
      const text = content.map((block) => (block.type === "text" ? block.text : "")).join("");
      if (file.endsWith(".sse")) expect(deltas.join("")).toBe(text);
      const told = toldIn(bytes.toString(), file.endsWith(".sse"));
      if ("must" in row.expected) {
        expect(row.expected.must).toContain('joining the text parts ("2 + 2 = 4")');
        expect(content.filter((block) => block.type !== "thinking")).toEqual([{ type: "text", text: "2 + 2 = 4" }]);
        return;
      }
      const { expected } = row;
      expect(finish_reason).toBe(expected.finish_reason);
      if (row.wire === "openai") {
        expect(withoutThoughts(content)).toEqual(expected.content);
        expect(content.map((block) => (block.type === "thinking" ? block.text : "")).join("")).toBe(told.thoughts);
        // The index counts cached tokens as input, as the original did; ours are told apart as the recording says.
        const input = expected.usage.input_tokens - told.cached;
        expect(counts(usage)).toEqual([input, expected.usage.output_tokens, told.cached]);
        return;
      }
      expect(withoutOwn(content)).toEqual(expected.content);
      const unknown = content.flatMap((block) => (block.type === "unknown" ? [textOf(block.block.type)] : []));
      expect(unknown).toEqual(told.unknownTypes);
      // The index takes the counts of the stream's beginning, as the original did; its end knows better.
      expect(counts(usage)).toEqual([told.input, expected.usage.output_tokens, told.read]);
    });
  });
}

function counts({ input_tokens, output_tokens, cache_tokens }: BrainUsage): readonly number[] {
  return [input_tokens, output_tokens, cache_tokens];
}

function withoutThoughts(content: readonly ContentBlock[]): readonly ContentBlock[] {
  return content.filter((block) => block.type !== "thinking");
}

/** Without what the index leaves out: signatures, redacted thinking, unknown blocks. */
function withoutOwn(content: readonly ContentBlock[]): readonly ContentBlock[] {
  return content.flatMap((block): readonly ContentBlock[] => {
    if (block.type === "unknown" || (block.type === "thinking" && block.redacted !== undefined)) return [];
    return block.type === "thinking" ? [{ type: "thinking", text: block.text }] : [block];
  });
}

/** What the index does not say, looked up in the recording in the plainest way. */
function toldIn(body: string, isStream: boolean) {
  const values = isStream
    ? [...body.matchAll(/^data: ?(\{.*)$/gm)].map(([, json = ""]) => recordOf(JSON.parse(json)))
    : [recordOf(JSON.parse(body))];
  const told = { thoughts: "", cached: 0, input: 0, read: 0, unknownTypes: [] as string[] };
  for (const value of values) {
    if (value.type === "message_start") Object.assign(told, { input: 0, read: 0, unknownTypes: [] });
    const usage = recordOf(value.usage ?? recordOf(value.message).usage);
    if (typeof usage.input_tokens === "number") told.input = usage.input_tokens;
    if (typeof usage.cache_read_input_tokens === "number") told.read = usage.cache_read_input_tokens;
    told.cached = Math.max(told.cached, countOf(recordOf(usage.prompt_tokens_details).cached_tokens));
    const choice = recordOf(listOf(value.choices)[0]);
    const part = recordOf(choice.delta ?? choice.message);
    told.thoughts += textOf(part.reasoning_content) || textOf(part.reasoning);
    for (const inner of listOf(part.content).map(recordOf)) {
      if (inner.type === "thinking")
        told.thoughts += listOf(inner.thinking)
          .map((it) => textOf(recordOf(it).text))
          .join("");
    }
    const blocks = isStream ? [value.content_block].filter((it) => it !== undefined) : listOf(value.content);
    told.unknownTypes.push(...blocks.map((it) => textOf(recordOf(it).type)).filter((it) => !KNOWN.includes(it)));
    if (value.type === "message_stop") break;
  }
  return told;
}
