import { expect, test } from "bun:test";
import { LAYERS } from "../layers.ts";
import { objections } from "../testing/fixture.ts";
import { documents } from "./documents.ts";

const WHOLE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["README", "AGENTS", "CHANGELOG", "CONTRIBUTING", "DECISIONS", "SECURITY"].map((name) => [`${name}.md`, "text\n"]),
  ),
  LICENSE: "",
  NOTICE: "",
  "docs/architecture.md": Object.keys(LAYERS)
    .map((name) => `\`${name}\`\n`)
    .join(""),
};

test("a missing document is named", async () => {
  const { NOTICE: _, "CHANGELOG.md": __, ...rest } = WHOLE;
  expect(await objections(documents, rest)).toEqual(["CHANGELOG.md:1 is missing", "NOTICE:1 is missing"]);
});

test("AGENTS.md with 81 lines is refused", async () => {
  expect(await objections(documents, { ...WHOLE, "AGENTS.md": "line\n".repeat(81) })).toEqual([
    "AGENTS.md:81 has 81 lines, 80 are allowed",
  ]);
});

test("a package that the architecture page does not mention is named", async () => {
  const plan = WHOLE["docs/architecture.md"]?.replace("`farm-ui`", "farm") ?? "";
  expect(await objections(documents, { ...WHOLE, "docs/architecture.md": plan })).toEqual([
    "docs/architecture.md:1 does not mention `farm-ui`",
  ]);
});

test("a link to a file that is not there is refused; files, folders and addresses pass", async () => {
  const text = "[a](docs/architecture.md#words) [b](docs/) [c](https://example.org/x)\n[d](docs/gone.md)\n";
  expect(await objections(documents, { ...WHOLE, "README.md": text })).toEqual([
    "README.md:2 links to docs/gone.md, which is not there",
  ]);
});
