import { statSync } from "node:fs";
import { CoopError } from "coopd-core";
import { hostNetNamespaceId, type NetNamespace } from "../network/net-namespace.ts";
import type { LaunchWalls } from "./launch-walls.ts";

/** bwrap's options that we use, with the number of their values and which value is a destination inside. */
const OPTIONS: Readonly<Record<string, { readonly values: number; readonly destination?: number }>> = {
  "--unshare-all": { values: 0 },
  "--unshare-user": { values: 0 },
  "--unshare-ipc": { values: 0 },
  "--unshare-uts": { values: 0 },
  "--unshare-cgroup-try": { values: 0 },
  "--share-net": { values: 0 },
  "--disable-userns": { values: 0 },
  "--uid": { values: 1 },
  "--gid": { values: 1 },
  "--hostname": { values: 1 },
  "--die-with-parent": { values: 0 },
  "--new-session": { values: 0 },
  "--cap-drop": { values: 1 },
  "--ro-bind": { values: 2, destination: 1 },
  "--bind": { values: 2, destination: 1 },
  "--ro-bind-data": { values: 2, destination: 1 },
  "--symlink": { values: 2, destination: 1 },
  "--proc": { values: 1, destination: 0 },
  "--dev": { values: 1, destination: 0 },
  "--tmpfs": { values: 1, destination: 0 },
  "--dir": { values: 1, destination: 0 },
  "--remount-ro": { values: 1 },
  "--perms": { values: 1 },
  "--size": { values: 1 },
  "--clearenv": { values: 0 },
  "--setenv": { values: 2 },
  "--chdir": { values: 1 },
  "--json-status-fd": { values: 1 },
  "--seccomp": { values: 1 },
};

/** Without these a launch is not the one that the walls describe. */
const REQUIRED = ["--disable-userns", "--die-with-parent", "--cap-drop", "--clearenv", "--unshare-user", "--share-net"];

/**
 * Reads a finished argument vector as bwrap would and refuses what breaks a rule of walls.md: an option that is not in
 * the table, a NUL, a hen-writable bind other than `home`, any mount behind it, any destination at or below it (fact 1,
 * CVE-2026-87766: bwrap before 0.12 follows a planted link there and creates files on the host), a missing wall.
 * That the network which bwrap keeps is the hen's own is judged by {@link lintNetwork}.
 *
 * @throws CoopError `sandbox_failed`
 */
export function lintArguments(args: readonly string[], home: string, walls: LaunchWalls, hasTerminal = false): void {
  const operations = parseOperations(args);
  const mounts = operations.filter((operation) => operation.destination !== undefined);
  const writable = mounts.filter((mount) => mount.option === "--bind");
  if (writable.length !== 1 || writable[0]?.destination !== home || mounts.at(-1) !== writable[0]) {
    throw refused(`there must be one writable bind, at ${home}, behind every other mount`);
  }
  for (const mount of mounts) {
    const destination = mount.destination ?? "";
    if (!isPlainPath(destination)) throw refused(`${mount.option} to ${JSON.stringify(destination)}: not a plain path`);
    if (mount !== writable[0] && (destination === home || destination.startsWith(`${home}/`))) {
      throw refused(`${mount.option} to ${destination}: lies in what the hen can write`);
    }
  }
  const present = new Set(operations.map((operation) => operation.option));
  const required = [
    ...REQUIRED,
    ...(hasTerminal ? [] : ["--new-session"]),
    ...(walls.pidNamespace ? ["--unshare-all"] : []),
    ...(walls.readOnlyRoot ? ["--remount-ro"] : []),
    ...(walls.seccomp ? ["--seccomp"] : []),
  ];
  const missing = required.find((option) => !present.has(option));
  if (missing !== undefined) throw refused(`${missing} is missing`);
}

/**
 * Refuses a command line that would keep the host's network: its first namespace option, before bwrap, must lead to the
 * namespace that was made for the hen, and that must not be the one the daemon is in.
 *
 * @throws CoopError `sandbox_failed`
 */
export function lintNetwork(
  command: readonly string[],
  bwrap: string,
  network: Pick<NetNamespace, "id"> | undefined,
): void {
  const before = command.slice(0, command.indexOf(bwrap));
  const places = before.filter((word) => word.startsWith(NET_OPTION));
  if (network === undefined || places.length !== 1) throw refused("it does not enter the hen's own network");
  const id = statSync((places[0] ?? "").slice(NET_OPTION.length)).ino;
  if (id !== network.id) throw refused("it enters another network than the hen's own");
  if (id === hostNetNamespaceId()) throw refused("it enters the host's network");
}

/** nsenter's (command-line.ts). */
const NET_OPTION = "--net=";

interface Operation {
  readonly option: string;
  readonly destination: string | undefined;
}

function parseOperations(args: readonly string[]): Operation[] {
  const operations: Operation[] = [];
  for (let at = 0; at < args.length; ) {
    const option = args[at] ?? "";
    const shape = Object.hasOwn(OPTIONS, option) ? OPTIONS[option] : undefined;
    if (shape === undefined) throw refused(`${JSON.stringify(option)} is not an option of the launch profile`);
    const values = args.slice(at + 1, at + 1 + shape.values);
    if (values.length < shape.values) throw refused(`${option} lacks a value`);
    if (values.some((value) => value.includes("\0"))) throw refused(`${option} has a NUL in a value`);
    operations.push({
      option,
      destination: shape.destination === undefined ? undefined : values[shape.destination],
    });
    at += 1 + shape.values;
  }
  return operations;
}

/** Absolute, without empty, `.` and `..` parts, so that comparing text compares places. */
function isPlainPath(path: string): boolean {
  const parts = path.split("/").slice(1);
  return path.startsWith("/") && !parts.some((part) => part === "" || part === "." || part === "..");
}

function refused(what: string): CoopError {
  return new CoopError("sandbox_failed", `the launch profile was refused: ${what}`);
}
