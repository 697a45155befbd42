import { closeSync, openSync } from "node:fs";
import { ReadStream } from "node:tty";
import { Secret } from "coopd-vault";
import type { Output } from "../output/output.ts";

/** Longer than any passphrase or key; what is beyond it is not taken. */
const BYTES_MAX = 65_536;

const ENTER: ReadonlySet<number> = new Set([0x0a, 0x0d]);
const CTRL_C = 0x03;
const CTRL_D = 0x04;
const BACKSPACE: ReadonlySet<number> = new Set([0x08, 0x7f]);
const CTRL_U = 0x15;
const ESCAPE = 0x1b;

/**
 * Asks on the terminal and reads one line that is not shown; standard input may be something else. The terminal is as it was
 * when this settles, also when it is ended by a signal.
 * @returns undefined where there is no terminal to ask on
 */
export async function readHidden(output: Output, question: string): Promise<Secret | undefined> {
  const terminal = openTerminal();
  if (terminal === undefined) return undefined;
  const restore = () => terminal.setRawMode(false);
  const onSignal = (signal: NodeJS.Signals) => {
    restore();
    process.kill(process.pid, signal); // the handler is gone by now, so this ends the process as usual
  };
  for (const signal of SIGNALS) process.once(signal, onSignal);
  const line = new HiddenLine();
  try {
    terminal.setRawMode(true);
    await output.draw(question);
    await new Promise<void>((resolve) => {
      terminal.on("data", (bytes: Uint8Array) => {
        if (line.take(bytes) === "end") resolve();
      });
      terminal.once("end", resolve).once("error", () => resolve());
      terminal.resume();
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    terminal.removeAllListeners("data").removeAllListeners("end").removeAllListeners("error").pause();
    restore();
    await output.draw("\n");
  }
  if (line.isInterrupted) {
    line.secret().close();
    process.kill(process.pid, "SIGINT"); // as if the terminal had sent it
    await new Promise(() => {});
  }
  return line.secret();
}

const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** What is typed, as bytes that are overwritten with the Secret that is made of them. */
class HiddenLine {
  #bytes = new Uint8Array(BYTES_MAX);
  #size = 0;
  #inEscape = false;
  isInterrupted = false;

  /** @returns "end" with Enter, Ctrl-C, or Ctrl-D on an empty line */
  take(typed: Uint8Array): "more" | "end" {
    for (const byte of typed) {
      if (this.#isOfEscape(byte)) continue;
      if (ENTER.has(byte) || (byte === CTRL_D && this.#size === 0)) return "end";
      if (byte === CTRL_C) {
        this.isInterrupted = true;
        return "end";
      }
      if (BACKSPACE.has(byte)) this.#removeLast();
      else if (byte === CTRL_U) this.#size = 0;
      else if (byte >= 0x20 && this.#size < BYTES_MAX) this.#bytes[this.#size++] = byte;
    }
    return "more";
  }

  secret(): Secret {
    const secret = new Secret(this.#bytes.slice(0, this.#size));
    this.#bytes.fill(0);
    return secret;
  }

  /** Arrow keys and the like are no characters: ESC, maybe `[` or `O`, up to a letter or `~`. */
  #isOfEscape(byte: number): boolean {
    if (byte === ESCAPE) {
      this.#inEscape = true;
      return true;
    }
    if (!this.#inEscape) return false;
    const isStart = byte === 0x5b || byte === 0x4f;
    if (!isStart && (byte === 0x7e || (byte | 0x20) >= 0x61) && (byte | 0x20) <= 0x7e) this.#inEscape = false;
    return true;
  }

  /** One character, whose further bytes of UTF-8 begin with 10. */
  #removeLast(): void {
    if (this.#size === 0) return;
    do this.#size -= 1;
    while (this.#size > 0 && ((this.#bytes[this.#size] ?? 0) & 0xc0) === 0x80);
  }
}

/** Opened once: Bun's stream goes on reading the terminal after it is destroyed, so a second one would wait for ever. */
let opened: ReadStream | undefined;

function openTerminal(): ReadStream | undefined {
  if (opened !== undefined) return opened;
  let fd: number | undefined;
  try {
    fd = openSync("/dev/tty", "r+");
    opened = new ReadStream(fd);
    return opened;
  } catch {
    if (fd !== undefined) closeSync(fd);
    return undefined; // a pipe, a service, cron: nobody to ask
  }
}
