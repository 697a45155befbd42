/**
 * The walls of a launch, one switch each. Every launch of the daemon uses {@link ALL_WALLS}; no option and no
 * environment variable reaches this type. It exists so that a test can take one wall away and see that the attack
 * behind it succeeds: a green light that can go red (issue 4, Shown by 1).
 */
export interface LaunchWalls {
  /** Root daemon: the process runs under the hen's own uid, without groups, capabilities and privilege gain. */
  readonly uidDrop: boolean;
  /** bwrap itself starts with an empty environment (walls.md, fact 3). */
  readonly emptyEnvironment: boolean;
  /** /proc/sys is read-only (walls.md, fact 2). */
  readonly procSys: boolean;
  readonly privateNetwork: boolean;
  readonly pidNamespace: boolean;
  readonly seccomp: boolean;
  /** The root is a fresh tree with chosen read-only parts of the host, sealed after the last mount. */
  readonly readOnlyRoot: boolean;
}

/** The walls of every launch of the daemon. */
export const ALL_WALLS: LaunchWalls = {
  uidDrop: true,
  emptyEnvironment: true,
  procSys: true,
  privateNetwork: true,
  pidNamespace: true,
  seccomp: true,
  readOnlyRoot: true,
};
