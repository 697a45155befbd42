import { dlopen, FFIType, ptr } from "bun:ffi";
import { closeSync, constants, fchmodSync, fchownSync, openSync } from "node:fs";
import { CoopError } from "coopd-core";

/** Columns and rows of a terminal. */
export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

/** A pair of the host's devpts: the daemon keeps the master, the hen's processes get the slave. */
export interface Pty {
  /** Non-blocking, closed on exec. */
  readonly masterFd: number;
  /** For handing to a child; {@link closeSlave} when it has it, or the end of the hen's side is never seen. */
  readonly slaveFd: number;
  /** The kernel sends SIGWINCH to the foreground processes when the size differs. */
  resize(size: TerminalSize): void;
  closeSlave(): void;
  /** Closes what is still open; whoever opened it calls it. */
  close(): void;
}

/** Request codes of Linux (asm-generic/ioctls.h), the same on x86-64 and aarch64. */
const TIOCSWINSZ = 0x5414n;
const TIOCGPTN = 0x80045430n;
const TIOCSPTLCK = 0x40045431n;

type Ioctl = (fd: number, request: bigint, argument: NodeJS.TypedArray) => number;

/**
 * Opens a pty of its own for `owner`, as login does: without it a program could use its terminal by descriptor, and not
 * by name. Bun's own terminal is not used: it reads as fast as a program writes and cannot be told to wait, so that one
 * `yes` held the event loop for half a second at a time (DECISIONS.md).
 *
 * @throws CoopError `sandbox_failed`
 */
export function openPty(size: TerminalSize, owner: number | undefined): Pty {
  const opened: number[] = [];
  try {
    const ioctl = bindIoctl();
    const masterFd = openSync("/dev/ptmx", constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    opened.push(masterFd);
    const number = new Int32Array(1);
    request(ioctl, masterFd, TIOCSPTLCK, number);
    request(ioctl, masterFd, TIOCGPTN, number);
    const resize = ({ cols, rows }: TerminalSize) =>
      request(ioctl, masterFd, TIOCSWINSZ, Uint16Array.of(rows, cols, 0, 0));
    resize(size);
    const slaveFd = openSync(`/dev/pts/${number[0]}`, constants.O_RDWR | constants.O_NOCTTY);
    opened.push(slaveFd);
    if (owner !== undefined) fchownSync(slaveFd, owner, owner);
    fchmodSync(slaveFd, 0o600);
    const close = (fd: number) => {
      if (opened.includes(fd)) closeSync(opened.splice(opened.indexOf(fd), 1)[0] as number);
    };
    return {
      masterFd,
      slaveFd,
      resize,
      closeSlave: () => close(slaveFd),
      close: () => {
        close(slaveFd);
        close(masterFd);
      },
    };
  } catch (cause) {
    for (const fd of opened) closeSync(fd);
    if (cause instanceof CoopError) throw cause;
    throw new CoopError("sandbox_failed", "this host gives no terminal", { cause });
  }
}

function request(ioctl: Ioctl, fd: number, code: bigint, argument: NodeJS.TypedArray): void {
  if (ioctl(fd, code, argument) === 0) return;
  throw new CoopError("sandbox_failed", `the terminal refused request 0x${code.toString(16)}`);
}

let bound: Ioctl | undefined;

/** The only foreign function of Coop: neither Bun nor Node can set a terminal's size without owning its reads. */
function bindIoctl(): Ioctl {
  if (bound !== undefined) return bound;
  const { symbols } = dlopen("libc.so.6", {
    ioctl: { args: [FFIType.i32, FFIType.u64, FFIType.ptr], returns: FFIType.i32 },
  });
  bound = (fd, code, argument) => symbols.ioctl(fd, code, ptr(argument));
  return bound;
}
