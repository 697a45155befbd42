/** A question of the given type (1: A, 28: AAAA, 65: HTTPS), as glibc asks it. */
export function dnsQuery(name: string, type = 1): Uint8Array {
  const labels = name.split(".").flatMap((label) => [label.length, ...Buffer.from(label, "latin1")]);
  return Uint8Array.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, type >> 8, type & 0xff, 0, 1]);
}

/** What an answer says: its code, and its address where it has one. */
export function readAnswer(
  bytes: Uint8Array | null,
): { readonly rcode: number; readonly address: string | null } | null {
  if (bytes === null) return null;
  const hasAddress = bytes[7] === 1;
  return { rcode: (bytes[3] ?? 0) & 0x0f, address: hasAddress ? bytes.slice(-4).join(".") : null };
}
