import { existsSync, lstatSync, readlinkSync } from "node:fs";

/** The parts of the host that a hen sees read-only, as they lie on this distribution. */
export interface HostLayout {
  /** Folders of the root that are links into /usr: `["/bin", "usr/bin"]`. */
  readonly links: readonly (readonly [path: string, target: string])[];
  /** Folders of the root that are real, on hosts without a merged /usr; with /usr itself. */
  readonly folders: readonly string[];
  /** What programs need of /etc to link, to resolve names and to check certificates; nothing that identifies or authorises. */
  readonly etc: readonly string[];
  /** Kernel files that tell about the host, covered with /dev/null where they exist. */
  readonly masked: readonly string[];
}

const ROOT_FOLDERS = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
/** Of /etc/ssl not the whole: a plain user's hens keep its groups, and one of them may read /etc/ssl/private. */
const ETC = ["/etc/alternatives", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/ld.so.cache", "/etc/nsswitch.conf"];
const MASKED = ["/proc/kallsyms", "/proc/keys", "/proc/key-users", "/proc/timer_list", "/proc/cmdline"];

/** Looks at this host's root: which folders are there, which are links. */
export function readHostLayout(): HostLayout {
  const present = ROOT_FOLDERS.filter((path) => existsSync(path));
  const isLink = (path: string) => lstatSync(path).isSymbolicLink();
  return {
    links: present.filter(isLink).map((path) => [path, readlinkSync(path)] as const),
    folders: ["/usr", ...present.filter((path) => !isLink(path))],
    etc: ETC.filter((path) => existsSync(path)),
    masked: MASKED.filter((path) => existsSync(path)),
  };
}
