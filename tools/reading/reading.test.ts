import { describe, expect, test } from "bun:test";
import { parsePage } from "../docs/page.ts";
import { isFollowed, readPages } from "../docs/read-pages.ts";
import { toSteps } from "../docs/steps.ts";
import { ROOT } from "../e2e/programs.ts";
import { followPage } from "./follow-page.ts";

// Issue 10, shown by 3: every block of commands in README.md and docs/ is run, in order, page by page, in a new home with a
// real daemon. Blocks that can't be run here are skips, with the reason that the page itself gives.
const PAGE_MS_MAX = 150_000;

for (const page of readPages(ROOT).filter(isFollowed)) {
  const steps = toSteps(page);
  const blocks = steps.filter(({ kind }) => kind === "run" || kind === "daemon").length;
  describe(page.path, () => {
    for (const step of steps) {
      if (step.kind === "skip") test.skip(`line ${step.line} is not run here: ${step.reason}`, () => {});
    }
    if (blocks === 0) return;
    test(
      `does what it says: ${blocks} blocks of commands`,
      async () => {
        const stumble = await followPage(ROOT, page);
        if (stumble !== undefined) throw new Error(`${stumble.place} ${stumble.message}`);
        expect(stumble).toBeUndefined();
      },
      PAGE_MS_MAX,
    );
  });
}

describe("a page that does not do what it says is told with its place and what was seen", () => {
  const follow = (...lines: readonly string[]) => followPage(ROOT, parsePage("docs/x.md", lines.join("\n")));
  const cases: Readonly<Record<string, readonly [page: readonly string[], line: number, message: string]>> = {
    "another output": [
      ["```sh", "coop health", "```", "```text output", "all is well", "```"],
      1,
      "the page says\nall is well\n\nbut it showed\nok  http://",
    ],
    "another exit code": [["", "```sh", "coop hen get local.coop/none", "```"], 2, "ended with 4, not 0"],
    "an exit code that was not to be 0": [["```sh exit=4", "coop health", "```"], 1, "ended with 0, not 4"],
    "a command in the middle of a block": [["```sh", "false", "echo on", "```"], 1, "ended with 1, not 0"],
    "a daemon that does not start": [["```sh daemon", "coopd serve --nonsense", "```"], 1, "the daemon did not start"],
  };
  for (const [name, [page, line, message]] of Object.entries(cases)) {
    test(
      name,
      async () => {
        const stumble = await follow(...page);
        expect(stumble?.place).toBe(`docs/x.md:${line}`);
        expect(stumble?.message).toContain(message);
      },
      PAGE_MS_MAX,
    );
  }

  test(
    "and one that does is not; folder and variables go on from block to block, and to the daemon",
    async () => {
      const page = ["```sh", "mkdir in && cd in", "NAME='a b'", "```", "```yaml file=x.yaml", "a: 1", "```"];
      const more = [
        "```sh daemon",
        "COOP_DATA_DIR=$PWD/farm coopd serve",
        "```",
        "```sh",
        "cat x.yaml",
        'echo "$NAME"',
      ];
      const last = [
        "COOP_DATA_DIR=$PWD/farm coop health",
        "```",
        "```text output",
        "a: 1",
        "a b",
        "ok  http://…",
        "```",
      ];
      expect(await follow(...page, ...more, ...last)).toBeUndefined();
    },
    PAGE_MS_MAX,
  );
});
