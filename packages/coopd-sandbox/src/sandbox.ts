import type { EgressRecord, HenId, HostWalls, Log, NetworkSpec, WallRow } from "coopd-core";
import type { Door } from "./gate/door.ts";
import type { GateLimits } from "./gate/limits.ts";
import type { UidRange } from "./host/uid-range.ts";
import type { Pen, PenParts } from "./pen/pen.ts";
import type { ConfinedExit, ConfineSpec } from "./run/confine-spec.ts";
import type { ConfinedTerminal, TerminalSpec } from "./terminal/terminal-spec.ts";

export interface SandboxOptions {
  /** Exists, and only the daemon's account can enter it. */
  readonly dataDir: string;
  /** COOP_SANDBOX=0: nothing that needs a process runs. */
  readonly disabled: boolean;
  /** First of the 65,536 uids that a root daemon's hens use; 200000 when absent. */
  readonly uidBase?: number;
  /** Told of whatever a hen asked the gate for, let out or not; must not throw and must not take long. */
  readonly onEgress?: (record: EgressRecord) => void;
  /** What one hen may take of the gate; the gate's own limits when absent. */
  readonly gateLimits?: Partial<GateLimits>;
  /** Ports at which the daemon itself listens on this host: no hen reaches them, whatever its policy says. */
  readonly ownPorts?: () => readonly number[];
  readonly log: Log;
}

/** The walls of this host for the hens of one data directory. */
export interface Sandbox {
  /** What was measured when it was opened, with the very launch that real runs use. */
  readonly walls: HostWalls;
  /** Limits hold over all processes of a hen together; else for each of them. */
  readonly sharedLimits: WallRow;
  /** Defined when the daemon is root: every hen has its own uid of this range. */
  readonly uidRange: UidRange | undefined;
  /**
   * Makes a hen's folder and what its processes need to reach it; cheap when it was made before.
   * @throws CoopError `sandbox_failed`
   */
  openPen(parts: PenParts): Promise<Pen>;
  /**
   * The only way to start a process for a hen. When it returns or throws, nothing of the process runs any more.
   * @throws CoopError `walls_missing` when this host can't confine, `limit_reached` when its folder grows beyond its limit,
   * `sandbox_failed`, `cancelled`
   */
  confine(pen: Pen, command: ConfineSpec): Promise<ConfinedExit>;
  /**
   * `confine` for a program in a terminal of its own: the same walls, except that it keeps its session, so that Ctrl-C and
   * job control work. Resolves when it has been started; it is the caller's to read until the end.
   * @throws CoopError `walls_missing`, `sandbox_failed`, `cancelled`, `shutting_down`
   */
  openTerminal(pen: Pen, spec: TerminalSpec): Promise<ConfinedTerminal>;
  /**
   * For what the daemon itself writes into a pen: refuses when so many more bytes are beyond `resources.disk_mb`.
   * @throws CoopError `limit_reached`
   */
  requireRoom(pen: Pen, bytes: number): Promise<void>;
  /**
   * The hen's new network policy, null for open. It holds at once: connections that it would not allow are cut. Resolves
   * when its ports are caught too.
   * @throws CoopError `sandbox_failed`, `limit_reached`: it holds, but not all of its ports are caught.
   */
  setNetwork(henId: HenId, network: NetworkSpec | null): Promise<void>;
  /**
   * The hen goes to sleep: its network namespace is let go, with every connection, as soon as nothing of it runs. Made anew
   * by its next process.
   */
  letGo(henId: HenId): Promise<void>;
  /** The only way out for what the daemon does in a hen's name, as its http tool; it needs no process. */
  readonly door: Door;
  /** Kills everything of the hen and removes its folder; no error when it has none. @throws CoopError `sandbox_failed` */
  removePen(henId: HenId): Promise<void>;
  /** Kills everything confined and unmounts, within 2 s; later calls of `confine` are refused. */
  close(): Promise<void>;
}
