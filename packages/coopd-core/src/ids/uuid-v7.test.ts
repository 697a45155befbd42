import { describe, expect, test } from "bun:test";
import { createIdSource, isUuidV7, uuidV7Prefix } from "./uuid-v7.ts";

/** A source over a clock that the test moves, with bytes that are all the same or counted. */
function sourceOver(clock: { nowMs: number }, fill: (index: number) => number = (index) => index * 37) {
  return createIdSource({
    nowMs: () => clock.nowMs,
    randomBytes: (count) => Uint8Array.from({ length: count }, (_, i) => fill(i)),
  });
}

function take(count: number, next: () => string): readonly string[] {
  return Array.from({ length: count }, next);
}

function expectRising(ids: readonly string[]): void {
  for (let i = 1; i < ids.length; i += 1) {
    const [before = "", after = ""] = [ids[i - 1], ids[i]];
    if (!(before < after)) throw new Error(`${before} is not below ${after} (at ${i})`);
  }
}

describe("ids rise", () => {
  test("while the clock stands still, far beyond what one millisecond holds", () => {
    const ids = take(20_000, sourceOver({ nowMs: 1_772_359_200_000 }));
    expectRising(ids);
    expect(new Set(ids).size).toBe(20_000);
    expect(ids.every(isUuidV7)).toBe(true);
  });

  test("while it stands still and every random bit is set", () => {
    const ids = take(
      10_000,
      sourceOver({ nowMs: 5 }, () => 0xff),
    );
    expectRising(ids);
    expect(ids.every(isUuidV7)).toBe(true);
  });

  test("when it steps back, by an hour or to zero, and when it comes back", () => {
    const clock = { nowMs: 1_772_359_200_000 };
    const next = sourceOver(clock);
    const ids = [...take(3, next)];
    for (const nowMs of [1_772_355_600_000, 0, 1_772_359_199_999, 1_772_359_200_000, 1_772_359_200_001]) {
      clock.nowMs = nowMs;
      ids.push(...take(3000, next));
    }
    expectRising(ids);
  });

  test("in order of time once it moves on, also past milliseconds that were borrowed", () => {
    const clock = { nowMs: 1000 };
    const next = sourceOver(clock);
    const borrowed = take(9000, next);
    clock.nowMs = 1001;
    const caught = take(10, next);
    clock.nowMs = 5000;
    const later = next();
    expectRising([...borrowed, ...caught, later]);
    expect(Number.parseInt(later.slice(0, 13).replace("-", ""), 16)).toBe(5000);
  });
});

test("an id holds the time in milliseconds, the version and the variant (RFC 9562 §5.7)", () => {
  // the example of appendix A.6: 2022-02-22T19:22:22.000Z
  const id = sourceOver({ nowMs: 0x017f22e279b0 }, () => 0)();
  expect(id).toBe("017f22e2-79b0-7000-8000-000000000000");
  expect(sourceOver({ nowMs: 0x017f22e279b0 + 0.9 }, () => 0)()).toBe(id);
});

test("only a lower-case hyphenated UUID of version 7 is one", () => {
  const good = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
  expect(isUuidV7(good)).toBe(true);
  for (const text of [
    "",
    good.toUpperCase(),
    good.replace("-7cc3", "-4cc3"),
    good.replace("-98c4", "-c8c4"),
    good.replaceAll("-", ""),
    `${good} `,
    `{${good}}`,
    `${good}\n`,
    good.slice(1),
  ]) {
    expect(isUuidV7(text)).toBe(false);
  }
});

test("ids of earlier milliseconds are below a prefix, those of its own and later ones above", () => {
  const clock = { nowMs: 0 };
  const next = sourceOver(clock);
  for (const nowMs of [1, 255, 65_536, 1_772_323_200_000, 0xffff_ffff_fffe]) {
    clock.nowMs = nowMs;
    const id = next();
    expect(uuidV7Prefix(nowMs) < id).toBe(true);
    expect(uuidV7Prefix(nowMs + 1) > id).toBe(true);
  }
  expect(uuidV7Prefix(-5)).toBe("00000000-0000");
  expect(uuidV7Prefix(Number.MAX_SAFE_INTEGER)).toBe("ffffffff-ffff");
});
