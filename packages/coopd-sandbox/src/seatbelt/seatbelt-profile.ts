import { CoopError } from "coopd-core";

/** What a hen may do on macOS, as far as Seatbelt can hold it. */
export interface SeatbeltPlan {
  /** Real path of the only folder that the hen can write; its TMPDIR lies in it. */
  readonly workdir: string;
  /** Real paths that the manifest adds read-only. */
  readonly read: readonly string[];
}

/** What programs are made of and link to: the system, Homebrew (arm64 and Intel) and Nix. */
const SYSTEM = [
  "/System",
  "/usr",
  "/bin",
  "/sbin",
  "/Library/Apple",
  "/Library/Developer/CommandLineTools",
  "/opt/homebrew",
  "/nix/store",
  "/private/etc/ssl",
  "/private/var/db/dyld",
  "/private/var/db/timezone",
];

/** Single files of the system that shells and libraries read. */
const SYSTEM_FILES = ["/private/etc/localtime", "/private/etc/protocols", "/private/etc/services"];

const DEVICES = ["/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/stdin", "/dev/stdout", "/dev/stderr"];

/** Mach services without which no program starts or finds its own user's name. */
const MACH_SERVICES = [
  "com.apple.system.notification_center",
  "com.apple.system.opendirectoryd.libinfo",
  "com.apple.system.logger",
];

/**
 * The Seatbelt profile of a hen's process, for `sandbox-exec -p` (walls.md, Honesty; TN "Apple Sandbox Guide" v1.0 for the
 * language). Everything is denied that is not named. All sockets are denied under every policy: Seatbelt can't tell a
 * gate from another server, so on macOS a hen's egress is the http tool's alone. It holds neither memory nor the number
 * of processes, which `coop doctor` says.
 *
 * @throws CoopError `sandbox_failed` for a path that can't be written into a profile.
 */
export function seatbeltProfile({ workdir, read }: SeatbeltPlan): string {
  const own = subpath(workdir);
  const readable = [...SYSTEM, ...read].map(subpath);
  const files = [...SYSTEM_FILES, ...DEVICES].map(literal);
  return [
    "(version 1)",
    "(deny default)",
    "(deny network*)",
    "(allow process-fork)",
    rule("process-exec*", [...SYSTEM, ...read].map(subpath).concat(own)),
    "(allow signal (target same-sandbox))",
    "(allow sysctl-read)",
    rule(
      "mach-lookup",
      MACH_SERVICES.map((name) => `(global-name ${quote(name)})`),
    ),
    rule("file-read-metadata", ancestorsOf([workdir, ...read]).map(literal)),
    rule("file-read*", [...readable, ...files, own]),
    rule("file-write*", [own, ...DEVICES.map(literal)]),
    // A second name for a file elsewhere, and special files, are refused even inside its own folder.
    `(deny file-link (require-not ${own}))`,
    `(deny file-mknod ${own})`,
    "",
  ].join("\n");
}

function rule(operation: string, filters: readonly string[]): string {
  return [`(allow ${operation}`, ...filters.map((filter) => `  ${filter}`)].join("\n").concat(")");
}

/** `/a/b/c` needs `/`, `/a` and `/a/b` to be looked up. */
function ancestorsOf(paths: readonly string[]): string[] {
  const found = paths.flatMap((path) => {
    const parts = path.split("/").slice(1, -1);
    return ["/", ...parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`)];
  });
  return Array.from(new Set(found)).toSorted();
}

const subpath = (path: string) => `(subpath ${quote(path)})`;
const literal = (path: string) => `(literal ${quote(path)})`;

/** A string of the profile's language, which is TinyScheme. */
function quote(text: string): string {
  const isPlain = text !== "/" ? !/[\p{Cc}]/u.test(text) && !text.split("/").includes("..") : true;
  if (!isPlain || text === "") {
    throw new CoopError("sandbox_failed", `${JSON.stringify(text)} can't be part of a sandbox profile`);
  }
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
