import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { openModelServer, wholeOf } from "../testing/model-server.ts";

const index = join(import.meta.dir, "../index.ts");

/** Runs a program in a process of its own, with this environment only. */
async function run(program: string, env: Record<string, string>) {
  const child = Bun.spawn([process.execPath, "--no-env-file", "--config=/dev/null", "-e", program], {
    env,
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { out, err };
}

describe("the SDK's environment variables have no effect", () => {
  const rows: Record<string, string>[] = [
    {
      OPENAI_API_KEY: "sk-from-env",
      OPENAI_ADMIN_KEY: "sk-admin-from-env",
      OPENAI_ORG_ID: "org-from-env",
      OPENAI_PROJECT_ID: "proj-from-env",
      OPENAI_WEBHOOK_SECRET: "wh-from-env",
      OPENAI_BASE_URL: "http://127.0.0.1:1/from-env",
      OPENAI_CUSTOM_HEADERS: "X-Leak: from-env",
      OPENAI_LOG: "debug",
    },
    { OPENAI_CUSTOM_HEADERS: "not a header name: from-env", OPENAI_LOG: "no such level" },
    { OPENAI_API_KEY: "", OPENAI_BASE_URL: "" },
    {},
  ];
  test.each(rows)("%j", async (env) => {
    using server = openModelServer(() => Response.json(wholeOf({ content: "ok" })));
    const program = `
      const { createBrain } = await import(${JSON.stringify(index)});
      const link = { provider: "openai-compat", provider_id: "none", base_url: ${JSON.stringify(server.baseUrl)}, model: "m" };
      const brain = createBrain(link, { fetch, readScript: async () => "" });
      const request = { system: "", messages: [{ role: "user", content: "hi" }], tools: [], temperature: 0, max_tokens: 1, stop_seq: [] };
      for await (const chunk of brain.stream(request, new AbortController().signal)) {
        if (chunk.type === "final") process.stdout.write(JSON.stringify(chunk.response.content));
      }`;
    const { out, err } = await run(program, env);
    expect([out, err]).toEqual(['[{"type":"text","text":"ok"}]', ""]);
    expect(server.seen.length).toBe(1);
    const [{ headers, path }] = server.seen as [(typeof server.seen)[number]];
    expect(path).toBe("/v1/chat/completions");
    expect(headers.get("authorization")).toBeNull();
    expect(JSON.stringify([...headers])).not.toContain("from-env");
  });
});

test("the SDK is loaded with the first call, not with the package", async () => {
  const loaded =
    "Object.keys(require.cache).filter((path) => path.includes('/openai@') || path.includes('/openai/')).length";
  const program = `
    const { createBrain } = await import(${JSON.stringify(index)});
    const parts = { fetch: async () => Response.json({ choices: [{ message: { content: "ok" } }] }), readScript: async () => "" };
    const brain = createBrain({ provider: "openai-compat", provider_id: "none", base_url: "http://h/v1", model: "m" }, parts);
    const before = ${loaded.replaceAll("/openai/'", "/node_modules/openai/'")};
    const request = { system: "", messages: [], tools: [], temperature: 0, max_tokens: 1, stop_seq: [] };
    for await (const chunk of brain.stream(request, new AbortController().signal)) chunk;
    const after = ${loaded.replaceAll("/openai/'", "/node_modules/openai/'")};
    process.stdout.write(JSON.stringify({ before, after: after > 0 }));`;
  const { out, err } = await run(program, {});
  expect([out, err]).toEqual(['{"before":0,"after":true}', ""]);
});
