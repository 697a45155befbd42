import { readFileSync } from "node:fs";

/** One process as the kernel shows it in /proc (proc(5)). */
export interface ProcessState {
  /** `R`, `S`, `D`, `T`, `Z`, … */
  readonly state: string;
  /** Clock ticks since boot; with the pid it names a process for good. */
  readonly startTime: string;
}

/** The process with this pid; undefined when there is none. */
export function readProcess(pid: number): ProcessState | undefined {
  const text = readProc(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // Field 2 is the program's name in parentheses and may itself hold any character; the rest begins behind the last `)`.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", startTime: fields[19] ?? "" };
}

/** True when nothing of the process runs any more: it is gone, or a zombie, or another process has its number. */
export function isDead(pid: number, startTime?: string): boolean {
  const found = readProcess(pid);
  if (found === undefined || found.state === "Z" || found.state === "X") return true;
  return startTime !== undefined && found.startTime !== startTime;
}

/** Pids of the children that the process's first thread has made. */
export function readChildren(pid: number): number[] {
  const text = readProc(`/proc/${pid}/task/${pid}/children`) ?? "";
  return text
    .split(" ")
    .filter((word) => word !== "")
    .map(Number);
}

/** True when the process is the first one of a pid namespace below ours: its innermost pid is 1. */
export function isInnerInit(pid: number): boolean {
  const row = /^NSpid:\s*([\d\s]+)$/m.exec(readProc(`/proc/${pid}/status`) ?? "")?.[1];
  const pids = row?.trim().split(/\s+/) ?? [];
  return pids.length > 1 && pids.at(-1) === "1";
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw cause;
  }
}
