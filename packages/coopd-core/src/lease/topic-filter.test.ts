import { describe, expect, test } from "bun:test";
import { judgeTopic } from "./topic-filter.ts";

function filter(deny: readonly string[], allow: readonly string[] = []) {
  return { deny_keywords: deny, allow_keywords: allow };
}

describe("a topic is refused", () => {
  test("when a deny keyword occurs anywhere in it, whatever the case", () => {
    expect(judgeTopic(filter(["Weapon"]), "sell WEAPONS now")).toEqual({
      pass: false,
      reason: "denied_keyword",
      keyword: "Weapon",
    });
    expect(judgeTopic(filter(["straße"]), "die STRASSE, die Straße")).toMatchObject({ pass: false });
    expect(judgeTopic(filter(["ПРИВЕТ"]), "привет")).toMatchObject({ pass: false });
  });

  test("when it has a deny keyword and an allow keyword: deny wins", () => {
    expect(judgeTopic(filter(["b"], ["a"]), "a b")).toMatchObject({ pass: false, reason: "denied_keyword" });
  });

  test("when there are allow keywords and none occurs", () => {
    expect(judgeTopic(filter([], ["tax", "law"]), "poetry")).toEqual({ pass: false, reason: "no_allowed_keyword" });
  });

  test("whatever it is, by an allow list of nothing but empty words", () => {
    expect(judgeTopic(filter([], [""]), "anything")).toEqual({ pass: false, reason: "no_allowed_keyword" });
    expect(judgeTopic(filter([], ["", ""]), "")).toEqual({ pass: false, reason: "no_allowed_keyword" });
  });
});

describe("a topic passes", () => {
  test("a filter that is empty, or denies only empty words", () => {
    expect(judgeTopic(filter([]), "anything")).toEqual({ pass: true });
    expect(judgeTopic(filter([""]), "anything")).toEqual({ pass: true });
  });

  test("with one of the allow keywords, inside a word and in another case", () => {
    expect(judgeTopic(filter(["q"], ["", "Tax"]), "pretaxes")).toEqual({ pass: true });
  });
});
