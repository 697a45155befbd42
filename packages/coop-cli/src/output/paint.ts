/** Puts colour around a text, or leaves it as it is where there is none. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly magenta: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** The basic SGR codes (ECMA-48 §8.3.117): every terminal has them, in the reader's own palette. */
export function createPaint(hasColor: boolean): Paint {
  const sgr = (on: number, off: number) => (text: string) =>
    hasColor && text !== "" ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return {
    bold: sgr(1, 22),
    dim: sgr(2, 22),
    red: sgr(31, 39),
    green: sgr(32, 39),
    yellow: sgr(33, 39),
    blue: sgr(34, 39),
    magenta: sgr(35, 39),
    cyan: sgr(36, 39),
  };
}

type Tone = keyof Paint;

const STATE_TONES: Readonly<Record<string, Tone>> = {
  DEFINED: "dim",
  HATCHING: "yellow",
  IDLE: "green",
  WORKING: "cyan",
  LEASED: "magenta",
  SLEEPING: "blue",
  DORMANT: "dim",
  ARCHIVED: "dim",
  QUEUED: "dim",
  RUNNING: "cyan",
  DONE: "green",
  FAILED: "red",
  CANCELLED: "yellow",
  done: "green",
  failed: "red",
};

/** A hen's state or a job's status in its colour; one that is not known stays plain. */
export function paintState(paint: Paint, state: string, text = state): string {
  const tone = STATE_TONES[state];
  return tone === undefined ? text : paint[tone](text);
}
