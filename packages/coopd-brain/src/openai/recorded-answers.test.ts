import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrainUsage, ContentBlock } from "coopd-core";
import { ask, brainAt, openModelServer } from "../testing/model-server.ts";
import { countOf, recordOf } from "./loose-json.ts";

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

const folder = join(import.meta.dir, "../../../../../shared/fixtures/llm");

if (!existsSync(folder)) {
  test.skip("recorded answers: ../shared/fixtures/llm is absent", () => {});
  console.log("skipped: recorded answers of model servers, because ../shared/fixtures/llm is absent");
} else {
  const { rows } = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as { readonly rows: readonly Row[] };
  const mine = rows.filter((row) => row.wire === "openai");
  const recorded = mine.flatMap((row) => row.files.map((file) => ({ row, file })));
  const derived = mine.flatMap((row) => (row.derived_json === undefined ? [] : [{ row, file: row.derived_json }]));
  // The only row whose content is a list of parts lost its text when it was re-expressed, so nothing can be expected of it.
  const lost = derived.filter(({ row }) => "must" in row.expected);
  const files = [...recorded, ...derived.filter((it) => !lost.includes(it))];
  console.log(
    `recorded answers: ${mine.length} of ${rows.length} rows, ${files.length} bodies. Left out: ${rows.length - mine.length}` +
      ` rows of Anthropic's wire; ${lost.length} derived body without the recording's text (${lost.map((it) => it.file)})`,
  );

  describe("a recorded answer is read as the index says", () => {
    test.each(files.map(({ row, file }) => [file, row] as const))("%s", async (file, row) => {
      const bytes = readFileSync(join(folder, file));
      const type = file.endsWith(".sse") ? "text/event-stream" : "application/json";
      using server = openModelServer(() => new Response(bytes, { headers: { "content-type": type } }));
      const { deltas, response } = await ask(brainAt(server.baseUrl));
      const text = response.content.find((block) => block.type === "text")?.text ?? "";
      if (file.endsWith(".sse")) expect(deltas.join("")).toBe(text);
      if ("must" in row.expected) {
        expect(row.expected.must).toContain('joining the text parts ("2 + 2 = 4")');
        expect(response.content).toEqual([{ type: "text", text: "2 + 2 = 4" }]);
        return;
      }
      const { content, finish_reason, usage } = row.expected;
      expect(response.content).toEqual(content as ContentBlock[]);
      expect(response.finish_reason).toBe(finish_reason);
      // The index counts cached tokens as input, as the original did; ours are told apart as the recording says.
      const cached = cachedIn(bytes.toString());
      const { unreported, ...counts } = response.usage;
      expect(counts).toEqual({ ...usage, input_tokens: usage.input_tokens - cached, cache_tokens: cached });
      expect(unreported).toBe(usage.input_tokens + usage.output_tokens === 0 ? true : undefined);
    });
  });
}

/** The largest count of cached tokens that a body names. */
function cachedIn(body: string): number {
  const details = [...body.matchAll(/"prompt_tokens_details":\s*(\{[^{}]*\})/g)];
  return Math.max(0, ...details.map(([, json = "{}"]) => countOf(recordOf(JSON.parse(json)).cached_tokens)));
}
