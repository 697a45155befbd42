import { spawn } from "node:child_process";
import { Socket as UdpSocket } from "node:dgram";
import { Server } from "node:net";
import { CoopError } from "coopd-core";
import type { HostPrograms } from "../host/host-programs.ts";
import { HAND_OFF_ARGUMENT } from "./hand-off-argument.ts";
import { type HandOffMessage, type ListenRequest, toArgument } from "./hand-off-message.ts";
import type { NetNamespace } from "./net-namespace.ts";

/** A bound socket of a hen's namespace, in the daemon. Whoever has it closes it. */
export type Handed = Server | UdpSocket;

/** It takes 30 to 45 ms, most of it Bun's start; a host that needs this long is not usable. */
const HAND_OFF_MS_MAX = 8_000;

/**
 * Binds the requested sockets inside the namespace and returns them in the same order, bound and listening. A one-off
 * helper enters the namespace and passes them over (fact 4): nothing of ours stays inside that a hen could attack.
 *
 * @throws CoopError `sandbox_failed`; nothing is open then.
 */
export async function handOff(
  programs: HostPrograms,
  namespace: NetNamespace,
  requests: readonly ListenRequest[],
): Promise<Handed[]> {
  const argv = [...namespace.enter, "--", ...helperCommand(), ...requests.map(toArgument)];
  const helper = spawn(programs.nsenter, argv, { env: {}, cwd: "/", stdio: ["ignore", "ignore", "pipe", "ipc"] });
  // Its own copies of the sockets go with it; until then one that the daemon closes would still take connections.
  const hasEnded = new Promise<void>((resolve) => {
    helper.on("exit", () => resolve());
    helper.on("error", () => resolve()); // it was never started
  });
  const handed: Handed[] = [];
  let said = "";
  const { promise, resolve, reject } = Promise.withResolvers<Handed[]>();
  const timer = setTimeout(() => reject(failed(`no answer in ${HAND_OFF_MS_MAX} ms`)), HAND_OFF_MS_MAX);
  helper.stderr?.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(0, 2000);
  });
  helper.on("error", (cause) => reject(failed(cause)));
  helper.on("exit", (code) => reject(failed(`the helper ended with ${code}. ${said}`.trim())));
  helper.on("message", (raw, handle: unknown) => {
    const message = raw as HandOffMessage; // from our own program
    if ("failed" in message) reject(failed(`${toArgument(message.request)}: ${message.failed}`));
    else if ("done" in message) resolve(handed);
    else if (handle instanceof Server || handle instanceof UdpSocket) handed[message.at] = handle;
    else reject(failed(`no handle came for ${message.at}`));
  });
  try {
    const all = await promise;
    if (requests.some((request, at) => !isOf(request, all[at]))) throw failed("a socket is missing");
    return all;
  } catch (thrown) {
    for (const handle of handed) handle?.close();
    throw thrown;
  } finally {
    clearTimeout(timer);
    helper.kill("SIGKILL");
    await hasEnded;
  }
}

function isOf({ kind }: ListenRequest, handle: Handed | undefined): boolean {
  return kind === "tcp" ? handle instanceof Server : handle instanceof UdpSocket;
}

/** Ourselves once more: from source Bun with the helper's file, in the executable the executable. */
function helperCommand(): string[] {
  const isExecutable = import.meta.path.startsWith("/$bunfs/");
  // Without the two flags Bun would load `.env` and run `bunfig.toml` of the folder it is started in.
  const source = ["--no-env-file", "--config=/dev/null", `${import.meta.dir}/hand-off-main.ts`];
  return [process.execPath, ...(isExecutable ? [] : source), HAND_OFF_ARGUMENT];
}

function failed(cause: unknown): CoopError {
  return new CoopError("sandbox_failed", "the gate could not be opened in a hen's network", { cause });
}
