import { findHostPrograms, type HostPrograms } from "../host/host-programs.ts";
import type { NetNamespace } from "../network/net-namespace.ts";

/** Whether the tests themselves are root. */
export const IS_ROOT = process.getuid?.() === 0;

/** This host's programs; a host without them can't be tested on. */
export function requirePrograms(): HostPrograms {
  const programs = findHostPrograms(IS_ROOT);
  if ("missing" in programs) throw new Error(programs.missing);
  return programs;
}

/** Runs a bash script in the namespace, without any other wall; its output, or its exit code where that is not 0. */
export async function runInNetwork(namespace: NetNamespace, script: string): Promise<string> {
  const { nsenter } = requirePrograms();
  const argv = [nsenter, ...namespace.enter, "--", "bash", "-c", script];
  const child = Bun.spawn(argv, { env: { PATH: "/usr/bin:/bin:/usr/sbin" }, stdio: ["ignore", "pipe", "pipe"] });
  const said = await new Response(child.stdout).text();
  const code = await child.exited;
  return code === 0 ? said.trim() : `exit ${code}`;
}
