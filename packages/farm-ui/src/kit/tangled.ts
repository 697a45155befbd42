/**
 * Characters of a stretch without a blank line, and how many of them may be marks of Markdown. A reader of it takes time with the
 * square of both: 60,000 marks hold a page up for six seconds, 400 among 4,000 characters for none that anybody sees.
 */
const STRETCH_CHARS_MAX = 16_000;
const DENSE_CHARS = 4_000;
const MARKS_MAX = 400;

const MARKS = /[*_`[\]<>!~\\@&|]/g;

/** Whether a text is not to be read as Markdown, since that would hold the page up; only somebody who wants just that writes so. */
export function isTangled(text: string): boolean {
  let chars = 0;
  let marks = 0;
  let fence: string | undefined;
  for (const line of text.split("\n")) {
    const mark = /^ {0,3}(```|~~~)/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark === fence) fence = undefined;
      continue; // nothing in a block of code is a mark
    }
    fence = mark;
    const isEnd = line.trim() === "" || mark !== undefined;
    chars = isEnd ? 0 : chars + line.length + 1;
    marks = isEnd ? 0 : marks + (line.match(MARKS)?.length ?? 0);
    if (chars > STRETCH_CHARS_MAX || (chars > DENSE_CHARS && marks > MARKS_MAX)) return true;
  }
  return false;
}
