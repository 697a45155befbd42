import { describe, expect, test } from "bun:test";
import { toPlainLine, toPlainText } from "./plain-text.ts";

const ESC = "\u001b";

describe("a hostile text keeps its words and loses everything a terminal would act on", () => {
  const cases: [string, string, string][] = [
    ["colours", `${ESC}[31;1mred${ESC}[0m`, "red"],
    ["cursor and screen", `${ESC}[2J${ESC}[1;1H${ESC}[?1049hgone`, "gone"],
    ["a title, ended by BEL or by ST", `${ESC}]0;owned\u0007a${ESC}]2;owned${ESC}\\b`, "ab"],
    ["the clipboard", `${ESC}]52;c;b3duZWQ=\u0007x`, "x"],
    ["a hyperlink that hides its target", `${ESC}]8;;http://evil/${ESC}\\good${ESC}]8;;${ESC}\\`, "good"],
    ["device control, privacy, application strings", `${ESC}Pq#0${ESC}\\a${ESC}^x${ESC}\\b${ESC}_y${ESC}\\c`, "abc"],
    ["two- and three-byte escapes", `${ESC}cA${ESC}(0B${ESC}#8C${ESC}7D`, "ABCD"],
    ["8-bit controls", "\u009b31mred\u009d0;title\u009cx\u0085y\u0090z\u009c", "redxy"],
    ["bells, backspaces, deletes", "pass\b\b\b\bfail\u0007\u007f\u0000", "passfail"],
    ["a carriage return that writes over the line", "safe\rrm -rf /\r\nnext", "safe\nrm -rf /\nnext"],
    ["marks that reorder text", "user\u202e\u2066txt.exe\u2069\u202c\u2028a\u2029b", "usertxt.exeab"],
  ];
  for (const [name, hostile, plain] of cases) test(name, () => expect(toPlainText(hostile)).toBe(plain));

  test("a control string that is never closed does not swallow what follows", () => {
    expect(toPlainText(`a${ESC}]0;b\nc`)).toBe("a]0;b\nc");
    expect(toPlainText(`a${ESC}[31`)).toBe("a[31");
    expect(toPlainText(`${ESC}`)).toBe("");
  });
});

test("an ordinary text stays as it is: lines, tabs, accents, emoji, other scripts", () => {
  const text = "a\tb\nÉtude 🐔 👩‍🌾 日本語 العربية עברית \u00a0—…";
  expect(toPlainText(text)).toBe(text);
});

test("no text of random controls gets a control through, and it takes no long (seed 7)", () => {
  let seed = 7;
  const random = (max: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % max;
  };
  const pieces = [
    ESC,
    "[",
    "]",
    "P",
    "\\",
    "\u0007",
    "\u009b",
    "\u009c",
    "\u009d",
    "31m",
    ";",
    "\r",
    "a",
    "\u202e",
    "\n",
  ];
  for (let i = 0; i < 5_000; i += 1) {
    const text = Array.from({ length: random(30) }, () => pieces[random(pieces.length)]).join("");
    expect(toPlainText(text)).not.toMatch(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u);
  }
  expect(toPlainText(`${ESC}]`.repeat(200_000))).toBe("]".repeat(200_000));
});

test("one line has no breaks and no runs of blanks", () => {
  expect(toPlainLine("  a\r\n\tb \n\n c ")).toBe("a b c");
});
