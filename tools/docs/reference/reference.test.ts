import { expect, test } from "bun:test";
import { readCommandNotes, renderCommands } from "./commands.ts";
import { readInPlace, renderTable, replaceInPlace } from "./in-place.ts";
import { renderManifestKeys } from "./manifest-keys.ts";
import { renderSettings } from "./settings.ts";

test("only what stands between the marks is replaced; a page without them is refused", () => {
  const page = "a\n<!-- x: written by tools/docs -->\nold\n<!-- /x -->\nb\n";
  expect(replaceInPlace(page, "x", "new\n")).toBe(page.replace("old", "new"));
  expect(readInPlace(page, "x")).toBe("old\n");
  expect(() => replaceInPlace(page, "y", "")).toThrow('no place for "y"');
});

test("what somebody wrote about a command is kept, also when its arguments change; what came from the help is made anew", () => {
  const part = renderCommands(new Map([["coop hen get", "Written by hand."]]));
  expect(part).toContain("### `coop hen get HEN`\n\nWritten by hand.\n");
  const notes = readCommandNotes(part.replace("`coop hen get HEN`\n", "`coop hen get HEN [MORE]`\n"));
  expect([...notes]).toEqual([["coop hen get", "Written by hand."]]);
  expect(renderCommands(notes)).toBe(part);
});

test("tables have every key and setting, bars escaped", () => {
  expect(renderTable(["a"], [["x|y"]])).toBe("| a |\n|---|\n| x\\|y |\n");
  for (const key of ["`network.allow[].paths`", "`brain.fallbacks[].model`", "`limits.day_cost_usd`"]) {
    expect(renderManifestKeys()).toContain(`| ${key} |`);
  }
  expect(renderManifestKeys()).toContain("| `brain.model` | text | **required** |");
  expect(renderSettings()).toContain("| `--data-dir DIR` | `COOP_DATA_DIR` |");
});
