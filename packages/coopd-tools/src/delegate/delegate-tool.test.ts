import { expect, test } from "bun:test";
import type { ToolContext } from "coopd-core";
import { createDelegateTool, type DelegateOutput } from "./delegate-tool.ts";

const handed: (readonly [string, string])[] = [];
const tool = createDelegateTool(async (_context, to, prompt) => {
  handed.push([to, prompt]);
  return { hen: to, job_id: "j1", output: "said", status: "Done" } satisfies DelegateOutput;
});
const context = (signal = new AbortController().signal) => ({ signal }) as ToolContext;

test("a blank prompt, a missing field and a bad id are refused before anything is handed on", async () => {
  for (const input of [
    {},
    { hen: "local.coop/aria" },
    { hen: "local.coop/aria", prompt: " \n" },
    { hen: "", prompt: "x" },
  ]) {
    expect(await tool.invoke(input, context()).catch((error) => error.code)).toBe("tool_input_invalid");
    expect(tool.effectOf(input)).toBe("pure");
  }
  expect(await tool.invoke({ hen: "ARIA", prompt: "x" }, context()).catch((error) => error.code)).toBe("bad_id");
  const over = AbortSignal.abort();
  const input = { hen: "local.coop/aria", prompt: "x" };
  expect(await tool.invoke(input, context(over)).catch((error) => error.code)).toBe("cancelled");
  expect(handed).toEqual([]);
});

test("the output's keys are sorted, and the call is keyed: running it again finds the same job", async () => {
  const input = { hen: "local.coop/aria", prompt: "look", more: 1 };
  expect(JSON.stringify(await tool.invoke(input, context()))).toBe(
    '{"hen":"local.coop/aria","job_id":"j1","output":"said","status":"Done"}',
  );
  expect(handed).toEqual([["local.coop/aria", "look"]]);
  expect(tool.effectOf(input)).toBe("keyed");
});
