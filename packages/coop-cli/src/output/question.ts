import type { Output } from "./output.ts";

export interface QuestionParts {
  readonly text: string;
  /** Asked when this is done; Ctrl-C is listened to from the first moment on, since a second one may follow at once. */
  readonly after: Promise<void>;
  /** When it is aborted there is nothing left to ask: the question is wiped, the answer is false. */
  readonly settled: AbortSignal;
}

/**
 * Asks a person at the terminal and reads one line. True for `y` or `yes`; false for anything else, for Ctrl-C, SIGTERM and
 * the end of the input, so that nothing is done that was not clearly meant.
 */
export async function askYesNo(output: Output, { text, after, settled }: QuestionParts): Promise<boolean> {
  const ended = new AbortController();
  const unanswered = [untilSignal(["SIGINT", "SIGTERM"], ended.signal), untilAborted(settled)];
  await after;
  await output.draw(`${text} `);
  const line = await Promise.race([readLine(), ...unanswered]);
  ended.abort();
  if (settled.aborted && output.stderr.canRedraw) await output.draw("\r\x1b[2K");
  else if (!line.endsWith("\n")) await output.draw("\n");
  return /^\s*y(?:es)?\s*$/i.test(line);
}

/**
 * One line as the terminal hands it over, with Enter. It is read from the terminal itself (POSIX, /dev/tty), since standard
 * input may have been the prompt. Empty at the end of the input, and where there is no terminal to read from.
 */
async function readLine(): Promise<string> {
  try {
    const { value } = await Bun.file("/dev/tty").stream().getReader().read();
    return value === undefined ? "" : new TextDecoder().decode(value);
  } catch {
    return ""; // a terminal that went away, or is not this process's own: nobody answers
  }
}

/** An empty answer when one of these signals comes; until `ended` they do not end the process. */
function untilSignal(names: readonly NodeJS.Signals[], ended: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const answer = () => resolve("");
    for (const name of names) process.once(name, answer);
    ended.addEventListener("abort", () => {
      for (const name of names) process.off(name, answer);
    });
  });
}

function untilAborted(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve("");
    signal.addEventListener("abort", () => resolve(""), { once: true });
  });
}
