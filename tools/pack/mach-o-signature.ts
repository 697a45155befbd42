import { createHash } from "node:crypto";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";

// macOS kills a process whose pages do not match the signature that its program carries. On Apple's own processors it wants
// one, and Bun makes it anew for what it builds; on Intel's it wants none, and Bun leaves the one of its own program in
// place, which is wrong as soon as ours is inside.
//
//   header  magic, cputype, cpusubtype, filetype, ncmds, sizeofcmds, flags, reserved      8 × u32 little endian
//   command cmd, cmdsize, …; LC_SEGMENT_64 (0x19): name at 8, fileoff 40, filesize 48; LC_CODE_SIGNATURE (0x1d): offset, size
//   signature (big endian): 0xfade0cc0, length, count, then type and offset of each blob; type 0 is the code directory

const MAGIC_64 = 0xfeedfacf;
const HEADER_BYTES = 32;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;
const SUPER_BLOB = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
const SHA_256 = 2;

interface Command {
  readonly kind: number;
  readonly at: number;
  readonly bytes: number;
}

/**
 * Takes a signature out that does not match the program any more, and keeps one that does.
 * @returns what the file has now
 * @throws Error when the file is no 64-bit Mach-O program, or has its signature not at its end
 */
export function dropStaleSignature(path: string): "signed" | "unsigned" {
  const program = readFileSync(path);
  const signature = readCommands(program).find(({ kind }) => kind === LC_CODE_SIGNATURE);
  if (signature === undefined) return "unsigned";
  if (isValid(program, signature)) return "signed";
  const [start, size] = [program.readUInt32LE(signature.at + 8), program.readUInt32LE(signature.at + 12)];
  const commandsEnd = HEADER_BYTES + program.readUInt32LE(20);
  if (start + size !== program.length || signature.at + signature.bytes !== commandsEnd) {
    throw new Error(`${path}: the signature is not the last thing of the program`);
  }
  const linkEdit = readCommands(program).find(
    ({ kind, at }) => kind === LC_SEGMENT_64 && program.toString("latin1", at + 8, at + 18) === "__LINKEDIT",
  );
  if (linkEdit === undefined) throw new Error(`${path}: no __LINKEDIT`);
  program.writeBigUInt64LE(BigInt(start) - program.readBigUInt64LE(linkEdit.at + 40), linkEdit.at + 48);
  program.writeUInt32LE(program.readUInt32LE(16) - 1, 16);
  program.writeUInt32LE(program.readUInt32LE(20) - signature.bytes, 20);
  program.fill(0, signature.at, commandsEnd);
  writeFileSync(path, program);
  truncateSync(path, start);
  return "unsigned";
}

function readCommands(program: Buffer): readonly Command[] {
  if (program.length < HEADER_BYTES || program.readUInt32LE(0) !== MAGIC_64)
    throw new Error("no 64-bit Mach-O program");
  const commands: Command[] = [];
  let at = HEADER_BYTES;
  for (let left = program.readUInt32LE(16); left > 0; left -= 1) {
    const command = { kind: program.readUInt32LE(at), at, bytes: program.readUInt32LE(at + 4) };
    commands.push(command);
    at += command.bytes;
  }
  return commands;
}

/** Every page of the program has the hash that the code directory says. */
function isValid(program: Buffer, { at }: Command): boolean {
  const blob = program.subarray(
    program.readUInt32LE(at + 8),
    program.readUInt32LE(at + 8) + program.readUInt32LE(at + 12),
  );
  if (blob.readUInt32BE(0) !== SUPER_BLOB) return false;
  const slots = Array.from({ length: blob.readUInt32BE(8) }, (_, i) => 12 + 8 * i);
  const slot = slots.find((place) => blob.readUInt32BE(place) === 0);
  if (slot === undefined) return false;
  const directory = blob.subarray(blob.readUInt32BE(slot + 4));
  const [hashBytes, hashKind, , pageBits] = directory.subarray(36, 40) as unknown as [number, number, number, number];
  if (directory.readUInt32BE(0) !== CODE_DIRECTORY || hashKind !== SHA_256) return false;
  const [hashes, pages, limit] = [directory.readUInt32BE(16), directory.readUInt32BE(28), directory.readUInt32BE(32)];
  const pageBytes = 2 ** pageBits;
  if (limit !== program.readUInt32LE(at + 8) || pages !== Math.ceil(limit / pageBytes)) return false;
  return Array.from({ length: pages }, (_, i) => i).every((i) => {
    const page = program.subarray(i * pageBytes, Math.min((i + 1) * pageBytes, limit));
    const wanted = directory.subarray(hashes + i * hashBytes, hashes + (i + 1) * hashBytes);
    return createHash("sha256").update(page).digest().equals(wanted);
  });
}
