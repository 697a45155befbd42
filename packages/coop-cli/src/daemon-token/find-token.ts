import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isOwnListener } from "./listeners.ts";

/** Larger is neither a token nor a `daemon.json`, bytes. */
const FILE_BYTES_MAX = 4_096;
/** Another address may mean another machine's daemon, whatever is written in a file here. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The token of the daemon at `baseUrl`, from the data directory of one that this user runs. It is only given out for the
 * loopback address that the directory's `daemon.json` names, while that daemon lives and the listener there is this user's:
 * another program on the port, another user's directory, another machine get nothing. Undefined when that does not hold.
 */
export function findDaemonToken(baseUrl: string, dataDirs: readonly string[]): string | undefined {
  const { protocol, hostname, port, pathname } = new URL(baseUrl);
  if (protocol !== "http:" || pathname !== "/" || !LOOPBACK.test(hostname)) return undefined;
  const wanted = Number(port === "" ? "80" : port);
  const dir = dataDirs.find((dataDir) => holdsAddress(dataDir, hostname, wanted));
  const token = dir === undefined ? undefined : readOwnFile(join(dir, "token"))?.trim();
  return token !== undefined && /^[\x21-\x7e]{16,1024}$/.test(token) ? token : undefined;
}

/** The data directory among `dataDirs` whose daemon listens at `baseUrl`. */
export function findDataDir(baseUrl: string, dataDirs: readonly string[]): string | undefined {
  const { hostname, port } = new URL(baseUrl);
  return dataDirs.find((dataDir) => holdsAddress(dataDir, hostname, Number(port === "" ? "80" : port)));
}

function holdsAddress(dataDir: string, hostname: string, port: number): boolean {
  const text = readOwnFile(join(dataDir, "daemon.json"));
  if (text === undefined) return false;
  const { pid, address } = parseRecord(text);
  const match = /^(.+):(\d{1,5})$/.exec(address);
  if (match?.[1] === undefined || Number(match[2]) !== port) return false;
  return reaches(match[1], hostname) && isOwnProcess(pid) && isOwnListener(port);
}

/** A daemon that listens everywhere listens on loopback too. */
function reaches(bound: string, hostname: string): boolean {
  const all = bound === "0.0.0.0" || bound === "[::]" || bound === "localhost" || hostname === "localhost";
  return bound === hostname || (all && (LOOPBACK.test(bound) || bound === "0.0.0.0" || bound === "[::]"));
}

function parseRecord(text: string): { readonly pid: number; readonly address: string } {
  try {
    const { pid, address } = JSON.parse(text);
    if (typeof pid === "number" && typeof address === "string") return { pid, address };
  } catch {
    // a record that nobody can read names no daemon
  }
  return { pid: 0, address: "" };
}

/** EPERM means that it lives, but as somebody else. */
function isOwnProcess(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A small ordinary file of this user that nobody else may read or write, in a folder of this user's. */
function readOwnFile(path: string): string | undefined {
  const own = process.geteuid?.();
  let file: number | undefined;
  try {
    if (statSync(join(path, "..")).uid !== own) return undefined;
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const { uid, mode, size } = fstatSync(file);
    const isPrivate = fstatSync(file).isFile() && uid === own && (mode & 0o077) === 0 && size <= FILE_BYTES_MAX;
    return isPrivate ? readFileSync(file, "utf8") : undefined;
  } catch {
    return undefined; // no such directory: that is most of them
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
