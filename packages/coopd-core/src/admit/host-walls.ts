/** What this host can enforce, as measured by coopd-sandbox's probes; never assumed. */
export interface HostWalls {
  /** Processes of a hen can be confined. */
  readonly confine: WallRow;
  /** A confined process has no way to any network. */
  readonly networkOff: WallRow;
  /** A confined process can reach listed hosts, and only those, through the gate. */
  readonly gate: WallRow;
}

/** One measured row: it holds, or the reason why not, in words for an operator. */
export type WallRow = { readonly holds: true } | { readonly holds: false; readonly reason: string };

/**
 * What holds for a hen here. `enforced`: its policy, every row proved · `gated`: open, through the gate ·
 * `denied_all`: its processes run without any network, which is less than its policy allows ·
 * `unenforceable`: a row that the policy needs is missing.
 */
export type Enforcement =
  | { readonly kind: "enforced" | "gated" }
  | { readonly kind: "denied_all"; readonly reason: string }
  | { readonly kind: "unenforceable"; readonly missing: string };
