import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { openModelServer, wholeOf } from "./testing/model-server.ts";

const index = join(import.meta.dir, "index.ts");

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

const ENDPOINTS = { openai: "/v1/chat/completions", anthropic: "/v1/messages" } as const;

/** Answers as each wire does. */
function serveBoth() {
  return openModelServer(({ path }) =>
    path === ENDPOINTS.openai
      ? Response.json(wholeOf({ content: "ok" }))
      : Response.json({ type: "message", content: [{ type: "text", text: "ok" }], stop_reason: "end_turn", usage: {} }),
  );
}

describe("the SDKs' environment variables have no effect", () => {
  const rows: ["openai" | "anthropic", Record<string, string>][] = [
    [
      "openai",
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
    ],
    ["openai", { OPENAI_CUSTOM_HEADERS: "not a header name: from-env", OPENAI_LOG: "no such level" }],
    ["openai", { OPENAI_API_KEY: "", OPENAI_BASE_URL: "" }],
    ["openai", {}],
    [
      "anthropic",
      {
        ANTHROPIC_API_KEY: "sk-from-env",
        ANTHROPIC_AUTH_TOKEN: "token-from-env",
        ANTHROPIC_WEBHOOK_SIGNING_KEY: "wh-from-env",
        ANTHROPIC_BASE_URL: "http://127.0.0.1:1/from-env",
        ANTHROPIC_CUSTOM_HEADERS: "X-Leak: from-env",
        ANTHROPIC_PROFILE: "from-env",
        ANTHROPIC_CONFIG_DIR: "/nonexistent/from-env",
        ANTHROPIC_LOG: "debug",
      },
    ],
    ["anthropic", { ANTHROPIC_CUSTOM_HEADERS: "not a header name: from-env", ANTHROPIC_LOG: "no such level" }],
    ["anthropic", { ANTHROPIC_API_KEY: "", ANTHROPIC_BASE_URL: "" }],
    ["anthropic", {}],
  ];
  test.each(rows)("%s %j", async (provider, env) => {
    using server = serveBoth();
    const program = `
      const { createBrain } = await import(${JSON.stringify(index)});
      const link = { provider: "${provider}", provider_id: "none", base_url: ${JSON.stringify(server.baseUrl)}, model: "m" };
      const brain = createBrain(link, { fetch, readScript: async () => "" });
      const request = { system: "", messages: [{ role: "user", content: "hi" }], tools: [], temperature: 0, max_tokens: 1, stop_seq: [] };
      for await (const chunk of brain.stream(request, new AbortController().signal)) {
        if (chunk.type === "final") process.stdout.write(JSON.stringify(chunk.response.content));
      }`;
    const { out, err } = await run(program, env);
    expect([out, err]).toEqual(['[{"type":"text","text":"ok"}]', ""]);
    expect(server.seen.length).toBe(1);
    const [{ headers, path }] = server.seen as [(typeof server.seen)[number]];
    expect(path).toBe(ENDPOINTS[provider]);
    expect([headers.get("authorization"), headers.get("x-api-key")]).toEqual([null, null]);
    expect(JSON.stringify([...headers])).not.toContain("from-env");
  });
});

test.each([
  ["openai", "openai"],
  ["anthropic", "@anthropic-ai/sdk"],
])("the SDK of %s is loaded with the first call, not with the package", async (provider, name) => {
  const loaded = `Object.keys(require.cache).filter((path) => path.includes("/node_modules/${name}/")).length`;
  const program = `
    const { createBrain } = await import(${JSON.stringify(index)});
    const answer = { type: "message", content: [], choices: [{ message: { content: "ok" } }] };
    const parts = { fetch: async () => Response.json(answer), readScript: async () => "" };
    const brain = createBrain({ provider: "${provider}", provider_id: "none", base_url: "http://h/v1", model: "m" }, parts);
    const before = ${loaded};
    const request = { system: "", messages: [], tools: [], temperature: 0, max_tokens: 1, stop_seq: [] };
    for await (const chunk of brain.stream(request, new AbortController().signal)) chunk;
    const after = ${loaded};
    process.stdout.write(JSON.stringify({ before, after: after > 0 }));`;
  const { out, err } = await run(program, {});
  expect([out, err]).toEqual(['{"before":0,"after":true}', ""]);
});
