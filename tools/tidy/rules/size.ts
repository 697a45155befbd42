import type { Finding, Rule } from "../finding.ts";

/** A file is one subject, a screen or three long; this is the wall, not the aim (50–250). */
const FILE_LINES_MAX = 400;
/** A function that needs more does more than one thing. */
const FUNCTION_LINES_MAX = 60;
/** What people write and read as code; documents, data and locks have their own lengths. */
/** What a tool writes is read by the compiler; the suite of that tool says whether it is current. */
const GENERATED = /\.generated\.ts$/;
const MEASURED = /\.(?:ts|tsx|mts|mjs|js|css|html|sh|bash)$|^\.ci\//;

/** No source file over 400 lines, no function over 60; a `describe` block is a list of tests, not a function. */
export const size: Rule = {
  name: "size",
  check: (tree) => [
    ...[...tree.files.values()].flatMap(({ path, text }) => judgeFile(path, text)),
    ...[...tree.sources].flatMap(([path, { functions }]) =>
      functions
        .filter(({ lines, isSuite }) => lines > FUNCTION_LINES_MAX && !isSuite)
        .map(({ name, line, lines }) => ({
          path,
          line,
          message: `function ${name} has ${lines} lines, ${FUNCTION_LINES_MAX} are allowed`,
          fix: "name its steps",
        })),
    ),
  ],
};

function judgeFile(path: string, text: string | undefined): readonly Finding[] {
  if (text === undefined || !MEASURED.test(path) || GENERATED.test(path)) return [];
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  if (lines <= FILE_LINES_MAX) return [];
  const message = `has ${lines} lines, ${FILE_LINES_MAX} are allowed`;
  return [{ path, line: FILE_LINES_MAX + 1, message, fix: "split it by subject" }];
}
