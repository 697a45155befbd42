import type { EgressRecord, HostWalls } from "coopd-core";

/** What came of one try. */
export interface Came {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a hen gets to a network: a tool's process, a terminal (and what drives an agent in one), a tool of the daemon itself. */
export type Way = "process" | "terminal" | "door";

/** What the clients' program prints; each record is by title. */
export interface Results {
  readonly walls: HostWalls;
  readonly bare: Readonly<Record<string, Came>>;
  readonly listed: Readonly<Record<string, Came>>;
  readonly unlisted: Readonly<Record<string, Came>>;
  /** By policy. */
  readonly host: Readonly<Record<string, Readonly<Record<string, Came>>>>;
  readonly hostWord: string;
  /** `reached` or `refused` by policy, target and the way that a hen takes. */
  readonly ways: Readonly<Record<string, Readonly<Record<string, Readonly<Record<Way, string>>>>>>;
  readonly changes: { readonly cut: Came; readonly opened: Came };
  readonly egress: readonly EgressRecord[];
}
