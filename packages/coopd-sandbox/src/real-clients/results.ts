import type { EgressRecord, HostWalls } from "coopd-core";

/** What came of one try. */
export interface Came {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the clients' program prints; each record is by title. */
export interface Results {
  readonly walls: HostWalls;
  readonly bare: Readonly<Record<string, Came>>;
  readonly listed: Readonly<Record<string, Came>>;
  readonly unlisted: Readonly<Record<string, Came>>;
  /** By policy. */
  readonly host: Readonly<Record<string, Readonly<Record<string, Came>>>>;
  readonly hostWord: string;
  readonly changes: { readonly cut: Came; readonly opened: Came };
  readonly egress: readonly EgressRecord[];
}
