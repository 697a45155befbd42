import type { Pen } from "../pen/pen.ts";
import type { ConfinedTerminal, TerminalSpec } from "../terminal/terminal-spec.ts";
import type { TestSandbox } from "./test-sandbox.ts";

/** A terminal that is read as it runs, for tests. */
export interface ReadTerminal extends ConfinedTerminal {
  /** All output so far, as text. */
  text(): string;
  type(text: string): Promise<void>;
  /** Resolves when the output holds `pattern` behind what an earlier call found; rejects when it ends without. */
  saw(pattern: string | RegExp): Promise<string>;
  /** Resolves with all output when everything was read. */
  readonly whole: Promise<string>;
}

/** Opens a terminal and reads it to its end. */
export async function openReadTerminal(
  test: TestSandbox,
  pen: Pen,
  argv: readonly string[],
  spec: Partial<TerminalSpec> = {},
): Promise<ReadTerminal> {
  const size = { cols: 80, rows: 24 };
  const { signal } = new AbortController();
  const terminal = await test.sandbox.openTerminal(pen, { argv, size, signal, ...spec });
  terminal.ended.catch(() => undefined); // tests that mean it await it
  const decoder = new TextDecoder();
  let text = "";
  let from = 0;
  let isOver = false;
  let wake = Promise.withResolvers<void>();
  const stir = () => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  const whole = (async () => {
    for (;;) {
      const bytes = await terminal.read();
      if (bytes === undefined) break;
      text += decoder.decode(bytes, { stream: true });
      stir();
    }
    isOver = true;
    stir();
    return text;
  })();
  return {
    ...terminal,
    whole,
    text: () => text,
    type: (typed) => terminal.write(new TextEncoder().encode(typed)),
    async saw(pattern) {
      for (;;) {
        const found = new RegExp(pattern).exec(text.slice(from));
        if (found !== null) {
          from += found.index + found[0].length;
          return found[0];
        }
        if (isOver) throw new Error(`the terminal ended without ${pattern}:\n${text.slice(-2000)}`);
        await wake.promise;
      }
    },
  };
}
