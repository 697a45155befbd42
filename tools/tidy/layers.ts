/**
 * The house plan as a table: each package, and the packages of ours that it may use (docs/architecture.md). Every
 * package.json and tsconfig.json states exactly this; the `borders` rule holds them to it, and the `imports` rule holds
 * the source files to the package.json.
 */
export const LAYERS: Layers = {
  "coopd-core": [],
  "coopd-storage": ["coopd-core"],
  "coopd-vault": ["coopd-core"],
  "coopd-brain": ["coopd-core"],
  "coopd-sandbox": ["coopd-core"],
  "coop-client": ["coopd-core"],
  // A tool starts its processes inside the walls, so it knows them.
  "coopd-tools": ["coopd-core", "coopd-sandbox"],
  "farm-ui": ["coop-client", "coopd-core"],
  // Commands that work without a daemon (vault, doctor, backup) reach their package directly, loaded on demand.
  "coop-cli": ["coop-client", "coopd-core", "coopd-sandbox", "coopd-storage", "coopd-vault"],
  // farm-ui: its built files only.
  coopd: ["coopd-brain", "coopd-core", "coopd-sandbox", "coopd-storage", "coopd-tools", "coopd-vault", "farm-ui"],
};

/** Package name → names of the packages it may use, sorted. */
export type Layers = Readonly<Record<string, readonly string[]>>;

/** The package that has no I/O, no clock and no environment: it may import no builtin module of any runtime. */
export const PURE_PACKAGE = "coopd-core";
