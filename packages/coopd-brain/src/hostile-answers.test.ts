import { expect, test } from "bun:test";
import { CoopError } from "coopd-core";
import { MessageCollector } from "./anthropic/message-collector.ts";
import { AnswerCollector } from "./openai/answer-collector.ts";
import { ask, brainAt, messagesBrainAt } from "./testing/model-server.ts";
import { ANTHROPIC_FIXTURES } from "./testing/wire/anthropic-fixtures.ts";
import { chatFixtures } from "./testing/wire/chat-fixtures.ts";
import type { WireFixture } from "./testing/wire/serve-wire.ts";
import { AnswerError } from "./wire/brain-error.ts";

const SEED = 20_261_126;
console.log(`hostile answers: seed ${SEED}`);

/** Whole numbers from 0 below `below`, the same for the same seed (xorshift32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const random = createRandom(SEED);
const oneOf = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item;

/** The names that mean something on either wire, so that random objects get deep into the readers. */
const KEYS =
  "type index delta text thinking signature partial_json content_block message usage content input name id stop_reason choices tool_calls function arguments finish_reason refusal reasoning_content error code status input_tokens prompt_tokens prompt_tokens_details cached_tokens data __proto__ constructor length".split(
    " ",
  );
const WORDS =
  "message_start content_block_start content_block_delta content_block_stop message_delta message_stop ping error text thinking redacted_thinking tool_use hologram text_delta input_json_delta signature_delta stop tool_calls length end_turn".split(
    " ",
  );

function anyJson(depth: number): unknown {
  switch (random(depth > 4 ? 6 : 9)) {
    case 0:
      return null;
    case 1:
      return oneOf([0, -1, 1.5, 3, 1e308, 2 ** 53, random(1_000)]);
    case 2:
      return oneOf(["", "x", "{", '{"a":1}', "\u0000", "🐔", "\ud800"]);
    case 3:
      return random(2) === 0;
    case 4:
    case 5:
      return oneOf(WORDS);
    case 6:
      return Array.from({ length: random(4) }, () => anyJson(depth + 1));
    default:
      return Object.fromEntries(Array.from({ length: random(6) }, () => [oneOf(KEYS), anyJson(depth + 1)]));
  }
}

/** Runs a reader; it may refuse in its own words, and in no others. */
function refusesOrReads(read: () => void): "read" | "refused" {
  try {
    read();
    return "read";
  } catch (error) {
    if (error instanceof AnswerError) return "refused";
    if (error instanceof CoopError && error.code === "brain_answer_invalid") return "refused";
    throw error;
  }
}

test("200,000 events of nonsense are read or refused, never crashed on", () => {
  const counts = { read: 0, refused: 0 };
  for (let round = 0; round < 20_000; round += 1) {
    const events = Array.from({ length: 10 }, () => {
      const event = anyJson(0);
      return random(2) === 0 ? { ...Object(event), type: oneOf(WORDS), index: random(3) } : event;
    });
    const messages = new MessageCollector("anthropic");
    const chat = new AnswerCollector("openai");
    const result = refusesOrReads(() => {
      for (const event of events) messages.addEvent(event);
      messages.finish();
    });
    counts[result] += 1;
    counts[refusesOrReads(() => new MessageCollector("anthropic").addWhole(events[0]))] += 1;
    counts[refusesOrReads(() => new AnswerCollector("openai").addWhole({ choices: [events[0]] }))] += 1;
    const said = refusesOrReads(() => {
      for (const event of events) chat.addChunk({ choices: [event], usage: anyJson(3) });
      chat.finish();
    });
    counts[said] += 1;
  }
  expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(1_000);
}, 60_000);

/** Whole fixtures, damaged: bytes changed, left out, doubled. */
function damaged(text: string): Uint8Array<ArrayBuffer> {
  const bytes = Array.from(new TextEncoder().encode(text));
  for (let count = 1 + random(4); count > 0; count -= 1) {
    const at = random(bytes.length);
    const kind = random(3);
    if (kind === 0) bytes[at] = random(256);
    if (kind === 1) bytes.splice(at, 1 + random(20));
    if (kind === 2) bytes.splice(at, 0, ...bytes.slice(at, at + 1 + random(40)));
  }
  return Uint8Array.from(bytes);
}

const CODES =
  /^brain_(?:unavailable|answer_invalid|overloaded|rate_limited|bad_request|auth|context_too_long|refused)$/;

test("1,500 damaged answers end as answers or as errors of a brain", async () => {
  const textOf = ({ answers }: WireFixture) =>
    (answers[0]?.pieces ?? []).map((it) => (typeof it === "string" ? it : new TextDecoder().decode(it))).join("");
  const usable = (fixture: WireFixture) => textOf(fixture).length > 50 && textOf(fixture).length < 20_000;
  const wires = [
    { fixtures: ANTHROPIC_FIXTURES.filter(usable), open: messagesBrainAt },
    { fixtures: chatFixtures("openai-compat").filter(usable), open: brainAt },
  ];
  const ends = new Map<string, number>();
  for (let round = 0; round < 1_500; round += 1) {
    const { fixtures, open } = oneOf(wires);
    const body = damaged(textOf(oneOf(fixtures)));
    const headers = { "content-type": oneOf(["text/event-stream", "application/json"]) };
    const brain = open("http://127.0.0.1:9/v1", { fetch: async () => new Response(body, { headers }) });
    const end = await ask(brain).then(
      () => "answer",
      (error: unknown) => (error instanceof CoopError ? error.code : `crash: ${error}`),
    );
    if (end !== "answer") expect(end).toMatch(CODES);
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  console.log(`damaged answers: ${[...ends].map(([end, count]) => `${end} ${count}`).join(", ")}`);
  expect(ends.size).toBeGreaterThan(3);
}, 120_000);
