import { join } from "node:path";

/** A program of this folder in a process of its own, with its output line by line. */
export interface ChildProcess extends AsyncDisposable {
  readonly pid: number;
  /** The next line, or undefined when there are no more. */
  readLine(): Promise<string | undefined>;
  write(line: string): void;
  /** Ends its input and waits for its end. */
  finish(): Promise<void>;
  /** SIGKILL; resolves when the kernel has taken everything back. */
  kill(): Promise<void>;
}

/** Starts `src/testing/<program>` from source. Disposing kills it. */
export function startChild(program: string, args: readonly string[]): ChildProcess {
  const file = join(import.meta.dir, program);
  const child = Bun.spawn([process.execPath, "--no-env-file", "--config=/dev/null", file, ...args], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const lines = splitLines(child.stdout);
  const kill = async () => {
    child.kill("SIGKILL");
    await child.exited;
  };
  return {
    pid: child.pid,
    readLine: async () => (await lines.next()).value ?? undefined,
    write: (line) => {
      child.stdin.write(`${line}\n`);
      child.stdin.flush();
    },
    finish: async () => {
      child.stdin.end();
      await child.exited;
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

async function* splitLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  return undefined;
}
