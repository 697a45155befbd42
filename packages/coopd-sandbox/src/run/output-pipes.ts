import { chmodSync, closeSync, constants, mkdirSync, openSync, rmSync } from "node:fs";
import { CoopError } from "coopd-core";

/** A pipe for one output stream: the daemon reads, the hen writes. */
export interface OutputPipe {
  readonly readFd: number;
  readonly writeFd: number;
  /** Closes what is still open and gives the pipe back; only when every writer is dead. */
  release(): void;
  closeWriter(): void;
}

/** Makes named pipes for output; whoever opened it closes it, and the folder is gone. */
export interface OutputPipes {
  open(): OutputPipe;
  close(): void;
}

/** Two pipes a process; more confined processes than this at once is a fault, not a load. */
const PIPES_MAX = 2048;
const BATCH = 8;

/**
 * Named pipes in a folder that only the daemon can enter, made in batches and used again. Bun gives a child socket
 * pairs, into which `> /dev/stdout` fails and through which a hen could send descriptors; and Bun reads those without
 * bound ahead of us, while a pipe holds 64 KiB and then makes its writer wait.
 */
export function openOutputPipes(folder: string, mkfifo: string): OutputPipes {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  const free: string[] = [];
  let made = 0;

  function makeBatch(): void {
    if (made >= PIPES_MAX)
      throw new CoopError("limit_reached", `more than ${PIPES_MAX / 2} confined processes at once`);
    const paths = Array.from({ length: BATCH }, (_, index) => `${folder}/out-${made + index}`);
    const result = Bun.spawnSync([mkfifo, ...paths], { env: {}, stdio: ["ignore", "ignore", "pipe"] });
    if (!result.success) {
      throw new CoopError("sandbox_failed", "could not make output pipes", { cause: result.stderr.toString() });
    }
    // Writable for the hen's uid, which may open its own /dev/stdout again; the folder is closed to it.
    for (const path of paths) chmodSync(path, 0o622);
    free.push(...paths);
    made += BATCH;
  }

  function open(): OutputPipe {
    if (free.length === 0) makeBatch();
    const path = free.pop() ?? "";
    // The reader first and without waiting, or opening either end would block until the other is there.
    const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writeFd = openSync(path, constants.O_WRONLY);
    let isWriterOpen = true;
    const closeWriter = () => {
      if (isWriterOpen) closeSync(writeFd);
      isWriterOpen = false;
    };
    const release = () => {
      closeWriter();
      closeSync(readFd);
      free.push(path);
    };
    return { readFd, writeFd, closeWriter, release };
  }

  return { open, close: () => rmSync(folder, { recursive: true, force: true }) };
}
