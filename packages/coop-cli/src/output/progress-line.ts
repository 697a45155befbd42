import type { Output } from "./output.ts";
import { toPlainLine } from "./plain-text.ts";
import { toDurationText } from "./time-text.ts";
import { clipToWidth } from "./width.ts";

/** One line at the bottom of a terminal that says what is going on and for how long, and is gone when it is over. */
export interface ProgressLine {
  /** True when somebody sees it; else there is no need to find out what to say. */
  readonly isShown: boolean;
  say(text: string): void;
  /** Wipes the line, which is then drawn no more; whoever opened it closes it. */
  close(): Promise<void>;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;

/** Drawn on stderr, so that results can be piped; not with `-q`, and not where nobody looks. */
export function openProgressLine(output: Output): ProgressLine {
  if (output.isQuiet || !output.stderr.canRedraw) return { isShown: false, say: () => {}, close: async () => {} };
  let text = "";
  let frame = 0;
  const startMs = performance.now();
  const draw = () => {
    const parts = `${FRAMES[frame % FRAMES.length]} ${text} · ${toDurationText(performance.now() - startMs)}`;
    const line = clipToWidth(parts, output.stderr.columns() - 1);
    frame += 1;
    if (text !== "") void output.draw(`\r\x1b[2K${line}`);
  };
  const timer = setInterval(draw, FRAME_MS);
  return {
    isShown: true,
    say(next) {
      text = toPlainLine(next);
    },
    async close() {
      clearInterval(timer);
      if (frame > 0) await output.draw("\r\x1b[2K");
      frame = 0; // closed again it must not wipe what stands there by then
    },
  };
}
