import { afterEach, beforeEach, expect, test } from "bun:test";
import { createBrain } from "coopd-brain";
import { type ConversationServer, serveConversation } from "coopd-brain/testing";
import type { BrainLink } from "coopd-core";
import { createDial, createDialFetch } from "coopd-sandbox";
import { openDaemonUnderTest } from "../testing/daemon-under-test.ts";

const PROVIDERS = ["anthropic", "openai", "openai-compat"] as const;

/** A DNS that somebody else runs: every name of it is where they say. */
const fetchWith = (address: string) => createDialFetch({ dial: createDial({ resolve: async () => [address] }) });

let server: ConversationServer;
beforeEach(() => {
  server = serveConversation("openai", [
    { content: [{ type: "text", text: "here" }], usage: { input: 1, output: 1, cached: 0 } },
  ]);
});
afterEach(() => server[Symbol.dispose]());

async function askAt(base_url: string, provider: BrainLink["provider"], fetch: ReturnType<typeof fetchWith>) {
  const link = { provider, provider_id: "none", base_url, model: "tiny" };
  const brain = createBrain(link, { fetch, readScript: async () => "" });
  const messages = [{ role: "user", content: "where are you?" }] as const;
  const request = { system: "", messages, tools: [], temperature: 0, max_tokens: 9, stop_seq: [] };
  for await (const chunk of brain.stream(request, new AbortController().signal)) {
    if (chunk.type === "final") return chunk.response.content;
  }
  return undefined;
}

const named = (host: string) => server.baseUrl.replace("127.0.0.1", host);

test.each(PROVIDERS)("a name that resolves to this machine is not reached, and asked once (%s)", async (provider) => {
  for (const address of ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"]) {
    const asked = askAt(named("model.example.com"), provider, fetchWith(address));
    await expect(asked).rejects.toMatchObject({
      code: "policy_denied",
      message: expect.stringContaining(`${provider}: http://model.example.com:`),
      next: expect.stringContaining("brain.base_url"),
    });
  }
  expect(server.asked).toEqual([]);
});

test("the metadata address is not reached, also where the manifest names it", async () => {
  await expect(askAt("http://169.254.169.254/v1", "openai", fetchWith("1.1.1.1"))).rejects.toMatchObject({
    code: "policy_denied",
  });
});

test("an address of this machine that the manifest names is reached", async () => {
  for (const host of ["127.0.0.1", "localhost"]) {
    expect(await askAt(named(host), "openai", fetchWith("127.0.0.1"))).toEqual([{ type: "text", text: "here" }]);
  }
});

test("the daemon itself is not reached, though a manifest names it and no token is asked for", async () => {
  await using daemon = await openDaemonUnderTest();
  const { port } = new URL(daemon.base);
  for (const [name, host] of [
    ["here", "127.0.0.1"],
    ["named", "localhost"],
  ]) {
    const brain = `{provider_id: none, provider: openai-compat, base_url: "http://${host}:${port}/api/v1", model: m}`;
    const hen = await daemon.hatch(`spec_version: coop/v1\nname: ${name}\nbrain: ${brain}\n`);
    expect(await daemon.call("POST", `/hens/${encodeURIComponent(hen)}/brain/test`)).toMatchObject({
      status: 403,
      json: { code: "policy_denied", error: expect.stringContaining(`coopd itself at port ${port}`) },
    });
  }
});
