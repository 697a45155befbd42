import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The daemon that holds a data directory, as it wrote it into `daemon.json`. */
export interface Holder {
  readonly pid: number;
  /** HOST:PORT. */
  readonly address: string;
}

/**
 * Who holds the data directory and answers at its address; undefined when nobody does. The store's own lock is what
 * keeps two daemons apart: this only saves the reader from its refusal.
 */
export async function findHolder(dataDir: string): Promise<Holder | undefined> {
  const holder = readHolder(dataDir);
  return holder !== undefined && isAlive(holder.pid) && (await answers(holder.address)) ? holder : undefined;
}

/** What `daemon.json` says, alive or not. */
export function readHolder(dataDir: string): Holder | undefined {
  try {
    const { pid, address } = JSON.parse(readFileSync(join(dataDir, "daemon.json"), "utf8"));
    return typeof pid === "number" && typeof address === "string" ? { pid, address } : undefined;
  } catch {
    return undefined; // absent, or being written: either way nobody to point at yet
  }
}

/** What the farm asks for: the variable's token where there is one, else its own; undefined when it asks for none. */
export function readToken(
  dataDir: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (environment.COOP_AUTH === "none") return undefined;
  return environment.COOP_API_TOKEN?.trim() || readFileSync(join(dataDir, "token"), "utf8").trim();
}

/** True when the daemon at HOST:PORT says that it is healthy, within a second. */
export async function answers(address: string): Promise<boolean> {
  const request = fetch(`http://${address}/api/v1/healthz`, { signal: AbortSignal.timeout(1000) });
  return request.then(
    ({ ok }) => ok,
    () => false,
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // alive, and another user's
  }
}
