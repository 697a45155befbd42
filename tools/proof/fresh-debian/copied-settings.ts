import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** How this machine reaches the outside: apt's sources and proxies, npm's registry and certificates, name resolution. */
const SETTINGS = [
  "/etc/apt/sources.list",
  "/etc/apt/sources.list.d/debian.sources",
  "/etc/apt/apt.conf.d",
  "/etc/apt/auth.conf.d",
  "/etc/hosts",
  "/etc/resolv.conf",
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/npmrc",
  "/usr/etc/npmrc",
];
/** Variables that say the same; nothing else of this environment goes in. */
const VARIABLES = /^(?:https?_proxy|no_proxy|all_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|npm_config_registry)$/i;
/** How apt fetches; the hooks of other packages would run programs that a minimal root does not have. */
const isAboutFetching = (text: string): boolean => text.includes("Acquire::") && !/Invoke|Hook/.test(text);

/** Copies what a minimal root needs to reach the package archives from here. */
export function copySettings(root: string): void {
  rmSync(join(root, "etc/apt/sources.list"), { force: true }); // debootstrap's own; this machine's come instead
  for (const path of SETTINGS) {
    if (!existsSync(path)) continue;
    const isAptFolder = path === "/etc/apt/apt.conf.d";
    copyInto(root, path, (source) => !isAptFolder || source === path || isAboutFetching(readFileSync(source, "utf8")));
  }
}

/** The user's own npm settings, for another user's home. */
export function copyNpmrc(root: string, home: string): void {
  const own = join(homedir(), ".npmrc");
  if (existsSync(own)) cpSync(own, join(root, home, ".npmrc"));
}

/** The environment for programs inside. */
export function pickEnvironment(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && VARIABLES.test(entry[0]),
    ),
  );
}

/**
 * This machine's node, and npm beside it, where Debian's own packages would put them.
 * @throws Error when one of them is not on the PATH
 */
export function copyNode(root: string): void {
  const node = Bun.which("node");
  const npm = Bun.which("npm");
  if (node === null || npm === null) throw new Error("node and npm are not on this machine's PATH");
  const npmHome = dirname(dirname(realpathSync(npm))); // …/npm/bin/npm-cli.js
  cpSync(realpathSync(node), join(root, "usr/bin/node"));
  mkdirSync(join(root, "usr/lib/node_modules"), { recursive: true });
  cpSync(npmHome, join(root, "usr/lib/node_modules/npm"), { recursive: true });
  for (const name of ["npm", "npx"]) {
    Bun.spawnSync(["ln", "-sf", `../lib/node_modules/npm/bin/${name}-cli.js`, join(root, "usr/bin", name)]);
  }
}

function copyInto(root: string, path: string, accepts: (source: string) => boolean): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  cpSync(realpathSync(path), join(root, path), { recursive: true, dereference: true, filter: accepts });
}
