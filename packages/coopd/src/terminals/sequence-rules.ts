const LATIN1 = new TextDecoder("latin1");

/** `CSI prefix parameters intermediates final`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
const CSI = /^\x1b\[([<=>?]?)([0-9:;]*)([ -/]*)([@-~])$/;

/**
 * What asks for an answer: device attributes and status, modes, version, window reports, keyboard protocol. The daemon's
 * screen answers, once; with every viewer answering too a program would get as many answers as there are viewers.
 */
const ASKING_FINALS = new Set(["c", "n", "t", "u"]);

/** OSC that act on nothing but the window itself: titles and colours. Not 52, the clipboard, nor 8, links. */
const OSC_SHOWN = new Set(["0", "1", "2", "4", "10", "11", "12", "104", "110", "111", "112"]);

/**
 * What is done as often as its parameter says, one after the other: a character or a tab again, lines scrolled, inserted, deleted.
 * An emulator that is told to do it two thousand million times does nothing else for hours, and the daemon's is in the daemon.
 */
const COUNTED_FINALS = new Set(["b", "I", "Z", "S", "T", "L", "M"]);

/** The sequence with its count no larger than `countMax`, which is as much as can be seen: the larger side of the screen. */
export function toBounded(sequence: Uint8Array, countMax: number): Uint8Array {
  if (sequence[1] !== 0x5b || sequence.length <= 4) return sequence; // one digit is no harm
  const text = LATIN1.decode(sequence);
  if (!COUNTED_FINALS.has(text.at(-1) ?? "")) return sequence;
  const bounded = text.replace(/\d{2,}/g, (digits) => String(Math.min(Number(digits), countMax)));
  return bounded === text ? sequence : new TextEncoder().encode(bounded);
}

/**
 * Whether those who watch get a whole escape sequence. Output of a hen is hostile: what reads back from a terminal, moves
 * or renames windows, or writes the clipboard is not for a farmer's own terminal or browser.
 */
export function isForViewers(sequence: Uint8Array): boolean {
  switch (sequence[1]) {
    case 0x5b:
      return isCsiForViewers(LATIN1.decode(sequence));
    case 0x5d:
      return isOscForViewers(LATIN1.decode(sequence.subarray(2)));
    case 0x50: // DCS: settings and capabilities that are asked for, pictures
    case 0x5f: // APC
    case 0x5e: // PM
    case 0x58: // SOS
    case 0x5a: // DECID, the oldest question
      return false;
    default:
      return true;
  }
}

function isCsiForViewers(text: string): boolean {
  const [, prefix, , between, final] = CSI.exec(text) ?? [];
  if (final === undefined) return false;
  if (final === "u") return prefix === "" && between === ""; // without a prefix it restores the cursor
  if (ASKING_FINALS.has(final)) return false;
  if (final === "p" && between?.includes("$")) return false; // DECRQM
  return !(final === "q" && prefix === ">"); // XTVERSION
}

function isOscForViewers(body: string): boolean {
  const number = /^(\d+)(?:;|\p{Cc})/u.exec(body)?.[1];
  if (number === undefined || !OSC_SHOWN.has(number)) return false;
  const isTitle = number === "0" || number === "1" || number === "2";
  return isTitle || !body.includes("?");
}
