import { closeSync, fstatSync, openSync, statSync } from "node:fs";
import { CoopError, toCoopError } from "coopd-core";
import type { HostPrograms } from "../host/host-programs.ts";
import { makerMark } from "./left-makers.ts";

/**
 * A hen's own network: a namespace with nothing but its own loopback in it. It lives as long as the daemon holds it open
 * or a process is in it, and no longer: a daemon that is killed leaves no mount behind, and no process that the next one
 * does not end (left-makers.ts).
 */
export interface NetNamespace {
  /** The kernel's number of it; never that of the host's. */
  readonly id: number;
  /**
   * Options of nsenter(1) that put a command into it. They name descriptors of the daemon, so the namespace must stay open
   * until nsenter has run.
   */
  readonly enter: readonly string[];
  /** Lets it go; later launches can't enter it any more. */
  close(): void;
}

/** Making one takes 4 to 8 ms; a host that needs this long is not usable. */
const MAKE_MS_MAX = 5_000;

/** bwrap says a few hundred bytes of itself; whoever says more is not bwrap. */
const SAID_BYTES_MAX = 8192;

/** What the first process in it says when the loopback is up; it then waits for the end of its input. */
const UP = "coop-net-up";

/**
 * Makes a namespace with `lo` up. A plain user's lies in a user namespace of its own that maps uid 0: without that, the
 * ports below 1024 could not be bound there (walls.md, Launch).
 *
 * @throws CoopError `sandbox_failed`
 */
export async function makeNetNamespace(programs: HostPrograms, isRoot: boolean): Promise<NetNamespace> {
  const user = isRoot ? [] : ["--unshare-user", "--uid", "0", "--gid", "0"];
  const script = `echo ${UP} >&2; read wait`; // bwrap closes the descriptor of --info-fd before
  const argv = [programs.bwrap, "--unshare-net", ...user, "--die-with-parent", "--bind", "/", "/", "--info-fd", "1"];
  const maker = Bun.spawn([...argv, "--", programs.sh, "-c", script, makerMark()], {
    env: {},
    cwd: "/",
    stdio: ["pipe", "pipe", "pipe"],
    timeout: MAKE_MS_MAX,
    killSignal: "SIGKILL",
  });
  try {
    const said = await readUntil(maker.stderr, (text) => text.includes(UP));
    const pid = /"child-pid":\s*(\d+)/.exec(await readUntil(maker.stdout, (text) => text.includes("}")))?.[1];
    if (pid === undefined || !said.includes(UP)) throw failed(said);
    return openNetNamespace(Number(pid), isRoot);
  } catch (thrown) {
    throw thrown instanceof CoopError ? thrown : failed(thrown);
  } finally {
    maker.kill("SIGKILL");
    await maker.exited;
  }
}

/** The number of the network namespace that the daemon itself is in: the host's. */
export function hostNetNamespaceId(): number {
  return statSync("/proc/self/ns/net").ino;
}

/** Holds the namespaces of a process that lives, by descriptors: they stay when the process has gone. */
function openNetNamespace(pid: number, isRoot: boolean): NetNamespace {
  const net = openSync(`/proc/${pid}/ns/net`, "r");
  let user: number | undefined;
  try {
    const id = fstatSync(net).ino;
    if (id === hostNetNamespaceId()) throw failed("the new namespace is the host's own");
    if (!isRoot) user = openSync(`/proc/${pid}/ns/user`, "r");
    return { id, enter: enterOptions(net, user), close: closeOnce([net, ...(user === undefined ? [] : [user])]) };
  } catch (thrown) {
    closeSync(net);
    throw toCoopError(thrown, "sandbox_failed");
  }
}

function enterOptions(net: number, user: number | undefined): string[] {
  const descriptor = (fd: number) => `/proc/${process.pid}/fd/${fd}`;
  const enterUser = user === undefined ? [] : [`--user=${descriptor(user)}`, "--preserve-credentials"];
  return [`--net=${descriptor(net)}`, ...enterUser];
}

function closeOnce(fds: number[]): () => void {
  return () => {
    for (const fd of fds.splice(0)) closeSync(fd);
  };
}

/** Reads until `isEnough` or the end. */
async function readUntil(stream: ReadableStream<Uint8Array>, isEnough: (text: string) => boolean): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    if (isEnough(text) || text.length > SAID_BYTES_MAX) break;
  }
  return text;
}

function failed(cause: unknown): CoopError {
  return new CoopError("sandbox_failed", "could not make a network namespace for a hen", { cause });
}
