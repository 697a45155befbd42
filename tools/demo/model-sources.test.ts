import { expect, test } from "bun:test";
import { findKeys, findLocalServers, renderSources } from "./model-sources.ts";

test("a key is named and its value never shown", () => {
  const keys = findKeys({ ANTHROPIC_API_KEY: "sk-very-secret", OPENAI_API_KEY: "", PATH: "/bin" });
  expect(keys).toEqual(["ANTHROPIC_API_KEY"]);
  expect(renderSources(keys, [])).not.toContain("sk-very-secret");
});

test("a server that hangs, refuses or talks nonsense is no model server; one that lists a model is", async () => {
  const serve = (fetch: () => Response | Promise<Response>) => Bun.serve({ port: 0, hostname: "127.0.0.1", fetch });
  const servers = [
    serve(() => new Promise<Response>(() => {})),
    serve(() => new Response("<html>")),
    serve(() => Response.json({ data: [{ id: "\x1b[31mred" }] })),
    serve(() => Response.json({ data: [{ id: "tiny:1b" }] })),
  ];
  const urls = servers.map(({ port }) => `http://127.0.0.1:${port}/v1`);
  try {
    expect(await findLocalServers(["http://127.0.0.1:9/v1", ...urls])).toEqual([
      { baseUrl: urls[3] ?? "", model: "tiny:1b" },
    ]);
  } finally {
    await Promise.all(servers.map((server) => server.stop(true)));
  }
});

test("what is found is named with the manifest line that uses it", () => {
  const text = renderSources(["OPENAI_API_KEY"], [{ baseUrl: "http://127.0.0.1:11434/v1", model: "tiny:1b" }]);
  expect(text).toContain("OPENAI_API_KEY is set. It is not used");
  expect(text).toContain('base_url: "http://127.0.0.1:11434/v1", model: "tiny:1b"');
});
