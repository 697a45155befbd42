import type { HostWalls, TerminalCapabilities } from "coopd-core";

/** What terminals can do on this host (contract/http-api.md §6): everything, or nothing where nothing can be confined. */
export function capabilitiesOf({ confine }: HostWalls): TerminalCapabilities {
  const { holds } = confine;
  return {
    shell: holds,
    persistent_session: holds,
    task_dispatch: holds,
    backend: "pty",
    os: process.platform === "darwin" ? "macos" : process.platform,
    note: holds
      ? "Terminals run inside the hen's sandbox and outlive the page; they end with the daemon, and say so."
      : `There are no terminals here: ${confine.reason}`,
  };
}
