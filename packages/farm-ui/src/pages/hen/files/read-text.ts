import { client } from "../../../data/client.ts";

/** What is shown of a file. */
export interface FileText {
  /** Undefined for what is no text: then `hex` shows how it begins. */
  readonly text: string | undefined;
  readonly hex: string | undefined;
  /** The file goes on. */
  readonly isCut: boolean;
}

/** More than this nobody reads in a page; the whole is a download away. */
export const SHOWN_BYTES = 262_144;
const HEX_BYTES = 512;
const HEX_ROW = 16;

/** Reads how a file begins, and whether that is text. @throws CoopError `not_found`, `path_refused` */
export async function readText(henId: string, path: string, signal: AbortSignal): Promise<FileText> {
  const bytes = new Uint8Array(SHOWN_BYTES);
  let length = 0;
  let isCut = false;
  for await (const piece of await client.hens.file(henId, path, { signal })) {
    const part = piece.subarray(0, SHOWN_BYTES - length);
    bytes.set(part, length);
    length += part.length;
    isCut = part.length < piece.length;
    if (isCut) break;
  }
  const seen = bytes.subarray(0, length);
  const text = toText(seen, isCut);
  return { text, hex: text === undefined ? toHex(seen.subarray(0, HEX_BYTES)) : undefined, isCut };
}

/** UTF-8 without a zero byte is text; a character that the limit cut in two is left out. */
function toText(bytes: Uint8Array, isCut: boolean): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return undefined;
  }
}

function toHex(bytes: Uint8Array): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += HEX_ROW) {
    const row = [...bytes.subarray(at, at + HEX_ROW)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = row.map((byte) => (byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
    rows.push(`${at.toString(16).padStart(6, "0")}  ${hex.padEnd(HEX_ROW * 3)} ${text}`);
  }
  return rows.join("\n");
}
