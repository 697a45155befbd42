import { readdirSync, readFileSync } from "node:fs";
import { isDead, readProcess } from "../run/process-table.ts";

const MARK = "coop-net-of";
/** The end of such a command line, as /proc has it. */
const MARKED = new RegExp(`\\0${MARK}:(\\d+):(\\d+)\\0$`);

/** The last word on the command line of a process that makes a network namespace: whose it is. */
export function makerMark(pid = process.pid): string {
  return `${MARK}:${pid}:${readProcess(pid)?.startTime ?? ""}`;
}

/**
 * Ends what daemons that were killed have left behind while they made a network namespace. bwrap's second process ties its life
 * to the first one a moment after it was made, and waits for it; a kill in that moment leaves it waiting for ever, with an empty
 * namespace and nothing of a hen's (seen four times in 500 kills). Answers how many there were.
 */
export function endLeftMakers(): number {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isLeftMaker(name) && hasKilled(Number(name)))
    .length;
}

function hasKilled(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false; // it is gone, or another user's, whose own daemon will see to it
  }
}

function isLeftMaker(pid: string): boolean {
  try {
    if (readFileSync(`/proc/${pid}/comm`, "utf8") !== "bwrap\n") return false;
    const owner = MARKED.exec(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
    if (owner === null || !isDead(Number(owner[1]), owner[2])) return false;
    // Within a container other numbers count; what is in one is not ours to judge.
    return /^NSpid:\s*\d+$/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false; // it ended while we looked
  }
}
