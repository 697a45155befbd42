import { closeSync, readSync } from "node:fs";
import { CoopError, workdirKey } from "coopd-core";
import { PROXY_PORT } from "../gate/transparent-ports.ts";
import type { HostLayout } from "../host/host-layout.ts";
import type { HostPrograms } from "../host/host-programs.ts";
import { bwrapArguments } from "../launch/bwrap-arguments.ts";
import { commandLine } from "../launch/command-line.ts";
import { openDataFile } from "../launch/data-file.ts";
import { identityFiles } from "../launch/identity-files.ts";
import type { LaunchWalls } from "../launch/launch-walls.ts";
import { lintArguments, lintNetwork } from "../launch/lint-arguments.ts";
import type { Cgroups } from "../limits/cgroups.ts";
import type { HeldNetwork } from "../network/hen-networks.ts";
import type { Pen } from "../pen/pen.ts";
import type { ConfineSpec } from "./confine-spec.ts";
import type { LaunchedTree } from "./kill-tree.ts";

/** What a launch needs of this host. */
export interface LaunchParts {
  readonly programs: HostPrograms;
  readonly layout: HostLayout;
  readonly walls: LaunchWalls;
  /** The encoded filter for this machine's architecture. */
  readonly filter: Uint8Array;
  /** Prepares the hen's cgroups; undefined where the host has none for us. */
  readonly cgroups: Cgroups | undefined;
  /** A folder only the daemon can enter, for nameless files. */
  readonly scratch: string;
  /** The hen's, held until the launch has ended; undefined only where a test takes that wall away. */
  readonly network: HeldNetwork | undefined;
}

export interface Launch extends LaunchedTree {
  /** What bwrap has said of itself. */
  readStatus(): BwrapStatus;
  /** True when it ended by a signal, its own or that of the first process inside. */
  wasKilled(): boolean;
  /** Closes the status file; when everything is dead. */
  close(): void;
}

/** What a launch reads and writes. */
export interface LaunchStreams {
  readonly stdio: readonly [stdin: number | Uint8Array | "ignore", stdout: number, stderr: number];
  /** The program that makes standard input a terminal's; undefined where it is none. */
  readonly setsid?: string;
  /** Closes the child's ends on our side; called once the child has them, or cannot be started. */
  handOver(): void;
}

export interface BwrapStatus {
  /** The first process inside, by its pid outside; undefined before it was made. */
  readonly innerPid: number | undefined;
  /** Undefined when the command was never executed, or was killed from outside. */
  readonly exitCode: number | undefined;
}

const PROXY = `http://127.0.0.1:${PROXY_PORT}`;
const NO_PROXY = "localhost,127.0.0.1,::1";

/**
 * For programs that know proxies; those that don't are caught on their way. Both cases, since curl reads `http_proxy` only
 * in the small one and others only the large. What a hen serves to itself needs no gate.
 */
const PROXY_VARIABLES = {
  ...{ HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY, ALL_PROXY: PROXY, NO_PROXY },
  ...{ http_proxy: PROXY, https_proxy: PROXY, all_proxy: PROXY, no_proxy: NO_PROXY },
};

/** Inside, nothing of the host's environment is left. */
function environmentOf(pen: Pen, hasGate: boolean, extra: Readonly<Record<string, string>> = {}) {
  const { home } = pen;
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
    HOME: home,
    USER: pen.name,
    LOGNAME: pen.name,
    TMPDIR: "/tmp",
    TERM: "dumb",
    LANG: "C.UTF-8",
    COOP_HEN_ID: pen.henId,
    COOP_HEN_WORKDIR: home,
    ...(hasGate ? PROXY_VARIABLES : {}),
    ...extra,
  };
}

/**
 * Starts one process behind all walls. Returns when it has been forked; the caller drains its output, ends it and
 * closes the launch.
 *
 * @throws CoopError `sandbox_failed`
 */
export function launch(
  parts: LaunchParts,
  pen: Pen,
  spec: Pick<ConfineSpec, "argv" | "env">,
  streams: LaunchStreams,
): Launch {
  const { programs, layout, walls, scratch, filter, network } = parts;
  const { setsid } = streams;
  const hasTerminal = setsid !== undefined;
  const args = bwrapArguments({
    name: pen.name,
    workdir: pen.bindSource,
    read: pen.read,
    env: environmentOf(pen, network?.hasGate === true, spec.env),
    layout,
    walls,
    hasTerminal,
  });
  lintArguments(args, pen.home, walls, hasTerminal);
  const identity = identityFiles(pen.name);
  const status = openDataFile(scratch, "");
  // In the order of LAUNCH_FDS, from 3 on.
  const contents = [identity.passwd, identity.group, identity.hosts, identity.resolvConf, filter];
  const handed: number[] = [];
  try {
    handed.push(openDataFile(scratch, args.map((word) => `${word}\0`).join("")), status);
    for (const content of contents) handed.push(openDataFile(scratch, content));
    const join = parts.cgroups?.prepare(workdirKey(pen.henId), pen.limits);
    const command = commandLine({
      ...{ programs, uid: pen.uid, argv: spec.argv, join, limits: pen.limits, setsid },
      network: network?.namespace,
    });
    if (walls.privateNetwork) lintNetwork(command, programs.bwrap, network?.namespace);
    const child = Bun.spawn(command, {
      env: walls.emptyEnvironment ? {} : { ...process.env },
      cwd: "/",
      stdio: [...streams.stdio, ...handed],
    });
    const hasExited = () => child.exitCode !== null || child.signalCode !== null;
    const readStatus = () => parseStatus(readStart(status));
    const wasKilled = () => child.signalCode !== null || (child.exitCode ?? 0) > 128;
    return { pid: child.pid, hasExited, wasKilled, exited: child.exited, readStatus, close: () => closeSync(status) };
  } catch (cause) {
    closeSync(status);
    throw cause instanceof CoopError
      ? cause
      : new CoopError("sandbox_failed", "could not start a confined process", { cause });
  } finally {
    for (const fd of handed) if (fd !== status) closeSync(fd);
    streams.handOver();
  }
}

/** bwrap writes two short JSON objects, below 400 bytes. */
const STATUS_BYTES_MAX = 4096;

function readStart(fd: number): string {
  const buffer = Buffer.alloc(STATUS_BYTES_MAX);
  return buffer.toString("utf8", 0, readSync(fd, buffer, 0, STATUS_BYTES_MAX, 0));
}

function parseStatus(text: string): BwrapStatus {
  const numberOf = (key: string) => {
    const digits = new RegExp(`"${key}":\\s*(\\d+)`).exec(text)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  return { innerPid: numberOf("child-pid"), exitCode: numberOf("exit-code") };
}
