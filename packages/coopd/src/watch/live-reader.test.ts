import { describe, expect, test } from "bun:test";
import type { Claim, JobId } from "coopd-core";
import { LiveReader } from "./live-reader.ts";
import { type LivePlace, TokenFeed } from "./token-feed.ts";

const ID = "job" as JobId;
const claim = (epoch: number) => ({ job: { id: ID }, epoch }) as unknown as Claim;

/** What a reader is told, short: `turn 1`, `text 1 abc`, `gap slow`. */
function told(reader: LiveReader): readonly string[] {
  return reader.take().map(({ event }) => {
    if (event.type === "gap") return `gap ${event.reason}`;
    if (event.type === "end") return "end";
    return `${event.type} ${event.turn}${"delta" in event ? ` ${event.delta}` : ""}`;
  });
}

function say(sink: ReturnType<TokenFeed["open"]>, turn: number, text: string): void {
  sink.turn(turn);
  for (const delta of text) sink.chunk(turn, { type: "text", delta });
}

const reader = (feed: TokenFeed, place?: LivePlace) => new LiveReader(feed, ID, place);

describe("a reader", () => {
  test("hears nothing of a job that does not run, and begins when it does", () => {
    const feed = new TokenFeed();
    const early = reader(feed);
    expect(told(early)).toEqual([]);
    say(feed.open(claim(1)), 1, "hi");
    expect(told(early)).toEqual(["turn 1", "text 1 hi"]);
    expect(told(early)).toEqual([]);
  });

  test("that comes late begins with the turn under way", () => {
    const feed = new TokenFeed();
    const sink = feed.open(claim(1));
    say(sink, 1, "long ago");
    say(sink, 2, "just n");
    const late = reader(feed);
    expect(told(late)).toEqual(["turn 2", "text 2 just n"]);
    sink.chunk(2, { type: "text", delta: "ow" });
    expect(told(late)).toEqual(["text 2 ow"]);
  });

  test("that comes back goes on behind its place, wherever that is", () => {
    const feed = new TokenFeed();
    const sink = feed.open(claim(4));
    say(sink, 1, "abc");
    say(sink, 2, "def");
    const all = ["turn 1", ..."abc", "turn 2", ..."def"];
    for (let offset = 0; offset <= all.length; offset += 1) {
      const text = told(reader(feed, { epoch: 4, offset }))
        .map((it) => it.replace(/^text \d /, ""))
        .join("");
      expect([offset, text]).toEqual([offset, all.slice(offset).join("")]);
    }
  });

  test("is told the places it reaches, so that it can come back", () => {
    const feed = new TokenFeed();
    say(feed.open(claim(4)), 1, "abc");
    const places = reader(feed)
      .take()
      .map(({ place }) => place);
    expect(places).toEqual([
      { epoch: 4, offset: 1 },
      { epoch: 4, offset: 4 },
    ]);
  });

  test("has what was said last, also when the run has ended meanwhile", () => {
    const feed = new TokenFeed();
    const sink = feed.open(claim(1));
    sink.turn(1);
    const slow = reader(feed);
    expect(told(slow)).toEqual(["turn 1"]);
    sink.chunk(1, { type: "text", delta: "last words" });
    feed.end(claim(1));
    feed.open(claim(2)).turn(1);
    expect(told(slow)).toEqual(["text 1 last words"]);
    expect(told(slow)).toEqual(["turn 1"]);
  });

  test("is told when an answer begins anew, and gets the whole of a server that does not stream", () => {
    const feed = new TokenFeed();
    const sink = feed.open(claim(1));
    say(sink, 1, "half");
    sink.chunk(1, { type: "restart" });
    sink.turn(2);
    const usage = { input_tokens: 0, output_tokens: 0, cache_tokens: 0 };
    const content = [{ type: "text", text: "whole" } as const];
    sink.chunk(2, { type: "final", response: { content, usage, finish_reason: "end_turn", latency_ms: 1 } });
    expect(told(reader(feed, { epoch: 1, offset: 0 }))).toEqual([
      "turn 1",
      "text 1 half",
      "restart 1",
      "turn 2",
      "text 2 whole",
    ]);
  });

  test("gets the whole of a server that does not stream, also where it took over from one that broke off", () => {
    const feed = new TokenFeed();
    const sink = feed.open(claim(1));
    say(sink, 1, "half");
    sink.chunk(1, { type: "restart" });
    const usage = { input_tokens: 0, output_tokens: 0, cache_tokens: 0 };
    const content = [{ type: "text", text: "whole" } as const];
    sink.chunk(1, { type: "final", response: { content, usage, finish_reason: "end_turn", latency_ms: 1 } });
    expect(told(reader(feed))).toEqual(["turn 1", "text 1 half", "restart 1", "text 1 whole"]);
  });
});

describe("a reader is told of a gap", () => {
  test("when it was too slow, by characters", () => {
    const feed = new TokenFeed();
    const sink = feed.open(claim(1));
    sink.turn(1);
    const slow = reader(feed);
    expect(told(slow)).toEqual(["turn 1"]);
    for (let n = 0; n < 300; n += 1) sink.chunk(1, { type: "text", delta: "x".repeat(1_024) });
    const [gap, text = ""] = told(slow);
    expect(gap).toBe("gap slow");
    expect(text.length).toBeWithin(250_000, 262_200);
    expect(told(slow)).toEqual([]);
  });

  test("when it was too slow, by events, and what is kept is bounded", () => {
    const feed = new TokenFeed();
    const sink = feed.open(claim(1));
    sink.turn(1);
    const slow = reader(feed);
    told(slow);
    for (let n = 0; n < 50_000; n += 1) sink.chunk(1, { type: n % 2 === 0 ? "text" : "thinking", delta: "x" });
    const run = feed.run(ID);
    expect((run?.last() ?? 0) - (run?.first() ?? 0) + 1).toBe(16_384);
    const pieces: string[] = [];
    for (let some = told(slow); some.length > 0; some = told(slow)) pieces.push(...some);
    expect(pieces.filter((it) => it.startsWith("gap"))).toEqual(["gap slow"]);
    expect(pieces.length).toBe(16_385);
  });

  test("when the beginning of the turn under way is not kept any more", () => {
    const feed = new TokenFeed();
    const sink = feed.open(claim(1));
    sink.turn(1);
    for (let n = 0; n < 300; n += 1) sink.chunk(1, { type: "text", delta: "x".repeat(1_024) });
    expect(told(reader(feed))[0]).toBe("gap slow");
  });

  test("when it comes back to a run that is another, and to one that never was so far", () => {
    const feed = new TokenFeed();
    say(feed.open(claim(5)), 3, "again");
    for (const place of [
      { epoch: 4, offset: 7 },
      { epoch: 9, offset: 0 },
      { epoch: 5, offset: 999 },
    ]) {
      expect(told(reader(feed, place))).toEqual(["gap rerun", "turn 3", "text 3 again"]);
    }
  });

  test("when a run that it did not hear from the beginning follows the one it knows", () => {
    const feed = new TokenFeed();
    say(feed.open(claim(1)), 1, "a");
    const known = reader(feed);
    told(known);
    feed.end(claim(1));
    const next = feed.open(claim(2));
    say(next, 1, "b");
    say(next, 2, "c");
    expect(told(known)).toEqual(["gap rerun", "turn 2", "text 2 c"]);
  });
});
