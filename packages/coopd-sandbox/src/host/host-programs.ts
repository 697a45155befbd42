import { accessSync, constants } from "node:fs";

/** The host programs that build a wall, by absolute path. */
export interface HostPrograms {
  readonly bwrap: string;
  readonly prlimit: string;
  readonly mkfifo: string;
  readonly sh: string;
  readonly du: string;
  readonly nsenter: string;
  /** Needed, and present, only where the daemon is root. */
  readonly mount: string | undefined;
  readonly umount: string | undefined;
}

/** Fixed, never the daemon's PATH: whoever writes that must not choose what builds the walls. */
const FOLDERS = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/run/current-system/sw/bin"];

/** Finds the programs, or says which one is missing and what brings it. */
export function findHostPrograms(isRoot: boolean): HostPrograms | { readonly missing: string } {
  const bwrap = findHostProgram("bwrap");
  if (bwrap === undefined) return { missing: "bwrap is not installed (on Debian: apt-get install bubblewrap)" };
  const prlimit = findHostProgram("prlimit");
  if (prlimit === undefined) return { missing: "prlimit is not installed (on Debian: apt-get install util-linux)" };
  const mkfifo = findHostProgram("mkfifo");
  if (mkfifo === undefined) return { missing: "mkfifo is not installed (on Debian: apt-get install coreutils)" };
  const sh = findHostProgram("sh");
  if (sh === undefined) return { missing: "there is no /bin/sh" };
  const du = findHostProgram("du");
  if (du === undefined) return { missing: "du is not installed (on Debian: apt-get install coreutils)" };
  const nsenter = findHostProgram("nsenter");
  if (nsenter === undefined) return { missing: "nsenter is not installed (on Debian: apt-get install util-linux)" };
  const [mount, umount] = [findHostProgram("mount"), findHostProgram("umount")];
  if (isRoot && (mount === undefined || umount === undefined)) {
    return { missing: "mount and umount are needed by a root daemon (on Debian: apt-get install mount)" };
  }
  return { bwrap, prlimit, mkfifo, sh, du, nsenter, mount, umount };
}

/** The program's absolute path; undefined when this host has none. */
export function findHostProgram(name: string): string | undefined {
  return FOLDERS.map((folder) => `${folder}/${name}`).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
