import { describe, expect, test } from "bun:test";
import { CoopError } from "../errors/coop-error.ts";
import {
  type CoopId,
  henName,
  isHenName,
  parseCoopId,
  parseHenId,
  parseHenName,
  toHenId,
  workdirKey,
} from "./hen-id.ts";

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (thrown) {
    return thrown instanceof CoopError ? thrown.code : String(thrown);
  }
}

describe("refused with bad_id", () => {
  test("a hen name that is empty, long, in upper case, or of other characters", () => {
    for (const name of [
      "",
      "A",
      "aB",
      "1a",
      "-a",
      "a_b",
      "a.b",
      "a/b",
      "ä",
      "a b",
      "a\n",
      "a\0",
      "../a",
      "a".repeat(33),
      "__proto__",
    ]) {
      expect(`${name} ${codeOf(() => parseHenName(name))}`).toBe(`${name} bad_id`);
      expect(isHenName(name)).toBe(false);
    }
  });

  test("a coop id that is empty, long, or of other characters", () => {
    for (const id of ["", "A", "a/b", "a b", "a_b", "ä", "a\n", "a".repeat(254)]) {
      expect(`${id} ${codeOf(() => parseCoopId(id))}`).toBe(`${id} bad_id`);
    }
  });

  test("a hen id without a slash, with two, or with one part wrong", () => {
    for (const id of [
      "",
      "/",
      "aria",
      "local.coop/",
      "/aria",
      "local.coop/aria/x",
      "Local.coop/aria",
      "local.coop/Aria",
      "local.coop//aria",
      "local.coop%2Faria",
      "local.coop/..",
    ]) {
      expect(`${id} ${codeOf(() => parseHenId(id))}`).toBe(`${id} bad_id`);
    }
  });

  test("with a message that stays short whatever it quotes", () => {
    const long = "x".repeat(100_000);
    for (const parse of [parseHenId, parseCoopId, parseHenName]) {
      expect(() => parse(`${long}/`)).toThrow(/^.{1,200}$/);
    }
  });
});

describe("taken", () => {
  test("every name and coop id of the grammar (contract/domain.md §1)", () => {
    for (const name of ["a", "aria", "a-", "a--b", "z9", "a".repeat(32), "constructor"])
      expect(parseHenName(name)).toBe(name);
    for (const id of ["a", "...", "local.coop", "192.168.1.5:9700", "[::1]:9700", "-", "a".repeat(253)]) {
      expect<string>(parseCoopId(id)).toBe(id);
    }
  });

  test("a hen id, which is its coop id and its name around the first slash", () => {
    const id = parseHenId("192.168.1.5:9700/worker-1");
    expect(henName(id)).toBe("worker-1");
    expect(toHenId("192.168.1.5:9700" as CoopId, "worker-1")).toBe(id);
  });
});

describe("a hen's folder", () => {
  test("has the original's name where that is safe", () => {
    expect(workdirKey(parseHenId("bob.coop/aria"))).toBe("bob-coop__aria");
    expect(workdirKey(parseHenId("local.coop/a--b"))).toBe("local-coop__a--b");
    expect(workdirKey(parseHenId("192.168.1.5:9700/worker-1"))).toStartWith("192-168-1-5-9700__worker-1__");
  });

  test("is never another hen's: all coop ids of up to four characters, and names that look like seams", () => {
    const letters = ["a", "9", ".", "-", ":", "["];
    let coops = letters;
    const all = [...coops];
    for (let length = 2; length <= 4; length += 1) {
      coops = coops.flatMap((coop) => letters.map((letter) => coop + letter));
      all.push(...coops);
    }
    const seen = new Map<string, string>();
    for (const coop of all) {
      for (const name of ["a", "a-", "a--a", "a61"]) {
        const key = workdirKey(toHenId(parseCoopId(coop), name));
        expect(`${key} of ${seen.get(key) ?? "nobody"}`).toBe(`${key} of nobody`);
        expect(key).toMatch(/^[a-z0-9_-]+$/);
        seen.set(key, `${coop}/${name}`);
      }
    }
    expect(seen.size).toBe(all.length * 4);
  });
});
