import { expect, test } from "bun:test";
import { ask, brainAt, openModelServer } from "../testing/model-server.ts";
import { createScrub, excerpt } from "./scrub.ts";

const KEY = 'canary/7f3a+"9c';

test("a key is taken out however it is written", () => {
  const scrub = createScrub(KEY);
  const forms = [KEY, encodeURIComponent(KEY), JSON.stringify(KEY), Buffer.from(KEY).toString("base64")];
  for (const form of forms) expect(scrub(`before ${form} after`)).not.toContain("7f3a");
  expect(scrub(forms.join(" "))).not.toContain(Buffer.from(KEY).toString("base64").replace(/=+$/, ""));
  expect(scrub("nothing of it")).toBe("nothing of it");
});

test("what looks like a key is taken out too, stars or not", () => {
  const scrub = createScrub(undefined);
  for (const key of [
    "sk-ant-api03-abcdefgh",
    "sk-proj-AbCd****************wxyz",
    "gsk_0123456789abcdef",
    "hf_abcdefghij",
  ]) {
    expect(scrub(`Incorrect API key provided: ${key}.`)).toMatch(/^Incorrect API key provided: \[key\]\.?$/);
  }
  expect(scrub("Bearer abcdefgh123456")).toBe("[key]");
  expect(scrub("the sk-8 bus, a risk-averse task-oriented key-value")).toBe(
    "the sk-8 bus, a risk-averse task-oriented key-value",
  );
});

test("no error has the key in it, wherever the server repeats it", async () => {
  const canary = "canary-0123456789";
  const answers: (() => Response)[] = [
    () => new Response(`you sent ${canary}`, { status: 401 }),
    () => Response.json({ error: { message: `bad ${canary}`, type: canary, code: canary } }, { status: 400 }),
    () => new Response("", { status: 307, headers: { location: `http://h/?key=${canary}` } }),
    () => new Response(`<html>${canary}</html>`),
    () => Response.json({ error: { message: canary } }),
    () =>
      new Response(`data: {"error":{"message":"${canary}"}}\n\n`, { headers: { "content-type": "text/event-stream" } }),
    () => new Response(`data: {oops ${canary}\n\n`, { headers: { "content-type": "text/event-stream" } }),
  ];
  for (const answer of answers) {
    using server = openModelServer(answer);
    const error = await ask(brainAt(server.baseUrl, { key: { reveal: () => canary } })).catch((thrown) => thrown);
    const { message, next, details } = error;
    expect([message, next, JSON.stringify(details), Bun.inspect(error)].join("\n")).not.toContain(canary);
  }
});

test("an excerpt is short and in one line", () => {
  expect(excerpt("a\nb\u0000c")).toBe("a b c");
  expect(excerpt("🐔".repeat(600))).toBe(`${"🐔".repeat(500)}…`);
});
