import { writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { CoopError } from "coopd-core";
import { findHostProgram } from "../host/host-programs.ts";
import type { Pen } from "../pen/pen.ts";
import { waitForEnd } from "../run/confine.ts";
import { checkSpec } from "../run/confine-spec.ts";
import { type Launch, type LaunchParts, launch } from "../run/launch.ts";
import type { OutputPacer } from "../run/output-pacer.ts";
import { openPty, type Pty } from "./pty.ts";
import {
  type ConfinedTerminal,
  noSetsid,
  type TerminalExit,
  type TerminalSpec,
  toTerminalSize,
} from "./terminal-spec.ts";

/** The daemon's side of a terminal that is open. */
export type TerminalStreams = Omit<ConfinedTerminal, "ended">;

/** What was written before the end is read within this, ms, or given up: whoever reads may itself have stopped. */
const DRAIN_MS_MAX = 2_000;

/** What programs ask for to know how they may draw; every terminal of ours is an xterm. */
const TERMINAL_ENV = { TERM: "xterm-256color", COLORTERM: "truecolor" };

/**
 * Runs a program in a terminal to its end: by itself, or by the signal. `opened` gets the daemon's side as soon as it
 * runs. When this returns or throws, nothing of it runs any more and nothing of it is open.
 *
 * @throws CoopError `sandbox_failed`, `walls_missing`, `limit_reached`, `cancelled`
 */
export async function runInTerminal(
  parts: LaunchParts & { readonly pacer: OutputPacer; readonly launchTurn: () => Promise<void> },
  pen: Pen,
  spec: TerminalSpec,
  opened: (streams: TerminalStreams) => void,
): Promise<TerminalExit> {
  const setsid = findHostProgram("setsid");
  if (setsid === undefined) throw noSetsid();
  checkSpec(spec);
  await parts.launchTurn();
  checkSpec(spec); // it may have been cancelled while it waited
  const pty = openPty(toTerminalSize(spec.size), pen.uid);
  try {
    const { slaveFd } = pty;
    const launched = launch(
      parts,
      pen,
      { ...spec, env: { ...TERMINAL_ENV, ...spec.env } },
      { stdio: [slaveFd, slaveFd, slaveFd], setsid, handOver: () => pty.closeSlave() },
    );
    const output = openOutput(pty, parts.pacer);
    const input = openInput(pty);
    try {
      opened({ read: output.read, write: input.write, resize: (size) => input.resize(toTerminalSize(size)) });
      const memoryBytes = parts.cgroups === undefined ? pen.limits.memoryBytes : undefined;
      const ending = await waitForEnd(launched, spec, memoryBytes);
      if (ending === "cancelled") throw new CoopError("cancelled", "ended; its processes were killed");
      await withinDrainTime(output.finished);
      return toExit(launched);
    } finally {
      input.close();
      await output.close();
      launched.close();
    }
  } finally {
    pty.close();
  }
}

async function withinDrainTime(finished: Promise<void>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, DRAIN_MS_MAX);
  await Promise.race([finished, late]);
  clearTimeout(timer);
}

function toExit(launched: Launch): TerminalExit {
  const { exitCode, innerPid } = launched.readStatus();
  if (exitCode !== undefined) return { exitCode };
  if (innerPid !== undefined && launched.wasKilled()) return { exitCode: -1 };
  throw new CoopError("sandbox_failed", "the sandbox could not be set up for this terminal", {
    next: "See what this host can confine: coop doctor",
  });
}

/** Reads only when it is asked, and then shares the daemon's time with every other output (run/output-pacer.ts). */
function openOutput(pty: Pty, pacer: OutputPacer) {
  const reader = Bun.file(pty.masterFd).stream().getReader();
  const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
  let isOver = false;
  const end = () => {
    isOver = true;
    finish();
    return undefined;
  };
  async function read(): Promise<Uint8Array | undefined> {
    if (isOver) return undefined;
    await pacer.turn();
    try {
      const { value, done } = await reader.read();
      if (done || isOver) return end();
      pacer.charge(value.length);
      return value;
    } catch (cause) {
      // What a master says once every process of the other side is gone (pty(7)).
      if ((cause as NodeJS.ErrnoException).code === "EIO") return end();
      throw new CoopError("sandbox_failed", "the output of a terminal could not be read", { cause });
    }
  }
  async function close(): Promise<void> {
    end();
    await reader.cancel().catch(() => undefined);
  }
  return { read, finished, close };
}

/** A program reads when it likes; until then the kernel takes some 4 KiB, and the rest is offered again, ms apart. */
const RETRY_MS = { first: 1, longest: 20 };

function openInput(pty: Pty) {
  let isOpen = true;
  let last: Promise<void> = Promise.resolve();
  async function offer(bytes: Uint8Array): Promise<void> {
    let waitMs = RETRY_MS.first;
    for (let sent = 0; isOpen && sent < bytes.length; ) {
      const taken = tryWrite(pty.masterFd, bytes, sent);
      if (taken === "gone") return;
      sent += taken;
      if (taken > 0) waitMs = RETRY_MS.first;
      else {
        await delay(waitMs);
        waitMs = Math.min(waitMs * 2, RETRY_MS.longest);
      }
    }
  }
  return {
    write(bytes: Uint8Array): Promise<void> {
      last = last.then(() => offer(bytes));
      return last;
    },
    resize(size: Parameters<Pty["resize"]>[0]): void {
      if (isOpen) pty.resize(size);
    },
    close(): void {
      isOpen = false;
    },
  };
}

/** A turn's worth: the kernel takes less than this at once, and a large paste must not hold the event loop. */
const WRITE_BYTES = 16 * 1024;

function tryWrite(fd: number, bytes: Uint8Array, from: number): number | "gone" {
  try {
    return writeSync(fd, bytes, from, Math.min(WRITE_BYTES, bytes.length - from));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EAGAIN") return 0;
    if (code === "EIO") return "gone";
    throw new CoopError("sandbox_failed", "a terminal took no input", { cause });
  }
}
