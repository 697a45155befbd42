/** Thrown for what is not JSON of the expected shape; it says where, never what. */
export class JsonFault extends Error {
  override readonly name = "JsonFault";
}

/** Deeper nesting than this is no vault. */
const DEPTH_MAX = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What stands behind a backslash → the byte that is meant. */
const SHORT_ESCAPES: ReadonlyMap<number, number> = new Map(
  Object.entries({ '"': 0x22, "\\": 0x5c, "/": 0x2f, b: 8, f: 12, n: 10, r: 13, t: 9 }).map(([key, byte]) => [
    key.charCodeAt(0),
    byte,
  ]),
);

/**
 * Reads JSON (RFC 8259) from bytes into bytes, so that a secret never becomes a JavaScript string, which could not be
 * overwritten. It walks; the caller says what it expects.
 */
export class JsonBytes {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Calls `onKey` at each value of an object; it must read the value. @throws JsonFault */
  object(onKey: (key: string) => void): void {
    this.#list("{", "}", () => {
      const key = toText(this.string());
      this.#take(":");
      onKey(key);
    });
  }

  /** Calls `onItem` at each item of an array; it must read the item. @throws JsonFault */
  array(onItem: () => void): void {
    this.#list("[", "]", onItem);
  }

  /** The bytes of a string, UTF-8, unescaped; a copy of their own, which whoever asked overwrites. @throws JsonFault */
  string(): Uint8Array {
    this.#take('"');
    const end = this.#endOfString();
    const out = new Uint8Array(end - this.#at);
    let size = 0;
    while (this.#at < end) {
      const byte = this.#next();
      if (byte !== BACKSLASH) out[size++] = byte;
      else size = this.#escape(out, size);
    }
    this.#at = end + 1;
    const exact = out.slice(0, size);
    out.fill(0);
    return exact;
  }

  /** Passes over one value of any kind. @throws JsonFault */
  skip(depth = 0): void {
    if (depth > DEPTH_MAX) throw this.#fault("too deep");
    const byte = this.#peek();
    if (byte === QUOTE) this.string().fill(0);
    else if (byte === 0x7b) this.object(() => this.skip(depth + 1));
    else if (byte === 0x5b) this.array(() => this.skip(depth + 1));
    else this.#literal();
  }

  /** @throws JsonFault when something stands behind the value */
  end(): void {
    this.#blanks();
    if (this.#at !== this.#bytes.length) throw this.#fault("more behind the end");
  }

  #list(open: string, close: string, onItem: () => void): void {
    this.#take(open);
    if (this.#peek() === close.charCodeAt(0)) {
      this.#at += 1;
      return;
    }
    for (;;) {
      this.#blanks();
      onItem();
      const byte = this.#peek();
      this.#at += 1;
      if (byte === close.charCodeAt(0)) return;
      if (byte !== 0x2c) throw this.#fault("a comma or an end");
    }
  }

  /** Where the closing quote stands. */
  #endOfString(): number {
    for (let at = this.#at; at < this.#bytes.length; at += 1) {
      const byte = this.#bytes[at] as number;
      if (byte === QUOTE) return at;
      if (byte < 0x20) break;
      if (byte === BACKSLASH) at += 1;
    }
    throw this.#fault("the end of a string");
  }

  #escape(out: Uint8Array, size: number): number {
    const kind = this.#next();
    const short = SHORT_ESCAPES.get(kind);
    if (short !== undefined) {
      out[size] = short;
      return size + 1;
    }
    if (kind !== 0x75) throw this.#fault("an escape");
    let code = this.#unit();
    if (code >= 0xdc00 && code <= 0xdfff) throw this.#fault("half a character");
    if (code >= 0xd800 && code <= 0xdbff) {
      if (this.#next() !== BACKSLASH || this.#next() !== 0x75) throw this.#fault("half a character");
      const low = this.#unit();
      if (low < 0xdc00 || low > 0xdfff) throw this.#fault("half a character");
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    // At most 4 bytes come of the 6 or 12 that were read, so they have room in `out`.
    return size + new TextEncoder().encodeInto(String.fromCodePoint(code), out.subarray(size)).written;
  }

  #unit(): number {
    const digits = String.fromCharCode(this.#next(), this.#next(), this.#next(), this.#next());
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#fault("an escape");
    return Number.parseInt(digits, 16);
  }

  #literal(): void {
    const start = this.#at;
    while (/[\w.+-]/.test(String.fromCharCode(this.#bytes[this.#at] ?? 0))) this.#at += 1;
    const text = String.fromCharCode(...this.#bytes.subarray(start, Math.min(this.#at, start + 64)));
    if (!/^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(text)) throw this.#fault("a value");
  }

  #blanks(): void {
    while ([0x20, 0x09, 0x0a, 0x0d].includes(this.#bytes[this.#at] ?? 0)) this.#at += 1;
  }

  #peek(): number {
    this.#blanks();
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw this.#fault("more");
    return byte;
  }

  #next(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw this.#fault("more");
    return byte;
  }

  #take(character: string): void {
    if (this.#peek() !== character.charCodeAt(0)) throw this.#fault(character);
    this.#at += 1;
  }

  #fault(expected: string): JsonFault {
    return new JsonFault(`expected ${expected} at byte ${this.#at}`);
  }
}

/** @throws JsonFault unless the bytes are UTF-8 */
export function toText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new JsonFault("expected UTF-8");
  }
}

/** What a string of these bytes needs in JSON, with its quotes. */
export function quotedLength(bytes: Uint8Array): number {
  let length = 2;
  for (const byte of bytes) length += ESCAPES.get(byte)?.length ?? 1;
  return length;
}

/** Writes the bytes as a JSON string into `out` at `at`. @returns the place behind it */
export function writeQuoted(bytes: Uint8Array, out: Uint8Array, at: number): number {
  let place = at;
  out[place++] = QUOTE;
  for (const byte of bytes) {
    const escaped = ESCAPES.get(byte);
    if (escaped === undefined) out[place++] = byte;
    else for (const character of escaped) out[place++] = character;
  }
  out[place++] = QUOTE;
  return place;
}

/** Byte → how it is written in a string, where it cannot stand for itself; as serde_json and JSON.stringify do. */
const ESCAPES: ReadonlyMap<number, Uint8Array> = new Map(
  [QUOTE, BACKSLASH, ...Array(0x20).keys()].map((byte) => [
    byte,
    new TextEncoder().encode(JSON.stringify(String.fromCharCode(byte)).slice(1, -1)),
  ]),
);
