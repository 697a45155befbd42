/** A kind of machine that Coop is built for. */
export interface Target {
  /** As our files and packages name it. */
  readonly name: "linux-x64" | "linux-arm64" | "macos-x64" | "macos-arm64";
  /** Node's words for it, which npm packages carry. */
  readonly os: "linux" | "darwin";
  readonly cpu: "x64" | "arm64";
  /** The npm package whose program the executable is made of. */
  readonly runtime: string;
}

/** All of them; musl's Linux and Windows are not (docs/limits.md). */
export const TARGETS: readonly Target[] = [
  { name: "linux-x64", os: "linux", cpu: "x64", runtime: "@oven/bun-linux-x64" },
  { name: "linux-arm64", os: "linux", cpu: "arm64", runtime: "@oven/bun-linux-aarch64" },
  { name: "macos-x64", os: "darwin", cpu: "x64", runtime: "@oven/bun-darwin-x64" },
  { name: "macos-arm64", os: "darwin", cpu: "arm64", runtime: "@oven/bun-darwin-aarch64" },
];

/** The machine that this runs on; undefined where Coop is not built for it. */
export function hostTarget(): Target | undefined {
  return TARGETS.find(({ os, cpu }) => os === process.platform && cpu === process.arch);
}

/** @throws Error for a name that is none, with those that are */
export function parseTarget(name: string): Target {
  const target = TARGETS.find((candidate) => candidate.name === name);
  if (target === undefined) {
    throw new Error(`there is no target "${name}"; there are: ${TARGETS.map((one) => one.name).join(", ")}`);
  }
  return target;
}
