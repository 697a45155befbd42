import type { Output } from "./output.ts";

/**
 * Asks a person at the terminal and reads one line. True for `y` or `yes`; false for anything else, for Ctrl-C, SIGTERM and
 * the end of the input, so that nothing is done that was not clearly meant.
 * @param settled when it is aborted there is nothing left to ask: the question is wiped, the answer is false
 */
export async function askYesNo(output: Output, question: string, settled: AbortSignal): Promise<boolean> {
  await output.draw(`${question} `);
  const reader = Bun.stdin.stream().getReader();
  const ended = new AbortController();
  const line = await Promise.race([
    reader.read().then(({ value }) => (value === undefined ? "" : new TextDecoder().decode(value))),
    untilSignal(["SIGINT", "SIGTERM"], ended.signal),
    untilAborted(settled),
  ]);
  ended.abort();
  if (settled.aborted && output.stderr.canRedraw) await output.draw("\r\x1b[2K");
  else if (!line.endsWith("\n")) await output.draw("\n");
  return /^\s*y(?:es)?\s*$/i.test(line);
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
