import { expect, test } from "bun:test";
import { createOutputSieve } from "./output-sieve.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const ST = "\x1b\\";

/** What each side gets, with the output cut into pieces of `size` bytes. */
function sift(text: string, size = Number.POSITIVE_INFINITY): { readonly screen: string; readonly viewers: string } {
  const sieve = createOutputSieve(() => 120);
  const all = bytes(text);
  const parts: Record<"screen" | "viewers", Uint8Array[]> = { screen: [], viewers: [] };
  for (let from = 0; from < all.length; from += size) {
    const { screen, viewers } = sieve.push(all.subarray(from, Math.min(all.length, from + size)));
    parts.screen.push(screen);
    parts.viewers.push(viewers);
  }
  const join = (each: Uint8Array[]) => new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(each));
  return { screen: join(parts.screen), viewers: join(parts.viewers) };
}

test("what asks a terminal something reaches the daemon's screen and no viewer", () => {
  const questions = [
    "\x1b[c",
    "\x1b[0c",
    "\x1b[>c",
    "\x1b[=c",
    "\x1b[5n",
    "\x1b[6n",
    "\x1b[?6n",
    "\x1b[?2026$p",
    "\x1b[>0q",
    "\x1b[?u",
    "\x1b[>1u",
    "\x1b[21t",
    "\x1bZ",
    `\x1bP$qm${ST}`,
    `\x1bP+q544e${ST}`,
    "\x1b]11;?\x07",
    `\x1b]4;1;?${ST}`,
  ];
  for (const question of questions) {
    expect(sift(`a${question}b`)).toEqual({ screen: `a${question}b`, viewers: "ab" });
  }
});

test("what reaches out of the window reaches no viewer: the clipboard, links, notifications, hidden texts", () => {
  const hostile = [
    "\x1b]52;c;b3duZWQ=\x07",
    `\x1b]8;;file:///etc/passwd${ST}`,
    "\x1b]9;hello\x07",
    "\x1b]777;notify;a;b\x07",
    "\x1b]1337;File=x\x07",
    `\x1b_Ga=T${ST}`,
    `\x1b^pm${ST}`,
    `\x1bXsos${ST}`,
  ];
  for (const each of hostile) expect(sift(`a${each}b`).viewers).toBe("ab");
});

test("what is done as often as a number says is done no more often than the screen is large", () => {
  for (const final of ["b", "I", "Z", "S", "T", "L", "M"]) {
    for (const size of [1, 3, Number.POSITIVE_INFINITY]) {
      expect(sift(`a\x1b[2147483647${final}b`, size)).toEqual({
        screen: `a\x1b[120${final}b`,
        viewers: `a\x1b[120${final}b`,
      });
    }
    expect(sift(`\x1b[${"9".repeat(250)}${final}`).screen).toBe(`\x1b[120${final}`);
    for (const usual of ["", "0", "7", "24", "120"])
      expect(sift(`\x1b[${usual}${final}`).screen).toBe(`\x1b[${usual}${final}`);
  }
  for (const other of ["\x1b[38;2;200;100;255m", "\x1b[999;999H", "\x1b[?2026h", "\x1b[200~"])
    expect(sift(other).screen).toBe(other);
});

test("C1 controls written as characters reach nobody, and characters around them everybody", () => {
  expect(sift("a\u009b31mb\u009d52;c;eA\u009cc\u0090d\u0080")).toEqual({
    screen: "a31mb52;c;eAcd",
    viewers: "a31mb52;c;eAcd",
  });
  expect(sift("\u00a0é\u00bfÂ")).toEqual({ screen: "\u00a0é\u00bfÂ", viewers: "\u00a0é\u00bfÂ" });
});

test("a string without an end is left out up to its end, however long it is, and nothing behind it", () => {
  const long = `a\x1b]52;c;${"x".repeat(100_000)}\x07b\x1bP${"y".repeat(50_000)}${ST}c`;
  for (const size of [1, 7, 4096, 1e9]) expect(sift(long, size).viewers).toBe("abc");
  expect(sift(`a\x1b]2;${"x".repeat(20_000)}\x18b`, 1000).viewers).toBe("ab");
});

test("a sequence that is broken off does not swallow what follows", () => {
  expect(sift("\x1b[31\x1b[32mgreen").viewers).toBe("\x1b[32mgreen");
  expect(sift("\x1b]2;title\x1b[32mgreen").viewers).toBe("\x1b[32mgreen");
  expect(sift("\x1b[3\x18x").viewers).toBe("\x18x");
  expect(sift(`\x1b[${"1;".repeat(400)}mx`).viewers).not.toContain("\x1b");
});

test("everything else passes unchanged, cut anywhere: text, colours, modes, titles, box drawing, emoji", () => {
  const plain =
    "häh 🐔 日本語 \x1b[1;38;2;1;2;3mred\x1b[0m\r\n\x1b[?1049h\x1b[?25l\x1b[2J\x1b[10;10H┌─┐\x1b(0qq\x1b(B\x1b]2;vim – x\x07\x1b7\x1b8\x1bc\x1b[u\x1b[2 q";
  for (const size of [1, 2, 3, 5, 64]) expect(sift(plain, size)).toEqual({ screen: plain, viewers: plain });
});

test("a character cut by a piece waits for its rest, and bytes that are no UTF-8 do not wait", () => {
  const sieve = createOutputSieve(() => 120);
  const chick = bytes("🐔");
  expect(sieve.push(chick.subarray(0, 3)).viewers).toHaveLength(0);
  expect(sieve.push(chick.subarray(3)).viewers).toEqual(chick);
  expect(sieve.push(Uint8Array.of(0x80, 0x80, 0x80, 0x80)).viewers).toHaveLength(4);
});

test("what is held back is bounded, and random bytes never make it throw or grow", () => {
  const sieve = createOutputSieve(() => 120);
  let seed = 20_260_311;
  process.stdout.write(`seed ${seed}\n`);
  const next = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed >>> 16;
  };
  const alphabet = [
    0x1b, 0x5b, 0x5d, 0x50, 0x07, 0x5c, 0x3b, 0x31, 0x6d, 0xc2, 0x9b, 0xf0, 0x9f, 0x41, 0x18, 0x3f, 0x63,
  ];
  let given = 0;
  let got = 0;
  for (let round = 0; round < 3_000; round += 1) {
    const piece = Uint8Array.from({ length: next() % 300 }, () => alphabet[next() % alphabet.length] ?? 0);
    given += piece.length;
    const { screen, viewers } = sieve.push(piece);
    got += screen.length;
    expect(viewers.length).toBeLessThanOrEqual(screen.length);
  }
  expect(got).toBeLessThanOrEqual(given);
  expect(got).toBeGreaterThan(given / 10);
});
