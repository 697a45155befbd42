import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dropStaleSignature } from "./mach-o-signature.ts";

const PAGE_BYTES = 4096;

/** A program of two pages: header, __LINKEDIT, the signature's command; then the signature. */
function makeProgram(): Buffer<ArrayBuffer> {
  const code = Buffer.alloc(2 * PAGE_BYTES, 7);
  const hashes = Buffer.alloc(64);
  const blob = Buffer.alloc(20 + 44 + hashes.length);
  code.fill(0, 0, 32 + 72 + 16);
  code.writeUInt32LE(0xfeedfacf, 0);
  code.writeUInt32LE(2, 16);
  code.writeUInt32LE(72 + 16, 20);
  code.writeUInt32LE(0x19, 32);
  code.writeUInt32LE(72, 36);
  code.write("__LINKEDIT", 40, "latin1");
  code.writeBigUInt64LE(BigInt(PAGE_BYTES), 72);
  code.writeBigUInt64LE(BigInt(PAGE_BYTES + blob.length), 80);
  code.writeUInt32LE(0x1d, 104);
  code.writeUInt32LE(16, 108);
  code.writeUInt32LE(code.length, 112);
  code.writeUInt32LE(blob.length, 116);
  for (const page of [0, 1]) {
    createHash("sha256")
      .update(code.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES))
      .digest()
      .copy(hashes, page * 32);
  }
  blob.writeUInt32BE(0xfade0cc0, 0);
  blob.writeUInt32BE(blob.length, 4);
  blob.writeUInt32BE(1, 8);
  blob.writeUInt32BE(20, 16);
  const directory = blob.subarray(20);
  directory.writeUInt32BE(0xfade0c02, 0);
  directory.writeUInt32BE(44, 16);
  directory.writeUInt32BE(2, 28);
  directory.writeUInt32BE(code.length, 32);
  directory.set([32, 2, 0, 12], 36);
  hashes.copy(directory, 44);
  return Buffer.concat([code, blob]);
}

function withFile(program: Buffer<ArrayBuffer>, use: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "coop-mach-o-"));
  try {
    writeFileSync(join(folder, "coop"), program);
    use(join(folder, "coop"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("what is no Mach-O program is refused", () => {
  withFile(Buffer.from("#!/bin/sh\nexec somewhere else entirely\n"), (path) => {
    expect(() => dropStaleSignature(path)).toThrow("no 64-bit Mach-O program");
  });
});

test("a signature that matches is left as it is", () => {
  const program = makeProgram();
  withFile(program, (path) => {
    expect(dropStaleSignature(path)).toBe("signed");
    expect(readFileSync(path)).toEqual(program);
  });
});

test("one byte changed, and the signature goes with its command and its place in __LINKEDIT", () => {
  const program = makeProgram();
  program[PAGE_BYTES + 5] = 8;
  withFile(program, (path) => {
    expect(dropStaleSignature(path)).toBe("unsigned");
    const found = readFileSync(path);
    expect(found.length).toBe(2 * PAGE_BYTES);
    expect(found.readUInt32LE(16)).toBe(1);
    expect(found.readUInt32LE(20)).toBe(72);
    expect(found.readBigUInt64LE(80)).toBe(BigInt(PAGE_BYTES));
    expect(found.subarray(104, 120)).toEqual(Buffer.alloc(16));
    expect(dropStaleSignature(path)).toBe("unsigned");
    expect(readFileSync(path)).toEqual(found);
  });
});
