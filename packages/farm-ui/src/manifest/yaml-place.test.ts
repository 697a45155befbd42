import { describe, expect, test } from "bun:test";
import { placeAt } from "./yaml-place.ts";

/** The place of the bar. */
function at(text: string) {
  const offset = text.indexOf("|");
  const place = placeAt(text.replace("|", ""), offset);
  return place === undefined ? undefined : `${place.kind} ${place.path.join("/")} <${place.begun}>`;
}

describe("nothing is offered", () => {
  test("in a comment, behind a value, in a text of words", () => {
    expect(at("# na|")).toBeUndefined();
    expect(at("name: aria # wh|")).toBeUndefined();
    expect(at("name: aria the gr|")).toBeUndefined();
    expect(placeAt("personality:\n  system_prompt: |\n    You are a", 46)).toBeUndefined();
  });
});

describe("a key", () => {
  test("at the top, and in a map, whatever stands around it", () => {
    expect(at("|")).toBe("key  <>");
    expect(at("na|\nbrain:\n  model: x\n")).toBe("key  <na>");
    expect(at("brain:\n  provider: script\n\n  # which\n  mo|\ntools: []\n")).toBe("key brain <mo>");
    expect(at("memory:\n  |")).toBe("key memory <>");
  });

  test("in an item of a list, however far in its dash stands", () => {
    expect(at("network:\n  allow:\n    - host: a\n      po|")).toBe("key network/allow/[] <po>");
    expect(at("network:\n  allow:\n  - host: a\n    po|")).toBe("key network/allow/[] <po>");
    expect(at("network:\n  allow:\n    - host: a\n    - ho|")).toBe("key network/allow/[] <ho>");
  });

  test("in braces", () => {
    expect(at("brain: {provider: script, mo|")).toBe("key brain <mo>");
    expect(at("brain: { |")).toBe("key brain <>");
  });

  test("knows the keys that are there", () => {
    expect(placeAt("name: a\nbrain:\n  model: x\n\nsex: hen\n", 26)?.taken).toEqual(["brain", "name", "sex"]);
    expect(placeAt("brain: {provider: script, ", 26)?.taken).toEqual(["provider"]);
    expect(placeAt("a:\n  - host: x\n    ports: []\n    ", 33)?.taken).toEqual(["ports", "host"]);
  });
});

describe("a value", () => {
  test("behind its key, in a list, and in braces", () => {
    expect(at("brain:\n  provider: scr|")).toBe("value brain/provider <scr>");
    expect(at("tools: [bash, ht|")).toBe("value tools/[] <ht>");
    expect(at("brain: {provider: scr|")).toBe("value brain/provider <scr>");
    expect(at("network: {policy: allowlist, allow: [{host: a, private: tr|")).toBe("value network/allow/private <tr>");
    expect(at("tools:\n  - ba|")).toBe("key tools/[] <ba>");
    expect(at("tools:\n- ba|")).toBe("key tools/[] <ba>");
  });
});
