import { expect, test } from "bun:test";
import { parseDnsQuery, QUERY_BYTES_MAX, writeDnsAnswer, writeDnsFault } from "./dns-message.ts";

const EDNS = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0];

function name(text: string): readonly number[] {
  return [...text.split(".").flatMap((label) => [label.length, ...Buffer.from(label, "latin1")]), 0];
}

function query(
  parts: { flags?: number; counts?: readonly number[]; question?: readonly number[]; more?: readonly number[] } = {},
) {
  const {
    flags = 0x0100,
    counts = [0, 1, 0, 0, 0, 0, 0, 0],
    question = [...name("Api.a.test"), 0, 1, 0, 1],
    more = [],
  } = parts;
  return Uint8Array.from([0x12, 0x34, flags >> 8, flags & 0xff, ...counts, ...question, ...more]);
}

test("what deserves no answer gets none: too short, an answer, too long", () => {
  expect(parseDnsQuery(query().subarray(0, 11))).toBeNull();
  expect(parseDnsQuery(query({ flags: 0x8180 }))).toBeNull();
  expect(parseDnsQuery(new Uint8Array(QUERY_BYTES_MAX + 1))).toBeNull();
});

test("queries that are none are told so", () => {
  const faults: readonly (readonly [string, Uint8Array, string])[] = [
    ["a notify", query({ flags: 0x2000 }), "not_implemented"],
    ["another class", query({ question: [...name("a.test"), 0, 1, 0, 3] }), "not_implemented"],
    ["no question", query({ counts: [0, 0, 0, 0, 0, 0, 0, 0] }), "format"],
    ["two questions", query({ counts: [0, 2, 0, 0, 0, 0, 0, 0] }), "format"],
    ["an answer in a question", query({ counts: [0, 1, 0, 1, 0, 0, 0, 0] }), "format"],
    ["a pointer", query({ question: [0xc0, 12, 0, 1, 0, 1] }), "format"],
    ["a pointer behind a label", query({ question: [1, 97, 0xc0, 12, 0, 1, 0, 1] }), "format"],
    ["a label of 64", query({ question: [64, ...Array<number>(64).fill(97), 0, 0, 1, 0, 1] }), "format"],
    [
      "a name of 256",
      query({ question: [...Array.from({ length: 128 }, () => [1, 97]).flat(), 0, 0, 1, 0, 1] }),
      "format",
    ],
    ["a dot inside a label", query({ question: [6, ...Buffer.from("a.test"), 0, 0, 1, 0, 1] }), "format"],
    ["a name without an end", query({ question: [5, 97] }), "format"],
    ["no type", query({ question: name("a.test") }), "format"],
    ["bytes behind", query({ more: [0] }), "format"],
    ["EDNS that is not announced", query({ more: EDNS }), "format"],
    ["EDNS that is announced and missing", query({ counts: [0, 1, 0, 0, 0, 0, 0, 1] }), "format"],
    ["EDNS with a name", query({ counts: [0, 1, 0, 0, 0, 0, 0, 1], more: [1, 97, ...EDNS] }), "format"],
    ["EDNS longer than it says", query({ counts: [0, 1, 0, 0, 0, 0, 0, 1], more: [...EDNS, 9] }), "format"],
  ];
  for (const [what, bytes, rcode] of faults)
    expect([what, parseDnsQuery(bytes)]).toMatchObject([what, { id: 0x1234, rcode }]);
  expect([...writeDnsFault({ id: 0x1234, rcode: "format" })]).toEqual([0x12, 0x34, 0x80, 0x81, 0, 0, 0, 0, 0, 0, 0, 0]);
});

test("a question is read, and its answer repeats it letter by letter", () => {
  const question = parseDnsQuery(query());
  if (question === null || !("name" in question)) throw new Error("no question");
  expect(question).toMatchObject({ id: 0x1234, name: "Api.a.test", type: 1, wantsRecursion: true, hasEdns: false });
  const answer = [...writeDnsAnswer(question, "ok", [127, 1, 0, 7])];
  expect(answer).toEqual([
    ...[0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0],
    ...[...name("Api.a.test"), 0, 1, 0, 1],
    ...[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 127, 1, 0, 7],
  ]);
});

test("EDNS is answered with EDNS, and no name with no address", () => {
  const question = parseDnsQuery(query({ counts: [0, 1, 0, 0, 0, 0, 0, 1], more: EDNS }));
  if (question === null || !("name" in question)) throw new Error("no question");
  const answer = writeDnsAnswer(question, "no_name");
  expect([...answer.subarray(2, 12)]).toEqual([0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 1]);
  expect([...answer.subarray(-11)]).toEqual(EDNS);
});
