import { buildSandbox } from "./build-sandbox.ts";
import { ALL_WALLS } from "./launch/launch-walls.ts";
import type { Sandbox, SandboxOptions } from "./sandbox.ts";

/** Measures the host, clears what an earlier daemon left mounted, and opens the walls. The caller closes it. */
export function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  return buildSandbox(options, ALL_WALLS);
}
