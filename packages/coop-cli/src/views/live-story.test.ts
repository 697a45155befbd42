import { describe, expect, test } from "bun:test";
import type { ContentBlock, Instant, JournalEntry, LiveEvent } from "coopd-core";
import { createPaint } from "../output/paint.ts";
import { JournalStory } from "./journal-story.ts";
import { LiveStory } from "./live-story.ts";

const PLAIN = createPaint(false);

function openStory() {
  const live = new LiveStory(new JournalStory({ paint: PLAIN, linesMax: 3, columns: 80 }), PLAIN);
  let seq = 0;
  const entry = (fact: object) =>
    live.tellEntry({ ...fact, seq: ++seq, at: "2026-03-01T10:00:00Z" as Instant, epoch: 1 } as JournalEntry);
  return {
    hear: (...events: readonly LiveEvent[]) => events.map((event) => live.tellLive(event)).join(""),
    /** The same, the journal having told that the model is asked. */
    say: (...events: readonly LiveEvent[]) => {
      const turns = events.map((event) => ("turn" in event ? event.turn : 0));
      entry({ kind: "brain.request", turn: Math.max(...turns), sha256: "" });
      return events.map((event) => live.tellLive(event)).join("");
    },
    asked: (n: number) => entry({ kind: "brain.request", turn: n, sha256: "" }),
    note: (words: string) => entry({ kind: "note", text: words }),
    answer: (turn: number, ...content: readonly ContentBlock[]) =>
      entry({
        kind: "brain.response",
        turn,
        content,
        usage: { input_tokens: 120, output_tokens: 35, cache_tokens: 0 },
        finish_reason: "end_turn",
        latency_ms: 400,
      }),
    settled: (result: string) => entry({ kind: "settled", status: "DONE", result, error: null, error_code: null }),
  };
}

const turn = (n: number): LiveEvent => ({ type: "turn", turn: n });
const text = (n: number, delta: string): LiveEvent => ({ type: "text", turn: n, delta });
const thinking = (n: number, delta: string): LiveEvent => ({ type: "thinking", turn: n, delta });
const EFFORT = "  400 ms · 120 → 35 tokens\n";

describe("what the brain says just now", () => {
  test("is told as it comes, and not again when the journal has it", () => {
    const story = openStory();
    expect(story.say(turn(1))).toBe("");
    expect(story.say(text(1, "Hel"), text(1, "lo.\n"), text(1, "Bye"))).toBe("\nturn 1\n  Hello.\n  Bye");
    expect(story.answer(1, { type: "text", text: "Hello.\nBye" })).toBe(`\n${EFFORT}`);
    expect(story.settled("Hello.\nBye")).toBe("\nDONE\n");
  });

  test("is told to its end by the journal where that was quicker, and what comes late is not told", () => {
    const story = openStory();
    expect(story.say(turn(1), text(1, "Hel"))).toBe("\nturn 1\n  Hel");
    expect(story.answer(1, { type: "text", text: "Hello" })).toBe(`lo\n${EFFORT}`);
    expect(story.say(text(1, "lo"), turn(1), text(1, "lo"))).toBe("");
  });

  test("has its thinking before it", () => {
    const story = openStory();
    expect(story.say(turn(1), thinking(1, "Hm. "), thinking(1, "So.\n"), text(1, "Yes"))).toBe(
      "\nturn 1\n  Hm. So.\n  Yes",
    );
    expect(story.answer(1, { type: "thinking", text: "Hm. So.\n" }, { type: "text", text: "Yes" })).toBe(`\n${EFFORT}`);
  });

  test("waits until the journal has told what led to it", () => {
    const story = openStory();
    expect(story.hear(turn(2), text(2, "Hel"))).toBe("");
    expect(story.note("of turn 1")).toBe("· of turn 1\n");
    expect(story.hear(text(2, "lo"), { type: "restart", turn: 2 }, text(2, "Hi"))).toBe("");
    expect(story.asked(2)).toBe("\nturn 2\n  Hello\n  the answer broke off and begins anew\n\nturn 2\n  Hi");
    expect(story.hear(text(2, "!"))).toBe("!");
    expect(story.answer(2, { type: "text", text: "Hi!" })).toBe(`\n${EFFORT}`);
  });

  test("is left to the journal where too much of it comes too early", () => {
    const story = openStory();
    expect(story.hear(turn(1), ...Array.from({ length: 5_000 }, () => text(1, "x")))).toBe("");
    expect(story.asked(1)).toBe("");
    expect(story.hear(text(1, "x"))).toBe("");
    expect(story.answer(1, { type: "text", text: "xx" })).toBe("\nturn 1 400 ms · 120 → 35 tokens\n  xx\n");
  });

  test("is told anew when the answer begins anew", () => {
    const story = openStory();
    expect(story.say(turn(2), text(2, "half"), { type: "restart", turn: 2 }, text(2, "whole"))).toBe(
      "\nturn 2\n  half\n  the answer broke off and begins anew\n\nturn 2\n  whole",
    );
    expect(story.answer(2, { type: "text", text: "whole" })).toBe(`\n${EFFORT}`);
  });

  test("is left to the journal where something of it is missing, or it is another", () => {
    const whole = (n: number, words: string) => `\nturn ${n} 400 ms · 120 → 35 tokens\n  ${words}\n`;
    const gap = openStory();
    expect(gap.say(turn(1), text(1, "He"), { type: "gap", reason: "slow" }, text(1, "lo"))).toBe("\nturn 1\n  He\n");
    expect(gap.answer(1, { type: "text", text: "Hello" })).toBe(whole(1, "Hello"));
    const other = openStory();
    other.say(turn(1), text(1, "something"));
    expect(other.answer(1, { type: "text", text: "else" })).toBe(`\n${whole(1, "else")}`);
    const late = openStory();
    expect(late.say(text(3, "without its beginning"))).toBe("");
    expect(late.answer(3, { type: "text", text: "all" })).toBe(whole(3, "all"));
  });

  test("says nothing of a turn of blanks, and acts on no terminal", () => {
    const story = openStory();
    expect(story.say(turn(1), text(1, " \n"))).toBe("");
    expect(story.answer(1)).toBe("\nturn 1 400 ms · 120 → 35 tokens\n");
    const shown = story.say(turn(2), text(2, "a\u001b[2J"), text(2, "\u001b"), text(2, "]0;x\u0007b"));
    for (const control of ["\u001b", "\u0007"]) expect(shown).not.toContain(control);
  });
});
