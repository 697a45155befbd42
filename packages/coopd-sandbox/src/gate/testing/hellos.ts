/** What a test puts into a ClientHello. */
export interface HelloParts {
  readonly sni?: string;
  /** Type and content, as they are. */
  readonly extensions?: readonly (readonly [type: number, content: readonly number[]])[];
  readonly withoutExtensions?: boolean;
}

/** A ClientHello in one record. */
export function clientHello(parts: HelloParts = {}): Uint8Array {
  return record(helloMessage(parts));
}

/** The handshake message alone. */
export function helloMessage({ sni, extensions = [], withoutExtensions = false }: HelloParts): readonly number[] {
  const all = [...(sni === undefined ? [] : [[0, serverName(sni)] as const]), ...extensions];
  const list = all.flatMap(([type, content]) => [...sized(type, 2), ...sized(content.length, 2), ...content]);
  const random = Array.from({ length: 32 }, (_, index) => index);
  const body = [
    3,
    3,
    ...random,
    0,
    0,
    2,
    0x13,
    1,
    1,
    0,
    ...(withoutExtensions ? [] : [...sized(list.length, 2), ...list]),
  ];
  return [1, ...sized(body.length, 3), ...body];
}

/** The content of a server_name extension. */
export function serverName(...names: readonly string[]): readonly number[] {
  const list = names.flatMap((name) => [0, ...sized(name.length, 2), ...Buffer.from(name, "latin1")]);
  return [...sized(list.length, 2), ...list];
}

/** A handshake record. */
export function record(content: readonly number[]): Uint8Array {
  return Uint8Array.from([0x16, 3, 1, ...sized(content.length, 2), ...content]);
}

function sized(value: number, bytes: number): readonly number[] {
  return Array.from({ length: bytes }, (_, index) => (value >> (8 * (bytes - 1 - index))) & 0xff);
}
