import { readdirSync, readFileSync } from "node:fs";

/** Pids of this machine's processes, zombies apart, whose command line holds `text`; a minimal Debian has no pgrep. */
export function processesWith(text: string): readonly number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.filter((pid) => commandLine(pid).includes(text)).map(Number);
}

/** Words with blanks between; empty for what has ended meanwhile, and for zombies. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
